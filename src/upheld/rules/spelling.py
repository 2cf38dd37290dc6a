"""When two spellings mean the same, and what was probably meant by one that means nothing."""

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

MOST = 3
_LONGEST = 80
_MOST_KNOWN = 500


def fold(text: str) -> str:
    """A spelling without what people leave out or write otherwise: case, accents, and what stands between words."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = ("" if unicodedata.combining(char) else char for char in plain)
    return " ".join("".join(kept).replace("-", " ").replace("_", " ").replace('"', "").split())


def closest(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known ones that somebody may have meant, the most probable first."""
    by_spelling = {fold(each)[:_LONGEST]: each for each in list(known)[:_MOST_KNOWN]}
    near = get_close_matches(fold(text)[:_LONGEST], by_spelling, n=MOST, cutoff=0.6)
    return tuple(by_spelling[each] for each in near)
