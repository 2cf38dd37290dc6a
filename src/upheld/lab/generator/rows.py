"""From a life to its rows: the same facts that the actions record, and what the policy makes of them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upheld.lab.generator.lives import Deed, Life
from upheld.policy import Actor, Consequence, Event, Policy, Standing, evaluate
from upheld.tickets.pen import summary

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the rows belong: the desk, its policy version, and its people by the numbers that lives use."""

    desk_id: int
    prefix: str
    version_id: int
    policy: Policy
    contacts: Sequence[int]
    agents: Sequence[tuple[int, str]]


@dataclass(slots=True)
class Ids:
    """The next free id of each table, and the next number of the desk."""

    ticket: int
    message: int
    event: int
    participant: int
    number: int

    def take(self, name: str) -> int:
        taken = getattr(self, name)
        setattr(self, name, taken + 1)
        return taken


@dataclass(slots=True)
class Rows:
    """Rows for COPY, in the order of the columns that `seed` names."""

    tickets: list[Row] = field(default_factory=list)
    participants: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class _Fact:
    at: datetime
    kind: str
    actor: Actor
    data: dict[str, Any]
    agent: int | None = None
    contact: int | None = None
    message: int | None = None
    seq: int = 0


def add(rows: Rows, life: Life, place: Place, ids: Ids, now: datetime) -> None:
    """Add all rows of one life, as it stands at `now`."""
    ticket_id = ids.take("ticket")
    contact = place.contacts[life.contact]
    facts = list(_facts(rows, life, place, ids, ticket_id))
    standing, line = _settled(facts, place.policy, now)
    for seq, entry in enumerate(line, start=1):
        rows.events.append(_event_row(ids.take("event"), ticket_id, seq, entry))
    rows.participants.append(
        (ids.take("participant"), ticket_id, contact, True, "request", life.received_at, None, 1)
    )
    rows.tickets.append(_ticket_row(ticket_id, life, place, ids, standing, facts, len(line)))


def _facts(rows: Rows, life: Life, place: Place, ids: Ids, ticket_id: int) -> Iterator[_Fact]:
    contact = place.contacts[life.contact]
    opening = _message(
        rows, ids, ticket_id, "customer", life.received_at, contact, None, life.channel, life.text
    )
    data: dict[str, Any] = {"channel": life.channel, "priority": life.priority, "by_staff": False}
    if life.priority:
        data |= {"requested": life.priority, "named_by": "form"}
    yield _Fact(life.received_at, "opened", Actor.customer, data, None, contact, opening)
    yield _Fact(life.received_at, "acknowledged", Actor.system, {})
    for deed in life.deeds:
        yield from _deed(rows, deed, place, ids, ticket_id, contact)


def _deed(rows: Rows, deed: Deed, place: Place, ids: Ids, ticket_id: int, contact: int) -> Iterator[_Fact]:
    agent = place.agents[deed.agent][0]
    match deed.kind:
        case "customer":
            message = _message(rows, ids, ticket_id, "customer", deed.at, contact, None, "email", deed.value)
            data = _way("in", "email") | {"reopens": True}
            yield _Fact(deed.at, "message", Actor.customer, data, None, contact, message)
        case "reply":
            message = _message(rows, ids, ticket_id, "reply", deed.at, None, agent, "web", deed.value)
            yield _Fact(deed.at, "message", Actor.agent, _way("out", "web"), agent, None, message)
            if deed.status:
                yield _status(deed, deed.status, agent)
        case "note":
            message = _message(rows, ids, ticket_id, "note", deed.at, None, agent, "web", deed.value)
            yield _Fact(deed.at, "note", Actor.agent, {}, agent, None, message)
        case "status":
            yield _status(deed, deed.value, agent)
        case "assign":
            name = place.agents[int(deed.value)][1]
            yield _Fact(deed.at, "assigned", Actor.agent, {"to": name}, agent)


def _way(direction: str, channel: str) -> dict[str, Any]:
    return {"direction": direction, "public": True, "automatic": False, "channel": channel}


def _status(deed: Deed, status: str, agent: int) -> _Fact:
    return _Fact(deed.at, "status", Actor.agent, {"to": status, "reason": ""}, agent)


def _message(
    rows: Rows,
    ids: Ids,
    ticket_id: int,
    kind: str,
    at: datetime,
    contact: int | None,
    agent: int | None,
    channel: str,
    text: str,
) -> int:
    message_id = ids.take("message")
    rows.messages.append(
        (message_id, ticket_id, kind, at, contact, agent, channel, text, "", "", True, "", "", None, "")
    )
    return message_id


def _settled(facts: list[_Fact], policy: Policy, now: datetime) -> tuple[Standing, list[_Fact | Consequence]]:
    """Return the standing, and facts and consequences in the order in which they were recorded.

    A consequence may carry the sequence number of a fact in its key, and its own place moves later facts up: the
    story is read again until the numbers hold.
    """
    for seq, fact in enumerate(facts, start=1):
        fact.seq = seq
    while True:
        given = [fact.seq for fact in facts]
        standing = evaluate(policy, [_event(fact) for fact in facts], now)
        line = _line(facts, standing.consequences)
        for seq, entry in enumerate(line, start=1):
            if isinstance(entry, _Fact):
                entry.seq = seq
        named = any(consequence.data.get("cause") == "reply" for consequence in standing.consequences)
        if not named or given == [fact.seq for fact in facts]:
            return standing, line


def _line(facts: list[_Fact], consequences: Sequence[Consequence]) -> list[_Fact | Consequence]:
    """At the same instant facts come first: what follows from them is recorded with them."""
    merged: list[tuple[datetime, int, int, _Fact | Consequence]] = []
    merged += [(fact.at, 0, place, fact) for place, fact in enumerate(facts)]
    merged += [(each.at, 1, place, each) for place, each in enumerate(consequences)]
    merged.sort(key=lambda entry: entry[:3])
    return [entry[3] for entry in merged]


def _event(fact: _Fact) -> Event:
    return Event(fact.at, fact.kind, fact.actor, fact.data, fact.seq, fact.at)


def _event_row(event_id: int, ticket_id: int, seq: int, what: _Fact | Consequence) -> Row:
    if isinstance(what, _Fact):
        data, people = what.data, (what.agent, what.contact, what.message)
        return (
            event_id,
            ticket_id,
            seq,
            what.at,
            what.at,
            what.kind,
            what.actor.value,
            *people,
            _json(data),
            None,
        )
    data = dict(what.data)
    return (
        *(event_id, ticket_id, seq, what.at, what.at, what.kind, Actor.system.value, None, None, None),
        *(_json(data), what.key),
    )


def _ticket_row(
    ticket_id: int, life: Life, place: Place, ids: Ids, standing: Standing, facts: list[_Fact], last_seq: int
) -> Row:
    policy = place.policy
    assignees = [int(deed.value) for deed in life.deeds if deed.kind == "assign"]
    return (
        ticket_id,
        place.desk_id,
        f"{place.prefix}-{ids.take('number')}",
        life.subject,
        life.channel,
        place.contacts[life.contact],
        place.agents[assignees[-1]][0] if assignees else None,
        None,
        place.version_id,
        life.received_at,
        max(fact.at for fact in facts),
        standing.status,
        policy.status(standing.status).category,
        standing.priority,
        policy.priority(standing.priority).rank,
        _json(summary(standing)),
        standing.next_due_at,
        standing.wake_at,
        last_seq,
        *("", "", "", "", ""),
        life.priority or "",
        _json({}),
        False,
        False,
    )


def _json(data: Any) -> str:
    return json.dumps(data)
