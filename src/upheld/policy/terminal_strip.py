"""A clock's line of time, drawn in characters: closed hours pale, running time solid, pauses hatched."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import NamedTuple

from upheld.clock import zone
from upheld.policy.ledger import Ledger

_WIDTH = 72
_MARKS = {
    "ran": "█",
    "carried": "▓",
    "paused": "/",
    "closed": "·",
    "holiday": "·",
    "after": "!",
    "ahead": "─",
}
# Nights and weekends are drawn narrower, so that they do not hide the rest.
_WEIGHTS = {
    "ran": 1.0,
    "carried": 1.0,
    "ahead": 1.0,
    "paused": 0.3,
    "after": 0.3,
    "closed": 0.1,
    "holiday": 0.1,
}
KEY = {
    "en": "█ ran   ▓ carried over   / stood still   · closed   ! overdue   ─ still to run   ▼ due   ▲ now",
    "de": "█ lief   ▓ übernommen   / stand still   · geschlossen   ! überfällig   ─ noch Zeit   ▼ fällig   ▲ jetzt",
}


class _Piece(NamedTuple):
    kind: str
    start: datetime
    end: datetime


def draw(ledger: Ledger, at: datetime, zone_name: str) -> list[str]:
    """Return three lines: the due mark, the strip, and the mark of now with the time at which the strip begins."""
    pieces = [_Piece(line.kind, line.start, line.end) for line in (*ledger.lines, *ledger.ahead)]
    if not pieces:
        return []
    widths = _widths(pieces)
    strip = "".join(_MARKS[piece.kind] * width for piece, width in zip(pieces, widths, strict=True))
    local = zone(zone_name)
    marks = [_marked("▼", ledger.due_at, pieces, widths, local), strip]
    now = _marked("▲", at, pieces, widths, local)
    return [*(line for line in marks if line), *([now] if now else [])]


def _widths(pieces: Sequence[_Piece]) -> list[int]:
    """Return a width for each piece, at least one, that share the line by weight."""
    weights = [_WEIGHTS[piece.kind] * (piece.end - piece.start).total_seconds() for piece in pieces]
    room = max(0, _WIDTH - len(pieces))
    whole = sum(weights) or 1.0
    return [1 + round(room * weight / whole) for weight in weights]


def _marked(
    mark: str, at: datetime | None, pieces: Sequence[_Piece], widths: Sequence[int], local: tzinfo
) -> str:
    """Return a line with a mark below or above the place of an instant, and its wall time beside it."""
    if at is None or not pieces[0].start <= at <= pieces[-1].end:
        return ""
    column = 0
    for piece, width in zip(pieces, widths, strict=True):
        if at < piece.end:
            column += int(width * ((max(at, piece.start) - piece.start) / (piece.end - piece.start)))
            break
        column += width
    else:
        column -= 1
    time = f"{at.astimezone(local):%Y-%m-%d %H:%M}"
    text = " " * column + f"{mark} {time}"
    return text if len(text) <= _WIDTH + 4 else " " * max(0, column - len(time) - 1) + f"{time} {mark}"
