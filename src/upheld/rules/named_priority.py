"""Which priority does a request name? Only the words count that its policy lists."""

import re
from collections.abc import Iterable, Sequence

_APART = re.compile(r"[\W_]+")


def named_priority(subject: str, priorities: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """Return the first of `priorities` (id, words), the most urgent first, that the subject names by whole words.

    Case and punctuation do not matter: `[Priority: High]` names a priority with the words `priority high`.
    """
    said = _plain(subject[:1000])
    for priority, phrases in priorities:
        if any(_plain(phrase) in said for phrase in phrases if _plain(phrase).strip()):
            return priority
    return None


def _plain(text: str) -> str:
    return f" {_APART.sub(' ', text.casefold()).strip()} "
