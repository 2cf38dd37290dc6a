"""What a look at a document remarks."""

from collections.abc import Iterable, Iterator

from upheld.policy.reading import Path

# A place in the document, what is wrong there, and what would be right.
Remark = tuple[Path, str, str]


def unknown(path: Path, what: str, id: str | None, known: Iterable[str]) -> Iterator[Remark]:
    """Remark an id that nothing has."""
    known = list(known)
    if id is not None and id not in known:
        yield path, f"there is no {what} {id!r}", f"known: {', '.join(known) or 'none'}"
