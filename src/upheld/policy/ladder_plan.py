"""A ladder, ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass

from upheld.clock import Calendar
from upheld.policy.parts import Ladder
from upheld.policy.terms import Term, term


@dataclass(frozen=True, slots=True, eq=False)
class LadderPlan:
    """A ladder with the terms of its steps. `hours` is the calendar that says what is inside and outside."""

    ladder: Ladder
    terms: tuple[Term, ...]
    hours: Calendar | None

    @classmethod
    def of(cls, ladder: Ladder, calendars: Mapping[str, Calendar]) -> "LadderPlan":
        """Return a ladder ready to run on its calendar."""
        hours = None if ladder.hours is None else calendars[ladder.hours]
        return cls(ladder, tuple(term(step.delay, calendars) for step in ladder.steps), hours)

    def applies(self, values: Mapping[str, str], start: int) -> bool:
        """Whether the ladder holds for a ticket with these values that owes something since `start`."""
        condition = self.ladder.condition
        if condition.received is not None and self.hours is not None:
            inside = self.hours.timeline.is_open(start)
            if inside != (condition.received == "inside"):
                return False
        return all(values.get(name) in wanted for name, wanted in condition.fields)
