"""Requests before they have a number, and what was asked of those that have one."""

from django.db import models
from django.db.models.functions import MD5

from upheld.desks.models import Desk, Mailbox, Portal
from upheld.people.models import Agent, Contact, Organization, Site
from upheld.tickets.models.ticket import Ticket


class InformationAsked(models.Model):
    """A ticket lacks what its policy asks for, and its requester was asked. `items` are ids of the policy.

    It ends when everything was given, when an agent waives the rest, or, where a clock waits for it, when the customer
    writes again: `ended_because` is `given`, `waived` or `replied`.
    """

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="information_asked"
    )
    items = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=10, blank=True, default="")
    ended_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"information asked on ticket {self.ticket_id}"


class HeldState(models.TextChoices):
    HELD = "held", "held at intake"
    ADMITTED = "admitted", "admitted"
    DECLINED = "declined", "declined"


class HeldRequest(models.Model):
    """A request that has no number, because nobody found what entitles its sender to one. Nothing of it is lost.

    `because` is for agents and never leaves the desk. Its own clock: `due_at` is by when somebody has to decide,
    `wake_at` when the next alert leaves. Once admitted, `ticket` is what it became. `requested_priority` is one that
    its sender chose; one that they name in words is read from them again. `opened_by` is an agent who entered it for
    its sender, and `follows` a ticket that it came too late to reopen.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="held_requests")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.SET_NULL, related_name="+")
    portal = models.ForeignKey(Portal, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="held_requests")
    organization = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, null=True, on_delete=models.SET_NULL, related_name="+")
    received_at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    subject = models.CharField(max_length=250)
    product = models.CharField(max_length=63, blank=True, default="")
    region = models.CharField(max_length=63, blank=True, default="")
    request_type = models.CharField(max_length=63, blank=True, default="")
    requested_priority = models.CharField(max_length=63, blank=True, default="")
    reason = models.CharField(max_length=63, blank=True, default="")
    information = models.JSONField(default=dict, blank=True)
    restricted = models.BooleanField(default=False)
    opened_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    copies: "models.ManyToManyField[Contact, models.Model]" = models.ManyToManyField(
        Contact, related_name="+", blank=True
    )
    because = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.HELD)
    due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    alerts = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=500, blank=True, default="")
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.PROTECT, related_name="held_request")

    class Meta:
        indexes = [
            models.Index(
                fields=["desk", "due_at", "id"], condition=models.Q(state="held"), name="requests_held"
            ),
            models.Index(
                fields=["wake_at"], condition=models.Q(wake_at__isnull=False), name="held_requests_to_wake"
            ),
            models.Index(
                fields=["contact", "desk"],
                condition=models.Q(state="held"),
                name="requests_held_of_a_contact",
            ),
        ]

    def __str__(self) -> str:
        return f"held request {self.pk}: {self.subject}"


class HeldMessage(models.Model):
    """What the sender of a held request wrote: the request itself first, then what they added while it was held. Of a
    call an agent's summary, with `stated_at` and `direction` as of a message on a ticket."""

    request = models.ForeignKey(HeldRequest, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    text = models.TextField()
    quoted_text = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=998, blank=True, default="")
    raw_mail_id = models.BigIntegerField(null=True)
    stated_at = models.DateTimeField(null=True)
    direction = models.CharField(max_length=3, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                MD5("message_id"), condition=~models.Q(message_id=""), name="held_messages_by_mail_id"
            )
        ]

    def __str__(self) -> str:
        return f"message of held request {self.request_id}"


class HeldFile(models.Model):
    """A file of a held request; on admission the same stored bytes become an attachment."""

    message = models.ForeignKey(HeldMessage, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    content_id = models.CharField(max_length=200, blank=True, default="")
    inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
