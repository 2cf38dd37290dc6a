"""For which tickets something holds, in words."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import NamedTuple

from upheld.policy.comparison.saying import listed
from upheld.policy.comparison.side import BLOCK_OF_FIELD, Side
from upheld.policy.document import CONDITIONS, WhenPart

# The value of a field that no condition names.
OTHER = ""
# A kind of ticket: its fields, and under `received` whether it came inside or outside the hours.
Case = Mapping[str, str]
# The numbers of the targets that govern: the first that fits, and those that join it.
Governs = tuple[int, ...]


class Found(NamedTuple):
    """A case, and the targets that govern it in the old and in the new document."""

    case: Case
    old: Governs
    new: Governs


def condition_words(side: Side, when: WhenPart | None) -> str:
    """Return a condition as `High or Urgent, plan Premium`; nothing where there is none."""
    if when is None:
        return ""
    named = {name: ids for name in CONDITIONS if (ids := getattr(when, name))}
    if when.received is not None:
        named["received"] = [when.received]
    return ", ".join(_field(side, name, values, values) for name, values in named.items())


def cases_words(side: Side, every: Sequence[Case], some: Sequence[Case]) -> str:
    """Return which tickets some of all cases are; nothing where it is all of them."""
    whole = {name: list(dict.fromkeys(case[name] for case in every)) for name in every[0]}
    if (said := _product(side, whole, some)) is not None:
        return said
    parts = [[case for case in some if case["priority"] == priority] for priority in whole["priority"]]
    return "; ".join(_part(side, whole, part) for part in parts if part)


def _part(side: Side, whole: Mapping[str, list[str]], part: Sequence[Case]) -> str:
    """Return which tickets some cases of one priority are, by the first of them where they have nothing in common."""
    said = _product(side, whole, part)
    if said is None:
        first = ", ".join(_field(side, name, [part[0][name]], values) for name, values in whole.items())
        said = f"{first} and {len(part) - 1} more kinds of ticket"
    return said


def _product(side: Side, whole: Mapping[str, list[str]], some: Sequence[Case]) -> str | None:
    """Return cases in words if they are every combination of some values of each field."""
    taken = {name: {case[name] for case in some} for name in whole}
    if prod(len(values) for values in taken.values()) != len(some):
        return None
    return ", ".join(
        _field(side, name, [each for each in values if each in taken[name]], values)
        for name, values in whole.items()
        if len(taken[name]) < len(values)
    )


def _field(side: Side, name: str, values: Sequence[str], whole: Sequence[str]) -> str:
    """Return what a field of a ticket has to be, of all values that matter."""
    if name == "received":
        return f"received {values[0]} the hours"
    others = OTHER in values
    shown = [each for each in whole if each not in values] if others else values
    labels = listed([side.label(BLOCK_OF_FIELD[name], each) for each in shown], "or")
    if others:
        return f"any {name} but {labels}"
    return labels if name == "priority" else f"{name} {labels}"
