"""The pen that writes one ticket within one transaction: facts in, the policy's consequences and standing out.

An action takes the ticket's row lock, records its facts, and closes the pen. Closing evaluates the whole story once,
appends the consequences that are new, stores the standing, and returns it. Nothing else writes those columns.

The sweep holds many pens at once: it settles each, and writes all of them down together.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from upheld.desks.telling import TICKET
from upheld.notices.models import Alert, Notice
from upheld.people.models import Agent, Contact
from upheld.policy import (
    Actor,
    Consequence,
    Course,
    Event,
    Moved,
    Policy,
    SettledStep,
    Standing,
    Status,
    course_under,
    evaluate_under,
    preview_under,
    reconcile,
    refuses_to_reopen,
    settled_steps,
)
from upheld.tickets.circle import Circle
from upheld.tickets.copying_in import copy_in
from upheld.tickets.models import Message, StoryEvent, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.particulars import known_values
from upheld.tickets.result_rows import Noted, note, noted_of_each
from upheld.tickets.results import NOTHING, results_of
from upheld.tickets.snoozing import Because, stirs
from upheld.tickets.versions import Versions, status_in, versions_of, versions_of_each

FIELDS = ("product", "region", "plan", "reason")
JUST_AFTER = timedelta(microseconds=1)


class Recorded(NamedTuple):
    """What stands in a ticket's story: its facts, its consequences, and the latest of their instants."""

    facts: list[Event]
    consequences: list[Consequence]
    until: datetime | None


class Pen:
    """Writes the story of one locked ticket at one moment."""

    def __init__(
        self,
        ticket: Ticket,
        moment: Moment,
        *,
        recorded: Recorded | None = None,
        circle: Circle | None = None,
        versions: Versions | None = None,
        noted: Noted | None = None,
    ) -> None:
        """Take up the pen on a ticket whose row is locked; a new ticket has nothing recorded."""
        self.ticket = ticket
        self.moment = moment
        self.circle = circle or Circle(moment.at)
        # Asked once the row is locked: a publication that is committed later wakes the ticket again.
        self.versions = versions or versions_of(ticket)
        self.notices: list[Notice] = []
        self.alerts: list[Alert] = []
        self.unwritten: list[StoryEvent] = []
        self.stirred: Because | None = None
        self.noted, self.results = noted or Noted(), NOTHING
        self._facts, self._recorded, self._recorded_until = recorded or Recorded([], [], None)
        self._kept: tuple[tuple[int, datetime], tuple[int, ...]] | None = None

    @classmethod
    def on(cls, ticket_id: int, moment: Moment) -> "Pen":
        """Lock the ticket and open its story; the caller's transaction holds the lock."""
        return next(iter(cls.on_each([ticket_id], moment)))

    @classmethod
    def on_each(cls, ticket_ids: Sequence[int], moment: Moment) -> "list[Pen]":
        """Lock tickets and open their stories, in the order of their ids; raises Ticket.DoesNotExist for none."""
        tickets = Ticket.objects.select_for_update(of=("self",)).select_related("desk")
        found = list(tickets.filter(pk__in=ticket_ids).order_by("pk"))
        if len(found) < len(set(ticket_ids)):
            raise Ticket.DoesNotExist("there is no such ticket")
        stories, circle, versions = read_stories(ticket_ids), Circle(moment.at), versions_of_each(found)
        noted = noted_of_each(ticket_ids)
        circle.expect(found)
        return [
            cls(
                ticket,
                moment,
                recorded=stories[ticket.pk],
                circle=circle,
                versions=versions[ticket.pk],
                noted=noted[ticket.pk],
            )
            for ticket in found
        ]

    @property
    def policy(self) -> Policy:
        """The policy that governs the ticket at this moment, or at the horizon while mail is unread."""
        return self.versions.in_force[self._governing()].policy

    @property
    def version_id(self) -> int:
        """The version of that policy."""
        return self.versions.ids[self._governing()]

    def status(self, id: str) -> Status:
        """The status of this id, which may be one of a version before."""
        return status_in((self.policy, *self.versions.policies), id)

    def _governing(self) -> int:
        return (0, *self._taken())[-1]

    def _taken(self) -> tuple[int, ...]:
        """The versions that have taken the ticket over; asked for again and again, so kept while nothing is added."""
        known = len(self._facts), self._latest()
        if self._kept is None or self._kept[0] != known:
            self._kept = known, self.versions.taken(self._facts, known[1])
        return self._kept[1]

    def standing(self) -> Standing:
        """What the policy makes of the story so far: at this moment, or at the horizon while mail is unread.

        Past the horizon nothing is assumed to have happened by itself, since the unread mail may prevent it. A
        verdict that was recorded stays, whatever has arrived since.
        """
        return self._reconciled()[1]

    def standing_at(self, at: datetime) -> Standing:
        """What the policy makes of the story at an instant, whatever mail is unread."""
        evaluated = evaluate_under(self.versions.in_force, self._facts, max(at, self._latest()))
        return reconcile(evaluated, self._recorded)[0]

    def settled_steps(self) -> Mapping[str, SettledStep | None]:
        """Since when nothing calls for the steps of the ticket's ladders any more, by the keys of their
        consequences."""
        return settled_steps(self.versions.in_force, self._facts, self._latest())

    def values(self) -> dict[str, str]:
        """What the facts say of the ticket's fields, such as its product and region."""
        known: dict[str, str] = {}
        for fact in self._facts:
            if fact.kind == "opened":
                known |= {name: value for name in FIELDS if (value := fact.data.get(name))}
            elif fact.kind == "field" and fact.data.get("name") in FIELDS:
                known[fact.data["name"]] = fact.data.get("to") or ""
        return known

    def particulars(self) -> dict[str, str]:
        """What the facts say of all that a policy may require before work begins, its team and tier among it."""
        return known_values(self._facts)

    def comes_too_late(self, kind: str, actor: Actor, at: datetime, **data: Any) -> bool:
        """Whether such a fact would reopen a ticket that may be reopened no more."""
        is_open = self.ticket.status_category not in ("resolved", "closed")
        wake_at = self.ticket.wake_at
        if is_open and (wake_at is None or wake_at > at):
            # Nothing has fallen due since the status was stored, such as a closing while no worker ran.
            return False
        supposed = Event(at, kind, actor, data, self.ticket.last_seq + 1, self.moment.at)
        return refuses_to_reopen(self.versions.in_force, self._facts, supposed)

    def _latest(self) -> datetime:
        """The horizon, or the latest fact where that is later."""
        latest_fact = max((fact.at for fact in self._facts), default=self.moment.settled_by)
        return max(self.moment.settled_by, latest_fact)

    def _reconciled(self) -> tuple[Course, Standing, tuple[Consequence, ...]]:
        """The course of the ticket, its standing, and the consequences that are not recorded yet."""
        course = course_under(self.versions.in_force, self._facts, self._latest())
        return course, *reconcile(course.standing, self._recorded)

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
        self.ticket.updated_at = self.moment.at
        self._facts.append(Event(row.at, kind, actor, data, row.seq, self.moment.at))

    def close(self) -> tuple[Standing, list[Consequence]]:
        """Settle the ticket and write it down; returns its standing, and the consequences that are new."""
        standing, news = self.settle()
        write_down([self])
        return standing, news

    def settle(self) -> tuple[Standing, list[Consequence]]:
        """Bring the ticket up to the moment in memory: its standing, and the consequences that held by `settled_by`
        and are not recorded yet."""
        course, standing, unrecorded = self._reconciled()
        until = self.moment.settled_by
        unrecorded = (*self._takeovers(), *unrecorded)
        # A correction is made now, whenever what it corrects was recorded.
        news = [each for each in unrecorded if each.at <= until or each.kind == "correction"]
        ahead = [each.at for each in unrecorded if each.at > until and each.kind != "correction"]
        for consequence in news:
            row = self._row(consequence.at, consequence.kind, Actor.system, dict(consequence.data))
            row.consequence_key = consequence.key
        self._derive(standing, min(ahead, default=standing.wake_at))
        self.results = results_of(
            course,
            standing,
            (*self._recorded, *news),
            self._facts,
            policies=self.versions.policies,
            team=self.ticket.team_id,
            is_spam=self.ticket.is_spam,
        )
        return standing, news

    def _takeovers(self) -> list[Consequence]:
        """The versions that have taken the ticket over and are not in its story yet: each as a consequence that tells
        what it did to the clocks, so that nobody wonders later why a due time moved."""
        known = {each.key for each in self._recorded}
        versions, found = self.versions, []
        for place in self._taken():
            key, published = f"published:{versions.ids[place]}", versions.in_force[place]
            if key in known or published.since is None:
                continue
            before, mode = versions.in_force[:place], published.mode
            effect = preview_under(before, published.policy, self._facts, published.since, (mode,))
            moved = [_told(each) for each in effect.clocks.get(mode, ()) if not each.is_the_same]
            data = {"version": versions.numbers[place], "mode": mode.value, "moved": moved}
            found.append(Consequence(key, published.since, "published", data))
        return found

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
        self.unwritten.append(row)
        return row

    def _derive(self, standing: Standing, wake_at: datetime | None) -> None:
        ticket, governing = self.ticket, self._governing()
        policy, version_id = self.versions.in_force[governing].policy, self.versions.ids[governing]
        status = policy.status(standing.status)
        ticket.later_version_id = version_id if version_id != ticket.policy_version_id else None
        ticket.status = standing.status
        ticket.status_category = status.category
        ticket.priority = standing.priority
        ticket.priority_rank = policy.priority(standing.priority).rank
        ticket.standing = summary(standing)
        ticket.next_due_at = standing.next_due_at
        published = None if status.is_done else self.versions.next_after(self._latest())
        ticket.wake_at = min((each for each in (wake_at, published) if each is not None), default=None)


def write_down(pens: Sequence[Pen]) -> None:
    """Store the new lines of the stories, and what is derived from them, in a few statements however many pens."""
    copy_in(StoryEvent, [row for pen in pens for row in pen.unwritten])
    for pen in pens:
        pen.stirred = stirs(pen.unwritten) or pen.stirred
        pen.unwritten = []
    rows = [{name: getattr(pen.ticket, name) for name in _STORED} for pen in pens]
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [json.dumps(rows, default=datetime.isoformat), TICKET])
    note((pen.ticket, pen.noted, pen.results) for pen in pens)


_STORED = (
    "id",
    "status",
    "status_category",
    "priority",
    "priority_rank",
    "standing",
    "next_due_at",
    "wake_at",
    "last_seq",
    "updated_at",
    "later_version_id",
)
# Open pages are told in the same statement: a row of the answer tells of at most 350 tickets.
_STORE = """
with stored as (
update tickets_ticket ticket set
    status = new.status,
    status_category = new.status_category,
    priority = new.priority,
    priority_rank = new.priority_rank,
    standing = new.standing,
    next_due_at = new.next_due_at,
    wake_at = new.wake_at,
    last_seq = new.last_seq,
    updated_at = new.updated_at,
    later_version_id = new.later_version_id
from json_to_recordset(%s) as new (
    id bigint, status text, status_category text, priority text, priority_rank smallint, standing jsonb,
    next_due_at timestamptz, wake_at timestamptz, last_seq integer, updated_at timestamptz, later_version_id bigint
)
where ticket.id = new.id
returning ticket.id
), numbered as (select id, (row_number() over (order by id) - 1) / 350 as part from stored)
select pg_notify(%s, string_agg(id::text, ' ' order by id)) from numbered group by part
"""


def _told(moved: Moved) -> dict[str, Any]:
    """What a publication did to one clock, for the story."""
    return {
        "metric": moved.metric.value,
        "cycle": moved.cycle,
        "due_at": moved.due_at and moved.due_at.isoformat(),
        "new_due_at": moved.new_due_at and moved.new_due_at.isoformat(),
        "stays": moved.stays,
    }


def summary(standing: Standing) -> dict[str, Any]:
    """The standing as it is stored with the ticket: without its consequences, which are lines of the story."""
    return replace(standing, consequences=()).to_json()


def fact_of(row: StoryEvent) -> Event:
    """A row of the story as the policy reads it."""
    return Event(row.at, row.kind, Actor(row.actor), row.data, row.seq, row.recorded_at)


def consequence_of(row: StoryEvent) -> Consequence:
    """A recorded consequence as the policy reads it."""
    return Consequence(str(row.consequence_key), row.at, row.kind, row.data)


def read_stories(ticket_ids: Iterable[int]) -> dict[int, Recorded]:
    """Return what stands in the stories of tickets, the facts in their order."""
    rows = (
        StoryEvent.objects.filter(ticket_id__in=ticket_ids)
        .order_by("at", "seq")
        .values_list("ticket_id", "at", "kind", "actor", "data", "seq", "recorded_at", "consequence_key")
    )
    stories: defaultdict[int, Recorded] = defaultdict(lambda: Recorded([], [], None))
    for ticket_id, at, kind, actor, data, seq, recorded_at, key in rows:
        recorded = stories[ticket_id]
        if key is None:
            recorded.facts.append(Event(at, kind, Actor(actor), data, seq, recorded_at))
        else:
            recorded.consequences.append(Consequence(key, at, kind, data))
            stories[ticket_id] = recorded._replace(until=at)
    return stories
