"""Blocks of a document and lists of blocks: nothing in them that differs goes without a word."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from upheld.policy.comparison.difference import Difference, Kind
from upheld.policy.comparison.keys import COMMON, Key, key_of
from upheld.policy.comparison.matching import in_another_order, matched_blocks
from upheld.policy.comparison.naming import block_text, called, content, identity, short_name, summary
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.side import Place
from upheld.policy.comparison.values import of, told
from upheld.policy.document import Part


def fields(
    pair: Pair,
    old: Part,
    new: Part,
    place: Place,
    it: str,
    *,
    remarks_of: str = "",
    skip: Collection[str] = (),
) -> Iterator[Difference]:
    """Yield in what two blocks differ; `it` is what they are called, `remarks_of` what they are called in remarks."""
    for name in type(new).model_fields:
        before, after = getattr(old, name), getattr(new, name)
        if name not in skip and before != after:
            yield from _field(pair, (old, new), name, place, (remarks_of or it) if name in COMMON else it)


def _field(pair: Pair, parts: tuple[Part, Part], name: str, place: Place, it: str) -> Iterator[Difference]:
    kind = type(parts[1])
    before, after = (getattr(part, name) for part in parts)
    teller, key = pair.tellers.get((kind, name)), key_of(kind, name)
    if teller is not None:
        yield from teller(pair, parts[0], parts[1], place, it)
    elif isinstance(before, Part) and isinstance(after, Part):
        yield from fields(pair, before, after, place.at(name), key.item, remarks_of=f"the {key.noun}")
    elif _holds_blocks(before) or _holds_blocks(after):
        yield from items(pair, key, before, after, place.at(name))
    else:
        yield from told(pair, key, before, after, place.at(name), it)


def _holds_blocks(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, Part) for each in value)


def items(pair: Pair, key: Key, old: Sequence[Any], new: Sequence[Any], place: Place) -> Iterator[Difference]:
    """Yield in what two lists of blocks differ."""
    matched = matched_blocks(old, new)
    for i, j in matched:
        here = place.at(i or 0, j or 0).only(old=i is not None, new=j is not None)
        before, after = None if i is None else old[i], None if j is None else new[j]
        if before is None or after is None:
            yield _came_or_went(pair, key, before, after, here)
        elif identity(before) != identity(after):
            yield _other_identity(pair, key, before, after, here)
        else:
            yield from fields(pair, before, after, here, called(pair.new, key, after))
    if in_another_order(matched):
        before, after = (
            ", ".join(short_name(side, each) for each in parts)
            for side, parts in ((pair.old, old), (pair.new, new))
        )
        said = f"{of(key.noun, '')} stand in another order: {after}; before: {before}."
        yield differs(Kind.reordered, key.order, said, place, before, after, moves=key.order_moves)


def _came_or_went(pair: Pair, key: Key, old: Part | None, new: Part | None, place: Place) -> Difference:
    if new is not None:
        more = summary(pair.new, new)
        said = f"{called(pair.new, key, new)} is new{f': {more}' if more else ''}."
        return differs(Kind.added, key.theme, said, place, "", block_text(new), moves=key.moves)
    assert old is not None  # noqa: S101 - one of the two is there
    said = f"{called(pair.old, key, old)} is gone."
    return differs(Kind.removed, key.theme, said, place, block_text(old), "", moves=key.moves)


def _other_identity(pair: Pair, key: Key, old: Part, new: Part, place: Place) -> Difference:
    before, after = called(pair.old, key, old), called(pair.new, key, new)
    texts = (block_text(old), block_text(new))
    if content(old) == content(new):
        said = f"{before} has another id now: {identity(new)} instead of {identity(old)}."
        return differs(Kind.renamed, key.theme, said, place, *texts, moves=key.moves)
    said = f"{before} is replaced by {after}."
    return differs(Kind.replaced, key.theme, said, place, *texts, moves=key.moves)
