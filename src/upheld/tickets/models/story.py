"""The append-only story from which every standing is derived."""

from django.db import models

from upheld.people.models import Agent, Contact
from upheld.policy import Actor
from upheld.tickets.models.thread import Message
from upheld.tickets.models.ticket import Ticket


class StoryEvent(models.Model):
    """One line of a ticket's story. Append-only: database triggers refuse UPDATE and DELETE.

    A fact has no `consequence_key`; a consequence has one, unique on its ticket, so that each happens once.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="story")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    kind = models.CharField(max_length=20)
    actor = models.CharField(max_length=12, choices=[(actor.value, actor.value) for actor in Actor])
    agent = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    data = models.JSONField(default=dict)
    consequence_key = models.CharField(max_length=120, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="story_sequence_is_unique"),
            models.UniqueConstraint(fields=["ticket", "consequence_key"], name="a_consequence_happens_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M:%S}"
