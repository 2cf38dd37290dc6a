"""What agents have around tickets: what they write, what they pressed and may still take back, what they put off."""

from django.db import models

from upheld.desks.models import Desk
from upheld.people.models import Agent
from upheld.tickets.models.ticket import Ticket


class Draft(models.Model):
    """What an agent is writing on a ticket and has not sent: one of each kind ("reply", "note", "side" or another).

    `data` holds the other fields of the form as they stand. It survives the page, the browser and the session.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agent", "ticket", "kind"], name="one_draft_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.agent} on ticket {self.ticket_id}"


class Press(models.Model):
    """Something that an agent pressed and may take back until `leaves_at`: a reply, a macro, a change of many tickets.

    Nothing has happened before the worker does it, at `leaves_at` or when told to hurry; then it counts at
    `pressed_at`. Until that the desk's clocks are settled up to there only. `ticket` is empty where many are meant;
    `payload` says the rest, by `kind`. A `refused` one says `why`, and what was written is a draft again.
    """

    class Kind(models.TextChoices):
        REPLY = "reply"
        MACRO = "macro"
        BULK = "bulk"
        SIDE = "side"

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        UNDONE = "undone"
        REFUSED = "refused"

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="presses")
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="presses")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    payload = models.JSONField(default=dict)
    pressed_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=500, blank=True, default="")
    done_at = models.DateTimeField(null=True)
    # How often doing it failed; from the first failure on it holds up no clock.
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["leaves_at", "id"], condition=models.Q(state="waiting"), name="presses_to_be_done"
            ),
            models.Index(
                fields=["desk", "pressed_at"], condition=models.Q(state="waiting"), name="presses_open"
            ),
            models.Index(fields=["ticket"], condition=models.Q(state="waiting"), name="presses_of_a_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} pressed by {self.agent} at {self.pressed_at:%Y-%m-%d %H:%M:%S}"


class DraftFile(models.Model):
    """A file that was uploaded while its message is being written; it belongs to a draft, then to a press."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    draft = models.ForeignKey(Draft, null=True, on_delete=models.CASCADE, related_name="files")
    press = models.ForeignKey(Press, null=True, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=100)
    uploaded_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class SavedReply(models.Model):
    """A text that agents use again. Without `agent` it is the desk's; otherwise that agent's own."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="saved_replies")
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_replies"
    )
    name = models.CharField(max_length=80)
    text = models.TextField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "agent", "name"], nulls_distinct=False, name="a_saved_reply_has_its_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Macro(models.Model):
    """Several changes and a reply in one step. Without `agent` it is the desk's. `steps` is a list of changes."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="macros")
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="macros")
    name = models.CharField(max_length=80)
    steps = models.JSONField(default=list)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "agent", "name"], nulls_distinct=False, name="a_macro_has_its_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Snooze(models.Model):
    """A ticket that an agent does not want to see in their own lists before `until`; its clocks run on.

    It comes back earlier where something happens that they must not miss; `ended_because` says what.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="snoozes")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="snoozes")
    until = models.DateTimeField()
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agent", "ticket"], condition=models.Q(ended_at=None), name="snoozed_once"
            ),
        ]
        indexes = [
            models.Index(fields=["until"], condition=models.Q(ended_at=None), name="snoozes_to_end"),
            models.Index(fields=["ticket"], condition=models.Q(ended_at=None), name="snoozes_of_a_ticket"),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} snoozed by {self.agent} until {self.until:%Y-%m-%d %H:%M}"


class SavedQueue(models.Model):
    """A search that is kept by name. Without `agent` everybody on the desk has it; otherwise that agent alone."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="saved_queues")
    agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="saved_queues"
    )
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "agent", "name"], nulls_distinct=False, name="a_saved_queue_has_its_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Presence(models.Model):
    """Who has a ticket open, and who is writing on it; fresh rows count, old ones are swept away."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="presences")
    seen_at = models.DateTimeField()
    typing_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "agent"], name="present_once"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} on ticket {self.ticket_id}"


class TicketLook(models.Model):
    """When an agent last looked at a ticket, for what is new since."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "agent"], name="last_look_of_an_agent"),
        ]

    def __str__(self) -> str:
        return f"{self.agent} looked at ticket {self.ticket_id} at {self.at:%Y-%m-%d %H:%M}"
