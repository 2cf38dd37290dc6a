"""The lines of a ledger, put together as a person tells them."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from upheld.policy.ledger import LedgerLine

MOST_TOLD_APART = 3
_SHUT = ("closed", "holiday")
_COUNTING = ("ran", "ahead")
_A_SECOND = timedelta(seconds=1)


class Group(NamedTuple):
    """Lines that one sentence tells. `kind` is theirs; "days" where it ran in its hours on many days."""

    kind: str
    lines: tuple[LedgerLine, ...]


def groups(lines: Sequence[LedgerLine]) -> Iterator[Group]:
    """Put closed hours that follow each other together, and days of nothing but opening and closing."""
    for in_its_hours, found in groupby(lines, lambda line: line.kind in (*_COUNTING, *_SHUT)):
        together = tuple(found)
        if in_its_hours and sum(line.kind in _COUNTING for line in together) > MOST_TOLD_APART:
            yield Group("days", together)
        else:
            yield from _told_apart(together)


def _told_apart(lines: tuple[LedgerLine, ...]) -> Iterator[Group]:
    for is_shut, found in groupby(lines, lambda line: line.kind in _SHUT):
        if is_shut:
            yield Group("closed", tuple(found))
        else:
            yield from (Group(line.kind, (line,)) for line in found)


def whole_seconds(lines: Sequence[LedgerLine]) -> list[timedelta]:
    """Return what each line counted, in whole seconds whose sum is that of all lines, cut to a second."""
    result, exact, told = [], timedelta(0), timedelta(0)
    for line in lines:
        exact += line.counted
        whole = exact // _A_SECOND * _A_SECOND
        result.append(whole - told)
        told = whole
    return result
