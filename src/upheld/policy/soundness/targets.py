"""Whether each target says something that can be promised."""

from collections.abc import Iterator
from datetime import timedelta

from upheld.policy.amounts import Amount, AmountKind
from upheld.policy.compilation import read_on
from upheld.policy.document import ByHours, Document, TargetPart
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark
from upheld.policy.standing import Metric

_SHORTEST_INTERVAL = timedelta(minutes=5)
_NEEDS_HOURS = "the hours decide here, so name them: add `calendar:`"
_LENGTHS = (AmountKind.elapsed, AmountKind.working, AmountKind.days_same_time, AmountKind.days_at_close)


def target_problems(document: Document) -> Iterator[Remark]:
    """Yield what is wrong with single targets."""
    for number, part in enumerate(document.targets):
        path: Path = ("targets", number)
        yield from _amounts(document, part, path)
        yield from _cadence(part, path)
        if part.aim is not None:
            yield from _aim(part, str(part.aim), path)
        if part.also and not any(each.metric == part.metric for each in document.targets[:number]):
            said = f"there is no target for {part.id!r} to join"
            yield Remark("joins-nothing", (*path, "also"), said, "put one before it")


def amounts_of(part: TargetPart) -> list[Amount]:
    """Return every amount that a target tells, on its calendar; the aim comes last."""
    said = part.within if part.within is not None else part.every
    texts = [said.inside, said.outside] if isinstance(said, ByHours) else [str(said)]
    return [read_on(text, part.calendar) for text in [*texts, *([part.aim] if part.aim else [])]]


def _amounts(document: Document, part: TargetPart, path: Path) -> Iterator[Remark]:
    amounts, asks_hours = amounts_of(part), _asks_hours(part)
    has_calendar = part.calendar is not None or len(document.calendars) == 1
    place = (*path, "within" if part.within is not None else "every")
    if any(each.is_working for each in amounts) and not has_calendar:
        remedy = "add `calendar:` with one that is defined"
        yield Remark("needs-calendar", place, "working time needs a calendar", remedy)
    elif asks_hours and not has_calendar:
        said = f"the target {part.id!r} asks whether the desk is open"
        yield Remark("needs-calendar", path, said, _NEEDS_HOURS)
    if part.calendar is not None and not asks_hours and not any(each.is_working for each in amounts):
        remedy = "leave it out, or write working hours"
        yield Remark("useless-calendar", (*path, "calendar"), "elapsed time has no calendar", remedy)


def _asks_hours(part: TargetPart) -> bool:
    received = part.when is not None and part.when.received is not None
    return received or part.start == "next_opening" or isinstance(part.within, ByHours)


def _cadence(part: TargetPart, path: Path) -> Iterator[Remark]:
    told = read_on(part.within, None).has_clock if isinstance(part.within, str) else True
    if part.metric is Metric.update and part.within is not None and told:
        said = "an update is promised again and again"
        yield Remark("cadence-form", (*path, "within"), said, "write `every: 4 working hours`")
    if part.runs_while_paused and part.metric is not Metric.update:
        said = "only a cadence runs while the ticket is paused"
        yield Remark("cadence-form", (*path, "runs_while_paused"), said, "leave it out")
    if part.every is None:
        return
    every = read_on(part.every, None)
    place = (*path, "every")
    if part.metric is not Metric.update:
        said = "only updates are promised again and again"
        yield Remark("cadence-form", place, said, "write `within`, or `metric: update`")
    if not every.has_clock:
        yield Remark("cadence-form", place, f"{part.every!r} is no interval", "write it as `within`")
    elif timedelta(0) < every.duration < _SHORTEST_INTERVAL:
        said = f"an update every {part.every} is too often"
        yield Remark("too-often", place, said, "write at least 5 minutes")


def _aim(part: TargetPart, aim_text: str, path: Path) -> Iterator[Remark]:
    place = (*path, "aim")
    if "warn_at_percent" in part.model_fields_set:
        said = "the aim of a range is its warning"
        yield Remark("aim-form", (*path, "warn_at_percent"), said, "leave `warn_at_percent` out")
    if not isinstance(part.within, str):
        said = "an aim needs one amount that it stays below"
        yield Remark("aim-form", place, said, "write the amounts as two targets")
        return
    aim, breach = read_on(aim_text, None), read_on(part.within, None)
    if aim.kind not in _LENGTHS or breach.kind not in _LENGTHS:
        said = "the aim and the breach of a range are lengths of time or business days"
        yield Remark("aim-form", place, said, "as in `within: 3 business days`, `aim: 2 business days`")
    elif aim.kind is not breach.kind:
        said = "the aim and the breach of a range are told in the same unit"
        yield Remark("aim-form", place, said, f"as in {part.within!r}")
    elif (aim.duration, aim.days) >= (breach.duration, breach.days):
        said = "the aim of a range comes before its breach"
        yield Remark("aim-too-late", place, said, f"write less than {part.within!r}")
