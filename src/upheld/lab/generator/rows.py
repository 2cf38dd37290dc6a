"""From a life to its rows: the same facts that the actions record, and what the policy makes of them."""

import json
from collections.abc import Sequence
from datetime import datetime

from upheld.lab.generator.facts import Fact, Holder, Recorder
from upheld.lab.generator.ids import Ids
from upheld.lab.generator.life import Life
from upheld.lab.generator.place import Place
from upheld.lab.generator.tables import Row, Rows
from upheld.policy import Actor, Consequence, Course, Event, InForce, Policy, Standing, course_under
from upheld.tickets.pen import summary
from upheld.tickets.results import results_of

_json = json.JSONEncoder(separators=(",", ":")).encode
_NOTHING = _json({})
_Line = Sequence[Fact | Consequence]


def add(rows: Rows, life: Life, place: Place, ids: Ids, now: datetime) -> None:
    """Add all rows of one life, as it stands at `now`."""
    ticket_id, person = ids.take("ticket"), place.contacts[life.contact]
    recorder = Recorder(rows, place, ids, ticket_id, person.id)
    facts = list(recorder.receipt(life, person.organization))
    for deed in life.deeds:
        facts += recorder.facts(deed)
    course, events, line = _settled(facts, place.policy, now)
    standing = course.standing
    for seq, entry in enumerate(line, start=1):
        rows.events.append((ids.take("event"), ticket_id, seq, *_event_row(entry)))
    _add_results(recorder, course, events, facts)
    rows.participants.append(
        (ids.take("participant"), ticket_id, person.id, True, "request", life.received_at, None, 1)
    )
    number = f"{place.prefix}-{ids.take_number()}"
    updated_at = max(fact.at for fact in facts)
    rows.tickets.append(
        (
            *(ticket_id, place.desk_id, number),
            *_ticket_row(life, place, recorder.holder, updated_at),
            *_derived(standing, place.policy, len(line)),
            *("", "", "", "", "", life.priority or "", _NOTHING, False, False),
        )
    )


def _settled(facts: list[Fact], policy: Policy, now: datetime) -> tuple[Course, list[Event], _Line]:
    """Return what the policy makes of the facts, these as it reads them, and these and the consequences in the order in
    which they were recorded.

    What the policy makes of them may name a fact by its number, and the places of consequences move later facts up:
    the story is read again until the numbers hold.
    """
    versions = (InForce(policy),)
    for seq, fact in enumerate(facts, start=1):
        fact.seq = seq
    while True:
        given = [fact.seq for fact in facts]
        events = [_event(fact) for fact in facts]
        course = course_under(versions, events, now)
        line = _line(facts, course.standing.consequences)
        for seq, entry in enumerate(line, start=1):
            if isinstance(entry, Fact):
                entry.seq = seq
        if given == [fact.seq for fact in facts] or not _names_facts(course):
            return course, events, line


def _names_facts(course: Course) -> bool:
    """Whether something that is made of the facts names one of them by its number."""
    if course.pauses or course.standing.late_calls:
        return True
    return any(each.data.get("cause") == "reply" for each in course.standing.consequences)


def _line(facts: list[Fact], consequences: Sequence[Consequence]) -> _Line:
    """At the same instant facts come first: what follows from them is recorded with them."""
    merged: list[tuple[datetime, int, int, Fact | Consequence]] = []
    merged += [(fact.at, 0, place, fact) for place, fact in enumerate(facts)]
    merged += [(each.at, 1, place, each) for place, each in enumerate(consequences)]
    merged.sort()
    return [entry[3] for entry in merged]


def _add_results(recorder: Recorder, course: Course, events: Sequence[Event], facts: Sequence[Fact]) -> None:
    """What the figures of the desk are counted from."""
    rows, place, ids = recorder.rows, recorder.place, recorder.ids
    recorded = course.standing.consequences
    team = _id_of(place.teams, recorder.holder.team)
    results = results_of(
        course, course.standing, recorded, events, policies=(place.policy,), team=team, is_spam=False
    )
    first = (recorder.ticket_id, place.desk_id, False)
    for clock in results.clocks:
        rows.clocks.append((ids.take("clock"), *first, *clock))
    agents = {fact.seq: fact.agent for fact in facts} if results.pauses else {}
    for pause in results.pauses:
        rows.pauses.append((ids.take("pause"), *first, agents.get(pause.fact), *pause))


def _id_of(known: Sequence[tuple[int, str]], number: int | None) -> int | None:
    return None if number is None else known[number][0]


def _event(fact: Fact) -> Event:
    return Event(fact.at, fact.kind, fact.actor, fact.data, fact.seq, fact.at)


def _event_row(what: Fact | Consequence) -> Row:
    at = what.at
    if isinstance(what, Fact):
        people = (what.agent, what.contact, what.message)
        return (at, at, what.kind, what.actor.value, *people, _json(what.data), None)
    return (at, at, what.kind, Actor.system.value, None, None, None, _json(dict(what.data)), what.key)


def _ticket_row(life: Life, place: Place, holder: Holder, updated_at: datetime) -> Row:
    person = place.contacts[life.contact]
    return (
        life.subject,
        life.channel,
        person.id,
        _id_of(place.agents, holder.agent),
        _id_of(place.teams, holder.team),
        place.version_id,
        life.received_at,
        updated_at,
        person.organization_id,
    )


def _derived(standing: Standing, policy: Policy, last_seq: int) -> Row:
    """What the pen stores of a standing."""
    return (
        standing.status,
        policy.status(standing.status).category,
        standing.priority,
        policy.priority(standing.priority).rank,
        _json(summary(standing)),
        standing.next_due_at,
        standing.wake_at,
        last_seq,
    )
