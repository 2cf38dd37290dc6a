"""What differs between two documents: in words, and line by line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from upheld.policy import compare
from upheld.policy.comparison import Difference, by_theme
from upheld.policy.document import Document

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_AROUND = 2
MOST_LINES = 2000
_MOST_OPEN = 8


@dataclass(frozen=True, slots=True)
class Line:
    """`kind` is "added", "removed", "same" or "gap", where lines are left out; a line that one of the two does not have
    has no number there."""

    kind: str
    old: int | None
    new: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """What differs about one theme."""

    heading: str
    differences: list[Difference]

    @property
    def is_long(self) -> bool:
        """Whether it is folded, so that what comes after it is not lost below."""
        return len(self.differences) > _MOST_OPEN


def in_words(old: Document, new: Document) -> list[Group]:
    """Return what differs between two published documents, most important first."""
    return [Group(theme.heading, found) for theme, found in by_theme(compare(old, new))]


def differences(old: str, new: str) -> list[Line]:
    """Return the lines that differ, with a few around them; none where the documents are the same."""
    return list(_lines(old, new))[:MOST_LINES]


def _lines(old: str, new: str) -> Iterator[Line]:
    before, after, is_first = 0, 0, True
    for line in list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=_AROUND))[2:]:
        if hunk := _HUNK.match(line):
            before, after = int(hunk[1]), int(hunk[2])
            if not is_first:
                yield Line("gap", None, None, "")
            is_first = False
        elif line.startswith("+"):
            yield Line("added", None, after, line[1:])
            after += 1
        elif line.startswith("-"):
            yield Line("removed", before, None, line[1:])
            before += 1
        else:
            yield Line("same", before, after, line[1:])
            before, after = before + 1, after + 1
