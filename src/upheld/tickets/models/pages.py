"""Pages: somebody is told at any hour, and then the next one, until a person answers."""

from django.db import models

from upheld.people.models import Agent
from upheld.tickets.models.ticket import Ticket


class Page(models.Model):
    """One step of a ladder that pages. `key` is that of the consequence, `metric` what the ladder waits for.

    `next_at` is when the next person is called, `answer_minutes` how long each has. It ends when somebody acknowledges
    it (`acknowledged`), when what it waits for has been given (`answered`), with the ticket (`ticket_done`), or when
    the ladder does not hold for the ticket any longer (`not_needed`).
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="pages")
    key = models.CharField(max_length=120)
    role = models.CharField(max_length=63)
    metric = models.CharField(max_length=20)
    begun_at = models.DateTimeField()
    answer_minutes = models.PositiveSmallIntegerField(default=5)
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=12, blank=True, default="")
    ended_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "key"], name="a_step_pages_once")]
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(ended_at=None, next_at__isnull=False),
                name="pages_to_call",
            )
        ]

    def __str__(self) -> str:
        return f"page about ticket {self.ticket_id}"


class PageCall(models.Model):
    """One person was paged, as the `place`-th of a page."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="calls")
    place = models.PositiveSmallIntegerField()
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["page", "place"], name="one_call_a_place")]

    def __str__(self) -> str:
        return f"{self.agent} paged at {self.at:%Y-%m-%d %H:%M}"
