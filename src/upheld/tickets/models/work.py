"""Who else works on a ticket, and what it waits for outside the desk."""

from django.db import models
from django.db.models.functions import Upper

from upheld.people.models import Agent
from upheld.tickets.models.ticket import Ticket


class Collaborator(models.Model):
    """An agent who works on a ticket beside its assignee, often in a role of the policy. Who left stays as a row."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="collaborators")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="collaborations")
    role = models.CharField(max_length=63, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    joined_at = models.DateTimeField()
    joined_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "agent"],
                condition=models.Q(left_at=None),
                name="an_agent_joins_a_ticket_once",
            )
        ]
        indexes = [
            models.Index(fields=["agent"], condition=models.Q(left_at=None), name="collaborations_now")
        ]

    def __str__(self) -> str:
        return f"{self.agent} works on ticket {self.ticket_id}"


class OutsideWork(models.Model):
    """Work in another program on which a ticket depends: its address, reference and state."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        UNDER_WAY = "under_way", "under way"
        DONE = "done", "done"
        DROPPED = "dropped", "dropped"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="outside_work")
    title = models.CharField(max_length=250)
    reference = models.CharField(max_length=80, blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "id"], name="outside_work_of_a_ticket"),
            models.Index(Upper("reference"), name="outside_work_by_reference"),
        ]

    def __str__(self) -> str:
        return self.reference or self.title


class ThirdPartyWait(models.Model):
    """A ticket waits for somebody who is neither its customer nor the desk.

    `reference` is their number for it, `promised_at` when they said that it will be done, `remind_at` when the desk is
    reminded next. It ends when it works again (`works_again`), when the desk gives it up (`given_up`), or with the
    ticket (`ticket_done`). The customer reads the name and the promise only where an agent said so.
    """

    class Outcome(models.TextChoices):
        WORKS_AGAIN = "works_again", "works again"
        GIVEN_UP = "given_up", "given up"
        TICKET_DONE = "ticket_done", "over with the ticket"

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="third_party_waits")
    name = models.CharField(max_length=160)
    reference = models.CharField(max_length=80, blank=True, default="")
    url = models.URLField(max_length=500, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    reported_by_us = models.BooleanField(default=False)
    tells_name = models.BooleanField(default=False)
    tells_promise = models.BooleanField(default=False)
    promised_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(ended_at=None),
                name="a_ticket_waits_for_one_third_party",
            )
        ]
        indexes = [
            models.Index(
                fields=["remind_at"],
                condition=models.Q(ended_at=None, remind_at__isnull=False),
                name="third_parties_to_remind_of",
            ),
            models.Index(Upper("reference"), name="third_parties_by_reference"),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} waits for {self.name}"
