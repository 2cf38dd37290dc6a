"""What the bar under a list offers to do with the tickets that were chosen in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upheld.web.agent.queues.names import Names
from upheld.web.agent.snoozing.offers import Offer, offers_at
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class Bar:
    """The choices of the bar, as pairs of what is sent and what is read."""

    me: int
    colleagues: Sequence[tuple[int, str]]
    teams: Sequence[tuple[int, str]]
    statuses: list[tuple[str, str]]
    priorities: list[tuple[str, str]]
    tags: Sequence[str]
    macros: Sequence[tuple[int, str]]
    offers: list[Offer]
    zone: str
    example: str


def bar(workplace: Workplace, times: Times, names: Names) -> Bar:
    """Return what can be done with tickets of the agent's desks."""
    policies = workplace.policies
    statuses = {each.id: each.label for policy in policies for each in policy.statuses}
    priorities = {each.id: each.label for policy in policies for each in policy.priorities}
    return Bar(
        me=workplace.agent.pk,
        colleagues=[(each.agent_id, each.name) for each in names.people if each.is_active],
        teams=names.teams,
        statuses=list(statuses.items()),
        priorities=list(priorities.items()),
        tags=names.tags,
        macros=names.macros,
        offers=offers_at(workplace, times),
        zone=times.zone_name,
        example=f"{workplace.desks[0].number_prefix}-1042",
    )


def kept(given: Mapping[str, Any]) -> dict[str, str]:
    """What was typed into the bar, for when it is shown again."""
    return {name: str(given.get(name, "")) for name in ("reason", "team_reason", "tags", "until", "into")}
