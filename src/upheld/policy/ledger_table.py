"""A ledger as lines of text that sum up: each with what was counted, and the clause or event behind it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from upheld.clock import duration_micros, zone
from upheld.policy.ledger import Ledger, LedgerLine
from upheld.policy.story import Event
from upheld.policy.wording import WORDINGS, Wording

_KINDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "ran": "ran",
        "paused": "paused",
        "closed": "closed",
        "holiday": "holiday",
        "after": "overdue",
        "carried": "carried over",
    },
    "de": {
        "ran": "lief",
        "paused": "stand still",
        "closed": "geschlossen",
        "holiday": "Feiertag",
        "after": "überfällig",
        "carried": "übernommen",
    },
}
_HEADS = {
    "en": ("from", "to", "", "counted", "because of"),
    "de": ("von", "bis", "", "gezählt", "wegen"),
}
_SUMS = {"en": ("used", "of", "event"), "de": ("verbraucht", "von", "Ereignis")}


def table(ledger: Ledger, events: Sequence[Event], zone_name: str, language: str = "en") -> Iterator[str]:
    """Yield the ledger's lines: they follow each other without a hole, and what they count sums to what was used."""
    local, wording = zone(zone_name), WORDINGS[language]
    kinds = {event.seq: event.kind for event in events if not event.consequence}
    rows = [_HEADS[language], *(_row(line, kinds, local, wording, language) for line in ledger.lines)]
    used, of, _ = _SUMS[language]
    rows.append(("", "", used, exact(ledger.used), f"{of} {exact(ledger.budget)} ({ledger.target})"))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        told = [cell.ljust(width) for cell, width in zip(row[:3], widths[:3], strict=True)]
        yield "  ".join([*told, row[3].rjust(widths[3]), row[4]]).rstrip()


def _row(
    line: LedgerLine, kinds: Mapping[int, str], local: ZoneInfo, wording: Wording, language: str
) -> tuple[str, str, str, str, str]:
    because = wording.reason(line.reason)
    if line.cause is not None and line.cause in kinds:
        because += f" [{_SUMS[language][2]} {line.cause}: {kinds[line.cause]}]"
    if line.author is not None:
        because += f" ({line.author})"
    kind = _KINDS[language][line.kind]
    return _wall(line.start, local), _wall(line.end, local), kind, exact(line.counted), because


def _wall(at: datetime, local: ZoneInfo) -> str:
    there = at.astimezone(local)
    text = f"{there:%Y-%m-%d %H:%M:%S}"
    return f"{text}.{there.microsecond:06d}" if there.microsecond else text


def exact(amount: timedelta) -> str:
    """Return a length of time as hours, minutes and seconds, with every microsecond that there is."""
    micros = duration_micros(amount)
    seconds, rest = divmod(micros, 1_000_000)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{text}.{rest:06d}" if rest else text
