"""Which priority does a request name? Only the words count that its policy lists, as its customer says them.

The subject counts fully. In the body only a level counts that is more urgent than what would hold without it, since
nobody lowers a request by a word in passing. A word that is denied ("not urgent", "no longer down"), asked about ("is
this urgent?") or only supposed ("if it becomes urgent") names nothing. In doubt the customer is believed.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_OF_A_SUBJECT = 1000
MOST_OF_A_BODY = 10_000

# Apostrophes belong to words ("isn't"); all else that is no letter and no digit stands between them.
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…](?=\s|$|[\"'”’)\]])|\n[ \t]*\n")
_CLAUSE_END = re.compile(r"[,;:()\[\]|]|[-–—](?=\s)")
_SIGNATURE = re.compile(r"^--[ \t]*$", re.MULTILINE)
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_DENYING = _words(
    "not no non never nothing neither nor without less isn't isnt wasn't wasnt aren't arent ain't cannot "
    "nicht kein keine keinen keiner keines nichts nie niemals ohne weniger weder "
    "pas jamais sans aucun aucune moins nunca sin tampoco menos não nao nem sem "
    "mai senza nessuno nessuna meno niet geen nooit zonder minder"
)
# What may stand between a denial and what it denies: "not a very urgent matter", "nicht mehr so dringend".
_BETWEEN = _words(
    "a an the that this it is was be been being so very really too at all yet longer more any actually "
    "particularly especially exactly necessarily currently considered "
    "ein eine einen mehr sehr so wirklich besonders allzu gerade unbedingt länger "
    "un une plus très si vraiment uno una más mas muy tan realmente um uma mais muito tão "
    "più piu molto così een meer erg zo echt langer"
)
_LONGEST_DENIAL = 4
# "N'est plus urgent": the denial is in front, and "plus" alone would be "more".
_FRENCH_DENYING = _words("n'est n'était ne")
_SAYING_NO = _words("no nein non não nao nee")
# A question or a supposition begins with one of these.
_ASKING = _words(
    "is isn't are was were does do did how what when why which who "
    "ist sind war waren wie wann warum was welche est-ce est était comment quand pourquoi quel quelle "
    "es son cómo como cuándo é são era quando come perché è sono zijn hoe wanneer waarom welke"
)
_SUPPOSING = _words("if unless whether falls wenn sollte ob si se als indien mocht")


class Where(StrEnum):
    """Where a request named its priority: in the words of a mail, or by a choice that the desk offered."""

    subject = "subject"
    body = "body"
    form = "form"
    link = "link"
    call = "call"


@dataclass(frozen=True, slots=True)
class Named:
    """The priority that was named, in which words of the policy, and where; a choice has no words."""

    priority: str
    words: str
    where: Where


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text. `sentence` and `clause` are numbers of where it stands."""

    text: str
    sentence: int
    clause: int


@dataclass(frozen=True, slots=True)
class _Text:
    """The words of a text, the first word of each clause, the last of each sentence, and the sentences that ask."""

    words: Sequence[_Word]
    first: dict[int, int]
    last: dict[int, int]
    asking_clauses: frozenset[int]


Level = tuple[str, Sequence[str]]


def named_priority(subject: str, priorities: Iterable[Level]) -> str | None:
    """Return the first of `priorities` (id, words), the most urgent first, that the subject names by whole words.

    Case and punctuation do not matter: `[Priority: High]` names a priority with the words `priority high`.
    """
    found = read_priority(subject, "", list(priorities), usual=None)
    return found.priority if found else None


def read_priority(subject: str, body: str, priorities: Sequence[Level], usual: str | None) -> Named | None:
    """Return the priority that a request names: in its subject any, in its body one that is more urgent.

    `priorities` are (id, words), the most urgent first; `usual` holds where the subject names none, and None lets the
    body name any. Only the beginning of each text is read.
    """
    found = _first(_read(subject[:MOST_OF_A_SUBJECT]), priorities, Where.subject)
    holds = found.priority if found else usual
    ids = [each for each, _ in priorities]
    more_urgent = priorities[: ids.index(holds)] if holds in ids else priorities
    return _first(_read(own_words(body)), more_urgent, Where.body) or found


def own_words(body: str) -> str:
    """Return the beginning of what somebody wrote themselves: without lines that quote, and without a signature."""
    body = body[:MOST_OF_A_BODY]
    signature = _SIGNATURE.search(body)
    return _QUOTED.sub("", body[: signature.start()] if signature else body)


def _first(text: _Text, priorities: Iterable[Level], where: Where) -> Named | None:
    by_first: dict[str, list[tuple[int, tuple[str, ...], str, str]]] = {}
    for rank, (priority, phrases) in enumerate(priorities):
        for phrase in phrases:
            if words := tuple(_plain(each) for each in _WORD.findall(phrase)):
                by_first.setdefault(words[0], []).append((rank, words, priority, phrase))
    if not by_first:
        return None
    found = [
        (rank, place, priority, phrase)
        for place, word in enumerate(text.words)
        for rank, words, priority, phrase in by_first.get(word.text, ())
        if _stands_at(text, place, words) and _is_meant(text, place, len(words))
    ]
    if not found:
        return None
    _, _, priority, phrase = min(found)
    return Named(priority, phrase, where)


def _plain(word: str) -> str:
    return word.casefold().replace("’", "'")


def _read(text: str) -> _Text:
    """Take a text apart into words, in one walk."""
    marks = sorted(
        [(each.start(), "sentence", each[0]) for each in _SENTENCE_END.finditer(text)]
        + [(each.start(), "clause", each[0]) for each in _CLAUSE_END.finditer(text)]
    )
    words: list[_Word] = []
    asking: set[int] = set()
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    sentence = clause = mark = 0
    for found in _WORD.finditer(text):
        while mark < len(marks) and marks[mark][0] < found.start():
            _, kind, sign = marks[mark]
            mark += 1
            if sign == "?":
                asking.add(clause)
            clause += 1
            sentence += kind == "sentence"
        first.setdefault(clause, len(words))
        last[sentence] = len(words)
        words.append(_Word(_plain(found[0]), sentence, clause))
    if any(sign == "?" for _, _, sign in marks[mark:]):
        asking.add(clause)
    return _Text(words, first, last, frozenset(asking))


def _stands_at(text: _Text, place: int, phrase: Sequence[str]) -> bool:
    """Whether the words of a phrase follow each other here, within one sentence."""
    here = text.words[place : place + len(phrase)]
    return (
        len(here) == len(phrase)
        and all(word.text == wanted for word, wanted in zip(here, phrase, strict=True))
        and here[0].sentence == here[-1].sentence
    )


def _is_meant(text: _Text, place: int, length: int) -> bool:
    """Whether the customer says so, and does not deny it, ask about it or suppose it."""
    return not (_is_denied(text, place) or _is_refused(text, place + length) or _is_open(text, place))


def _is_denied(text: _Text, place: int) -> bool:
    clause = text.words[place].clause
    seen_plus = False
    for before in reversed(text.words[max(0, place - _LONGEST_DENIAL) : place]):
        # "Non-urgent" and "not: urgent" are denials across a mark; a sentence before denies nothing.
        if before.clause != clause:
            return False
        if before.text in _DENYING or (seen_plus and before.text in _FRENCH_DENYING):
            return True
        if before.text not in _BETWEEN:
            return False
        seen_plus = seen_plus or before.text == "plus"
    return False


def _is_refused(text: _Text, after: int) -> bool:
    """Whether a plain no follows, and nothing after it: "urgent: no"."""
    if after >= len(text.words) or text.words[after].text not in _SAYING_NO:
        return False
    return text.last[text.words[after].sentence] == after


def _is_open(text: _Text, place: int) -> bool:
    clause = text.words[place].clause
    begins = text.words[text.first[clause]].text
    return begins in _SUPPOSING or (clause in text.asking_clauses and begins in _ASKING)
