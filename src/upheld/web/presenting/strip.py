"""The clock strip: one line of time for each clock, drawn from its ledger's own lines on one common axis."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from upheld.policy import LedgerLine, Verdict
from upheld.web.presenting.axis import ROOM, Axis, Piece, Room, axis_of
from upheld.web.presenting.clocks import ClockCard
from upheld.web.presenting.ticks import Tick, ticks
from upheld.web.presenting.times import Times, length
from upheld.web.presenting.words import LINES

MOST_SEGMENTS = 300
SHORTEST = timedelta(minutes=10)
# A flag that stands further right flies to the left, so that the edge does not cut it off.
TURNS_AT = 0.9
_IN_COLOUR = ("ran", "ahead")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the line; `x` and `width` are percentages of the axis, as SVG reads them."""

    kind: str
    x: str
    width: str
    words: str


@dataclass(frozen=True, slots=True)
class Flag:
    """Where a flag stands, what is said of it, and to which side it flies."""

    x: str
    words: str
    turned: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """How and when a clock ended: "met", "late" or "over"."""

    x: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    card: ClockCard
    segments: Sequence[Segment]
    due: Flag | None
    warning: Flag | None
    now: str
    verdict: Mark | None
    summary: str


@dataclass(frozen=True, slots=True)
class Kind:
    """One way in which stretches are drawn, for the key under the picture; time that ran has the colours of its clocks'
    `states`."""

    kind: str
    words: str
    states: Sequence[str]


@dataclass(frozen=True, slots=True)
class Picture:
    strips: Sequence[Strip]
    ticks: Sequence[Tick]
    key: Sequence[Kind]
    compressed: bool


def picture(cards: Sequence[ClockCard], times: Times) -> Picture | None:
    """The strips of each metric's current clock; None when the policy runs no clock on the ticket."""
    shown = [card for card in cards if card.is_current]
    if not shown:
        return None
    lines = [list(_pieces(card, times)) for card in shown]
    axis = axis_of(lines, *_ends(shown, lines, times.now))
    kinds: dict[str, dict[str, None]] = {}
    for card, pieces in zip(shown, lines, strict=True):
        for piece in pieces:
            kinds.setdefault(piece.kind, {})[card.state if piece.kind in _IN_COLOUR else ""] = None
    return Picture(
        strips=[_strip(card, pieces, axis, times) for card, pieces in zip(shown, lines, strict=True)],
        ticks=ticks(axis, times),
        key=[Kind(kind, str(words), tuple(kinds[kind])) for kind, words in LINES.items() if kind in kinds],
        compressed=any(ROOM[kind] is not Room.work for kind in kinds),
    )


def _ends(
    cards: Sequence[ClockCard], lines: Sequence[Sequence[Piece]], now: datetime
) -> tuple[datetime, datetime]:
    start = min(card.clock.started_at for card in cards)
    known = (card.clock.due_at for card in cards), (card.clock.satisfied_at for card in cards)
    ends = [end for instants in known for end in instants if end]
    ends += (piece.end for pieces in lines for piece in pieces)
    if any(card.waits for card in cards):
        # A clock that counts from the next opening has not begun yet.
        start = min(start, now)
        ends.append(now)
    return start, max([*ends, start + SHORTEST])


def _pieces(card: ClockCard, times: Times) -> Iterator[Piece]:
    """Every line of the ledger; where these are too many to draw, the oldest as one."""
    lines = [*card.ledger.lines, *card.ledger.ahead]
    dropped, drawn = lines[:-MOST_SEGMENTS], lines[-MOST_SEGMENTS:]
    if dropped:
        counted = sum((line.counted for line in dropped), timedelta())
        start, end = dropped[0].start, dropped[-1].end
        yield Piece("earlier", start, end, _said(str(LINES["earlier"]), counted, "", start, end, times))
    for line in drawn:
        yield Piece(line.kind, line.start, line.end, _words(line, times))


def _words(line: LedgerLine, times: Times) -> str:
    reason = "" if line.kind == "closed" else line.reason
    return _said(str(LINES[line.kind]), line.counted, reason, line.start, line.end, times)


def _said(what: str, counted: timedelta, reason: str, start: datetime, end: datetime, times: Times) -> str:
    told = f"{what} {length(counted)}" if counted else what
    span = f"{times.when(start).text} – {times.when(end).text}"
    return " · ".join(filter(None, (told, span, reason)))


def _strip(card: ClockCard, pieces: Sequence[Piece], axis: Axis, times: Times) -> Strip:
    clock = card.clock
    return Strip(
        card=card,
        segments=[
            Segment(piece.kind, axis.at(piece.start), axis.width(piece.start, piece.end), piece.words)
            for piece in pieces
        ],
        due=_flag(_("Due"), clock.due_at, axis, times),
        warning=_flag(_("Warning"), clock.warn_at, axis, times),
        now=axis.at(times.now) if axis.holds(times.now) else "",
        verdict=_mark(card, axis, times),
        summary=_summary(card),
    )


def _flag(what: str, at: datetime | None, axis: Axis, times: Times) -> Flag | None:
    if at is None or not axis.holds(at):
        return None
    return Flag(axis.at(at), f"{what} {times.when(at).text}", axis.share(at) > TURNS_AT)


def _mark(card: ClockCard, axis: Axis, times: Times) -> Mark | None:
    clock = card.clock
    if clock.satisfied_at is not None:
        kind = "late" if clock.verdict is Verdict.breached else "met"
        words = _("Answered late") if kind == "late" else _("Met")
        return Mark(axis.at(clock.satisfied_at), kind, f"{words} {times.when(clock.satisfied_at).text}")
    if clock.verdict is None or clock.verdict is Verdict.breached or clock.verdict_at is None:
        return None
    return Mark(axis.at(clock.verdict_at), "over", f"{card.verdict} {times.when(clock.verdict_at).text}")


def _summary(card: ClockCard) -> str:
    told = {"metric": card.metric, "state": card.words, "used": card.used, "budget": card.budget}
    if card.due is None:
        return _("%(metric)s: %(state)s; %(used)s of %(budget)s used") % told
    told["due"] = card.due.text
    return _("%(metric)s: %(state)s, due %(due)s; %(used)s of %(budget)s used") % told
