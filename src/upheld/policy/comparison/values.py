"""Single values, lists of them, and mappings: what is said when they differ."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from upheld.policy.comparison.difference import Difference, Kind
from upheld.policy.comparison.keys import Key
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import both_quoted, instead, listed, quoted, shorter
from upheld.policy.comparison.side import Place, Side

# After a noun that ends so the block follows at once: the clocks that run in the status Open.
_LEADING = ("in", "by", "for", "from", "at", "of", "fit", "report", "fills")


def of(noun: str, it: str) -> str:
    """Return what a value of a block is called in a sentence."""
    if not it:
        return f"the {noun}"
    return f"the {noun} {it}" if noun.split()[-1] in _LEADING else f"the {noun} of {it}"


def told(pair: Pair, key: Key, old: Any, new: Any, place: Place, it: str) -> Iterator[Difference]:
    """Yield in what a value differs that is no block."""
    if isinstance(old, bool) and isinstance(new, bool):
        yield _flag(key, new, place, it)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _mapping(pair, key, old, new, place, it)
    elif isinstance(old, list) and isinstance(new, list) and old and new:
        yield _list(pair, key, old, new, place, it)
    else:
        yield _one(pair, key, old, new, place, it)


def _flag(key: Key, new: bool, place: Place, it: str) -> Difference:
    said = (key.yes if new else key.no).format(it=it or "the policy")
    texts = ("no", "yes") if new else ("yes", "no")
    return differs(Kind.changed, key.theme, said, place, *texts, moves=key.moves)


def _one(pair: Pair, key: Key, old: Any, new: Any, place: Place, it: str) -> Difference:
    if key.noun == "name" and old and new:
        said = f"{it} was called {texts(pair, key, old, new)[0]} before."
        return differs(Kind.renamed, key.theme, said, place, old, new, moves=key.moves)
    before, after = texts(pair, key, old, new)
    if key.says and before and after:
        said = key.says.format(it=it, new=after, old=shorter(after, before))
        return differs(Kind.changed, key.theme, said, place, plain(old), plain(new), moves=key.moves)
    return _value(pair, key, old, new, place, of(key.noun, it))


def _value(pair: Pair, key: Key, old: Any, new: Any, place: Place, what: str) -> Difference:
    before, after = texts(pair, key, old, new)
    if before == after:
        said = f"{what} has other spaces or line breaks, and no other words."
        return differs(Kind.reworded, key.theme, said, place, plain(old), plain(new))
    is_ = "are" if isinstance(new or old, list) or key.noun == "hours" else "is"
    if before and after:
        kind, said = Kind.changed, f"{what} {is_} now {instead(after, before)}."
    else:
        kind = Kind.added if after else Kind.removed
        said = f"{what} {is_} new: {after}." if after else f"{what} {is_} gone: {before}."
    return differs(kind, key.theme, said, place, plain(old), plain(new), moves=key.moves)


def _list(pair: Pair, key: Key, old: list[Any], new: list[Any], place: Place, it: str) -> Difference:
    more, gone = Counter(new) - Counter(old), Counter(old) - Counter(new)
    added, removed = shown(pair.new, key, list(more)), shown(pair.old, key, list(gone))
    if added == removed:
        added, removed = (_with_ids(text, list(ids)) for text, ids in ((added, more), (removed, gone)))
    parts = [f"now also {added}"] if more else []
    parts += [f"no longer {removed}"] if gone else []
    what = of(key.noun, it)
    if not parts:
        said = f"{what} stand in another order: {shown(pair.new, key, new)}."
        return differs(Kind.reordered, key.order, said, place, plain(old), plain(new))
    return differs(
        Kind.changed,
        key.theme,
        f"{what}: {', '.join(parts)}.",
        place,
        plain(old),
        plain(new),
        moves=key.moves,
    )


def _mapping(
    pair: Pair, key: Key, old: Mapping[str, Any], new: Mapping[str, Any], place: Place, it: str
) -> Iterator[Difference]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before != after:
            side = pair.old if name in old else pair.new
            label = side.label(key.names, name) if key.names else name
            what = of(f"{key.noun} “{label}”", it)
            values = Key(key.theme, key.moves, as_is=key.as_is)
            yield _value(pair, values, before, after, _under(place, name, old, new), what)


def _under(place: Place, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Place:
    there = place.at(name)
    return Place(there.old if name in old else None, there.new if name in new else None)


def texts(pair: Pair, key: Key, old: Any, new: Any) -> tuple[str, str]:
    """Return two values as people call them; where both are called the same, with their ids."""
    if old and new and isinstance(old, str) and not (key.as_is or key.names or key.words):
        return both_quoted(old, new)
    before, after = shown(pair.old, key, old), shown(pair.new, key, new)
    if before == after:
        return _with_ids(before, old), _with_ids(after, new)
    return before, after


def _with_ids(text: str, ids: Any) -> str:
    return f"{text} ({plain(ids)})"


def shown(side: Side, key: Key, value: Any) -> str:
    """Return a value as people call it."""
    if value in (None, "", []):
        return key.empty
    if isinstance(value, list):
        return listed([shown(side, key, each) for each in value])
    if key.names:
        return side.label(key.names, value)
    if value in key.words:
        return key.words[value]
    return plain(value) if key.as_is or not isinstance(value, str) else quoted(value)


def plain(value: Any) -> str:
    """Return a value as a document writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(plain(each) for each in value)
    return str(value)
