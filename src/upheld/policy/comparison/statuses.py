"""What happens in a status: the clocks that run in it, and what follows by itself."""

from collections.abc import Iterator
from datetime import timedelta

from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.keys import METRICS
from upheld.policy.comparison.matching import aligned
from upheld.policy.comparison.naming import block_text
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import instead, listed
from upheld.policy.comparison.side import Place, Side
from upheld.policy.document import StatusPart, StepPart
from upheld.policy.phrases import read_amount
from upheld.policy.standing import Metric

_STATUSES, _WORDS = Theme.statuses, Theme.words


def clocks(pair: Pair, old: StatusPart, new: StatusPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield which clocks run in a status now and which stand still."""
    before, after, here = _running(old), _running(new), place.at("clocks")
    texts = (_written(old), _written(new))
    starts = [each for each in Metric if each in after and each not in before]
    stops = [each for each in Metric if each in before and each not in after]
    for metrics, verbs in ((starts, ("run", "stood still")), (stops, ("stand still", "ran"))):
        if metrics:
            said = f"in {it}, {_clocks(metrics)} {verbs[0]} now; they {verbs[1]}."
            yield differs(Kind.changed, _STATUSES, said, here, *texts, moves=True)
    if before == after:
        said = f"in {it}, the same clocks run, written otherwise: {texts[1]} instead of {texts[0]}."
        yield differs(Kind.reworded, _WORDS, said, here, *texts)


def _running(part: StatusPart) -> frozenset[Metric]:
    if part.clocks == "all":
        return frozenset(Metric)
    return frozenset() if part.clocks == "none" else frozenset(Metric(each) for each in part.clocks)


def _clocks(metrics: list[Metric]) -> str:
    if len(metrics) == len(Metric):
        return "all clocks"
    return f"the clocks of {listed([METRICS[each] for each in metrics])}"


def _written(part: StatusPart) -> str:
    return part.clocks if isinstance(part.clocks, str) else f"[{', '.join(part.clocks)}]"


def steps(pair: Pair, old: StatusPart, new: StatusPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield in what the automatic steps differ; they happen by their waits, in whatever order the document has them."""
    before, after, here = _in_order(old), _in_order(new), place.at("after")
    for i, j in aligned(*([_whole(part) for _, part in each] for each in (before, after))):
        number, was = (0, None) if i is None else before[i]
        new_number, now = (0, None) if j is None else after[j]
        where = here.at(number, new_number).only(old=was is not None, new=now is not None)
        if was is not None and now is not None:
            yield from _step(pair, was, now, where, it)
        elif now is not None:
            said = f"{it} has a new step: {_does(pair.new, now)} after {now.wait}."
            yield differs(Kind.added, _STATUSES, said, where, "", block_text(now), moves=_moves(now))
        elif was is not None:
            said = f"{it} no longer has the step: {_does(pair.old, was)} after {was.wait}."
            yield differs(Kind.removed, _STATUSES, said, where, block_text(was), "", moves=_moves(was))
    if [part for _, part in before] == [part for _, part in after]:
        said = f"the steps of {it} are listed in another order, and happen in the same."
        yield differs(Kind.reordered, _WORDS, said, here)


def _in_order(part: StatusPart) -> list[tuple[int, StepPart]]:
    """Return the steps as they happen, each with its number in the document."""
    return sorted(enumerate(part.after), key=_when)


def _when(numbered: tuple[int, StepPart]) -> tuple[timedelta, bool]:
    _, part = numbered
    return read_amount(part.wait).duration, part.become is not None


def _essence(part: StepPart) -> tuple[str | None, str | None]:
    return part.remind, part.become


def _whole(part: StepPart) -> object:
    return read_amount(part.wait).duration, _essence(part)


def _moves(*parts: StepPart) -> bool:
    return any(part.become is not None for part in parts)


def _does(side: Side, part: StepPart) -> str:
    if part.become is not None:
        return f"{side.label('statuses', part.become)} by itself"
    return f"a reminder to the {part.remind}"


def _step(pair: Pair, old: StepPart, new: StepPart, place: Place, it: str) -> Iterator[Difference]:
    before, after = _does(pair.old, old), _does(pair.new, new)
    moves = _moves(old, new)
    if _essence(old) != _essence(new):
        before, after = f"{before} after {old.wait}", f"{after} after {new.wait}"
        said = f"{it}: {after} now; before, {before}."
        yield differs(Kind.changed, _STATUSES, said, place, before, after, moves=moves)
    elif read_amount(old.wait) != read_amount(new.wait):
        said = f"{it}: {after} after {instead(new.wait, old.wait)}."
        yield differs(Kind.changed, _STATUSES, said, place.at("wait"), old.wait, new.wait, moves=moves)
    elif old.wait != new.wait:
        said = f"{it}: {after} after the same time, written otherwise: {instead(new.wait, old.wait)}."
        yield differs(Kind.reworded, _WORDS, said, place.at("wait"), old.wait, new.wait)
    name = f"the step of {it} after {new.wait}"
    yield from fields(pair, old, new, place, name, skip=("wait", "remind", "become"))
