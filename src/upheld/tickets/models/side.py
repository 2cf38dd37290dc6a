"""Side conversations: mail to somebody else about a ticket, which its customer never sees."""

from django.db import models

from upheld.people.models import Agent
from upheld.tickets.models.ticket import Ticket


class SideConversation(models.Model):
    """What is asked of a third party about a ticket, inside the ticket. Its messages name it; no participant reads it.

    `key_serial` is part of its reply token, as a participant's is.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="side_conversations")
    subject = models.CharField(max_length=250)
    name = models.CharField(max_length=200, blank=True, default="")
    address = models.EmailField()
    opened_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    key_serial = models.PositiveSmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["ticket", "opened_at"], name="side_of_a_ticket")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.address}"
