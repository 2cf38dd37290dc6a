"""Where a mail's history begins, as far as it reaches to the end: below a block of headers or a line that says so."""

from dataclasses import dataclass

from upheld.mailboxes.parsing.quoting import phrases
from upheld.mailboxes.parsing.quoting.introductions import (
    begins_with_introduction,
    introduction_ending,
    is_certain,
)

_BLOCK = 12
_CONTINUED = 3


@dataclass(frozen=True, slots=True)
class History:
    """The line at which history begins; `forwarded` where it is what the author passes on, so content."""

    start: int
    forwarded: bool = False


def history(bare_lines: list[str], *, answers: bool) -> History | None:
    """Find the first line that begins an older mail. Where the mail answers nothing, a block of headers is content:
    somebody passes on what they got."""
    for index, line in enumerate(bare_lines):
        if not line or line.startswith(">"):
            continue
        if phrases.is_forwarded_mark(line):
            return History(index, forwarded=True)
        if answers and phrases.is_original_mark(line):
            return History(index)
        if answers and is_header_block(bare_lines, index):
            return History(index - 1 if index and phrases.is_original_word(bare_lines[index - 1]) else index)
        start = _introduction(bare_lines, index)
        if start >= 0:
            return History(start)
    return None


def _introduction(bare_lines: list[str], index: int) -> int:
    """Where the sentence begins that ends here and introduces an older mail whose lines are not marked; -1 for
    none."""
    line = bare_lines[index]
    if not line.endswith((":", "--")):
        return index if begins_with_introduction(line) else -1
    start = introduction_ending(bare_lines, index)
    if start < 0 or not _stands_alone(bare_lines, start, index) or _quoted_below(bare_lines, index):
        return -1
    return start


def is_header_block(bare_lines: list[str], start: int) -> bool:
    """Whether `From:`, `Sent:` and `To:` or `Subject:` of an older mail begin here, in any order and language."""
    line = bare_lines[start]
    kind = phrases.kind_of_label(line)
    if kind is None or kind is phrases.OTHER:
        return False
    found: dict[frozenset[str], str] = {}
    since = 0
    for other in bare_lines[start : start + _BLOCK]:
        if not other:
            continue
        label = phrases.kind_of_label(other)
        since = 0 if label else since + 1
        if since > (_CONTINUED if len(found) > 1 else 1):
            break
        if label and label not in found:
            found[label] = other.partition(":")[2].strip()
    return _is_complete(found) and (_is_rich(found) or start == 0 or not bare_lines[start - 1])


def _is_complete(found: dict[frozenset[str], str]) -> bool:
    """Whether these are the headers of a mail; those of a journey have `From:`, `To:` and `Date:`, too."""
    named = any(letter.isalpha() for letter in found.get(phrases.FROM, ""))
    dated = any(letter.isdigit() for letter in found.get(phrases.DATE, ""))
    mailed = phrases.SUBJECT in found or any("@" in value for value in found.values())
    return named and dated and mailed and (phrases.TO in found or phrases.SUBJECT in found)


def _is_rich(found: dict[frozenset[str], str]) -> bool:
    return phrases.TO in found and phrases.SUBJECT in found


def _stands_alone(bare_lines: list[str], start: int, last: int) -> bool:
    """Whether a sentence that introduces what is not marked as quoted is more than a sentence of a letter."""
    apart = start == 0 or not bare_lines[start - 1]
    return is_certain(bare_lines[start : last + 1], apart=apart)


def _quoted_below(bare_lines: list[str], last: int) -> bool:
    below = next((line for line in bare_lines[last + 1 : last + 5] if line), "")
    return below.startswith(">")
