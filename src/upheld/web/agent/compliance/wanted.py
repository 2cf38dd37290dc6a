"""What an address below reports/ asks for: a month of a desk, over which tickets, and which clocks or pauses of it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse

from upheld.desks.models import Desk
from upheld.insight.figures import Outcome, Scope, Side
from upheld.policy import Metric
from upheld.rules.permissions import Act
from upheld.web.agent.desk.guard import desks_where
from upheld.web.agent.months import CalendarMonth
from upheld.web.agent.problems.lists import page_number
from upheld.web.presenting.compliance import MARKS
from upheld.web.viewer import Workplace

LONGEST = 300
_METRICS, _SIDES, _OUTCOMES = ({each.value for each in known} for known in (Metric, Side, Outcome))


@dataclass(frozen=True, slots=True)
class Wanted:
    """A month of a desk, and of its clocks those of some metrics, a line of one side, outcomes, a mark or a reason for
    which they are left out; of its pauses those of a status, a reason and an author, an agent or a kind of actor."""

    desks: tuple[Desk, ...]
    desk: Desk
    month: CalendarMonth
    scope: Scope
    may_see_whole: bool
    metrics: tuple[str, ...] = ()
    side: Side = Side.metric
    key: str = ""
    outcomes: tuple[Outcome, ...] = ()
    mark: str = ""
    left_out: str = ""
    status: str | None = None
    reason: str | None = None
    by: str | None = None
    agent: int | None = None
    page: int = 1

    @classmethod
    def of(cls, request: HttpRequest, workplace: Workplace) -> "Wanted":
        """Read an address. A desk on which this agent does not work does not exist, and neither does the whole of one
        for somebody who is no auditor."""
        desks = desks_where(workplace, Act.read_compliance)
        asked: Mapping[str, str] = {name: str(text)[:LONGEST] for name, text in request.GET.items()}
        slug = asked.get("desk", "")
        desk = next((each for each in desks if each.slug == slug or not slug), None)
        if desk is None:
            raise Http404
        is_auditor = desk.pk in workplace.audits
        if asked.get("scope") == Scope.whole and not is_auditor:
            raise Http404
        seen = asked.get("scope") == Scope.seen or not is_auditor
        return cls(
            desks=tuple(desks),
            desk=desk,
            month=CalendarMonth.asked_for(asked.get("month", ""), desk.zone, request.now),
            scope=Scope.seen if seen else Scope.whole,
            may_see_whole=is_auditor,
            metrics=tuple(each for each in asked.get("metrics", "").split(",") if each in _METRICS),
            side=Side(asked["side"]) if asked.get("side") in _SIDES else Side.metric,
            key=asked.get("key", ""),
            outcomes=tuple(
                Outcome(each) for each in asked.get("outcomes", "").split(",") if each in _OUTCOMES
            ),
            mark=asked["mark"] if asked.get("mark") in MARKS else "",
            left_out=asked.get("left_out", ""),
            status=asked.get("status"),
            reason=asked.get("reason"),
            by=asked.get("by"),
            agent=int(asked["agent"]) if _is_id(asked.get("agent", "")) else None,
            page=page_number(asked.get("page", "")),
        )

    def url(self, place: str, **changes: Any) -> str:
        """The address of a page below reports/ with this month and choice, some of it changed."""
        wanted = replace(self, **changes)
        asked: dict[str, str] = {"desk": wanted.desk.slug, "month": wanted.month.text}
        if wanted.may_see_whole:
            asked["scope"] = wanted.scope.value
        asked |= {
            name: _text(value) for name in _CHOSEN if (value := getattr(wanted, name)) != _NOTHING[name]
        }
        if wanted.side is not Side.metric:
            # An empty key is of those that have none.
            asked["key"] = wanted.key
        return f"{reverse(place)}?{urlencode(asked, safe=',')}"

    def clocks(self, **choice: Any) -> str:
        """Where the clocks of the month are listed, or some of them."""
        return self.url("compliance_clocks", **_NOTHING | choice)

    def pauses(self, **choice: Any) -> str:
        """Where the pauses of the month are listed, or some of them."""
        return self.url("compliance_pauses", **_NOTHING | choice)

    def figures(self, **changes: Any) -> str:
        """Where the figures are."""
        return self.url("compliance", **_NOTHING | changes)


_CHOSEN = (
    "metrics",
    "side",
    "key",
    "outcomes",
    "mark",
    "left_out",
    "status",
    "reason",
    "by",
    "agent",
    "page",
)
_NOTHING: dict[str, Any] = {each.name: each.default for each in fields(Wanted) if each.name in _CHOSEN}


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(str(each) for each in value)
    return str(value)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
