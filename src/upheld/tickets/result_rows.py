"""The rows that a desk's figures are counted from, beside those that are stored: only what differs is written."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from upheld.tickets.models import ClockResult, PauseSpan, Ticket
from upheld.tickets.results import ClockRow, PauseRow, Results


class Place(NamedTuple):
    """What a row repeats of its ticket."""

    desk_id: int
    restricted: bool

    @classmethod
    def of(cls, ticket: Ticket) -> "Place":
        return cls(ticket.desk_id, ticket.restricted)


@dataclass(slots=True)
class Noted:
    """What is stored of one ticket, by the keys of the rows; of each pause also whose it is (an agent's id)."""

    clocks: dict[tuple[str, int], tuple[ClockRow, Place]] = field(default_factory=dict)
    pauses: dict[int, tuple[PauseRow, Place]] = field(default_factory=dict)
    agents: dict[int, int | None] = field(default_factory=dict)


def noted_of_each(ticket_ids: Sequence[int]) -> dict[int, Noted]:
    """Return what is stored of tickets."""
    found = {ticket_id: Noted() for ticket_id in ticket_ids}
    with connection.cursor() as cursor:
        cursor.execute(_NOTED_CLOCKS, [list(ticket_ids)])
        for ticket_id, desk_id, restricted, *columns in cursor.fetchall():
            clock = ClockRow(*columns)
            found[ticket_id].clocks[clock.key] = clock, Place(desk_id, restricted)
        cursor.execute(_NOTED_PAUSES, [list(ticket_ids)])
        for ticket_id, desk_id, restricted, agent, *columns in cursor.fetchall():
            pause = PauseRow(*columns)
            found[ticket_id].pauses[pause.key] = pause, Place(desk_id, restricted)
            found[ticket_id].agents[pause.key] = agent
    return found


def note(written: Iterable[tuple[Ticket, Noted, Results]]) -> None:
    """Store the rows of tickets as they are now; what is stored already is left alone, and what vanished goes."""
    clocks: list[dict[str, Any]] = []
    pauses: list[dict[str, Any]] = []
    for ticket, noted, results in written:
        place = Place.of(ticket)
        told = {"ticket_id": ticket.pk, **place._asdict()}
        clocks += [
            each._asdict() | told | _team(each)
            for each in results.clocks
            if not is_same(each, place, noted.clocks.get(each.key))
        ]
        pauses += [
            each._asdict() | told for each in results.pauses if noted.pauses.get(each.key) != (each, place)
        ]
        _forget(ticket, noted, results)
        noted.clocks = {each.key: (each, place) for each in results.clocks}
        noted.pauses = {each.key: (each, place) for each in results.pauses}
    for statement, rows in ((_CLOCKS, clocks), (_PAUSES, pauses)):
        if rows:
            with connection.cursor() as cursor:
                cursor.execute(statement, [json.dumps(rows, default=datetime.isoformat)])


def is_same(row: ClockRow, place: Place, noted: tuple[ClockRow, Place] | None) -> bool:
    """Whether this is what is stored. A name of a team says which it was when the row was written, and need not do so
    any more."""
    if noted is None or noted[1] != place:
        return False
    return noted[0] == (row._replace(team=noted[0].team) if isinstance(row.team, str) else row)


def _team(row: ClockRow) -> Mapping[str, Any]:
    by_name = isinstance(row.team, str)
    return {"team": None if by_name else row.team, "team_name": row.team if by_name else None}


def _forget(ticket: Ticket, noted: Noted, results: Results) -> None:
    gone = noted.clocks.keys() - {each.key for each in results.clocks}
    for metric, cycle in sorted(gone):
        ClockResult.objects.filter(ticket=ticket, metric=metric, cycle=cycle).delete()
    if pauses := noted.pauses.keys() - {each.key for each in results.pauses}:
        PauseSpan.objects.filter(ticket=ticket, number__in=sorted(pauses)).delete()


# Asked at each deed on a ticket, so in plain words.
_NOTED_CLOCKS = f"""
select ticket_id, desk_id, restricted, {", ".join("team_id" if each == "team" else each for each in ClockRow._fields)}
from tickets_clockresult where ticket_id = any(%s) order by ticket_id, metric, cycle
"""  # noqa: S608
_NOTED_PAUSES = f"""
select ticket_id, desk_id, restricted, agent_id, {", ".join(PauseRow._fields)}
from tickets_pausespan where ticket_id = any(%s) order by ticket_id, number
"""  # noqa: S608
# A team may be gone by now. One that the story tells by its name is looked up once, here.
_CLOCKS = """
insert into tickets_clockresult (
    ticket_id, desk_id, metric, cycle, target, falls_at, verdict, verdict_at, cause, correction, left_out, late_call,
    owed, priority, plan, product, restricted, team_id
)
select
    ticket_id, desk_id, metric, cycle, target, falls_at, verdict, verdict_at, cause, correction, left_out, late_call,
    owed, priority, plan, product, restricted, (
        select known.id from people_team known where known.desk_id = new.desk_id and (
            known.id = new.team or lower(replace(known.name, '_', ' ')) = lower(replace(new.team_name, '_', ' '))
        ) order by known.id limit 1
    )
from json_to_recordset(%s) as new (
    ticket_id bigint, desk_id bigint, metric text, cycle integer, target text, falls_at timestamptz, verdict text,
    verdict_at timestamptz, cause text, correction text, left_out text, late_call boolean, owed boolean, priority text,
    plan text, product text, restricted boolean, team bigint, team_name text
)
on conflict (ticket_id, metric, cycle) do update set
    target = excluded.target,
    falls_at = excluded.falls_at,
    verdict = excluded.verdict,
    verdict_at = excluded.verdict_at,
    cause = excluded.cause,
    correction = excluded.correction,
    left_out = excluded.left_out,
    late_call = excluded.late_call,
    owed = excluded.owed,
    priority = excluded.priority,
    plan = excluded.plan,
    product = excluded.product,
    restricted = excluded.restricted,
    team_id = excluded.team_id
"""
_PAUSES = """
insert into tickets_pausespan (
    ticket_id, desk_id, number, started_at, ended_at, status, reason, by, fact, restricted, agent_id
)
select ticket_id, desk_id, number, started_at, ended_at, status, reason, by, fact, restricted, (
    select line.agent_id from tickets_storyevent line where line.ticket_id = new.ticket_id and line.seq = new.fact
)
from json_to_recordset(%s) as new (
    ticket_id bigint, desk_id bigint, number integer, started_at timestamptz, ended_at timestamptz, status text,
    reason text, by text, fact integer, restricted boolean
)
on conflict (ticket_id, number) do update set
    started_at = excluded.started_at,
    ended_at = excluded.ended_at,
    status = excluded.status,
    reason = excluded.reason,
    by = excluded.by,
    fact = excluded.fact,
    restricted = excluded.restricted,
    agent_id = excluded.agent_id
"""
