"""What a look at a document remarks."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import NamedTuple

from upheld.policy.reading import Path

_FEW = 8


class Remark(NamedTuple):
    """A code, a place in the document, what is wrong there, and what would be right."""

    code: str
    path: Path
    message: str
    remedy: str


def unknown(path: Path, what: str, id: str | None, known: Iterable[str]) -> Iterator[Remark]:
    """Remark an id that nothing has."""
    known = list(known)
    if id is not None and id not in known:
        yield Remark("unknown-reference", path, f"there is no {what} {id!r}", _remedy(id, known))


def _remedy(id: str, known: list[str]) -> str:
    near = get_close_matches(id, known, n=1)
    if near and len(known) > _FEW:
        return f"did you mean {near[0]!r}?"
    return f"known: {', '.join(known) or 'none'}"
