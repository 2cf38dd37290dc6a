"""What the bar under a list offers to do with the tickets that were chosen in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from upheld.people.models import Agent, Team
from upheld.tickets.desk_labels import known_tags
from upheld.tickets.models import Macro
from upheld.web.agent.snoozing.offers import Offer, offers_at
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

_TAGS = 300


@dataclass(frozen=True, slots=True)
class Bar:
    """The choices of the bar, as pairs of what is sent and what is read."""

    me: int
    colleagues: list[tuple[int, str]]
    teams: list[tuple[int, str]]
    statuses: list[tuple[str, str]]
    priorities: list[tuple[str, str]]
    tags: list[str]
    macros: list[tuple[int, str]]
    offers: list[Offer]
    zone: str
    example: str


def bar(workplace: Workplace, times: Times) -> Bar:
    """Return what can be done with tickets of the agent's desks."""
    policies, known = workplace.policies, _known(workplace)
    statuses = {each.id: each.label for policy in policies for each in policy.statuses}
    priorities = {each.id: each.label for policy in policies for each in policy.priorities}
    return Bar(
        me=workplace.agent.pk,
        colleagues=known["agent"],
        teams=known["team"],
        statuses=list(statuses.items()),
        priorities=list(priorities.items()),
        tags=list(dict.fromkeys(name for _id, name in known["tag"])),
        macros=known["macro"],
        offers=offers_at(workplace, times),
        zone=times.zone_name,
        example=f"{workplace.desks[0].number_prefix}-1042",
    )


def kept(given: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into the bar, for when it is shown again."""
    return {name: str(given.get(name, "")) for name in ("reason", "team_reason", "tags", "until", "into")}


def _known(workplace: Workplace) -> Mapping[str, list[tuple[int, str]]]:
    """By kind what can be chosen by name, in one query; with the name of its desk where there are several."""
    desks = {each.pk: each.name for each in workplace.desks}
    there = Q(desk_id__in=desks)
    mine = there & (Q(agent=None) | Q(agent=workplace.agent))
    agents = Agent.objects.filter(memberships__desk_id__in=desks, user__is_active=True).distinct()
    called = Coalesce(NullIf("user__name", Value("")), "user__email")
    every = (
        _named("agent", agents, called, Value(0)),
        _named("team", Team.objects.filter(there), F("name"), F("desk_id")),
        _named("tag", known_tags(workplace.viewer)[:_TAGS], F("name"), Value(0)),
        _named("macro", Macro.objects.filter(mine), F("name"), F("desk_id")),
    )
    found: dict[str, list[tuple[int, str]]] = {"agent": [], "team": [], "tag": [], "macro": []}
    first, *others = every
    for kind, pk, name, desk_id in sorted(first.union(*others, all=True), key=lambda row: row[2].casefold()):
        of = f" · {desks[desk_id]}" if desk_id and len(desks) > 1 else ""
        found[kind].append((pk, f"{name}{of}"))
    return found


def _named(kind: str, things: QuerySet[Any], name: Any, desk: Any) -> Any:
    return things.annotate(
        kind_=Value(kind), name_=Cast(name, TextField()), desk_=Cast(desk, BigIntegerField())
    ).values_list("kind_", "pk", "name_", "desk_")
