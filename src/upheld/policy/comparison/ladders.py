"""Ladders, step by step."""

from collections.abc import Iterator
from typing import Any

from upheld.policy.comparison.applying import told_condition
from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.keys import key_of
from upheld.policy.comparison.matching import aligned
from upheld.policy.comparison.naming import block_text, rung_text, told_text, when_text
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import instead
from upheld.policy.comparison.side import Place
from upheld.policy.comparison.values import told
from upheld.policy.document import LadderPart, RungPart
from upheld.policy.phrases import read_delay

_ESCALATION = Theme.escalation


def condition(pair: Pair, old: LadderPart, new: LadderPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield that a ladder is for other tickets."""
    return told_condition(pair, old.when, new.when, place.at("when"), it, _ESCALATION)


def steps(pair: Pair, old: LadderPart, new: LadderPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield in what the steps of a ladder differ."""
    before, after = old.steps, new.steps
    for i, j in aligned([_essence(each) for each in before], [_essence(each) for each in after]):
        here = place.at("steps").at(i if i is not None else 0, j if j is not None else 0)
        here = here.only(old=i is not None, new=j is not None)
        if i is not None and j is not None:
            yield from _step(pair, before[i], after[j], here, f"step {j + 1} of {it}")
        elif j is not None:
            said = f"{it} has a new step: {rung_text(pair.new, after[j])}."
            yield differs(Kind.added, _ESCALATION, said, here, "", block_text(after[j]))
        elif i is not None:
            said = f"{it} no longer has the step: {rung_text(pair.old, before[i])}."
            yield differs(Kind.removed, _ESCALATION, said, here, block_text(before[i]), "")


def _essence(part: RungPart) -> tuple[str, ...]:
    return part.after, *part.tell, str(part.page)


def _step(pair: Pair, old: RungPart, new: RungPart, place: Place, it: str) -> Iterator[Difference]:
    if old.after != new.after:
        texts, here = (when_text(old), when_text(new)), place.at("after")
        if _time(old) != _time(new):
            said = f"{it} comes {instead(texts[1], texts[0])}; {told_text(pair.new, new)} then."
            yield differs(Kind.changed, _ESCALATION, said, here, *texts)
        else:
            said = f"{it} comes at the same time, written otherwise: {instead(texts[1], texts[0])}."
            yield differs(Kind.reworded, Theme.words, said, here, *texts)
    yield from fields(pair, old, new, place, f"{it} ({when_text(new)})", skip=("after",))


def _time(part: RungPart) -> object:
    delay = read_delay(part.after)
    return delay.kind, delay.duration, 0 if delay.duration else delay.days


def calendar(pair: Pair, old: Any, new: Any, place: Place, it: str) -> Iterator[Difference]:
    """Yield that something has another calendar; one that only has another name is told elsewhere."""
    if pair.calendar(old.calendar) != new.calendar:
        key = key_of(type(new), "calendar")
        yield from told(pair, key, old.calendar, new.calendar, place.at("calendar"), it)
