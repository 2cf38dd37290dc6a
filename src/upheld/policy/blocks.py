"""Every block of a document, with its path."""

from collections.abc import Iterator
from typing import Any

from upheld.policy.document import Part
from upheld.policy.reading import Path


def blocks(part: Part, path: Path = ()) -> Iterator[tuple[Path, Part]]:
    """Yield a block and every block inside it, in the order of the form."""
    yield path, part
    for name in type(part).model_fields:
        yield from _inside(getattr(part, name), (*path, name))


def _inside(value: Any, path: Path) -> Iterator[tuple[Path, Part]]:
    if isinstance(value, Part):
        yield from blocks(value, path)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _inside(each, (*path, number))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _inside(each, (*path, key))
