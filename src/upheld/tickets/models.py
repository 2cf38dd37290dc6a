"""Tickets, what was said on them, and the append-only story from which every standing is derived."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import MD5

from upheld.desks.models import Desk, PolicyVersion
from upheld.people.models import Agent, Contact, Team
from upheld.policy import Actor

# The order of the queue; `upheld.tickets.queries` asks in it.
_NEXT_DUE_FIRST = (models.F("next_due_at").asc(nulls_last=True), models.F("priority_rank"), models.F("id"))
_STILL_OPEN = ~models.Q(status_category__in=["resolved", "closed"])


class Ticket(models.Model):
    """One request. What its policy makes of the story (status, priority, due times) is derived and stored here
    for queries; `upheld.tickets.pen` is the only writer of those columns.

    `policy_version` was in force when the ticket was opened; `later_version` is the one that has taken it over since,
    where there is one. In the words of the latter the derived columns speak.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="tickets")
    number = models.CharField(max_length=32, unique=True)
    subject = models.CharField(max_length=250)
    channel = models.CharField(max_length=20)
    requester = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="requested_tickets")
    assignee = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="tickets")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="tickets")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    received_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    # derived
    later_version = models.ForeignKey(
        PolicyVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.CharField(max_length=40)
    status_category = models.CharField(max_length=10)
    priority = models.CharField(max_length=40)
    priority_rank = models.PositiveSmallIntegerField()
    standing = models.JSONField(default=dict)
    next_due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    last_seq = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(models.F("desk"), *_NEXT_DUE_FIRST, condition=_STILL_OPEN, name="tickets_queue"),
            models.Index(
                models.F("desk"),
                models.F("assignee"),
                *_NEXT_DUE_FIRST,
                condition=_STILL_OPEN,
                name="tickets_of_an_assignee",
            ),
            models.Index(
                models.F("desk"),
                models.F("status_category"),
                *_NEXT_DUE_FIRST,
                condition=_STILL_OPEN,
                name="tickets_of_a_category",
            ),
            models.Index(
                fields=["wake_at", "id"], condition=models.Q(wake_at__isnull=False), name="tickets_to_wake"
            ),
            models.Index(fields=["desk", "-updated_at", "-id"], name="tickets_by_recency"),
            models.Index(
                fields=["desk", "status_category", "-updated_at", "-id"],
                condition=models.Q(status_category__in=["resolved", "closed"]),
                name="tickets_done_by_recency",
            ),
            models.Index(fields=["requester", "-updated_at"], name="tickets_of_a_requester"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}"


class TicketText(models.Model):
    """What full-text search sees of a ticket; apart from the ticket, so that the queue's rows stay narrow."""

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="search_text"
    )
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], name="ticket_text_words")]

    def __str__(self) -> str:
        return f"words of ticket {self.ticket_id}"


class JoinedBy(models.TextChoices):
    REQUEST = "request", "asked"
    COPY = "copy", "named in copy"
    AGENT = "agent", "added by an agent"


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
    """Something said: a customer's or third party's message, an agent's reply, an internal note, a logged call."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        REPLY = "reply"
        NOTE = "note"
        THIRD_PARTY = "third_party"
        MACHINE = "machine"

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

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "at", "id"], name="messages_of_a_ticket"),
            models.Index(MD5("message_id"), condition=~models.Q(message_id=""), name="messages_by_mail_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_public(self) -> bool:
        """Whether the ticket's participants may read it."""
        return self.kind != self.Kind.NOTE and self.released

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


class StoryEvent(models.Model):
    """One line of a ticket's story. Append-only: database triggers refuse UPDATE and DELETE.

    A fact has no `consequence_key`; a consequence has one, unique on its ticket, so that each happens once.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="story")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=12, choices=[(actor.value, actor.value) for actor in Actor])
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    consequence_key = models.CharField(max_length=120, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="story_sequence_is_unique"),
            models.UniqueConstraint(fields=["ticket", "consequence_key"], name="a_consequence_happens_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M:%S}"
