"""Which targets govern which tickets, ready to run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from upheld.clock import Calendar
from upheld.policy.lane import Lane
from upheld.policy.parts import Condition, Start, Target
from upheld.policy.standing import Metric
from upheld.policy.terms import Budget, Term, term

OTHER = ""


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One target with its terms. `hours` is the calendar that says what is inside and outside, and when it opens."""

    target: Target
    inside: Term
    outside: Term
    aim: Term | None
    hours: Calendar | None
    always_has_clock: bool

    def applies(self, start: int) -> bool:
        """Whether the target applies to what began at `start`, as far as the hours matter."""
        received = self.target.condition.received
        return received is None or (received == "inside") == self._is_inside(start)

    def term(self, start: int) -> Term:
        """Return the terms for what began at `start`."""
        return self.inside if self.inside is self.outside or self._is_inside(start) else self.outside

    def begin(self, start: int, counts_from: int, *, goes_on: bool = False) -> Lane | None:
        """Return the target begun for something that came at `start`; None when no clock runs for it.

        For `goes_on` see `Term.budget`.
        """
        chosen = self.inside if self.inside is self.outside else self.term(start)
        if not self.always_has_clock and not chosen.amount.has_clock:
            return None
        if self.target.start is Start.next_opening and self.hours is not None:
            counts_from = self.hours.timeline.next_opening(counts_from)
        budget = chosen.fixed or chosen.budget(counts_from, goes_on=goes_on)
        mark, mark_slack = self._mark(budget, counts_from)
        return Lane(self.target, chosen.measure, counts_from, *budget, mark, mark_slack)

    def _is_inside(self, start: int) -> bool:
        return self.hours is None or self.hours.timeline.is_open(start)

    def _mark(self, budget: Budget, counts_from: int) -> tuple[int | None, int]:
        """Return after how much time a warning falls: at the aim of a range, else at a share of the budget."""
        if self.aim is not None:
            return min(budget, self.aim.budget(counts_from))
        percent = self.target.warn_percent
        return None if percent is None else budget.micros * percent // 100, 0


Plans = tuple[Plan, ...]


class Governing:
    """Finds the targets that govern. The fields that conditions ask for are `fields`; a *case* holds their values."""

    def __init__(
        self,
        targets: Sequence[Target],
        calendars: Mapping[str, Calendar],
        also_asked: Sequence[Condition] = (),
    ) -> None:
        """Make every target ready to run; `also_asked` are conditions of other things than targets."""
        self._plans: dict[Metric, list[Plan]] = {}
        for target in targets:
            self._plans.setdefault(target.metric, []).append(_plan(target, calendars))
        asked: dict[str, set[str]] = {"priority": set()}
        for condition in (*(target.condition for target in targets), *also_asked):
            for name, values in condition.fields:
                asked.setdefault(name, set()).update(values)
        self.fields = tuple(asked)
        self.runs_while_paused = any(target.runs_while_paused for target in targets)
        self.asks_status = "status" in asked
        self.asks_acknowledgement = any(target.start is Start.acknowledged for target in targets)
        self._asked = tuple(asked.values())
        self._found: dict[tuple[Metric, tuple[str, ...]], tuple[Plans, bool]] = {}

    def case(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """Return the values that matter, with those that no condition names made one."""
        return tuple(
            [
                value if (value := values.get(name, OTHER)) in known or name == "priority" else OTHER
                for name, known in zip(self.fields, self._asked, strict=True)
            ]
        )

    def plans(self, metric: Metric, case: tuple[str, ...], start: int) -> Plans:
        """Return the target that governs what began at `start`, followed by those that join it."""
        found = self._found.get((metric, case))
        if found is None:
            found = self._found[metric, case] = self._fitting(metric, case)
        plans, asks_hours = found
        return _governing([plan for plan in plans if plan.applies(start)]) if asks_hours else plans

    def usual(self, metric: Metric, case: tuple[str, ...]) -> Plan | None:
        """Return the first target that may govern, whenever something came."""
        return next(iter(self._fitting(metric, case)[0]), None)

    def _fitting(self, metric: Metric, case: tuple[str, ...]) -> tuple[Plans, bool]:
        values = dict(zip(self.fields, case, strict=True))
        fitting = [plan for plan in self._plans.get(metric, ()) if _holds(plan, values)]
        if any(plan.target.condition.received is not None for plan in fitting):
            return tuple(fitting), True
        return _governing(fitting), False


def _governing(fitting: Sequence[Plan]) -> Plans:
    return (*fitting[:1], *(plan for plan in fitting[1:] if plan.target.also))


def _holds(plan: Plan, values: Mapping[str, str]) -> bool:
    return all(values[name] in wanted for name, wanted in plan.target.condition.fields)


def _plan(target: Target, calendars: Mapping[str, Calendar]) -> Plan:
    inside = term(target.amount, calendars)
    outside = inside if target.outside is None else term(target.outside, calendars)
    aim = None if target.aim is None else term(target.aim, calendars)
    hours = None if target.hours is None else calendars[target.hours]
    always = inside.amount.has_clock and outside.amount.has_clock
    return Plan(target, inside, outside, aim, hours, always)
