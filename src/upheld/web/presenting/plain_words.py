"""What people wrote, as text: its addresses can be followed, and a long one begins with its beginning."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

MOST_LINES = 60
MOST_LETTERS = 4_000
LINES_FIRST = 40
LETTERS_FIRST = 2_500
# Of a longer text, addresses stand as text.
MOST_LINKED = 200_000

_ADDRESS = re.compile(r"\bhttps?://[^\s<>\"'`]{1,2000}")
_AFTER_IT = ".,;:!?)]}*_"


@dataclass(frozen=True, slots=True)
class Plain:
    """The beginning, what is folded, and how many lines that has."""

    first: SafeString
    rest: SafeString | None = None
    more_lines: int = 0


def plain(text: str) -> Plain:
    """Return a text for its page."""
    lines = text.split("\n")
    if len(lines) <= MOST_LINES and len(text) <= MOST_LETTERS:
        return Plain(linked(text))
    cut = min(sum(len(line) + 1 for line in lines[:LINES_FIRST]), LETTERS_FIRST)
    if cut == LETTERS_FIRST:
        space = max(text.rfind(each, cut - 400, cut) for each in (" ", "\n"))
        cut = space + 1 if space > 0 else cut
    rest = text[cut:]
    return Plain(linked(text[:cut].rstrip("\n")), linked(rest), rest.count("\n") + 1)


def linked(text: str) -> SafeString:
    """Return a text in which addresses on the web can be followed; their words are the address itself."""
    if len(text) > MOST_LINKED or "://" not in text:
        return escape(text)
    pieces, last = [], 0
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(_AFTER_IT)
        end = found.start() + len(address)
        pieces += [escape(text[last : found.start()]), _link(escape(address))]
        last = end
    return mark_safe("".join((*pieces, escape(text[last:]))))  # noqa: S308 - each piece is escaped


def _link(address: str) -> str:
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>'
