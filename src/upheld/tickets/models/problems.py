"""Problems: one cause behind many tickets, and what all of their customers are told at once."""

from django.db import models

from upheld.people.models import Agent
from upheld.tickets.models.thread import Message
from upheld.tickets.models.ticket import Ticket


class Problem(models.Model):
    """A ticket of the desk's own about one cause that many tickets share. Its number, status, priority, assignee, notes
    and cadence are those of its ticket, which has no customer; `workaround` is what helps until it is solved."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.PROTECT, related_name="problem")
    workaround = models.TextField(blank=True, default="")
    opened_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.ticket)


class Affected(models.Model):
    """A ticket has a problem as its cause. Who parted stays as a row.

    `solved_at` is when the problem was solved, as the ticket's story knows it: from then on its own cadence counts
    again, until the problem is opened again.
    """

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="affected")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="problems")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(left_at=None), name="a_ticket_has_one_problem"
            )
        ]
        indexes = [
            models.Index(
                fields=["problem", "ticket"], condition=models.Q(left_at=None), name="tickets_of_a_problem"
            )
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} has problem {self.problem_id}"


class Broadcast(models.Model):
    """One update or workaround for the customers of all tickets of a problem. `finished_at` is empty until it has
    reached all of them; `resolves` also sets their status."""

    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="broadcasts")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField()
    resolves = models.CharField(max_length=40, blank=True, default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["at"], condition=models.Q(finished_at=None), name="broadcasts_under_way")
        ]

    def __str__(self) -> str:
        return f"broadcast {self.pk} on problem {self.problem_id}"


class BroadcastCopy(models.Model):
    """What a broadcast became on one ticket: a message of its thread, or the reason why it was left out. Beside a
    message the reason says why its status stayed. `tries` counts the failures of one that cannot be written."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.PROTECT, related_name="copies")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    message = models.OneToOneField(
        Message, null=True, on_delete=models.PROTECT, related_name="broadcast_copy"
    )
    done_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    left_out = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["broadcast", "ticket"], name="a_broadcast_reaches_a_ticket_once")
        ]
        indexes = [
            models.Index(fields=["broadcast", "id"], condition=models.Q(done_at=None), name="copies_to_make")
        ]

    def __str__(self) -> str:
        return f"broadcast {self.broadcast_id} on ticket {self.ticket_id}"
