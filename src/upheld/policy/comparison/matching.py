"""Which block of the new document is which of the old one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from upheld.policy.comparison.naming import content, identity
from upheld.policy.comparison.side import Side
from upheld.policy.document import Document, Part

# Pairs of numbers, old and new; None for what only one document has.
Matched = list[tuple[int | None, int | None]]


def matched_blocks(old: Sequence[Part], new: Sequence[Part]) -> Matched:
    """Match blocks by what makes them the same; what has another id but stands in the place of one that is gone is
    matched too."""
    ours, theirs = [identity(each) for each in old], [identity(each) for each in new]
    if len(set(ours)) < len(ours) or len(set(theirs)) < len(theirs):
        return aligned([each.model_dump_json() for each in old], [each.model_dump_json() for each in new])
    places = {id: number for number, id in enumerate(theirs)}
    free = [number for number, id in enumerate(theirs) if id not in ours]
    matched: Matched = []
    for number, id in enumerate(ours):
        found = places.get(id)
        if found is None:
            found = next((j for j in free if _stands_in(old, new, number, j)), None)
            free = [j for j in free if j != found]
        matched.append((number, found))
    return matched + [(None, number) for number in free]


def _stands_in(old: Sequence[Part], new: Sequence[Part], number: int, other: int) -> bool:
    same_place = number == other and len(old) == len(new)
    return same_place or content(old[number]) == content(new[other])


def aligned(old: Sequence[object], new: Sequence[object]) -> Matched:
    """Match values that have no names by their order, so that as many as possible stay the same."""
    matched: Matched = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        common = min(b - a, d - c) if tag in ("equal", "replace") else 0
        matched += [(a + each, c + each) for each in range(common)]
        matched += [(each, None) for each in range(a + common, b)]
        matched += [(None, each) for each in range(c + common, d)]
    return matched


def in_another_order(matched: Matched) -> bool:
    """Whether what both have stands in another order."""
    places = [j for i, j in matched if i is not None and j is not None]
    return places != sorted(places)


def matched_targets(old: Document, new: Document) -> Mapping[int, int]:
    """Return the numbers of the targets that both have: by metric and id, else where one stands in for another."""
    found: dict[int, int] = {}
    by_id = {(part.metric, part.id): number for number, part in enumerate(new.targets)}
    for number, part in enumerate(old.targets):
        if (part.metric, part.id) in by_id:
            found[number] = by_id[part.metric, part.id]
    for number, part in enumerate(old.targets):
        alike = [
            other
            for other, each in enumerate(new.targets)
            if other not in found.values()
            and (each.metric, each.when, each.also) == (part.metric, part.when, part.also)
        ]
        if number not in found and len(alike) == 1:
            found[number] = alike[0]
    return found


def matched_calendars(old: Side, new: Side) -> Mapping[str, str]:
    """Return what calendars are called in the new document: the same, as another one of the same hours, or as the only
    one that is left on either side."""
    found = {name: name for name in old.calendars if name in new.calendars}
    for name, calendar in old.calendars.items():
        alike = [other for other in _left(new.calendars, found.values()) if new.calendars[other] == calendar]
        if name not in found and alike:
            found[name] = alike[0]
    mine, theirs = _left(old.calendars, found), _left(new.calendars, found.values())
    return found | {mine[0]: theirs[0]} if len(mine) == len(theirs) == 1 else found


def _left(names: Iterable[str], taken: Collection[str]) -> list[str]:
    return [name for name in names if name not in taken]
