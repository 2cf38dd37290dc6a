"""Whether a clause names the figure that its target holds."""

import re
from collections.abc import Iterator

from upheld.policy.amounts import Amount, AmountKind
from upheld.policy.document import Document, TargetPart
from upheld.policy.remarks import Remark
from upheld.policy.soundness.targets import amounts_of

_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen"),
)
_NUMBERS = {word: number for number, word in enumerate(_WORDS, start=1)}
_MINUTES = {"minute": 1, "min": 1, "hour": 60, "hr": 60, "h": 60, "day": 24 * 60}
_DAY = "day"
_FIGURE = re.compile(
    rf"\b(\d{{1,6}}|{'|'.join(_WORDS)})"
    r"(?:\s*(?:-|–|to|or|and)\s*(\d{1,6}|two|three|four|five))?"
    r"[\s-]*(?:\w+[\s-]+)?(min|minute|hr|hour|h|day)s?\b",
    re.IGNORECASE,
)

# A length of time in minutes, or a number of days of whatever kind.
Figure = int | tuple[str, int]


def clause_findings(document: Document) -> Iterator[Remark]:
    """Yield clauses that name a length of time, and not the one that holds."""
    for number, part in enumerate(document.targets):
        named = _named(part.clause)
        held = {figure for amount in _held(part) for figure in _figures_of(amount)}
        if named and held and not held & named:
            told = " and ".join(amount.text for amount in _held(part))
            said = f"the clause says {_figure_text(part.clause)!r}, and the target holds {told!r}"
            remedy = "correct one of the two"
            yield Remark("clause-differs", ("targets", number, "clause"), said, remedy)


def _held(part: TargetPart) -> list[Amount]:
    amounts = amounts_of(part)
    return amounts[:-1] if part.aim is not None else amounts


def _figures_of(amount: Amount) -> Iterator[Figure]:
    if amount.kind in (AmountKind.elapsed, AmountKind.working):
        yield int(amount.duration.total_seconds()) // 60
    if amount.days:
        yield _DAY, amount.days


def _named(clause: str) -> set[Figure]:
    found: set[Figure] = set()
    for first, second, unit in _FIGURE.findall(clause):
        for text in filter(None, (first, second)):
            count = int(text) if text.isdigit() else _NUMBERS[text.lower()]
            found.add(count * _MINUTES[unit.lower()])
            if unit.lower() == _DAY:
                found.add((_DAY, count))
    return found


def _figure_text(clause: str) -> str:
    found = _FIGURE.search(clause)
    return found[0] if found else clause
