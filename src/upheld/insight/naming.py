"""The words for what figures are told apart by: those of the policy in force, else of a version before, else the id."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, Subquery
from django.utils.translation import gettext as _

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import NoPolicyInForce, compiled
from upheld.insight.figures import Side
from upheld.people.models import Team
from upheld.policy import Policy
from upheld.tickets.results import CORRECTED, EXCLUDED, MERGED, SPAM, UNANSWERED

_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Names:
    """Words by id, in the order of the policy. `policy` is the one in force."""

    policy: Policy
    sides: Mapping[Side, Mapping[str, str]] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def label(self, side: Side, key: str) -> str:
        """The words of a line; empty for what has none of a kind."""
        return self.sides.get(side, {}).get(key, key)

    def place(self, side: Side, key: str) -> tuple[int, str]:
        """Where a line stands: in the order of the policy, what it does not know after that, none at the end."""
        listed = list(self.sides.get(side, {}))
        return (listed.index(key) if key in listed else _LAST + (not key), self.label(side, key).casefold())

    def status(self, id: str) -> str:
        """The words of a status."""
        return self.statuses.get(id, id)

    def reason(self, id: str) -> str:
        """The words of a reason for which a clock is left out."""
        return self.reasons.get(id, id)


def names_of(desk: Desk, now: datetime) -> Names:
    """Return the words of a desk's policies, those of the version in force at `now` first."""
    policies = [compiled(each) for each in _versions(desk, now)]
    teams = Team.objects.filter(desk=desk).order_by("name", "pk").values_list("pk", "name")
    own = {
        SPAM: _("Marked as spam"),
        MERGED: _("Merged into another ticket"),
        UNANSWERED: _("Closed by itself, unanswered"),
        CORRECTED: _("Left out by a correction"),
        EXCLUDED: _("Left out"),
    }
    return Names(
        policies[0],
        {
            Side.priority: _first((each.id, each.label) for policy in policies for each in policy.priorities),
            Side.plan: _first(
                (each.id, each.label) for policy in policies for each in policy.choices.get("plans", ())
            ),
            Side.team: {str(pk): name for pk, name in teams},
        },
        _first((each.id, each.label) for policy in policies for each in policy.statuses),
        own | _first((each.id, each.label) for policy in policies for each in policy.exclusions),
    )


def _versions(desk: Desk, now: datetime) -> list[int]:
    """Return the versions of a desk, the one in force first; in one query. Raises NoPolicyInForce without one."""
    of_desk = PolicyVersion.objects.filter(desk=desk)
    in_force = Q(pk=Subquery(of_desk.in_force(now).values("pk")[:1]))
    rows = list(of_desk.annotate(holds=in_force).order_by("-holds", "-number").values_list("pk", "holds"))
    if not rows or not rows[0][1]:
        raise NoPolicyInForce(f"{desk.name}: {NoPolicyInForce.__doc__}")
    return [pk for pk, _holds in rows]


def _first(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first words for each id."""
    found: dict[str, str] = {}
    for id, label in words:
        found.setdefault(id, label or id)
    return found
