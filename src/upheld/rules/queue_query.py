"""What agents type to find tickets: read into terms, and written back as text.

A query is a row of words and terms. A term is a key, a colon and values: `status:waiting,open` fits what has one of
them, `-status:waiting` what has not. Everything else is words, `"exact words"` and `-words`. Whatever the text
is, it can be read: what cannot be meant is a fault with its place, and the rest is read all the same.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from upheld.rules.query_times import read_time
from upheld.rules.spelling import closest, fold


class Key(StrEnum):
    """What can be asked of a ticket."""

    status = "status"
    priority = "priority"
    due = "due"
    assignee = "assignee"
    team = "team"
    customer = "customer"
    sender = "from"
    organization = "organization"
    tag = "tag"
    product = "product"
    region = "region"
    site = "site"
    channel = "channel"
    contract = "contract"
    desk = "desk"
    created = "created"
    updated = "updated"
    state = "is"
    has = "has"
    field = "field"


KEYS = {each.value: each for each in Key}
TIMES = (Key.due, Key.created, Key.updated)
STATES = (
    "open", "waiting", "resolved", "closed", "done", "any", "overdue", "unassigned", "together", "snoozed",
    "restricted", "problem", "merged", "spam",
)  # fmt: skip
HOLDINGS = ("attachment", "tag", "draft", "side")
FIXED = {Key.state: STATES, Key.has: HOLDINGS}
# Naming one of these says that tickets are meant that are done, beside or instead of the open ones.
_DONE_TOO = ("resolved", "closed", "done", "any", "merged")
LONGEST = 500
MOST_TERMS = 20

_KEY = re.compile(r"([A-Za-z]+)(?:\.([^\s:\",]{1,60}))?:(?!//)")


class FaultKind(StrEnum):
    """Why something that was typed cannot be meant."""

    unknown_key = "unknown key"
    no_value = "no value"
    no_field = "no field"
    not_a_time = "not a time"
    unknown_value = "unknown value"
    several = "several"
    too_many = "too many"


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be meant, from `start` to `end` in the text; `nearest` is what may have been meant."""

    kind: FaultKind
    key: str
    value: str
    start: int = field(compare=False)
    end: int = field(compare=False)
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A word, or several that follow each other; `negated` where it must not occur."""

    text: str
    exact: bool = False
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    def __str__(self) -> str:
        """As it is typed."""
        return ("-" if self.negated else "") + (f'"{self.text}"' if self.exact else self.text)


@dataclass(frozen=True, slots=True)
class Term:
    """A key and the values of which one must hold, or none of which may. `name` is that of a desk's own field."""

    key: Key
    values: tuple[str, ...]
    negated: bool = False
    name: str = ""
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)

    @property
    def reaches_done(self) -> bool:
        """Whether by its state alone it means tickets that are done."""
        if self.key is not Key.state:
            return False
        return "open" in self.values if self.negated else any(each in _DONE_TOO for each in self.values)

    def __str__(self) -> str:
        """As it is typed."""
        named = f"{self.key.value}.{self.name}" if self.name else self.key.value
        return ("-" if self.negated else "") + f"{named}:" + ",".join(map(written, self.values))


@dataclass(frozen=True, slots=True)
class Query:
    """What was read, in the order of the text; what has a fault is in `faults` alone, and no part of the rest."""

    parts: tuple[Term | Words, ...] = ()
    faults: tuple[Fault, ...] = ()

    def __str__(self) -> str:
        """The text that reads as this query."""
        return " ".join(map(str, self.parts))

    @property
    def terms(self) -> tuple[Term, ...]:
        """What asks for a key."""
        return tuple(each for each in self.parts if isinstance(each, Term))

    @property
    def words(self) -> str:
        """What full-text search is to look for."""
        return " ".join(str(each) for each in self.parts if isinstance(each, Words))

    def names(self, state: str) -> bool:
        """Whether tickets in a state are asked for, which no usual list shows."""
        return any(each.key is Key.state and state in each.values for each in self.terms)


def parse(text: str) -> Query:
    """Read a query. It takes time in proportion to the text, and no text is too odd for it."""
    parts: list[Term | Words] = []
    faults: list[Fault] = []
    for found in _found(text):
        if isinstance(found, Fault):
            faults.append(found)
        elif len(parts) < MOST_TERMS or isinstance(found, Words):
            parts.append(found)
        else:
            faults.append(Fault(FaultKind.too_many, "", str(found), found.start, found.end))
    return Query(tuple(parts), tuple(faults))


def written(value: str) -> str:
    """A value as it is typed: in quotes where it would be read as several otherwise."""
    kept = value.replace('"', "").strip()
    return f'"{kept}"' if not kept or any(char == "," or char.isspace() for char in kept) else kept


def _found(text: str) -> Iterator[Term | Words | Fault]:
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
            continue
        start = at
        negated = text[at] == "-" and at + 1 < end and not text[at + 1].isspace()
        at += negated
        key = _KEY.match(text, at)
        if key is None or _is_word(text, key):
            word, at = _words(text, start, at, negated=negated)
            if word.text:
                yield word
            continue
        values, at = _values(text, key.end())
        yield _term(key, values, negated, start, at)


def _is_word(text: str, key: re.Match[str]) -> bool:
    """A colon at the end of a word that is no key is a colon: `Error: no paper`."""
    alone = key.end() == len(text) or text[key.end()].isspace()
    return alone and key[1].lower() not in KEYS


def _words(text: str, start: int, at: int, *, negated: bool) -> tuple[Words, int]:
    if text[at] == '"':
        close = text.find('"', at + 1)
        inner, after = (text[at + 1 :], len(text)) if close < 0 else (text[at + 1 : close], close + 1)
        return Words(" ".join(inner.split()), True, negated, start, after), after
    after = at
    while after < len(text) and not text[after].isspace() and text[after] != '"':
        after += 1
    return Words(text[at:after], False, negated, start, after), after


def _values(text: str, at: int) -> tuple[list[str], int]:
    """The values from a place on, and where they end; an empty one where nothing stands."""
    values: list[str] = []
    while True:
        if at < len(text) and text[at] == '"':
            close = text.find('"', at + 1)
            inner, at = (text[at + 1 :], len(text)) if close < 0 else (text[at + 1 : close], close + 1)
            values.append(" ".join(inner.split()))
        else:
            after = at
            while after < len(text) and not text[after].isspace() and text[after] not in ',"':
                after += 1
            values.append(text[at:after])
            at = after
        if at >= len(text) or text[at] != ",":
            return values, at
        at += 1


def _term(found: re.Match[str], values: list[str], negated: bool, start: int, end: int) -> Term | Fault:
    key, name = KEYS.get(found[1].lower()), (found[2] or "").lower()
    typed = ",".join(values)
    if key is None or (name and key is not Key.field):
        asked = found[0].removesuffix(":")
        return Fault(FaultKind.unknown_key, asked, typed, start, end, closest(asked, KEYS))
    if key is Key.field and not name:
        return Fault(FaultKind.no_field, key, typed, start, end)
    if not all(values):
        return Fault(FaultKind.no_value, found[0].removesuffix(":"), typed, start, end)
    for index, value in enumerate(values):
        if key in TIMES and read_time(key, value) is None:
            return Fault(FaultKind.not_a_time, key, value, start, end)
        if key in FIXED:
            known = fold(value).replace(" ", "-")
            if known not in FIXED[key]:
                return Fault(FaultKind.unknown_value, key, value, start, end, closest(value, FIXED[key]))
            values[index] = known
    return Term(key, tuple(dict.fromkeys(values)), negated, name, start, end)
