"""To which tickets something applies."""

from collections.abc import Iterator

from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.conditions import condition_words
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.side import Place
from upheld.policy.document import CONDITIONS, WhenPart

_ASKED = (*CONDITIONS, "received")


def told_condition(
    pair: Pair,
    old: WhenPart | None,
    new: WhenPart | None,
    place: Place,
    it: str,
    theme: Theme,
    *,
    moves: bool = False,
) -> Iterator[Difference]:
    """Yield that something applies to other tickets, and in what the remarks of its condition differ."""
    here = place.only(old=old is not None, new=new is not None)
    if old is not None and new is not None:
        yield from fields(pair, old, new, here, f"the condition of {it}", skip=_ASKED)
    before, after = condition_words(pair.old, old), condition_words(pair.new, new)
    if before == after and _asked(old) != _asked(new):
        before, after = _with_ids(before, old), _with_ids(after, new)
    if _asked(old) != _asked(new):
        said = f"{it} applies to {after or 'every ticket'} now instead of {before or 'every ticket'}."
        yield differs(Kind.changed, theme, said, here, before, after, moves=moves)
    elif (otherwise := condition_words(pair.new, old)) != after:
        said = f"the condition of {it} means the same, written otherwise: {after} instead of {otherwise}."
        yield differs(Kind.reworded, Theme.words, said, here, otherwise, after)


def _asked(when: WhenPart | None) -> dict[str, object]:
    """Return what a condition asks for; in which order it lists it means nothing."""
    asked = {name: getattr(when, name) for name in _ASKED if when is not None}
    return {name: frozenset(each) if isinstance(each, list) else each for name, each in asked.items() if each}


def _with_ids(text: str, when: WhenPart | None) -> str:
    ids = when.model_dump(include=set(_ASKED), exclude_defaults=True) if when else {}
    return f"{text} ({', '.join(f'{name}: {value}' for name, value in ids.items())})"
