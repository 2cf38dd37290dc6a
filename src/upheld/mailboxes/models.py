"""Mail as it came: stored before it is acknowledged, kept whatever becomes of it."""

from django.db import models

from upheld.desks.models import Mailbox
from upheld.tickets.models import Message, Ticket


class MailState(models.TextChoices):
    WAITING = "waiting", "waiting to be read"
    TICKETED = "ticketed", "on a ticket"
    IGNORED = "ignored", "ignored"
    KEPT = "kept", "kept for an administrator"
    PARKED = "parked", "could not be read"


class RawMail(models.Model):
    """The bytes of one mail. The row is also its place in the line: `waiting` rows are claimed by the worker."""

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
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")

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
            models.Index(fields=["digest"], name="mail_by_digest"),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} to {self.envelope_to} ({self.state})"
