"""The sentences of a source page, and which of them a document cites."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

# What is told as one sign, whatever the page makes of it.
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("|•▪◦‣·●○", " "),
        "…": "...",
        "\u00ad": "",
        "\u200b": "",
    }
)
_BULLET = re.compile(r"\s*(?:[•▪◦‣·●○*–-]|\(?(?:\d{1,2}|[a-z])[.)])\s+")
# Possessive, and never from within a run of stops: a page of nothing but dots is read in one go.
_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s++[\"'“‘(\[]?[A-Z0-9À-Þ])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|vs|cf|dr|mr|mrs|ms|prof|st|inc|ltd|co|corp|a\.m|p\.m|dept|z\.b|d\.h|bzw|ggf)|(?-i:\b[A-Z]))\.$",
    re.IGNORECASE,
)
_BEFORE_NUMBER = re.compile(r"\b(?:nos?|nr|ext|fig|ca|approx|tel|opt)\.$", re.IGNORECASE)
_LONGEST_ABBREVIATION = 8
_GOES_ON = re.compile(
    r"(?:,|\b(?:the|a|an|of|to|in|on|at|by|for|with|and|or|is|are|be|from|than|that|your|our))$",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_LETTER = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"\w+")
_TWO_WORDS = re.compile(r"\w\W+\w")
_MOST_PLACES = 2000


class Sentence(NamedTuple):
    """A sentence, a list item, a cell of a table or a heading, with the line in which it begins, from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Citations:
    """How much of a page is cited: of how many sentences, how many, and those that nothing cites."""

    sentences: int
    cited: int
    uncited: tuple[Sentence, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON-able data."""
        uncited = [{"line": each.line, "text": each.text} for each in self.uncited]
        return {"sentences": self.sentences, "cited": self.cited, "uncited": uncited}


class Page:
    """A page, ready to look for citations in: white space, quotes, dashes and capitals make no difference."""

    def __init__(self, text: str) -> None:
        """Split the text into sentences and lay them out one after the other."""
        self.text = text
        self.sentences = list(sentences(text))
        plain = [plainly(each.text) for each in self.sentences]
        self._starts: list[int] = []
        position = 0
        for each in plain:
            self._starts.append(position)
            position += len(each) + 1
        self._plain, self._text = plain, " ".join(plain)

    @cached_property
    def _words(self) -> list[set[str]]:
        return [set(_WORDS.findall(each)) for each in self._plain]

    def has(self, citation: str) -> bool:
        """Whether a citation stands on the page."""
        return next(self._places(citation), None) is not None

    def nearest(self, citation: str) -> Sentence | None:
        """Return the sentence that shares most words with a citation, if it shares at least half of them."""
        wanted = set(_WORDS.findall(plainly(citation)))
        shared = [len(wanted & words) for words in self._words]
        most = max(shared, default=0)
        return self.sentences[shared.index(most)] if most and 2 * most >= len(wanted) else None

    def citations(self, cited: Iterable[str]) -> Citations:
        """Say which sentences are cited: one is when a citation of two words or more lies in it, or is all of it."""
        marked: set[int] = set()
        for citation in {plainly(each) for each in cited}:
            for start in self._places(citation):
                marked.update(self._touched(start, start + len(citation), citation))
        uncited = [each for number, each in enumerate(self.sentences) if number not in marked]
        return Citations(len(self.sentences), len(self.sentences) - len(uncited), tuple(uncited))

    def _places(self, citation: str) -> Iterator[int]:
        wanted, found = plainly(citation), -1
        for _ in range(_MOST_PLACES if wanted else 0):
            found = self._text.find(wanted, found + 1)
            if found < 0:
                return
            if self._is_whole(found, found + len(wanted)):
                yield found

    def _is_whole(self, start: int, end: int) -> bool:
        """Whether no word is cut at either end."""
        text = self._text
        cut_before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
        return not cut_before and not (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())

    def _touched(self, start: int, end: int, citation: str) -> Iterator[int]:
        first = bisect_right(self._starts, start) - 1
        for number in range(first, bisect_left(self._starts, end)):
            begins, plain = self._starts[number], self._plain[number]
            part = citation[max(0, begins - start) : begins + len(plain) - start]
            if part.strip() == plain or _TWO_WORDS.search(part):
                yield number


def plainly(text: str) -> str:
    """Return a text without what makes no difference between a page and a citation."""
    return " ".join(_unlisted(text).translate(_SIGNS).casefold().split())


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a page: of running text, list items, cells of tables and headings.

    A line goes on with the one before it where it begins in the middle of a sentence.
    """
    for paragraph in _paragraphs(text):
        whole = " ".join(piece.text for piece in paragraph)
        starts = list(accumulate((len(piece.text) + 1 for piece in paragraph), initial=0))
        begins = 0
        for ends in (*_ends(whole), len(whole)):
            told = whole[begins:ends].strip()
            if _LETTER.search(told):
                place = bisect_right(starts, begins + whole[begins:ends].index(told)) - 1
                yield Sentence(paragraph[place].line, " ".join(told.split()))
            begins = ends


class _Piece(NamedTuple):
    """A line, a list item or a cell; `is_apart` when it is certainly not a part of the sentence before it."""

    line: int
    text: str
    is_apart: bool
    is_cell: bool


def _paragraphs(text: str) -> Iterator[list[_Piece]]:
    paragraph: list[_Piece] = []
    for piece in _pieces(text):
        if paragraph and (piece is None or not _goes_on(paragraph[-1], piece)):
            yield paragraph
            paragraph = []
        if piece is not None:
            paragraph.append(piece)
    if paragraph:
        yield paragraph


def _pieces(text: str) -> Iterator[_Piece | None]:
    """Yield what stands on each line, without bullets and rules; None for an empty line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            yield None
        bare = _unlisted(line)
        cells = [cell.strip() for cell in bare.split("|") if _WORD.search(cell)]
        for place, cell in enumerate(cells):
            yield _Piece(number, cell, place > 0 or bare is not line, len(cells) > 1)


def _unlisted(line: str) -> str:
    """Return a line without the bullet or number that makes it an item of a list."""
    bullet = _BULLET.match(line)
    return line[bullet.end() :] if bullet else line


def _goes_on(before: _Piece, piece: _Piece) -> bool:
    if piece.is_apart or piece.is_cell or before.is_cell or _is_address(piece.text):
        return False
    if before.text[-1] in ".!?:;":
        return False
    return piece.text[0].islower() or _GOES_ON.search(before.text[-12:]) is not None


def _is_address(text: str) -> bool:
    return " " not in text and ("@" in text or text.startswith(("www.", "http")))


def _ends(text: str) -> Iterator[int]:
    """Yield where sentences end, but not behind abbreviations and initials."""
    for found in _END.finditer(text):
        last = text[max(0, found.start() - _LONGEST_ABBREVIATION) : found.start() + 1]
        number_follows = text[found.end() : found.end() + 3].lstrip()[:1].isdigit()
        if _ABBREVIATION.search(last) or (number_follows and _BEFORE_NUMBER.search(last)):
            continue
        yield found.end()
