"""Who reads restricted tickets, and each look at one."""

from django.db import models

from upheld.people.models import Agent, Contact
from upheld.tickets.models.ticket import Ticket


class Reader(models.Model):
    """An agent who may read a restricted ticket. Who named them is kept; who was taken out stays as a row."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="readers")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="reads")
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=254, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "agent"], name="an_agent_reads_once")]

    def __str__(self) -> str:
        return f"{self.agent} reads ticket {self.ticket_id}"


class Reading(models.Model):
    """Somebody looked at a restricted ticket. Append-only: database triggers refuse UPDATE and DELETE."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="readings")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=60)

    class Meta:
        indexes = [models.Index(fields=["ticket", "-at", "-id"], name="readings_of_a_ticket")]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} read at {self.at:%Y-%m-%d %H:%M}"
