"""Whether the zone of the hours is told once, and in a way that has one reading."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from upheld.clock import zone
from upheld.policy.document import Document
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark

# GMT-08:00, UTC+1, (+05:30), and GMT alone, which is an offset of nothing.
_OFFSET = re.compile(
    r"\b(?:GMT|UTC)\s?(?P<of_gmt>[+\-−–]\s?\d{1,2}(?::?[0-5]\d)?)\b|\((?P<bare>[+\-−–]\d{2}:[0-5]\d)\)|\bGMT\b"
)
_FIXED = re.compile(r"Etc/GMT[+-]?\d*|GMT[+-]?0?|HST")
_SAID = re.compile(
    r"fixe[ds]|all year|whole year|year round|summer|daylight|no change of the clocks", re.IGNORECASE
)
_AMBIGUOUS = {
    "AST": "Atlantic or Arabia",
    "BST": "British summer or Bangladesh",
    "CDT": "Central America's summer or Cuba's",
    "CST": "Central America, China or Cuba",
    "ECT": "Ecuador or the eastern Caribbean",
    "EST": "eastern America or eastern Australia",
    "GST": "the Gulf or South Georgia",
    "IST": "India, Ireland or Israel",
    "MST": "mountain America or Malaysia",
    "PST": "Pacific America, Pakistan or the Philippines",
    "SST": "Samoa or Singapore",
}
_ABBREVIATION = re.compile(rf"\b({'|'.join(_AMBIGUOUS)})\b")
_MONTHS = tuple(datetime(2026, month, 1, tzinfo=UTC) for month in range(1, 13))


class Told(NamedTuple):
    """A zone with its place in the document, and everything that is said beside it."""

    path: Path
    name: str
    texts: tuple[str, ...]


def zone_findings(document: Document, page: str) -> Iterator[Remark]:
    """Yield zones that are told twice, by a fixed offset, or by an abbreviation."""
    for told in _told(document, page):
        yield from _twice(told)
        yield from _fixed(told)
        yield from _ambiguous(told)


def _told(document: Document, page: str) -> Iterator[Told]:
    """Yield the zone of each calendar; what the page and the document say about zones belongs to the first."""
    common = (document.note, document.introduction, *document.cites, *document.definitions.values(), page)
    if not document.calendars:
        yield Told(("zone",), document.zone, common)
    for number, (name, part) in enumerate(document.calendars.items()):
        texts = (name, part.note, *part.cites, *(common if number == 0 else ()))
        yield Told(("calendars", name), part.zone or document.zone, texts)


def _twice(told: Told) -> Iterator[Remark]:
    offsets = _offsets(told.name)
    for text in told.texts:
        for found in _OFFSET.finditer(text):
            if offsets != {_minutes(found["of_gmt"] or found["bare"] or "")}:
                summer = "changes between winter and summer" if len(offsets) > 1 else "has another offset"
                said = f"{told.name!r} {summer}, and {found[0]!r} is said, too"
                remedy = (
                    "find out which is meant; accept it with the reason, or write a zone without summer time"
                )
                yield Remark("zone-told-twice", told.path, said, remedy)
                return


def _fixed(told: Told) -> Iterator[Remark]:
    if _FIXED.fullmatch(told.name) and not any(_SAID.search(text) for text in told.texts):
        (minutes,) = _offsets(told.name)
        side = "behind" if minutes < 0 else "ahead of"
        said = f"{told.name!r} is always {abs(minutes) / 60:g} hours {side} UTC, summer and winter"
        remedy = "name the place, as Europe/London, or say in `note:` that the offset is fixed"
        yield Remark("fixed-offset", told.path, said, remedy)


def _ambiguous(told: Told) -> Iterator[Remark]:
    for text in (told.name, *told.texts):
        found = _ABBREVIATION.search(text)
        if found:
            said = f"{found[0]!r} may mean {_AMBIGUOUS[found[0]]}"
            remedy = "name the place, as America/Chicago"
            yield Remark("ambiguous-zone", told.path, said, remedy)
            return


def _offsets(name: str) -> set[int]:
    tz = zone(name)
    found = {month.astimezone(tz).utcoffset() or timedelta(0) for month in _MONTHS}
    return {offset // timedelta(minutes=1) for offset in found}


def _minutes(text: str) -> int:
    if not text:
        return 0
    digits = re.sub(r"\D", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    return (1 if text[0] == "+" else -1) * (60 * int(hours) + int(minutes))
