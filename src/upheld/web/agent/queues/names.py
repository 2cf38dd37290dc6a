"""What an agent's desks have by name, looked up in one query: people, teams, tags, macros, and kept queues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, BooleanField, F, IntegerField, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from upheld.people.models import Agent, Team
from upheld.tickets.desk_labels import known_tags
from upheld.tickets.finding import Person
from upheld.tickets.models import Macro, SavedQueue
from upheld.tickets.saved_queues import saved_queues
from upheld.web.viewer import Workplace

_TAGS = 300
_ZERO, _EMPTY, _NO = Value(0), Value(""), Value(False)
_COLUMNS = {
    "kind_": TextField(),
    "name_": TextField(),
    "desk_": BigIntegerField(),
    "text_": TextField(),
    "flag_": BooleanField(),
    "place_": IntegerField(),
}


@dataclass(frozen=True, slots=True)
class Names:
    """By their names; teams and macros with that of their desk where there are several."""

    people: Sequence[Person]
    teams: Sequence[tuple[int, str]]
    tags: Sequence[str]
    macros: Sequence[tuple[int, str]]
    queues: Sequence[SavedQueue]


def names_of(workplace: Workplace) -> Names:
    """Look up all of them."""
    desks = {each.pk: each.name for each in workplace.desks}
    first, *others = _asked(workplace, desks)
    found: dict[str, list[Any]] = {}
    for kind, pk, *columns in first.union(*others, all=True):
        found.setdefault(kind, []).append((pk, *columns))
    for rows in found.values():
        rows.sort(key=lambda row: (row[1].casefold(), row[0]))
    return Names(
        people=[
            Person(pk, name, text, flag) for pk, name, _desk, text, flag, _place in found.get("agent", ())
        ],
        teams=[(pk, _of(desks, name, desk)) for pk, name, desk, *_ in found.get("team", ())],
        tags=list(dict.fromkeys(name for _pk, name, *_ in found.get("tag", ()))),
        macros=[(pk, _of(desks, name, desk)) for pk, name, desk, *_ in found.get("macro", ())],
        queues=_queues(workplace, desks, found.get("queue", ())),
    )


def _asked(workplace: Workplace, desks: Mapping[int, str]) -> Sequence[QuerySet[Any, Any]]:
    there = Q(desk_id__in=desks)
    mine = there & (Q(agent=None) | Q(agent=workplace.agent))
    address = F("user__email")
    called = Coalesce(NullIf("user__name", Value("")), address)
    agents = Agent.objects.filter(memberships__desk_id__in=desks).distinct()
    kept = saved_queues(workplace.viewer).order_by()
    is_own = Q(agent__isnull=False)
    return (
        _named("agent", agents, called, text=address, flag=F("user__is_active")),
        _named("team", Team.objects.filter(there), desk=F("desk_id")),
        _named("tag", known_tags(workplace.viewer)[:_TAGS]),
        _named("macro", Macro.objects.filter(mine), desk=F("desk_id")),
        _named("queue", kept, desk=F("desk_id"), text=F("query"), flag=is_own, place=F("position")),
    )


def _named(
    kind: str,
    things: QuerySet[Any],
    name: Any = "name",
    *,
    desk: Any = _ZERO,
    text: Any = _EMPTY,
    flag: Any = _NO,
    place: Any = _ZERO,
) -> QuerySet[Any, Any]:
    values = dict(zip(_COLUMNS, (Value(kind), name, desk, text, flag, place), strict=True))
    columns = {column: Cast(value, _COLUMNS[column]) for column, value in values.items()}
    return things.annotate(**columns).values_list("kind_", "pk", *list(_COLUMNS)[1:])


def _of(desks: Mapping[int, str], name: str, desk_id: int) -> str:
    return f"{name} · {desks[desk_id]}" if len(desks) > 1 else name


def _queues(workplace: Workplace, desks: Mapping[int, str], rows: Sequence[Any]) -> list[SavedQueue]:
    """In their order: the desks' first, then one's own."""
    rows = sorted(rows, key=lambda row: (row[4], desks[row[2]], row[5], row[0]))
    return [
        SavedQueue(
            pk=pk,
            desk_id=desk_id,
            agent_id=workplace.agent.pk if is_own else None,
            name=name,
            query=query,
            position=position,
        )
        for pk, name, desk_id, query, is_own, position in rows
    ]
