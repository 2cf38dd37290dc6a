"""Words that promise a time without saying which."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from upheld.policy.blocks import blocks
from upheld.policy.document import ChannelPart, Document, HandOverPart, Part, TargetPart
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark


class Vague(NamedTuple):
    """A word as people say it, how it is found, and what besides `definitions:` defines it."""

    word: str
    found: re.Pattern[str]
    defined_by: str = ""


def _vague(word: str, pattern: str, defined_by: str = "") -> Vague:
    return Vague(word, re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), defined_by)


# `hours`: a calendar defines it. `priority`: a priority of that name does. `no clock`: the target's own
# amount does where it promises no time.
VAGUE = (
    _vague("morning", "mornings?"),
    _vague("afternoon", "afternoons?"),
    _vague("evening", "evenings?"),
    _vague("night", "nights?|overnight"),
    _vague("end of day", "end of (?:the |that |this |each )?(?:same )?(?:business |working )?day|EOD"),
    _vague("close of business", "close of business|COB"),
    _vague("next day", "(?:next|following) day|tomorrow"),
    _vague("business hours", "(?:business|office|working|opening|support) hours?", "hours"),
    _vague("business day", "(?:business|office|working) days?|(?:business|working) weeks?", "hours"),
    _vague(
        *("as soon as possible", r"as (?:soon|quickly) as (?:\w+ )?(?:possible|practicable)|ASAP", "no clock")
    ),
    _vague("promptly", "promptly|in a timely manner", "no clock"),
    _vague("shortly", "shortly", "no clock"),
    _vague("immediately", "immediate(?:ly)?|at once|straight ?away|right away|instantly", "no clock"),
    _vague("urgent", "urgent(?:ly)?", "priority"),
)
_PUBLIC = (
    "introduction",
    "clause",
    "meaning",
    "label",
    "public_label",
    "outside",
    "instead",
    "told",
    "question",
)


class Use(NamedTuple):
    """Where a text stands, the block that it belongs to, and what it says."""

    path: Path
    part: Part
    text: str


def undefined_words(document: Document) -> Iterator[Remark]:
    """Yield words of the public texts that nothing defines, each once, where it is first used."""
    uses = list(_uses(document))
    for vague in VAGUE:
        if _is_defined(document, vague):
            continue
        found = [
            (use, match[0])
            for use in uses
            if (match := vague.found.search(use.text)) and not _defines(use, vague)
        ]
        if found:
            use, word = found[0]
            places = f" ({len(found)} places)" if len(found) > 1 else ""
            said = f"{word!r}{places} says no time, and nothing defines it"
            remedy = f"add `definitions: {{{vague.word}: ...}}`, or say the time"
            yield Remark("undefined-word", use.path, said, remedy)


def _uses(document: Document) -> Iterator[Use]:
    for path, part in blocks(document):
        names = list(_PUBLIC)
        if isinstance(part, HandOverPart):
            names.append("reason")
        if isinstance(part, ChannelPart):
            names.append("note")
        for name in (*names, "hands_over"):
            text = getattr(part, name, None)
            if isinstance(text, str):
                yield Use((*path, name), part, text)
        for key, text in getattr(part, "criteria", {}).items():
            yield Use((*path, "criteria", key), part, text)
    for word, text in document.definitions.items():
        yield Use(("definitions", word), document, text)


def _is_defined(document: Document, vague: Vague) -> bool:
    if any(vague.found.search(word) for word in document.definitions):
        return True
    if vague.defined_by == "hours":
        return bool(document.calendars)
    if vague.defined_by == "priority":
        named = (name for part in document.priorities for name in (part.id, part.label, *part.words))
        return any(vague.found.search(name.replace("_", " ")) for name in named)
    return False


def _defines(use: Use, vague: Vague) -> bool:
    """Whether the block in which a word stands says itself what it is worth: a target that promises no time."""
    if vague.defined_by != "no clock" or not isinstance(use.part, TargetPart):
        return False
    return use.part.within in ("best effort", "discretionary")
