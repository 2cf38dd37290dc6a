"""Whether the targets of a document fit together: each may govern, and none is missing."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product

from upheld.policy.amounts import AmountKind
from upheld.policy.compilation import CHOICES, read_on
from upheld.policy.document import CONDITIONS, ByHours, Document, TargetPart
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark, unknown
from upheld.policy.standing import Metric

_MOST_CELLS = 20_000
_SHORTEST_INTERVAL = timedelta(minutes=5)
_OTHER = "(any other)"
_PLURALS = {name.removesuffix("s"): name for name in CHOICES}
_NEEDS_HOURS = "the hours decide here, so name them: add `calendar:`"


def target_problems(document: Document) -> Iterator[Remark]:
    """Yield what forbids using the targets."""
    problems = [remark for number in range(len(document.targets)) for remark in _target(document, number)]
    yield from problems
    if not problems:
        yield from _coverage(document)


def target_findings(document: Document) -> Iterator[Remark]:
    """Yield joined targets that say the same in different units: a source often contradicts itself there."""
    for number, part in enumerate(document.targets):
        others = document.targets[:number]
        twins = [
            each for each in others if part.also and (each.metric, each.when) == (part.metric, part.when)
        ]
        if twins and not part.note and not part.assumed and part.start == twins[-1].start:
            message = (
                f"{part.id!r} and {twins[-1].id!r} promise two times for the same; the earlier due governs"
            )
            yield ("targets", number), message, "say with `note:` that this is meant"


def _target(document: Document, number: int) -> Iterator[Remark]:
    part, path = document.targets[number], ("targets", number)
    yield from _references(document, part, path)
    yield from _amounts(document, part, path)
    yield from _kind(part, path)
    if any(_only_joins(part, document.targets[:number])):
        yield (*path, "also"), f"there is no target for {part.id!r} to join", "put one before it"


def _only_joins(part: TargetPart, before: list[TargetPart]) -> Iterator[bool]:
    yield part.also and not any(each.metric == part.metric for each in before)


def _references(document: Document, part: TargetPart, path: Path) -> Iterator[Remark]:
    yield from unknown((*path, "calendar"), "calendar", part.calendar, document.calendars)
    for name in CONDITIONS if part.when else ():
        listed = known_ids(document, name)
        for id in getattr(part.when, name) or () if listed is not None else ():
            yield from unknown((*path, "when", name), name, id, listed or ())


def known_ids(document: Document, field: str) -> list[str] | None:
    """Return the ids that a field may have, or None where the document does not list them."""
    block = {"priority": "priorities", "status": "statuses", "channel": "channels"}.get(field) or _PLURALS[
        field
    ]
    listed = [part.id for part in getattr(document, block)]
    return listed or None


def _amounts(document: Document, part: TargetPart, path: Path) -> Iterator[Remark]:
    said = part.within if part.within is not None else part.every
    texts = [said.inside, said.outside] if isinstance(said, ByHours) else [str(said)]
    amounts = [read_on(text, part.calendar) for text in [*texts, *([part.aim] if part.aim else [])]]
    asks_hours = _asks_hours(part)
    has_calendar = part.calendar is not None or len(document.calendars) == 1
    place = (*path, "within" if part.within is not None else "every")
    if any(each.is_working for each in amounts) and not has_calendar:
        yield place, "working time needs a calendar", "add `calendar:` with one that is defined"
    elif asks_hours and not has_calendar:
        yield path, f"the target {part.id!r} asks whether the desk is open", _NEEDS_HOURS
    if part.calendar is not None and not asks_hours and not any(each.is_working for each in amounts):
        yield (*path, "calendar"), "elapsed time has no calendar", "leave it out, or write working hours"
    if any(each.kind is AmountKind.working and not each.duration for each in amounts):
        yield place, "this is no time", "write a longer one"


def _asks_hours(part: TargetPart) -> bool:
    received = part.when is not None and part.when.received is not None
    return received or part.start == "next_opening" or isinstance(part.within, ByHours)


def _kind(part: TargetPart, path: Path) -> Iterator[Remark]:
    told = read_on(part.within, None).has_clock if isinstance(part.within, str) else True
    if part.metric is Metric.update and part.within is not None and told:
        yield (*path, "within"), "an update is promised again and again", "write `every: 4 working hours`"
    if part.metric is not Metric.update and part.every is not None:
        yield (
            (*path, "every"),
            "only updates are promised again and again",
            "write `within`, or `metric: update`",
        )
    if part.every is not None and not read_on(part.every, None).has_clock:
        yield (*path, "every"), f"{part.every!r} is no interval", "write it as `within`"
    elif part.every is not None and timedelta(0) < read_on(part.every, None).duration < _SHORTEST_INTERVAL:
        yield (*path, "every"), f"an update every {part.every} is too often", "write at least 5 minutes"
    if part.runs_while_paused and part.metric is not Metric.update:
        yield (*path, "runs_while_paused"), "only a cadence runs while the ticket is paused", "leave it out"
    if part.aim is not None:
        yield from _aim(part, path)


def _aim(part: TargetPart, path: Path) -> Iterator[Remark]:
    place = (*path, "aim")
    if "warn_at_percent" in part.model_fields_set:
        yield (*path, "warn_at_percent"), "the aim of a range is its warning", "leave `warn_at_percent` out"
    if not isinstance(part.within, str):
        yield place, "an aim needs one amount that it stays below", "write the amounts as two targets"
        return
    aim, breach = read_on(str(part.aim), None), read_on(part.within, None)
    if aim.kind is not breach.kind:
        yield place, "the aim and the breach of a range are told in the same unit", f"as in {part.within!r}"
    elif (aim.duration, aim.days) >= (breach.duration, breach.days):
        yield place, "the aim of a range comes before its breach", f"write less than {part.within!r}"


def _coverage(document: Document) -> Iterator[Remark]:
    """Remark targets that can never govern, and requests that no target covers, by trying every kind of request."""
    for metric in dict.fromkeys(part.metric for part in document.targets):
        listed = [(number, part) for number, part in enumerate(document.targets) if part.metric == metric]
        yield from _covered(document, metric, listed)


def _covered(document: Document, metric: Metric, listed: list[tuple[int, TargetPart]]) -> Iterator[Remark]:
    names = [name for name in (*CONDITIONS, "received") if name == "priority" or _asked(listed, name)]
    values = [_values(document, listed, name) for name in names]
    count = 1
    for each in values:
        count *= len(each)
    if count > _MOST_CELLS:
        yield ("targets",), f"the targets of {metric} distinguish too many cases", f"at most {_MOST_CELLS}"
        return
    may_govern: set[int] = set()
    missing: list[dict[str, str]] = []
    for cell in product(*values):
        case = dict(zip(names, cell, strict=True))
        fitting = [number for number, part in listed if _fits(part, case)]
        may_govern.update(fitting[:1])
        may_govern.update(number for number in fitting if document.targets[number].also)
        if not fitting:
            missing.append(case)
    for number, part in listed:
        if number not in may_govern:
            message = f"the target {part.id!r} can never govern"
            yield ("targets", number), message, "an earlier target fits first: reorder"
    if missing:
        message = f"{metric} has no target for {_told(missing, names)}"
        yield ("targets",), message, "an absent promise must be said: add the missing targets"


def _asked(listed: list[tuple[int, TargetPart]], name: str) -> bool:
    return any(part.when is not None and getattr(part.when, name) for _, part in listed)


def _values(document: Document, listed: list[tuple[int, TargetPart]], name: str) -> list[str]:
    if name == "received":
        return ["inside", "outside"]
    known = known_ids(document, name)
    named = {id for _, part in listed if part.when for id in getattr(part.when, name) or ()}
    if known is not None and name in ("priority", "status"):
        return known
    return [*(known or sorted(named)), _OTHER]


def _fits(part: TargetPart, case: dict[str, str]) -> bool:
    if part.when is None:
        return True
    if part.when.received is not None and case["received"] != part.when.received:
        return False
    return all(case[name] in wanted for name in CONDITIONS if (wanted := getattr(part.when, name)))


def _told(missing: list[dict[str, str]], names: list[str]) -> str:
    if names == ["priority"]:
        return ", ".join(case["priority"] for case in missing)
    first = ", ".join(f"{name} {value}" for name, value in missing[0].items())
    return first if len(missing) == 1 else f"{first}, and {len(missing) - 1} more cases"
