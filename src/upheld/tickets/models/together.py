"""Tickets that belong together: linked ones, and those that were merged."""

from django.db import models

from upheld.people.models import Agent
from upheld.tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """Two tickets belong together. `ticket` is the one from which the other came, where there is an order."""

    class Kind(models.TextChoices):
        TOGETHER = "together", "reported together"
        SPLIT = "split", "split off"
        RELATED = "related", "related"

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.RELATED)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other"], name="two_tickets_are_linked_once"),
            models.CheckConstraint(
                condition=~models.Q(ticket=models.F("other")), name="no_ticket_is_linked_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} and {self.other_id}"


class Merge(models.Model):
    """A ticket became a part of another. Its messages stay where they are; undoing it ends the row."""

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges")
    survivor = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges_taken")
    at = models.DateTimeField()
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at=None), name="a_ticket_is_merged_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("survivor")), name="no_ticket_is_merged_into_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.source_id} into {self.survivor_id}"
