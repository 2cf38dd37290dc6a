"""The examples: one difference each, whatever it tells or expects otherwise."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.keys import COMMON
from upheld.policy.comparison.matching import aligned, in_another_order, matched_blocks
from upheld.policy.comparison.naming import block_text
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import listed, quoted
from upheld.policy.comparison.side import Place
from upheld.policy.comparison.values import plain
from upheld.policy.document import ExamplePart, Expectation

_EXAMPLES = Theme.examples
_MOST_PHRASES = 4
_LISTS = ("events", "expect")


def examples(pair: Pair) -> Iterator[Difference]:
    """Yield which examples are new, gone, renamed or changed."""
    old, new = pair.old.document.examples, pair.new.document.examples
    matched = matched_blocks(old, new)
    for i, j in matched:
        place = Place(None if i is None else ("examples", i), None if j is None else ("examples", j))
        if i is not None and j is not None:
            yield from _both(pair, old[i], new[j], place)
        elif j is not None:
            said = f"the example {quoted(new[j].name)} is new."
            yield differs(Kind.added, _EXAMPLES, said, place, "", block_text(new[j]))
        elif i is not None:
            said = f"the example {quoted(old[i].name)} is gone."
            yield differs(Kind.removed, _EXAMPLES, said, place, block_text(old[i]), "")
    if in_another_order(matched):
        said = "the examples stand in another order."
        yield differs(Kind.reordered, Theme.words, said, Place(("examples",), ("examples",)))


def _both(pair: Pair, old: ExamplePart, new: ExamplePart, place: Place) -> Iterator[Difference]:
    it = f"the example {quoted(new.name)}"
    if old.name != new.name:
        said = f"{it} was called {quoted(old.name)}."
        yield differs(Kind.renamed, _EXAMPLES, said, place.at("name"), old.name, new.name)
    phrases = list(_phrases(_data(old), _data(new)))
    if phrases:
        more = len(phrases) - _MOST_PHRASES
        told = [*phrases[:_MOST_PHRASES], *([f"{more} more"] if more > 0 else [])]
        said = f"{it}: {listed(told)}."
        yield differs(Kind.changed, _EXAMPLES, said, place, block_text(old), block_text(new))
    yield from fields(pair, old, new, place, it, skip=set(ExamplePart.model_fields) - set(COMMON))


def _data(part: ExamplePart) -> dict[str, Any]:
    """Return what an example tells and expects; that nothing is expected to be due is an expectation too."""
    data = part.model_dump(mode="json", exclude_defaults=True, exclude={"name", *COMMON})
    for expected, said in zip(part.expect, data["expect"], strict=True):
        said.update(dict.fromkeys(_expects_nothing(expected), "nothing"))
    return data


def _expects_nothing(expected: Expectation) -> list[str]:
    return [name for name in sorted(expected.model_fields_set) if getattr(expected, name) is None]


def _phrases(old: Mapping[str, Any], new: Mapping[str, Any], within: str = "") -> Iterator[str]:
    """Yield what differs, in a few words each."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if name in _LISTS:
            yield from _lists(name, before or [], after or [])
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from _phrases(before, after, within)
        else:
            yield f"{within}{name.replace('_', ' ')} {_shown(after)} instead of {_shown(before)}"


def _lists(name: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    one = {"events": "event", "expect": "expectation"}[name]
    for i, j in aligned([str(each) for each in old], [str(each) for each in new]):
        if i is not None and j is not None:
            yield from _phrases(old[i], new[j], f"{_about(new[j])} ")
        elif j is not None:
            yield f"a new {one} ({_about(new[j])})"
        elif i is not None:
            yield f"an {one} less ({_about(old[i])})"


def _about(data: Mapping[str, Any]) -> str:
    words = (data.get("at"), data.get("clock", "").replace("_", " "))
    return " ".join(each for each in words if each) or _shown(data)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(each)}" for name, each in value.items())
    return plain(value) or "none"
