"""How long each tier, team and agent held a ticket: stretches that tile its work, without a hole or an overlap."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

Working = Callable[[datetime, datetime], timedelta]
Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Handing:
    """From this instant on it is with `to`; with nobody, where that is empty. Of several at the same instant the last
    counts."""

    at: datetime
    to: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time [start, end) in which it was with one holder."""

    start: datetime
    end: datetime
    holder: str


@dataclass(frozen=True, slots=True)
class Held:
    """How long a holder had it in all, in plain time and in working time, and in how many stretches."""

    holder: str
    elapsed: timedelta
    working: timedelta
    stretches: int


def work_of(received: datetime, changes: Iterable[tuple[datetime, bool]], now: datetime) -> list[Span]:
    """Return the spans of work on a ticket up to `now`: from its receipt to where it was done, and again from where it
    was opened again. `changes` say, in their order, from when on it was done or not."""
    spans: list[Span] = []
    since: datetime | None = received
    for at, is_done in changes:
        at = min(max(at, received), now)
        if is_done and since is not None:
            spans.append((since, at))
            since = None
        elif not is_done and since is None:
            since = at
    if since is not None:
        spans.append((since, now))
    return _joined(spans)


def stretches(work: Sequence[Span], handings: Sequence[Handing]) -> list[Stretch]:
    """Return who held it in each part of the work; `handings` are in their order. Before the first it is with nobody,
    and neighbours with the same holder are one."""
    found: list[Stretch] = []
    for start, end in work:
        for holder, since, until in _holders(handings, start, end):
            last = found[-1] if found else None
            if last is not None and last.end == since and last.holder == holder:
                found[-1] = Stretch(last.start, until, holder)
            else:
                found.append(Stretch(since, until, holder))
    return found


def totals(parts: Iterable[Stretch], working: Working) -> list[Held]:
    """Return how long each holder had it, in the order in which they first had it."""
    sums: dict[str, Held] = {}
    for part in parts:
        before = sums.get(part.holder) or Held(part.holder, timedelta(), timedelta(), 0)
        sums[part.holder] = Held(
            part.holder,
            before.elapsed + (part.end - part.start),
            before.working + working(part.start, part.end),
            before.stretches + 1,
        )
    return list(sums.values())


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans of some length, those that touch as one."""
    found: list[Span] = []
    for start, end in spans:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [(start, end) for start, end in found if start < end]


def _holders(
    line: Sequence[Handing], start: datetime, end: datetime
) -> Iterable[tuple[str, datetime, datetime]]:
    """Who held it between two instants, in their order."""
    before = [each for each in line if each.at <= start]
    within = [each for each in line if start < each.at < end]
    cuts = [Handing(start, before[-1].to if before else ""), *within]
    for one, following in pairwise([*cuts, Handing(end, "")]):
        if one.at < following.at:
            yield one.to, one.at, following.at
