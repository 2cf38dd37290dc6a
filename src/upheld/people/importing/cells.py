"""What single cells say."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from upheld.people.importing.rows import CellRefused
from upheld.people.importing.sheet import Line

_YES = frozenset({"yes", "y", "true", "1", "x"})
_NO = frozenset({"no", "n", "false", "0"})
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_NO_LIMIT = frozenset({"unlimited", "no limit", "-"})


def yes_or_no(line: Line, column: str) -> bool | None:
    """Return what is said; None for nothing."""
    said = line.text(column).lower()
    if not said:
        return None
    if said in _YES | _NO:
        return said in _YES
    raise CellRefused(column, _("Write yes or no, or leave it empty."))


def day(line: Line, column: str) -> date:
    """Return the day. One such as 01/02/2026 is another one to either side of the Atlantic, and refused."""
    text = line.text(column)
    year_first, day_first = _YEAR_FIRST.fullmatch(text), _DAY_FIRST.fullmatch(text)
    try:
        if year_first:
            return date(*map(int, year_first.groups()))
        if day_first:
            return date(*map(int, reversed(day_first.groups())))
    except ValueError:
        raise CellRefused(column, _("There is no such day.")) from None
    raise CellRefused(column, _("Write the day as 2026-01-31 or 31.01.2026."))


def limit(line: Line, column: str, before: int | None) -> int | None:
    """Return a number, None for no limit, and what was before for nothing."""
    text = line.text(column).lower()
    if not text:
        return before
    if text in _NO_LIMIT:
        return None
    if not (text.isascii() and text.isdigit()):
        raise CellRefused(column, _("Write a whole number, or: unlimited."))
    return int(text)


def listed(line: Line, column: str, separators: str) -> list[str]:
    """Return the entries of a cell that holds several, each once, in their order."""
    parts = re.split(f"[{separators}]+", line.text(column))
    return list(dict.fromkeys(part for each in parts if (part := each.strip())))


def word_of_policy(line: Line, column: str, words: Mapping[str, str]) -> str:
    """Return the id of what a cell names by its id or label. What is not known is returned as it stands."""
    said = line.text(column)
    if not said or said in words:
        return said
    folded = said.casefold()
    found = [id for id, label in words.items() if folded in (id.casefold(), label.casefold())]
    return found[0] if len(found) == 1 else said
