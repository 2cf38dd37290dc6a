"""Which facts of a request decide between the targets of a policy, and for whom which of them hold.

A fork stands wherever a fact - plan, region, channel, the hours - leads to different targets; where it does not, it is
not mentioned. So a page tells each person apart from others only where the promise does.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.policy import Metric, Policy, Target
from upheld.policy.document import CONDITIONS, Document
from upheld.web.portal.presenting.policy.amounts import Given
from upheld.web.portal.presenting.policy.names import Names, one_of

OTHER = ""
_HOURS = "received:"
_EVERYBODY_ELSE = {
    "plan": gettext_lazy("everybody else"),
    "region": gettext_lazy("everywhere else"),
    "channel": gettext_lazy("any other way"),
    "reason": gettext_lazy("any other reason"),
    "product": gettext_lazy("any other product"),
    "status": gettext_lazy("in any other status"),
}

Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fork:
    """A fact that decides: each branch has the values that lead to it, and what follows there."""

    field: str
    branches: tuple[tuple[tuple[str, ...], Hashable], ...]


class Cases:
    """The cases that the targets of a policy tell apart."""

    def __init__(self, document: Document, policy: Policy) -> None:
        self._document, self._policy = document, policy
        self.names = Names(document)
        self._calendars = {each.hours for each in policy.targets if _asks_hours(each)}

    def told_apart(
        self,
        targets: Sequence[Target],
        fixed: Values,
        outcome: Callable[[Values], Hashable],
        *,
        by_hours: bool,
    ) -> list[tuple[str, Hashable]]:
        """What follows for whom: pairs of words (empty for everybody) and outcomes.

        `fixed` are facts that are known; `by_hours` tells requests inside and outside the hours apart.
        """
        fields = [name for name in CONDITIONS if name not in fixed and _named(targets, name)]
        if by_hours:
            fields += [f"{_HOURS}{each.hours}" for each in _first_by_hours(targets)]
        return list(self._flat(self._fork(targets, dict(fixed), fields, outcome)))

    def given(self, metric: Metric, values: Values) -> tuple[Given, ...]:
        """The targets that govern a case: the first that fits, and those that join it."""
        fitting = [each for each in self._policy.targets if each.metric is metric and _fits(each, values)]
        governing = [*fitting[:1], *(each for each in fitting[1:] if each.also)]
        return tuple(_given(each, values) for each in governing)

    def targets(self, metrics: Sequence[Metric], priority: str) -> list[Target]:
        """The targets that may ever hold for a priority."""
        return [
            each
            for each in self._policy.targets
            if each.metric in metrics and _wanted(each, "priority", priority)
        ]

    def _fork(
        self,
        targets: Sequence[Target],
        values: dict[str, str],
        fields: Sequence[str],
        outcome: Callable[[Values], Hashable],
    ) -> Hashable:
        if not fields:
            return outcome(values)
        field, rest = fields[0], fields[1:]
        branches: dict[Hashable, list[str]] = {}
        for value in self._values(targets, field):
            found = self._fork(targets, {**values, field: value}, rest, outcome)
            branches.setdefault(found, []).append(value)
        if len(branches) == 1:
            return next(iter(branches))
        return Fork(field, tuple((tuple(ids), each) for each, ids in branches.items()))

    def _values(self, targets: Sequence[Target], field: str) -> list[str]:
        if field.startswith(_HOURS):
            return ["inside", "outside"]
        named = _named(targets, field)
        known = self.names.ids(field)
        values = [*(id for id in known if id in named), *sorted(named - set(known))]
        return values if self._is_complete(field, named) else [*values, OTHER]

    def _is_complete(self, field: str, named: set[str]) -> bool:
        """Whether every request has one of the values named, so that there is nobody else."""
        return set(self.names.ids(field)) <= named and self._knows_all(field)

    def _knows_all(self, field: str) -> bool:
        """Whether every request has one of the values that the document lists."""
        entitlement = self._document.entitlement
        has_plan = entitlement.default_plan is not None or entitlement.contract == "required"
        return field in ("channel", "status") or (field == "plan" and has_plan)

    def _flat(self, found: Hashable, before: tuple[str, ...] = ()) -> Iterator[tuple[str, Hashable]]:
        if not isinstance(found, Fork):
            yield ", ".join(before), found
            return
        named = {value for values, _found in found.branches for value in values}
        for values, each in found.branches:
            yield from self._flat(each, (*before, self._words(found.field, values, named)))

    def _words(self, field: str, values: Sequence[str], named: set[str]) -> str:
        if field.startswith(_HOURS):
            return self._hours_words(field.removeprefix(_HOURS), values[0])
        labels = [self.names.of(field, value) for value in values if value != OTHER]
        if OTHER in values:
            labels += [self.names.of(field, id) for id in self.names.ids(field) if id not in named]
            labels = self._with_the_rest(field, labels)
        elif field == "status":
            return _("while %(status)s") % {"status": one_of([f"“{label}”" for label in labels])}
        return one_of(labels)

    def _with_the_rest(self, field: str, labels: list[str]) -> list[str]:
        """Name who is meant by all others, if they are few; somebody else may be among them."""
        rest = str(_EVERYBODY_ELSE.get(field, _("otherwise")))
        if self._knows_all(field):
            return labels if len(labels) in (1, 2) else [rest]
        return (
            [_("%(names)s and %(rest)s") % {"names": labels[0], "rest": rest}] if len(labels) == 1 else [rest]
        )

    def _hours_words(self, calendar: str, side: str) -> str:
        if len(self._calendars) > 1:
            inside, outside = (
                _("received in the hours “%(name)s”"),
                _("received outside the hours “%(name)s”"),
            )
            return (inside if side == "inside" else outside) % {"name": calendar}
        return _("received in our hours") if side == "inside" else _("received outside our hours")


def hours_now(policy: Policy, is_open: Callable[[str], bool]) -> dict[str, str]:
    """The facts about the hours that hold at an instant, for every calendar that a target asks."""
    asked = {each.hours for each in policy.targets if _asks_hours(each) and each.hours is not None}
    return {f"{_HOURS}{name}": "inside" if is_open(name) else "outside" for name in asked}


def _named(targets: Sequence[Target], field: str) -> set[str]:
    return {
        value
        for each in targets
        for name, values in each.condition.fields
        if name == field
        for value in values
    }


def _first_by_hours(targets: Sequence[Target]) -> list[Target]:
    by_calendar = {each.hours: each for each in reversed(targets) if _asks_hours(each)}
    return list(by_calendar.values())


def _asks_hours(target: Target) -> bool:
    return target.condition.received is not None or target.outside is not None


def _fits(target: Target, values: Values) -> bool:
    side = values.get(f"{_HOURS}{target.hours}", "inside")
    if target.condition.received not in (None, side):
        return False
    return all(values.get(name, OTHER) in wanted for name, wanted in target.condition.fields)


def _given(target: Target, values: Values) -> Given:
    outside = values.get(f"{_HOURS}{target.hours}") == "outside"
    amount = target.outside if outside and target.outside is not None else target.amount
    return Given(target, amount, outside)


def _wanted(target: Target, field: str, value: str) -> bool:
    return all(value in wanted for name, wanted in target.condition.fields if name == field)
