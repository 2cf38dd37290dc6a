"""Whether every status can be reached and left, and what happens by itself in it."""

from collections.abc import Iterator
from datetime import timedelta

from upheld.policy.document import Document, StatusPart, StepPart
from upheld.policy.phrases import read_amount
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark
from upheld.policy.standing import Metric

DONE = ("resolved", "closed")


def status_problems(document: Document) -> Iterator[Remark]:
    """Yield what forbids using the statuses; their references are sound."""
    circling = _circling(document)
    for number, part in enumerate(document.statuses):
        path: Path = ("statuses", number)
        if part.id == document.initial_status and part.category in DONE:
            said = "a new ticket would be done at once"
            yield Remark("done-at-once", (*path, "category"), said, "begin with an open status")
        for place, step in enumerate(part.after):
            yield from _step(step, (*path, "after", place))
        yield from _order(part, path)
        if part.id in circling:
            said = f"{part.id!r} leads back to itself without anybody"
            yield Remark("endless-circle", (*path, "after"), said, "let the circle end somewhere")
    yield from _never_runs(document)


def status_findings(document: Document) -> Iterator[Remark]:
    """Yield statuses that nothing leads to or out of, and those in which nothing is counted or told."""
    leads = {part.id: _leads_to(document, part) for part in document.statuses}
    comes_from = {id: {each for each, to in leads.items() if id in to} for id in leads}
    done = {part.id for part in document.statuses if part.category in DONE}
    reached, ends = _reached({document.initial_status}, leads), _reached(done, comes_from)
    promised = {part.metric for part in document.targets}
    if not done:
        said = "there is no status in which the work is over"
        yield Remark("trap", ("statuses",), said, "add one with `category: closed`")
    for number, part in enumerate(document.statuses):
        path: Path = ("statuses", number)
        if part.id not in reached:
            said = f"nothing leads to the status {part.id!r}"
            remedy = "let agents choose it, or name it in `next`, `on_reply` or `become`"
            yield Remark("unreachable-status", path, said, remedy)
        elif done and part.id not in ends:
            said = f"nothing leads from {part.id!r} to a status in which the work is over"
            yield Remark("trap", path, said, "let agents, a reply or a step lead out of it")
        if part.category == "open" and promised and not promised & clocks_in(part) and not part.note:
            said = f"no promised clock runs in {part.id!r}, though it is open"
            yield Remark("no-clock-runs", (*path, "clocks"), said, "let clocks run, or say why not: `note:`")
        yield from _moves(document, part, path)
        if part.category == "waiting" and _closes_unannounced(document, part):
            said = f"a ticket in {part.id!r} is closed without a reminder before"
            remedy = "remind the customer earlier: `remind: customer`"
            yield Remark("closes-unannounced", (*path, "after"), said, remedy)


def clocks_in(part: StatusPart) -> set[Metric]:
    """Return the metrics whose clocks run in a status."""
    return set(Metric) if part.clocks == "all" else set() if part.clocks == "none" else set(part.clocks)


def _never_runs(document: Document) -> Iterator[Remark]:
    running = {metric for part in document.statuses for metric in clocks_in(part)}
    told: set[Metric] = set()
    for number, part in enumerate(document.targets):
        if part.metric not in running | told and not part.runs_while_paused:
            told.add(part.metric)
            said = f"the clock of {part.metric} runs in no status"
            yield Remark(
                "metric-never-runs", ("targets", number), said, "list it under `clocks:` of a status"
            )


def _step(step: StepPart, path: Path) -> Iterator[Remark]:
    if read_amount(step.wait).working:
        said = "waits in a status are elapsed time"
        yield Remark("wait-in-working-time", (*path, "wait"), said, "write `72 elapsed hours`")
    if (step.remind is None) == (step.become is None):
        said = "a step reminds somebody or changes the status"
        yield Remark("unclear-step", path, said, "write `remind` or `become`")


def _order(part: StatusPart, path: Path) -> Iterator[Remark]:
    """Remark what would come after the first change; a reminder at its very instant comes before it."""
    changes = [_wait(step) for step in part.after if step.become is not None]
    if not changes:
        return
    first = changes.index(min(changes))
    seen = -1
    for place, step in enumerate(part.after):
        seen += step.become is not None
        is_first = step.become is not None and seen == first
        late = _wait(step) > min(changes) or (step.become is not None and not is_first)
        if late:
            said = "this step comes after the status has changed"
            yield Remark("step-after-change", (*path, "after", place), said, "put it before the change")


def _wait(step: StepPart) -> timedelta:
    return read_amount(step.wait).duration


def _circling(document: Document) -> set[str]:
    """Return the statuses that follow themselves by what happens by itself."""
    following = {
        part.id: next((step.become for step in part.after if step.become), None) for part in document.statuses
    }
    circling: set[str] = set()
    for id in following:
        reached, current = set[str](), following.get(id)
        while current is not None and current not in reached:
            reached.add(current)
            current = following.get(current)
        if id in reached:
            circling.add(id)
    return circling


def _leads_to(document: Document, part: StatusPart) -> set[str]:
    settable = {each.id for each in document.statuses if each.agent_may_set}
    moves = settable if part.next is None else settable & set(part.next)
    steps = {step.become for step in part.after if step.become is not None}
    return moves | steps | ({part.on_reply} if part.on_reply else set())


def _reached(start: set[str], leads: dict[str, set[str]]) -> set[str]:
    reached, ahead = set(start), list(start)
    while ahead:
        found = leads[ahead.pop()] - reached
        reached |= found
        ahead += found
    return reached


def _moves(document: Document, part: StatusPart, path: Path) -> Iterator[Remark]:
    settable = {each.id for each in document.statuses if each.agent_may_set}
    for place, id in enumerate(part.next or ()):
        if id not in settable:
            said = f"agents are offered {id!r} here, and may not choose it"
            yield Remark(
                "move-not-allowed", (*path, "next", place), said, "leave it out, or let them choose it"
            )


def _closes_unannounced(document: Document, part: StatusPart) -> bool:
    done = {each.id for each in document.statuses if each.category in DONE}
    closes = [_wait(step) for step in part.after if step.become in done]
    reminded = [_wait(step) for step in part.after if step.remind == "customer"]
    return bool(closes) and not any(wait < min(closes) for wait in reminded)
