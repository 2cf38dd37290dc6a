"""Whether the steps of ladders come, in their order, and who is on them."""

from collections.abc import Iterable, Iterator

from upheld.clock import Calendar
from upheld.policy.compilation import compile_calendar, compile_ladder
from upheld.policy.document import Document, LadderPart, PathLevelPart
from upheld.policy.phrases import read_delay, read_promise
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark
from upheld.policy.soundness.lengths import due_from, monday_opening
from upheld.policy.soundness.matrix import MOST_CASES, Case, Matrix, may_govern
from upheld.policy.soundness.statuses import DONE, clocks_in
from upheld.policy.soundness.targets import amounts_of

_NEEDS = "add `calendar:` with one that is defined"


def escalation_problems(document: Document) -> Iterator[Remark]:
    """Yield what forbids using the ladders and the customers' path; their references are sound."""
    for number, ladder in enumerate(document.escalation.ladders):
        path: Path = ("escalation", "ladders", number)
        yield from _calendar(document, ladder, path)
        yield from _holds(document, ladder, path)
    for number, level in enumerate(document.escalation.customer_path):
        yield from _reply(document, level, ("escalation", "customer_path", number))


def order_findings(document: Document) -> Iterator[Remark]:
    """Yield steps of ladders that stand behind later ones, counted from an ordinary Monday's opening."""
    calendars = {name: compile_calendar(part, document.zone) for name, part in document.calendars.items()}
    for number, ladder in enumerate(document.escalation.ladders):
        yield from _order(ladder, calendars, ("escalation", "ladders", number))


def role_findings(document: Document, filled: frozenset[str] | None) -> Iterator[Remark]:
    """Yield roles that nobody names, and of those that are named the ones that nobody fills, where that is known."""
    escalation = document.escalation
    named = {role for ladder in escalation.ladders for rung in ladder.steps for role in rung.tell}
    named |= {part.to_role for part in escalation.hand_overs if part.to_role is not None}
    named |= {level.role for level in escalation.customer_path}
    for number, part in enumerate(document.roles):
        path: Path = ("roles", number)
        if part.id not in named:
            said = f"no ladder, hand-over or path names the role {part.id!r}"
            yield Remark("unused-role", path, said, "name it, or leave it out")
        elif filled is not None and part.id not in filled:
            said = f"nobody on the desk fills the role {part.id!r}"
            remedy = f"`upheld role fill {part.id} ADDRESS`; until then it falls to the administrators"
            yield Remark("unfilled-role", path, said, remedy)


def _calendar(document: Document, ladder: LadderPart, path: Path) -> Iterator[Remark]:
    working = [place for place, rung in enumerate(ladder.steps) if read_delay(rung.after).is_working]
    asks_hours = ladder.when is not None and ladder.when.received is not None
    has_calendar = ladder.calendar is not None or len(document.calendars) == 1
    if working and not has_calendar:
        place: Path = (*path, "steps", working[0], "after")
        yield Remark("needs-calendar", place, "working time needs a calendar", _NEEDS)
    elif asks_hours and not has_calendar:
        said = f"the ladder {ladder.id!r} asks whether the desk is open"
        yield Remark("needs-calendar", path, said, _NEEDS)
    if ladder.calendar is not None and not working and not asks_hours:
        remedy = "leave it out, or write working hours"
        yield Remark("useless-calendar", (*path, "calendar"), "elapsed time has no calendar", remedy)


def _order(ladder: LadderPart, calendars: dict[str, Calendar], path: Path) -> Iterator[Remark]:
    compiled = compile_ladder(ladder, list(calendars))
    hours = Calendar.always() if compiled.hours is None else calendars[compiled.hours]
    start, latest = monday_opening(hours), None
    for place, step in enumerate(compiled.steps):
        due = due_from(start, step.delay, calendars)
        if latest is not None and due < latest:
            before = ladder.steps[place - 1].after
            said = f"{step.delay.text!r} comes before {before!r}, the step above it"
            remedy = "write the steps in the order of time"
            yield Remark("ladder-order", (*path, "steps", place, "after"), said, remedy)
        latest = due if latest is None else max(due, latest)


def _holds(document: Document, ladder: LadderPart, path: Path) -> Iterator[Remark]:
    wanted = None if ladder.when is None else ladder.when.status
    statuses = [part for part in document.statuses if wanted is None or part.id in wanted]
    running = [part for part in statuses if part.category not in DONE and ladder.until in clocks_in(part)]
    if not running:
        said = f"no clock of {ladder.until} runs where the ladder {ladder.id!r} holds, so it stands still for ever"
        place: Path = path if wanted is None else (*path, "when", "status")
        yield Remark("ladder-never-holds", place, said, "name statuses in which it runs, or another `until:`")
    elif ladder.counts_from == "due" and not _may_be_due(document, ladder):
        said = f"nothing of {ladder.until} falls due where the ladder {ladder.id!r} holds"
        remedy = "write `counts_from: start`, or add a target with a time"
        yield Remark("ladder-without-target", (*path, "counts_from"), said, remedy)


def _may_be_due(document: Document, ladder: LadderPart) -> bool:
    matrix = Matrix(document, ladder.until, with_hours=False)
    if matrix.count > MOST_CASES or not matrix.numbers:
        return bool(matrix.numbers)
    cases = (fitting for case, fitting in matrix.cases() if _concerns(ladder, case))
    return any(_has_clock(document, may_govern(document, fitting)) for fitting in cases)


def _concerns(ladder: LadderPart, case: Case) -> bool:
    wanted = {} if ladder.when is None else {name: getattr(ladder.when, name) for name in case}
    return all(ids is None or case[name] in ids for name, ids in wanted.items())


def _has_clock(document: Document, numbers: Iterable[int]) -> bool:
    return any(amount.has_clock for number in numbers for amount in amounts_of(document.targets[number]))


def _reply(document: Document, level: PathLevelPart, path: Path) -> Iterator[Remark]:
    working = level.reply_within is not None and read_promise(level.reply_within).is_working
    if working and level.calendar is None and len(document.calendars) != 1:
        yield Remark("needs-calendar", (*path, "reply_within"), "working time needs a calendar", _NEEDS)
    if level.calendar is not None and not working:
        remedy = "leave it out, or write working hours"
        yield Remark("useless-calendar", (*path, "calendar"), "elapsed time has no calendar", remedy)
