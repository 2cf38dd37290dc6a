"""How much a document may hold, so that whoever reads it, people or programs, comes to an end."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from upheld.policy.document import CalendarPart, Document
from upheld.policy.phrases import read_date
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark

_MOST = {
    ("calendars",): 20,
    ("priorities",): 50,
    ("statuses",): 100,
    ("targets",): 300,
    ("escalation", "ladders"): 100,
}
_MOST_DATES, _MOST_COUNTRIES = 2000, 20
_EARLIEST, _LATEST = date(2000, 1, 1), date(2060, 12, 31)


def size_problems(document: Document) -> Iterator[Remark]:
    """Yield lists that are longer than they may be, and dates that lie far away."""
    for path, most in _MOST.items():
        listed: Any = document
        for name in path:
            listed = getattr(listed, name)
        if len(listed) > most:
            yield Remark("too-large", path, f"there are {len(listed)} {path[-1]}", f"at most {most} are read")
    for name, part in document.calendars.items():
        yield from _calendar(name, part, ("calendars", name))


def _calendar(name: str, part: CalendarPart, path: Path) -> Iterator[Remark]:
    if len(part.days_off) + len(part.other_hours) > _MOST_DATES:
        said = f"the calendar {name!r} has too many dates"
        yield Remark("too-large", path, said, f"at most {_MOST_DATES} are read")
    if len(part.holidays) > _MOST_COUNTRIES:
        said = f"the calendar {name!r} unites too many countries"
        yield Remark("too-large", (*path, "holidays"), said, f"at most {_MOST_COUNTRIES} are read")
    for block in ("days_off", "other_hours"):
        for day in getattr(part, block):
            if not _EARLIEST <= read_date(day) <= _LATEST:
                remedy = f"write a date from {_EARLIEST} to {_LATEST}"
                yield Remark("out-of-bounds", (*path, block, day), f"{day} is far away", remedy)
