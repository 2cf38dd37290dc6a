"""What compliance figures are counted from: a row for each clock, and one for each pause, of every ticket."""

from datetime import timedelta

from django.db import models
from django.db.models.lookups import GreaterThan

from upheld.desks.models import Desk
from upheld.people.models import Agent, Team
from upheld.tickets.models.ticket import Ticket

# What covers a whole month lasted longer than this.
LASTED = models.Q(GreaterThan(models.F("ended_at") - models.F("started_at"), timedelta(days=27)))


class ClockResult(models.Model):
    """One clock of a ticket in one of its cycles. Derived from the story, and written by the pen alone.

    `falls_at` is the due instant, by which a clock belongs to a month; empty while it is paused without a verdict, but
    for spam, whose clocks were over when somebody said so. `correction` is the verdict that holds in place of
    `verdict`; `cause` is how the verdict came about, as its consequence says. `priority`, `plan`, `product` and `team`
    are those of the instant of the verdict, and of now while there is none. `left_out` says why it counts for nothing:
    the id of the policy's exclusion, or a word of `upheld.tickets.results`; empty where it counts. `late_call` marks an
    answer by a call that was entered too late to count when it was made. `owed` says that somebody still waits for it.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="clock_results", db_index=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    metric = models.CharField(max_length=20)
    cycle = models.PositiveIntegerField()
    target = models.CharField(max_length=63)
    falls_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, blank=True, default="")
    verdict_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=20, blank=True, default="")
    correction = models.CharField(max_length=12, blank=True, default="")
    left_out = models.CharField(max_length=63, blank=True, default="")
    late_call = models.BooleanField(default=False)
    owed = models.BooleanField(default=False)
    priority = models.CharField(max_length=40)
    plan = models.CharField(max_length=63, blank=True, default="")
    product = models.CharField(max_length=63, blank=True, default="")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    restricted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "metric", "cycle"], name="a_clock_has_one_result")
        ]
        indexes = [
            models.Index(
                fields=["desk", "falls_at"],
                include=[
                    *("metric", "verdict", "correction", "cause", "left_out", "late_call", "owed"),
                    *("priority", "plan", "team", "restricted", "ticket"),
                ],
                name="results_of_a_month",
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.cycle} of ticket {self.ticket_id}: {self.verdict or 'open'}"


class PauseSpan(models.Model):
    """A time in which the clocks of a ticket stood still: why, and by whom. Derived from the story, and written by the
    pen alone. `number` counts the pauses of a ticket. `status` is that in which it waited; empty for a plain pause.
    `fact` is the number of the line of the story that stopped them, 0 where it happened by itself.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="pause_spans", db_index=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=40, blank=True, default="")
    reason = models.CharField(max_length=250, blank=True, default="")
    by = models.CharField(max_length=20)
    fact = models.PositiveIntegerField()
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    restricted = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "number"], name="a_pause_is_noted_once")]
        indexes = [
            models.Index(fields=["desk", "started_at"], name="pauses_by_beginning"),
            models.Index(fields=["desk", "ended_at"], name="pauses_by_end"),
            models.Index(
                fields=["desk", "started_at"],
                condition=LASTED,
                name="pauses_that_lasted",
            ),
        ]

    def __str__(self) -> str:
        return f"pause {self.number} of ticket {self.ticket_id}"


class ResultsToFill(models.Model):
    """Tickets from a time before there were results: those after `done` up to `last`, by their ids, still get
    theirs."""

    done = models.BigIntegerField()
    last = models.BigIntegerField()

    def __str__(self) -> str:
        return f"tickets after {self.done} up to {self.last}"
