"""Mail as it came: stored before it is acknowledged, kept whatever becomes of it; and where it is fetched from."""

from django.db import models

from upheld.desks.models import Desk, Mailbox
from upheld.people.models import Agent
from upheld.tickets.models import HeldRequest, Message, Ticket


class MailState(models.TextChoices):
    WAITING = "waiting", "waiting to be read"
    TICKETED = "ticketed", "on a ticket"
    HELD = "held", "held at intake"
    IGNORED = "ignored", "ignored"
    KEPT = "kept", "kept for an administrator"
    PARKED = "parked", "could not be read"
    DISCARDED = "discarded", "put aside by a person"
    SPAM = "spam", "from a sender of spam"


class RawMail(models.Model):
    """The bytes of one mail. The row is also its place in the line: `waiting` rows are claimed by the worker.

    `from_address` and `subject` are what reading it found, for lists of mail; `settled_by` is the person who released,
    retried or discarded it.
    """

    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    way = models.CharField(max_length=10)
    envelope_from = models.CharField(max_length=320, blank=True, default="")
    envelope_to = models.CharField(max_length=320, blank=True, default="")
    peer = models.CharField(max_length=60, blank=True, default="")
    raw = models.BinaryField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    reason = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    from_address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=250, blank=True, default="")
    settled_by = models.CharField(max_length=254, blank=True, default="")
    settled_at = models.DateTimeField(null=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    held_request = models.ForeignKey(
        HeldRequest, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(
                fields=["mailbox", "received_at"], condition=models.Q(state="waiting"), name="mail_waiting"
            ),
            models.Index(
                fields=["-received_at"], condition=models.Q(state__in=["kept", "parked"]), name="mail_kept"
            ),
            models.Index(
                fields=["received_at", "id"], condition=models.Q(state="waiting"), name="mail_in_line"
            ),
            models.Index(fields=["-received_at"], condition=models.Q(state="ignored"), name="mail_ignored"),
            models.Index(fields=["-id"], condition=models.Q(state="discarded"), name="mail_put_aside"),
            models.Index(
                fields=["next_try_at"], condition=models.Q(state="parked"), name="mail_to_try_again"
            ),
            models.Index(fields=["digest"], name="mail_by_digest"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} to {self.envelope_to} ({self.state})"


class Protocol(models.TextChoices):
    IMAP = "imap", "IMAP"
    POP = "pop", "POP3"


class Security(models.TextChoices):
    TLS = "tls", "TLS from the start"
    STARTTLS = "starttls", "STARTTLS"
    NONE = "none", "none (a server on this machine)"


class Afterwards(models.TextChoices):
    LEAVE = "leave", "leave it where it is"
    SEEN = "seen", "mark it as read"
    MOVE = "move", "move it to another folder"
    DELETE = "delete", "delete it"


class Source(models.Model):
    """An account on another mail server from which a mailbox's mail is fetched."""

    name = models.SlugField(max_length=40, unique=True)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="sources")
    protocol = models.CharField(max_length=4, choices=Protocol.choices)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.TLS)
    username = models.CharField(max_length=254)
    oauth_token_url = models.CharField(max_length=500, blank=True, default="")
    oauth_client_id = models.CharField(max_length=254, blank=True, default="")
    oauth_scope = models.CharField(max_length=500, blank=True, default="")
    folder = models.CharField(max_length=254, blank=True, default="INBOX")
    afterwards = models.CharField(max_length=6, choices=Afterwards.choices, default=Afterwards.LEAVE)
    move_to = models.CharField(max_length=254, blank=True, default="")
    is_on = models.BooleanField(default=True)
    fetched_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True, default="")
    next_try_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.username} at {self.host}"


class Fetched(models.Model):
    """A mail of a source that was stored; committed together with it, so that it is fetched once."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="fetched")
    key = models.CharField(max_length=300)
    raw_mail = models.ForeignKey(RawMail, null=True, on_delete=models.SET_NULL, related_name="+")
    finished = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="a_mail_is_fetched_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.source_id}"


class SenderRule(models.Model):
    """That mail from a sender is spam on a desk: it is kept, opens no ticket, and is answered by nobody.

    `sender` is an address, or a domain that begins with "@"; in lower case.
    """

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sender_rules")
    sender = models.CharField(max_length=254)
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "sender"], name="one_rule_a_sender")]

    def __str__(self) -> str:
        return f"{self.sender} on {self.desk}"
