"""What the HTML form of a mail says of the lines of its text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from upheld.mailboxes.parsing.html_roles import Role
from upheld.mailboxes.parsing.html_text import Line
from upheld.mailboxes.parsing.quoting.bare import letters

_HISTORY = frozenset([Role.HISTORY, Role.HISTORY_BELOW])
_INTRODUCES = frozenset([Role.INTRODUCTION])
_NEVER_BELOW = frozenset([Role.HISTORY, Role.HISTORY_BELOW, Role.SIGNATURE])
_SHORTEST_MARK = 12
_LONGEST_MARK = 80


@dataclass(frozen=True, slots=True)
class Evidence:
    """The role of each line of the text, and the letters of a signature that may end what is new."""

    roles: list[Role]
    signature: str = ""


def evidence(lines: list[str], page: Sequence[Line]) -> Evidence:
    """Where the text was made from the page, the roles are the page's. Where the sender's program made both, it
    breaks lines and shows links differently in each: the same places are found by their letters."""
    said = [line for line in page if line.text]
    if [line for line in lines if line] == [line.text for line in said]:
        found = iter(said)
        return Evidence([next(found).role if line else Role.WORDS for line in lines])
    roles = [Role.WORDS] * len(lines)
    if all(line.role is Role.WORDS for line in page):
        return Evidence(roles)
    places = _Places(lines)
    start, history = _first(page, _HISTORY)
    if history and not _is_new_below(page, start):
        index = places.line_of(_letters(page[start : start + 10])[:_LONGEST_MARK])
        if index >= 0:
            roles[index] = Role.HISTORY_BELOW
    _mark_introduction(lines, page, places, roles)
    above = page[:start] if history else page
    return Evidence(roles, _letters(line for line in above if line.role is Role.SIGNATURE))


def _mark_introduction(lines: list[str], page: list[Line], places: "_Places", roles: list[Role]) -> None:
    mark = _letters(_first(page, _INTRODUCES)[1])
    index = places.line_of(mark)
    while mark and index >= 0 and mark.startswith(said := letters(lines[index])):
        roles[index] = Role.INTRODUCTION
        mark = mark.removeprefix(said)
        index += 1


class _Places:
    """The letters of a text as one row, and the lines at whose beginning they stand."""

    def __init__(self, lines: list[str]) -> None:
        pieces = [letters(line) for line in lines]
        self._row = "".join(pieces)
        self._starts: dict[int, int] = {}
        at = 0
        for index, piece in enumerate(pieces):
            if piece:
                self._starts[at] = index
            at += len(piece)

    def line_of(self, mark: str) -> int:
        """The line that begins with these letters; -1 where there is none, or more than one place that may be it."""
        if len(mark) < _SHORTEST_MARK:
            return -1
        at = self._row.find(mark)
        unique = at >= 0 and self._row.find(mark, at + 1) < 0
        return self._starts.get(at, -1) if unique else -1


def _first(page: list[Line], roles: frozenset[Role]) -> tuple[int, list[Line]]:
    """The first lines on end that have one of these roles, and where they begin."""
    start = next((index for index, line in enumerate(page) if line.role in roles and line.text), -1)
    end = start
    while 0 <= end < len(page) and page[end].role in roles:
        end += 1
    return start, page[start:end] if start >= 0 else []


def _is_new_below(page: list[Line], start: int) -> bool:
    """Whether words stand below an element that holds history. A block of headers is above all the rest."""
    return page[start].role is Role.HISTORY and any(
        line.text.strip("> ") and line.role not in _NEVER_BELOW for line in page[start:]
    )


def _letters(lines: Iterable[Line]) -> str:
    return "".join(letters(line.text) for line in lines)
