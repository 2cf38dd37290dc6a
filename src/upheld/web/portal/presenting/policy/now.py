"""If somebody writes now: by when they hear from the desk. The policy itself is asked, with a story of one event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.clock import zone as zone_named
from upheld.policy import Actor, Event, Metric, Policy, Standing, evaluate
from upheld.policy.document import CONDITIONS, Document
from upheld.web.portal.presenting.policy.amounts import Amounts, spoken, without_clock
from upheld.web.portal.presenting.policy.cases import Cases, Values, hours_now
from upheld.web.portal.presenting.say import said_at, said_shortly
from upheld.web.presenting.times import When

HEADINGS = {
    Metric.first_response: gettext_lazy("You hear from us"),
    Metric.update: gettext_lazy("News at the latest"),
    Metric.resolution: gettext_lazy("Solved"),
}
CHOOSABLE = ("plan", "region", "channel", "reason", "product")
_QUESTIONS = {
    "plan": gettext_lazy("Your plan"),
    "region": gettext_lazy("Where you are"),
    "channel": gettext_lazy("How you write"),
    "reason": gettext_lazy("What it is about"),
    "product": gettext_lazy("The product"),
}
# More would be a list in which nobody finds themselves at once; then the page asks who is reading.
_MOST_LINES = 36


@dataclass(frozen=True, slots=True)
class Due:
    """By when, if anything is promised; `words` is the promise that governs, or why there is no time."""

    heading: str
    at: When | None
    words: str


@dataclass(frozen=True, slots=True)
class NowLine:
    who: str
    dues: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class NowRow:
    id: str
    label: str
    is_default: bool
    lines: Sequence[NowLine]


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form; `options` are values with their labels."""

    field: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class IfNow:
    """`asked` says that there are too many cases to list, so that only the usual one is."""

    at: When
    zone: str
    headings: Sequence[str]
    rows: Sequence[NowRow]
    questions: Sequence[Question]
    chosen: str
    asked: bool

    @property
    def tells_apart(self) -> bool:
        """Whether the times differ by more than the priority."""
        return any(line.who for row in self.rows for line in row.lines)


def if_now(
    document: Document, policy: Policy, now: datetime, zone: str, chosen: Mapping[str, str]
) -> IfNow | None:
    """By when somebody who writes now hears from the desk; None where the policy promises nothing of the kind.

    `chosen` may come from anywhere; what the policy does not know is passed over.
    """
    told = [metric for metric in HEADINGS if _is_told(policy, metric)]
    if not told:
        return None
    cases = Cases(document, policy)
    questions = _questions(cases, policy, told, chosen)
    fixed = {each.field: each.chosen for each in questions if each.chosen}
    table = _Table(document, policy, now, zone, told)
    rows = table.rows(fixed)
    asked = not fixed and sum(len(row.lines) for row in rows) > _MOST_LINES
    if asked:
        rows = table.rows(_usual(document))
    labels = [cases.names.of(field, id) for field, id in fixed.items()]
    return IfNow(
        at=said_at(now, zone),
        zone=zone,
        headings=[str(HEADINGS[metric]) for metric in told],
        rows=rows,
        questions=questions,
        chosen=", ".join(labels),
        asked=asked,
    )


def _is_told(policy: Policy, metric: Metric) -> bool:
    """The first response always, so that it is said where no time is promised; others where somebody has a time."""
    targets = [each for each in policy.targets if each.metric is metric]
    amounts = [each for target in targets for each in (target.amount, target.outside) if each is not None]
    return any(each.has_clock or metric is Metric.first_response for each in amounts)


def _usual(document: Document) -> dict[str, str]:
    """The facts of a request of which nothing is known."""
    nothing = dict.fromkeys((name for name in CONDITIONS if name not in ("priority", "status")), "")
    return {**nothing, "plan": document.entitlement.default_plan or ""}


def _questions(
    cases: Cases, policy: Policy, told: Sequence[Metric], chosen: Mapping[str, str]
) -> list[Question]:
    decisive = {
        name for each in policy.targets if each.metric in told for name, _ids in each.condition.fields
    }
    found = []
    for field in CHOOSABLE:
        known = cases.names.ids(field)
        if field in decisive and known:
            given = chosen.get(field, "")
            options = [(id, cases.names.of(field, id)) for id in known]
            found.append(Question(field, str(_QUESTIONS[field]), options, given if given in known else ""))
    return found


class _Table:
    def __init__(
        self, document: Document, policy: Policy, now: datetime, zone: str, told: Sequence[Metric]
    ) -> None:
        self._policy, self._now, self._zone, self._told = policy, now, zone, told
        self._cases, self._amounts = Cases(document, policy), Amounts(policy)
        self._year = now.astimezone(zone_named(zone)).year
        self._hours = hours_now(policy, lambda name: policy.calendars[name].is_open(now))

    def rows(self, fixed: Values) -> list[NowRow]:
        return [
            NowRow(each.id, each.label, each.id == self._policy.default_priority, self._lines(each.id, fixed))
            for each in self._policy.priorities
        ]

    def _lines(self, priority: str, fixed: Values) -> list[NowLine]:
        told = self._cases.told_apart(
            self._cases.targets(self._told, priority),
            # A new request is in the first status; nobody can choose another.
            {"status": self._policy.initial_status, **fixed, "priority": priority},
            self._dues,
            by_hours=False,
        )
        return [NowLine(who, dues) for who, dues in told]

    def _dues(self, values: Values) -> tuple[Due, ...]:
        known = {name: value for name, value in values.items() if value and name != "status"}
        story = [Event(self._now, "opened", Actor.customer, known)]
        standing = evaluate(self._policy, story, self._now)
        return tuple(self._due(metric, standing, values) for metric in self._told)

    def _due(self, metric: Metric, standing: Standing, values: Values) -> Due:
        heading = str(HEADINGS[metric])
        clock = next((each for each in standing.clocks if each.metric is metric), None)
        given = self._cases.given(metric, {**values, **self._hours})
        if clock is not None and clock.due_at is not None:
            governing = [each for each in given if each.target.id == clock.target]
            words = spoken(self._amounts.promises(governing))
            return Due(heading, said_shortly(clock.due_at, self._zone, self._year), words)
        if clock is not None:
            return Due(heading, None, _("the timer does not run yet"))
        if given:
            return Due(heading, None, without_clock(given[0].amount))
        return Due(heading, None, "")
