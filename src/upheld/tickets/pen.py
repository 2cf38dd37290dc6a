"""The pen that writes one ticket within one transaction: facts in, the policy's consequences and standing out.

An action takes the ticket's row lock, records its facts, and closes the pen. Closing evaluates the whole story once,
appends the consequences that are new, stores the standing, and returns it. Nothing else writes those columns.
"""

from datetime import datetime, timedelta
from typing import Any

from upheld.desks.policies import compiled
from upheld.notices.models import Notice
from upheld.people.models import Agent, Contact
from upheld.policy import Actor, Consequence, Event, Policy, Standing, evaluate
from upheld.tickets.models import Message, StoryEvent, Ticket
from upheld.tickets.moment import Moment

DERIVED = (
    "status",
    "status_category",
    "priority",
    "priority_rank",
    "standing",
    "next_due_at",
    "wake_at",
    "last_seq",
    "updated_at",
)


JUST_AFTER = timedelta(microseconds=1)


class Pen:
    """Writes the story of one locked ticket at one moment."""

    def __init__(self, ticket: Ticket, moment: Moment, *, is_new: bool = False) -> None:
        self.ticket = ticket
        self.moment = moment
        self.policy: Policy = compiled(ticket.policy_version_id)
        self.notices: list[Notice] = []
        self._facts: list[Event] = []
        self._keys: set[str] = set()
        self._recorded_until: datetime | None = None
        self._unwritten: list[StoryEvent] = []
        self._touched = is_new
        if not is_new:
            self._facts, self._keys, self._recorded_until = read_story(ticket.pk)

    @classmethod
    def on(cls, ticket_id: int, moment: Moment) -> "Pen":
        """Lock the ticket and open its story; the caller's transaction holds the lock."""
        tickets = Ticket.objects.select_for_update(of=("self",)).select_related("desk")
        return cls(tickets.get(pk=ticket_id), moment)

    def standing(self) -> Standing:
        """What the policy makes of the story so far: at this moment, or at the horizon while mail is unread.

        Past the horizon nothing is assumed to have happened by itself, since the unread mail may prevent it.
        """
        latest_fact = max((fact.at for fact in self._facts), default=self.moment.settled_by)
        return evaluate(self.policy, self._facts, max(self.moment.settled_by, latest_fact))

    def fact(
        self,
        kind: str,
        actor: Actor,
        *,
        at: datetime | None = None,
        agent: Agent | None = None,
        contact: Contact | None = None,
        message: Message | None = None,
        **data: Any,
    ) -> None:
        """Record that something happened, at `at` (this moment, when not given).

        A fact that arrives after a consequence was recorded at a later instant takes its place behind it, since what
        is recorded is never rewritten; the instant at which it really held is kept beside it, as `held_at`.
        """
        at = at or self.moment.at
        if self._recorded_until is not None and at <= self._recorded_until:
            data["held_at"] = at.isoformat()
            at = self._recorded_until + JUST_AFTER
        row = self._row(at, kind, actor, data)
        row.agent, row.contact, row.message = agent, contact, message
        self._touched = True
        self._facts.append(Event(row.at, kind, actor, data, row.seq, self.moment.at))

    def close(self) -> tuple[Standing, list[Consequence]]:
        """Settle the ticket: store the standing and the consequences that held by `settled_by`, each once.

        Returns the standing now and the consequences that are new, for their effects.
        """
        standing = self.standing()
        news = [
            consequence
            for consequence in standing.consequences
            if consequence.key not in self._keys and consequence.at <= self.moment.settled_by
        ]
        held = [
            consequence.at for consequence in standing.consequences if consequence.at > self.moment.settled_by
        ]
        for consequence in news:
            row = self._row(consequence.at, consequence.kind, Actor.system, dict(consequence.data))
            row.consequence_key = consequence.key
        StoryEvent.objects.bulk_create(self._unwritten)
        self._store(standing, min(held, default=standing.wake_at))
        self._unwritten = []
        return standing, news

    def _row(self, at: datetime, kind: str, actor: Actor, data: dict[str, Any]) -> StoryEvent:
        self.ticket.last_seq += 1
        row = StoryEvent(
            ticket=self.ticket,
            seq=self.ticket.last_seq,
            at=at,
            recorded_at=self.moment.at,
            kind=kind,
            actor=actor,
            data=data,
        )
        self._unwritten.append(row)
        return row

    def _store(self, standing: Standing, wake_at: datetime | None) -> None:
        ticket = self.ticket
        ticket.status = standing.status
        ticket.status_category = self.policy.status(standing.status).category
        ticket.priority = standing.priority
        ticket.priority_rank = self.policy.priority(standing.priority).rank
        ticket.standing = summary(standing)
        ticket.next_due_at = standing.next_due_at
        ticket.wake_at = wake_at
        if self._touched:
            ticket.updated_at = self.moment.at
        ticket.save(update_fields=DERIVED)


def summary(standing: Standing) -> dict[str, Any]:
    """The standing as it is stored with the ticket: without its consequences, which are lines of the story."""
    data = standing.to_json()
    data["consequences"] = []
    return data


def fact_of(row: StoryEvent) -> Event:
    """A row of the story as the policy reads it."""
    return Event(row.at, row.kind, Actor(row.actor), row.data, row.seq, row.recorded_at)


def read_story(ticket_id: int) -> tuple[list[Event], set[str], datetime | None]:
    """Return the facts of a ticket in their order, the keys of the recorded consequences, and the latest's instant."""
    rows = (
        StoryEvent.objects.filter(ticket_id=ticket_id)
        .order_by("at", "seq")
        .values_list("at", "kind", "actor", "data", "seq", "recorded_at", "consequence_key")
    )
    facts: list[Event] = []
    keys: set[str] = set()
    recorded_until: datetime | None = None
    for at, kind, actor, data, seq, recorded_at, key in rows:
        if key is None:
            facts.append(Event(at, kind, Actor(actor), data, seq, recorded_at))
        else:
            keys.add(key)
            recorded_until = at
    return facts, keys, recorded_until
