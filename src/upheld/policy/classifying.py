"""From what somebody finds out about a case to the priority that the policy gives it."""

from collections.abc import Mapping
from dataclasses import dataclass

from upheld.policy.document import Document, PriorityPart


class UnknownAnswer(ValueError):  # noqa: N818 - it reads as the sentence it is
    """An answer names an axis, a level or a workaround that the policy does not have."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The priority that fits, and what led there: an axis with its criterion, and the workaround where it eased it."""

    priority: str
    axis: str
    criterion: str
    eased_by: str | None = None


def propose(document: Document, answers: Mapping[str, str], workaround: str | None = None) -> Proposal:
    """Return the priority for a case: the most urgent level that any axis was answered with.

    `answers` name, by axis, the priority whose criterion fits. A workaround that the level found does not list eases
    the case to the next level that lists it; it never makes a case more urgent. Raises UnknownAnswer, also when nothing
    was answered.
    """
    levels = [_level(document, axis, level) for axis, level in answers.items()]
    if not levels:
        raise UnknownAnswer(f"no axis was answered; there are {_listed(document)}")
    axis = min(zip(levels, answers, strict=True), key=lambda each: each[0])[1]
    rank = min(levels)
    found = document.priorities[rank]
    eased = _eased(document, rank, workaround)
    return Proposal(eased.id, axis, found.criteria.get(axis, ""), workaround if eased is not found else None)


def _level(document: Document, axis: str, level: str) -> int:
    if axis not in {each.id for each in document.classification.axes}:
        raise UnknownAnswer(f"there is no axis {axis!r}; there are {_listed(document)}")
    for rank, priority in enumerate(document.priorities):
        if priority.id == level and axis in priority.criteria:
            return rank
    known = ", ".join(each.id for each in document.priorities if axis in each.criteria)
    raise UnknownAnswer(f"{level!r} is no level of {axis!r}; there are {known or 'none'}")


def _eased(document: Document, rank: int, workaround: str | None) -> PriorityPart:
    found = document.priorities[rank]
    if workaround is None:
        return found
    known = [each.id for each in document.classification.workarounds]
    if workaround not in known:
        raise UnknownAnswer(f"there is no workaround {workaround!r}; there are {', '.join(known) or 'none'}")
    if not found.workarounds or workaround in found.workarounds:
        return found
    milder = (each for each in document.priorities[rank:] if workaround in each.workarounds)
    return next(milder, found)


def _listed(document: Document) -> str:
    return ", ".join(each.id for each in document.classification.axes) or "none"
