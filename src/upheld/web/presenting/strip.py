"""The clock strip: one line of time for each clock, drawn from its ledger's own lines on one common axis.

Working time is what a promise is made of, so the axis is not to scale: stretches in which no clock ran are drawn
narrower, in the same way for every clock of the picture, so that nights and weekends do not hide the rest.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from upheld.policy import ClockStanding, Ledger, Policy
from upheld.tickets.versions import calendar_of
from upheld.web.presenting.clocks import ClockCard
from upheld.web.presenting.times import Times, length
from upheld.web.presenting.words import LINES

MOST_SEGMENTS = 300
MARGIN = 0.03
LEAST_BETWEEN_DAYS = 0.075
SHORTEST = timedelta(minutes=10)
WEIGHTS = {
    "ran": 1.0,
    "carried": 1.0,
    "ahead": 1.0,
    "paused": 0.2,
    "after": 0.2,
    "closed": 0.1,
    "holiday": 0.1,
}
UNCOVERED = 0.1


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the line; `x` and `width` are percentages of the axis, as SVG reads them."""

    kind: str
    x: str
    width: str
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    card: ClockCard
    segments: Sequence[Segment]
    due: str
    now: str
    verdict: str
    summary: str


@dataclass(frozen=True, slots=True)
class Day:
    x: str
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    strips: Sequence[Strip]
    days: Sequence[Day]


class Axis:
    """Where an instant lies on the line, as a share of its length."""

    def __init__(self, stops: Sequence[tuple[datetime, float]]) -> None:
        self.instants = [instant for instant, _ in stops]
        whole = stops[-1][1] * (1 + MARGIN)
        self.shares = [reached / whole for _, reached in stops]

    def at(self, instant: datetime) -> str:
        return f"{100 * self.share(instant):.3f}%"

    def width(self, start: datetime, end: datetime) -> str:
        return f"{100 * max(0.0, self.share(end) - self.share(start)):.3f}%"

    def holds(self, instant: datetime) -> bool:
        return self.instants[0] <= instant <= self.instants[-1]

    def share(self, instant: datetime) -> float:
        after = bisect_right(self.instants, instant)
        if after == 0:
            return 0.0
        if after == len(self.instants):
            return self.shares[-1]
        before = after - 1
        part = (instant - self.instants[before]) / (self.instants[after] - self.instants[before])
        return self.shares[before] + part * (self.shares[after] - self.shares[before])


Piece = tuple[str, datetime, datetime, str]
Line = tuple[ClockCard, Sequence[Piece]]


def picture(cards: Sequence[ClockCard], policies: Sequence[Policy], times: Times) -> Picture | None:
    """The strips of each metric's current clock; None when the policy runs no clock on the ticket."""
    lines = [(card, _pieces(card, policies, times)) for card in cards if card.is_current]
    if not lines:
        return None
    axis = _axis(lines, times.now)
    return Picture([_strip(card, pieces, axis, times) for card, pieces in lines], _days(axis, times))


def _axis(lines: Sequence[Line], now: datetime) -> Axis:
    start = min(card.clock.started_at for card, _ in lines)
    ends = [end for card, _ in lines for end in (card.clock.due_at, card.clock.satisfied_at) if end]
    if any(card.waits for card, _ in lines):
        ends.append(now)
    end = max([*ends, start + SHORTEST])
    edges = {edge for _, pieces in lines for _, begins, stops, _ in pieces for edge in (begins, stops)}
    instants = sorted({start, end} | {edge for edge in edges if start < edge < end})
    covers = [Cover(pieces) for _, pieces in lines]
    reached = 0.0
    stops = [(start, reached)]
    for before, after in pairwise(instants):
        reached += max(cover.weight(before) for cover in covers) * (after - before).total_seconds()
        stops.append((after, reached))
    return Axis(stops)


class Cover:
    """How much room one clock asks for at an instant."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.starts = [start for _, start, _, _ in pieces]

    def weight(self, instant: datetime) -> float:
        index = bisect_right(self.starts, instant) - 1
        if index < 0 or self.pieces[index][2] <= instant:
            return UNCOVERED
        return WEIGHTS[self.pieces[index][0]]


def _pieces(card: ClockCard, policies: Sequence[Policy], times: Times) -> list[Piece]:
    """The newest stretches, when there are too many to draw."""
    return [*_past(card.ledger), *_future(card.clock, policies, times.now)][-MOST_SEGMENTS:]


def _strip(card: ClockCard, pieces: Sequence[Piece], axis: Axis, times: Times) -> Strip:
    clock = card.clock
    return Strip(
        card=card,
        segments=[
            Segment(
                kind=kind,
                x=axis.at(start),
                width=axis.width(start, end),
                words=f"{words} · {times.when(start).text} – {times.when(end).text}",
            )
            for kind, start, end, words in pieces
        ],
        due=axis.at(clock.due_at) if clock.due_at else "",
        now=axis.at(times.now) if axis.holds(times.now) else "",
        verdict=axis.at(clock.satisfied_at) if clock.satisfied_at else "",
        summary=_summary(card),
    )


def _past(ledger: Ledger) -> Iterator[Piece]:
    for line in ledger.lines:
        words = str(LINES[line.kind])
        if line.counted:
            words = f"{words} {length(line.counted)}"
        yield line.kind, line.start, line.end, f"{words} ({line.reason})" if line.reason else words


def _future(clock: ClockStanding, policies: Sequence[Policy], now: datetime) -> Iterator[Piece]:
    """What lies between now and the due instant, if the clock goes on as it does."""
    if clock.verdict is not None or clock.satisfied_at or clock.due_at is None or clock.due_at <= now:
        return
    calendar = calendar_of(clock, policies, now)
    if calendar is None:
        yield "ahead", now, clock.due_at, "Still to run"
        return
    shut_from = now
    for span in calendar.spans(now, clock.due_at):
        if span.start > shut_from:
            yield "closed", shut_from, span.start, str(LINES["closed"])
        yield "ahead", span.start, span.end, "Still to run"
        shut_from = span.end


def _days(axis: Axis, times: Times) -> list[Day]:
    """The starts of days, but none whose name would touch the one before or run off the end."""
    days: list[Day] = []
    last = -1.0
    for midnight in times.midnights(axis.instants[0], axis.instants[-1]):
        share = axis.share(midnight)
        if share - last >= LEAST_BETWEEN_DAYS and share <= 1 - LEAST_BETWEEN_DAYS:
            days.append(Day(axis.at(midnight), times.day(midnight)))
            last = share
    return days


def _summary(card: ClockCard) -> str:
    due = f", due {card.due.text}" if card.due else ""
    return f"{card.metric}: {card.words}{due}; {card.used} of {card.budget} used"
