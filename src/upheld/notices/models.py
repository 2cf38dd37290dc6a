"""What leaves the desk: one stored row each, written in the transaction of its cause, sent after commit."""

from django.db import models

from upheld.desks.models import Desk
from upheld.people.models import Agent, AlertAddress


class NoticeKind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement"
    REPLY = "reply"
    STATUS = "status"
    REMINDER = "reminder"
    ASSIGNED = "assigned"
    CUSTOMER_WROTE = "customer_wrote"
    WARNING = "warning"
    BREACH = "breach"
    ESCALATED = "escalated"
    ACCOUNT = "account"
    BOUNCED = "bounced"
    ANSWER_KEPT = "answer_kept"
    DIGEST = "digest"
    HELD = "held"
    HELD_DECLINED = "held_declined"
    HELD_ALERT = "held_alert"
    INFORMATION = "information"
    CONTRACT_ENDING = "contract_ending"
    RESTRICTED = "restricted"
    RAISED = "raised"
    PAGED = "paged"
    HANDED_OVER = "handed_over"
    JOINED = "joined"
    THIRD_PARTY = "third_party"
    MERGED = "merged"
    MENTIONED = "mentioned"
    # What an agent pressed could not be done when its time came.
    NOT_DONE = "not_done"
    # An agent's words to a third party, and that these answered.
    SIDE = "side"
    SIDE_ANSWERED = "side_answered"
    # What an agent had put off is back in their lists.
    SNOOZE_OVER = "snooze_over"


class NoticeState(models.TextChoices):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    # Its cause was over before it could leave; `last_error` says why.
    LEFT_OUT = "left_out"


class Notice(models.Model):
    """One mail to one person. `key` makes it unique for its cause, so that a repeated cause sends nothing twice.

    A notice knows its ticket by id and number only, since rooms above tickets cannot refer to them.
    `data` holds what was true when the cause happened; it is plain text, never a template.
    """

    desk = models.ForeignKey(Desk, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    key = models.CharField(max_length=200, unique=True)
    ticket_id = models.BigIntegerField(null=True)
    ticket_number = models.CharField(max_length=32, blank=True, default="")
    message_ref = models.BigIntegerField(null=True)
    participant_id = models.BigIntegerField(null=True)
    to_address = models.EmailField()
    to_name = models.CharField(max_length=160, blank=True, default="")
    message_id = models.CharField(max_length=250, unique=True)
    data = models.JSONField(default=dict)
    rendered = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True, default="")
    asked_from = models.CharField(max_length=80, blank=True, default="")
    bounced_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=models.Q(state="waiting"), name="notices_waiting"
            ),
            models.Index(fields=["ticket_id"], name="notices_of_a_ticket"),
            models.Index(fields=["-sent_at", "-id"], condition=models.Q(state="sent"), name="notices_sent"),
            models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(state__in=["failed", "bounced"]),
                name="notices_in_trouble",
            ),
            models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(state="left_out"),
                name="notices_left_out",
            ),
            models.Index(
                fields=["desk", "to_address"],
                condition=models.Q(state="waiting", rendered=None, attempts=0),
                name="notices_not_tried_yet",
            ),
            models.Index(
                models.F("data__together_with"),
                condition=models.Q(state="waiting", data__has_key="together_with"),
                name="notices_leaving_together",
            ),
            models.Index(
                fields=["to_address", "-created_at"],
                condition=~models.Q(asked_from=""),
                name="notices_answering_an_address",
            ),
            models.Index(
                fields=["asked_from", "-created_at"],
                condition=~models.Q(asked_from=""),
                name="notices_answering_a_network",
            ),
            models.Index(
                fields=["desk", "-created_at"],
                condition=~models.Q(asked_from=""),
                name="notices_answering_on_a_desk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to_address} ({self.state})"


def not_arrived() -> models.Q:
    """The condition that a notice did not leave at once, or did not arrive."""
    tried = models.Q(state=NoticeState.WAITING, attempts__gt=0)
    return tried | models.Q(state__in=(NoticeState.FAILED, NoticeState.BOUNCED))


class Alert(models.Model):
    """One thing that an agent is told, as they read it in the pages. `key` makes it unique for its cause and person.

    `at` is when its cause held. Outside the pages nothing leaves before `leaves_at`, which is the opening of the
    agent's hours for whatever is no page.
    """

    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="alerts")
    kind = models.CharField(max_length=20, choices=NoticeKind.choices)
    key = models.CharField(max_length=200, unique=True)
    ticket_id = models.BigIntegerField(null=True)
    ticket_number = models.CharField(max_length=32, blank=True, default="")
    is_page = models.BooleanField(default=False)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    created_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["agent", "-created_at", "-id"], name="alerts_of_an_agent"),
            models.Index(fields=["agent"], condition=models.Q(read_at=None), name="alerts_unread"),
            models.Index(fields=["ticket_id"], name="alerts_of_a_ticket"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.agent}"


class Push(models.Model):
    """One alert on its way to one of an agent's own addresses, through apprise; sent after commit, at least once.

    Without an alert it is a test, which its agent asked for. `text` is what was said; of several that left as one
    message the first has it.
    """

    alert = models.ForeignKey(Alert, null=True, on_delete=models.CASCADE, related_name="pushes")
    address = models.ForeignKey(AlertAddress, on_delete=models.CASCADE, related_name="pushes")
    state = models.CharField(max_length=10, choices=NoticeState.choices, default=NoticeState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    text = models.CharField(max_length=500, blank=True, default="")
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["alert", "address"], name="one_push_an_address")]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], condition=models.Q(state="waiting"), name="pushes_waiting"
            )
        ]

    def __str__(self) -> str:
        return f"{f'alert {self.alert_id}' if self.alert_id else 'test'} to {self.address}"


class AlertPace(models.Model):
    """How fast alerts left a desk for one address lately; who sends the next one locks it."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="+")
    to_address = models.EmailField()
    left_at = models.JSONField(default=list)
    was_together = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "to_address"], name="one_pace_an_address_and_desk")
        ]

    def __str__(self) -> str:
        return f"alerts to {self.to_address}"
