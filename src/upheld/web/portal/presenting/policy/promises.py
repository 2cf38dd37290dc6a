"""How soon: for every metric and priority what is promised, and to whom where that differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from upheld.policy import AmountKind, Metric, Policy
from upheld.policy.document import Document, TargetPart
from upheld.web.portal.presenting.policy.amounts import Amounts, lead, spoken
from upheld.web.portal.presenting.policy.cases import Cases, Values
from upheld.web.portal.presenting.policy.readings import Readings
from upheld.web.presenting.words import METRICS


@dataclass(frozen=True, slots=True)
class Variant:
    """What one group of people is promised: `who` is empty where everybody is, `promises` where nothing is promised.

    Of several promises the earliest counts; `lead` says so above them.
    """

    who: str
    promises: tuple[str, ...]
    marks: tuple[int, ...] = ()

    @property
    def lead(self) -> str:
        return lead(self.promises)

    @property
    def words(self) -> str:
        """All in one line."""
        return spoken(self.promises)


@dataclass(frozen=True, slots=True)
class Cell:
    heading: str
    variants: Sequence[Variant]

    def unmarked(self) -> "Cell":
        """The same without marks of readings."""
        return Cell(self.heading, [replace(each, marks=()) for each in self.variants])

    @property
    def words(self) -> str:
        """All in one line; empty where nothing is promised to anybody."""
        told = [each for each in self.variants if each.promises]
        return "; ".join(f"{each.who}: {each.words}" if each.who else each.words for each in told)


@dataclass(frozen=True, slots=True)
class PromiseRow:
    id: str
    label: str
    is_default: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Clause:
    """A promise in the words of the source."""

    metric: str
    words: str
    remark: str
    mark: int


@dataclass(frozen=True, slots=True)
class Promises:
    """`rows` are by priority; `whatever` are promises that no priority changes and that differ by something else.

    `counting` tells how the times are counted, `clauses` what the source says.
    """

    headings: Sequence[str]
    rows: Sequence[PromiseRow]
    whatever: Sequence[Cell]
    counting: Sequence[str]
    clauses: Sequence[Clause]


def promises(
    document: Document, policy: Policy, readings: Readings, chosen: Values | None = None
) -> Promises:
    """The table of promises; only those of a case where `chosen` names one."""
    table = _Table(document, policy, readings, chosen or {})
    by_priority = [metric for metric in table.metrics if not table.is_whatever(metric)]
    return Promises(
        headings=[str(METRICS[metric]) for metric in by_priority],
        rows=[
            PromiseRow(
                id=each.id,
                label=each.label,
                is_default=each.id == policy.default_priority,
                cells=[table.cell(metric, each.id) for metric in by_priority],
            )
            for each in policy.priorities
        ],
        whatever=[
            table.cell(metric, policy.default_priority)
            for metric in table.metrics
            if metric not in by_priority
        ],
        counting=list(_counting(policy)),
        clauses=[
            Clause(str(METRICS[part.metric]), part.clause, readings.remark(part), table.mark_of[part.id])
            for part in document.targets
            if part.clause or readings.remark(part)
        ],
    )


def _counting(policy: Policy) -> Iterator[str]:
    amounts = [each for target in policy.targets for each in (target.amount, target.outside) if each]
    working = [each for each in amounts if each.is_working]
    if any(each.kind is not AmountKind.cut_off for each in working):
        yield _(
            "Working hours and business days are those on which we are open; what arrives outside our hours"
            " counts as received when we next open."
        )
    if any(each.kind is AmountKind.cut_off for each in working):
        yield _(
            "Where a time of day decides, what arrives on a day on which we are closed counts as received on the"
            " next business day before that time."
        )
    if working and any(each.kind is AmountKind.elapsed for each in amounts):
        yield _("Around the clock means that nights, weekends and holidays count, too.")
    if any(target.also for target in policy.targets):
        yield _("Where several times are promised, the earliest counts.")


class _Table:
    def __init__(self, document: Document, policy: Policy, readings: Readings, chosen: Values) -> None:
        self._policy, self._chosen = policy, chosen
        self._cases, self._amounts = Cases(document, policy), Amounts(policy)
        self.metrics = [metric for metric in METRICS if metric in policy.metrics]
        self.mark_of = {part.id: readings.mark(part, self._about(part)) for part in document.targets}

    def is_whatever(self, metric: Metric) -> bool:
        """Whether no priority changes this promise, but something else does."""
        targets = [each for each in self._policy.targets if each.metric is metric]
        if any(each.priorities for each in targets):
            return False
        return len(self.cell(metric, self._policy.default_priority).variants) > 1

    def cell(self, metric: Metric, priority: str) -> Cell:
        """What is promised of one metric for one priority."""

        def outcome(values: Values) -> Variant:
            given = self._cases.given(metric, values)
            marks = sorted({mark for each in given if (mark := self.mark_of[each.target.id])})
            return Variant("", self._amounts.promises(given), tuple(marks))

        told = self._cases.told_apart(
            self._cases.targets([metric], priority),
            {**self._chosen, "priority": priority},
            outcome,
            by_hours=True,
        )
        variants = [Variant(who, found.promises, found.marks) for who, found in told]
        return Cell(str(METRICS[metric]), variants)

    def _about(self, part: TargetPart) -> str:
        metric = str(METRICS[part.metric])
        named = part.when.priority if part.when and part.when.priority else ()
        priorities = self._cases.names.all_of("priority", named)
        return f"{metric}, {priorities}" if priorities else metric
