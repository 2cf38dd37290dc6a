"""What a pack says, apart from its examples and from the page on which it rests."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from upheld.policy import pack
from upheld.policy.loading import plain, read_document


@cache
def document(name: str) -> Any:
    """Return the document of a pack."""
    return read_document(pack(name), f"{name}.yaml")[1]


@cache
def all_that_is_said(name: str) -> str:
    """Return everything that readers of the pack's page are told."""
    return "\n".join(_texts({**plain(document(name)), "source": {}, "examples": []}))


@cache
def cited(name: str) -> list[str]:
    """Return the sentences that the blocks of a pack cite."""
    return [sentence for block in _blocks(plain(document(name))) for sentence in block.get("cites", ())]


def unexplained(name: str) -> list[dict[str, Any]]:
    """Return the blocks that are assumed and do not say why."""
    return [
        block for block in _blocks(plain(document(name))) if block.get("assumed") and not block.get("note")
    ]


def _texts(data: Any) -> list[str]:
    if isinstance(data, dict):
        data = [*data, *(value for key, value in data.items() if key not in ("cites", "accept"))]
    return [text for each in data for text in _texts(each)] if isinstance(data, list) else [str(data)]


def _blocks(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
        data = list(data.values())
    for each in data if isinstance(data, list) else ():
        yield from _blocks(each)
