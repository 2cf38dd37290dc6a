"""What is said on a ticket, by whom, with which files."""

from django.db import models
from django.db.models.functions import MD5

from upheld.people.models import Agent, Contact
from upheld.tickets.models.side import SideConversation
from upheld.tickets.models.ticket import Ticket


class JoinedBy(models.TextChoices):
    REQUEST = "request", "asked"
    COPY = "copy", "named in copy"
    AGENT = "agent", "added by an agent"
    MERGE = "merge", "came with a merged ticket"


class Participant(models.Model):
    """A contact who belongs to a ticket. `key_serial` is part of the reply token and the link: raising it ends both."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="participations")
    is_requester = models.BooleanField(default=False)
    joined_by = models.CharField(max_length=10, choices=JoinedBy.choices, default=JoinedBy.REQUEST)
    sees_from = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    key_serial = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "contact"], name="a_contact_participates_once"),
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(is_requester=True), name="one_requester_a_ticket"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact} on ticket {self.ticket_id}"


class Message(models.Model):
    """Something said: a customer's or third party's message, an agent's reply, an internal note, a logged call.

    What belongs to a `side` conversation is between the desk and a third party: no participant sees it.
    Of a call, `at` is when it was entered and `stated_at` when it is said to have taken place; `direction` is `in` or
    `out`, and the text is a summary for the desk that participants do not see.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        REPLY = "reply"
        NOTE = "note"
        THIRD_PARTY = "third_party"
        MACHINE = "machine"
        CALL = "call"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20)
    text = models.TextField()
    quoted_text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    released = models.BooleanField(default=True)
    held_because = models.CharField(max_length=300, blank=True, default="")
    message_id = models.CharField(max_length=998, blank=True, default="")
    raw_mail_id = models.BigIntegerField(null=True)
    stated_at = models.DateTimeField(null=True)
    direction = models.CharField(max_length=3, blank=True, default="")
    side = models.ForeignKey(
        SideConversation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="messages",
        db_index=False,
    )

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="messages_of_a_ticket"),
            models.Index(
                fields=["side", "at"], condition=models.Q(side__isnull=False), name="messages_of_a_side"
            ),
            models.Index(MD5("message_id"), condition=~models.Q(message_id=""), name="messages_by_mail_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_public(self) -> bool:
        """Whether the ticket's participants may read it."""
        private = self.kind in (self.Kind.NOTE, self.Kind.CALL) or self.side_id is not None
        return not private and self.released

    @property
    def author(self) -> str:
        return str(self.agent or self.contact or "")


class Attachment(models.Model):
    """A file of a message. `name` is what the sender called it and only ever data; the stored name is ours."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    content_id = models.CharField(max_length=200, blank=True, default="")
    inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
