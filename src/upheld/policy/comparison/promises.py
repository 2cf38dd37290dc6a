"""What is promised: targets that give other times, apply to other tickets, come, go or change places."""

from collections.abc import Iterator, Sequence

from upheld.policy.amounts import Amount, AmountKind
from upheld.policy.comparison.applying import told_condition
from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.conditions import Found, Governs, cases_words, condition_words
from upheld.policy.comparison.difference import Difference, Kind, Theme
from upheld.policy.comparison.effects import direction, example, moved
from upheld.policy.comparison.governing import Cases, TooManyCases
from upheld.policy.comparison.keys import METRICS, key_of
from upheld.policy.comparison.naming import block_text
from upheld.policy.comparison.pair import Pair, differs
from upheld.policy.comparison.saying import instead, quoted
from upheld.policy.comparison.side import Place, Side
from upheld.policy.comparison.values import told
from upheld.policy.document import ByHours, Document, TargetPart
from upheld.policy.parts import Target
from upheld.policy.standing import Metric

_PROMISES, _WORDS = Theme.promises, Theme.words
_TOLD_HERE = ("id", "metric", "when", "within", "every")
_WAYS = {-1: Kind.shorter, 1: Kind.longer}
_CASES_TRIED = 12


def targets(pair: Pair, old: Document, new: Document, place: Place, it: str) -> Iterator[Difference]:
    """Yield in what the targets differ. That targets of different metrics change places means nothing."""
    for number, part in enumerate(old.targets):
        found = pair.targets.get(number)
        if found is None:
            yield _gone(pair.old, part, Place(("targets", number), None))
        elif part != new.targets[found]:
            yield from _target(pair, number, found)
    for number in range(len(new.targets)):
        if number not in pair.targets.values():
            yield _added(pair, number)
    for cases in pair.cases.values():
        yield from _governing(pair, cases)


def _target(pair: Pair, number: int, found: int) -> Iterator[Difference]:
    old, new = pair.old.document.targets[number], pair.new.document.targets[found]
    place, name = Place(("targets", number), ("targets", found)), target_name(pair.new, new)
    if old.id != new.id:
        said = f"{name} has another id now: {new.id} instead of {old.id}."
        yield differs(Kind.renamed, _PROMISES, said, place.at("id"), old.id, new.id)
    yield from _amount(pair, old, new, place)
    if old.when != new.when:
        yield from told_condition(
            pair, old.when, new.when, place.at("when"), f"the target {new.id}", _PROMISES, moves=True
        )
    yield from fields(pair, old, new, place, name, skip=_TOLD_HERE)


def target_name(side: Side, part: TargetPart) -> str:
    """Return what a target is called in a sentence; its id tells it from another for the same tickets."""
    said = condition_words(side, part.when)
    return f"the {METRICS[part.metric]}{f' for {said}' if said else ''}{_mark(side, part)}"


def _subject(side: Side, part: TargetPart) -> str:
    said = condition_words(side, part.when)
    return f"{f'{said}: ' if said else ''}{METRICS[part.metric]}{_mark(side, part)}"


def _mark(side: Side, part: TargetPart) -> str:
    twins = [each for each in side.document.targets if (each.metric, each.when) == (part.metric, part.when)]
    return f" ({part.id})" if len(twins) > 1 else ""


def promise(part: TargetPart) -> str:
    """Return what a target promises, as `within 8 working hours`."""
    said, word = (part.within, "within") if part.within is not None else (part.every or "", "every")
    if isinstance(said, ByHours):
        return f"{_words(said.inside, word)} (outside the hours {_words(said.outside, word)})"
    return _words(said, word)


def _words(amount: str, word: str) -> str:
    if amount == "best effort":
        return "without a promised time"
    if amount == "discretionary":
        return "left to the agent"
    if amount.startswith("cut-off "):
        return f"by the cut-off at {amount.removeprefix('cut-off ')}"
    return f"{word} {amount}"


def _written(part: TargetPart) -> str:
    said = part.within if part.within is not None else part.every or ""
    return f"inside: {said.inside}, outside: {said.outside}" if isinstance(said, ByHours) else said


def _times(target: Target) -> object:
    """Return what decides how much time a target gives."""
    outside = target.amount if target.outside is None else target.outside
    return target.repeats, _length(target.amount), _length(outside)


def _length(amount: Amount) -> object:
    # "2 business days of 8 working hours" is a length of working time like any other.
    days = 0 if amount.kind is AmountKind.working else amount.days
    return amount.kind, amount.duration, days, amount.minute


def _amount(pair: Pair, old: TargetPart, new: TargetPart, place: Place) -> Iterator[Difference]:
    here = place.at(*("within" if part.every is None else "every" for part in (old, new)))
    side, texts = pair.new, (_written(old), _written(new))
    if isinstance(old.within, ByHours) and isinstance(new.within, ByHours):
        name = f"the time of {target_name(side, new)}"
        yield from fields(pair, old.within, new.within, here, name, skip=("inside", "outside"))
    if _times(pair.old.compiled(old)) != _times(pair.new.compiled(new)):
        dues = pair.dues_of(*_numbers(place))
        said = f"{_subject(side, new)} is now {instead(promise(new), promise(old))}."
        said += example(dues, Metric(new.metric), side.document.zone)
        yield differs(_WAYS.get(direction(dues), Kind.changed), _PROMISES, said, here, *texts, moves=True)
    elif texts != ("", "") and texts[0] != texts[1]:
        said = f"the time of {target_name(side, new)} is the same, written otherwise: {texts[1]} instead of {texts[0]}."
        yield differs(Kind.reworded, _WORDS, said, here, *texts)


def _numbers(place: Place) -> tuple[int, int]:
    assert place.old is not None  # noqa: S101 - asked only of what both documents have
    assert place.new is not None  # noqa: S101
    return int(place.old[1]), int(place.new[1])


def start(pair: Pair, old: TargetPart, new: TargetPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield that a target counts from another instant, with a request that it moves."""
    for each in told(pair, key_of(TargetPart, "start"), old.start, new.start, place.at("start"), it):
        yield _with_example(pair, each, place, new)


def calendar(pair: Pair, old: TargetPart, new: TargetPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield that a target is counted on another calendar; one that only has another name is told elsewhere."""
    here, texts = place.at("calendar"), (old.calendar or "", new.calendar or "")
    if pair.calendar(old.calendar) == new.calendar:
        return
    before, after = pair.old.compiled(old).hours, pair.new.compiled(new).hours
    if pair.calendar(before) == after:
        verb = "names its calendar now" if new.calendar else "no longer names its calendar"
        said = f"{it} {verb} and is counted as before, on {_calendar(after)}."
        yield differs(Kind.reworded, _WORDS, said, here, *texts)
        return
    said = f"{it} is counted on {_calendar(after)} now instead of {_calendar(before)}."
    each = differs(Kind.changed, _PROMISES, said, here, *texts, moves=True)
    yield _with_example(pair, each, place, new)


def _calendar(name: str | None) -> str:
    return "no calendar" if name is None else quoted(name)


def _with_example(pair: Pair, each: Difference, place: Place, part: TargetPart) -> Difference:
    dues = pair.dues_of(*_numbers(place))
    return each.with_more(example(dues, Metric(part.metric), pair.new.document.zone))


def warning(pair: Pair, old: TargetPart, new: TargetPart, place: Place, it: str) -> Iterator[Difference]:
    """Yield that agents are warned earlier, later or not at all."""
    before, after = (
        "" if part.warn_at_percent is None else f"{part.warn_at_percent} %" for part in (old, new)
    )
    if not after:
        said = f"agents are no longer warned of {it}; they were at {before} of its time."
    else:
        said = f"agents are warned of {it} at {after} of its time"
        said += f" now instead of {before}." if before else " now; they were not before."
    yield differs(Kind.changed, _PROMISES, said, place.at("warn_at_percent"), before, after)


def _added(pair: Pair, number: int) -> Difference:
    side, part = pair.new, pair.new.document.targets[number]
    said = f"new promise{_for(side, part)}: {METRICS[part.metric]} {promise(part)}."
    cases = pair.cases[Metric(part.metric)]
    if not cases.is_in_both:
        found = [each for each in cases.tried if number in each.new]
        said += _example(pair, cases, found)
    place = Place(None, ("targets", number))
    return differs(Kind.added, _PROMISES, said, place, "", block_text(part), moves=True)


def _gone(side: Side, part: TargetPart, place: Place) -> Difference:
    said = f"no longer promised{_for(side, part)}: {METRICS[part.metric]} {promise(part)}."
    return differs(Kind.removed, _PROMISES, said, place, block_text(part), "", moves=True)


def _for(side: Side, part: TargetPart) -> str:
    said = condition_words(side, part.when)
    joins = " beside the one that governs" if part.also else ""
    return f"{joins} for {said}" if said else joins


def _governing(pair: Pair, cases: Cases) -> Iterator[Difference]:
    """Yield which tickets other targets govern now, and that targets changed places though it means nothing."""
    if cases.asked_alike or not cases.is_in_both:
        return
    place, metric = Place(("targets",), ("targets",)), METRICS[cases.metric]
    try:
        groups = cases.moved()
    except TooManyCases:
        said = f"the targets of {metric} tell too many kinds of ticket apart to try which of them another one governs."
        yield differs(Kind.governs, _PROMISES, said, place, moves=True)
        return
    for (old, new), found in groups.items():
        yield _other_governs(pair, cases, old, new, found)
    if not groups and not cases.in_the_same_order:
        said = f"the targets of {metric} stand in another order; every ticket has the same as before."
        yield differs(Kind.reordered, _WORDS, said, place)


def _other_governs(
    pair: Pair, cases: Cases, old: Governs, new: Governs, found: Sequence[Found]
) -> Difference:
    who = cases_words(pair.new, [each.case for each in cases.every], [each.case for each in found])
    before, after = _named(pair.old, old), _named(pair.new, new)
    said = f"{who or 'every ticket'}: {METRICS[cases.metric]} is now governed by {after} instead of {before}."
    place = Place(_place(old), _place(new))
    said += _example(pair, cases, found)
    return differs(Kind.governs, _PROMISES, said, place, before, after, moves=True)


def _place(governs: Governs) -> tuple[str | int, ...] | None:
    return ("targets", governs[0]) if governs else None


def _named(side: Side, governs: Governs) -> str:
    parts = [side.document.targets[number] for number in governs]
    return " together with ".join(f"{part.id} ({promise(part)})" for part in parts) or "no target"


def _example(pair: Pair, cases: Cases, found: Sequence[Found]) -> str:
    """Return a request that is due at another time, of the first of some cases that have one."""
    for each in found[:_CASES_TRIED]:
        dues = pair.dues(cases.metric, each)
        if moved(dues):
            return example(dues, cases.metric, pair.new.document.zone, known=bool(each.old))
    return ""
