"""What publishing a policy would do to the open tickets of a desk, clock by clock."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import QuerySet

from upheld.desks.models import Desk
from upheld.policy import Effect, Mode, Moved, Policy, Verdict, preview_under
from upheld.tickets.models import Ticket
from upheld.tickets.pen import Recorded, read_stories
from upheld.tickets.versions import Versions, versions_of_each

DONE = ("resolved", "closed")
TAKING_OVER = (Mode.carry, Mode.recompute)
_CHUNK = 250
_COLUMNS = ("number", "desk_id", "policy_version_id", "received_at")
_NOTHING = timedelta(0)

Progress = Callable[[int, int], None]


class Change(StrEnum):
    """What becomes of one clock."""

    breached = "breached"
    earlier = "earlier"
    later = "later"
    begins = "begins"
    ends = "ends"
    runs = "runs"
    rests = "rests"
    paused = "paused"
    target = "target"
    stays = "stays"


@dataclass(frozen=True, slots=True)
class ChangedClock:
    """One clock of one ticket on which a publication has an effect, or that it leaves alone for a reason."""

    ticket: str
    change: Change
    moved: Moved

    @property
    def size(self) -> timedelta:
        """By how much its due time moves; by how much its time does, where it has no due time."""
        moved = self.moved
        if moved.due_at is not None and moved.new_due_at is not None:
            return abs(moved.new_due_at - moved.due_at)
        if moved.left is not None and moved.new_left is not None:
            return abs(moved.new_left - moved.left)
        return _NOTHING


@dataclass(frozen=True, slots=True, order=True)
class Lost:
    """Something that open tickets have and the new version does not know, or knows as an end of the work.

    `what` is "status", "end" (a status that the new version counts as done), "step" (a status to which tickets go by
    themselves) or "priority".
    """

    what: str
    id: str
    label: str
    tickets: int


@dataclass(slots=True)
class DeskEffect:
    """The effect on all open tickets at an instant. `tickets` are those that are open then, `done_by_then` those that
    are open now and will have ended by themselves; `clocks` are by mode, the largest moves first."""

    at: datetime
    tickets: int = 0
    done_by_then: int = 0
    lost: list[Lost] = field(default_factory=list)
    clocks: dict[Mode, list[ChangedClock]] = field(default_factory=dict)

    def counts(self, mode: Mode) -> dict[str, int]:
        """How many tickets there are, and how many clocks there are of each change."""
        counted = Counter(each.change.value for each in self.clocks.get(mode, ()))
        return {"tickets": self.tickets, **{each.value: counted.get(each.value, 0) for each in Change}}


def open_tickets(desk: Desk) -> QuerySet[Ticket]:
    """Return the tickets of a desk on which there is work."""
    return Ticket.objects.filter(desk=desk).exclude(status_category__in=DONE)


def openly_shown(desk: Desk) -> QuerySet[Ticket]:
    """Return those of them that every agent of the desk may know of."""
    return open_tickets(desk).filter(restricted=False)


def effect_on_open_tickets(
    desk: Desk,
    policy: Policy,
    at: datetime,
    modes: Sequence[Mode] = TAKING_OVER,
    *,
    progress: Progress | None = None,
) -> DeskEffect:
    """Return what publishing `policy` would do at `at`, if nothing else happened until then. Changes nothing and locks
    nothing; stories are read some hundreds at a time.

    Restricted tickets follow a version like others, but are left out here: whoever publishes need not be their reader.
    One whose status or priority the version does not know goes on in its first status, or with its usual priority.
    """
    whole = DeskEffect(at, clocks={mode: [] for mode in modes})
    lost: Counter[tuple[str, str, str]] = Counter()
    shown = openly_shown(desk).order_by("pk")
    ids = list(shown.values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        for ticket, versions, recorded in _read(ids[start : start + _CHUNK]):
            lived = [each for each in versions.in_force if each.since is None or each.since <= at]
            effect = preview_under(lived, policy, recorded.facts, at, modes)
            if effect.is_done:
                whole.done_by_then += 1
                continue
            whole.tickets += 1
            lost.update(_lost(effect, policy, versions))
            judged = _judged(recorded)
            for mode in modes:
                whole.clocks[mode] += _changed(ticket.number, effect.clocks[mode], judged)
        if progress is not None:
            progress(min(start + _CHUNK, len(ids)), len(ids))
    whole.lost = sorted(Lost(*key, count) for key, count in lost.items())
    for listed in whole.clocks.values():
        listed.sort(key=lambda each: (-each.size, each.ticket, each.moved.metric, each.moved.cycle))
    return whole


def _read(ids: Sequence[int]) -> Iterator[tuple[Ticket, Versions, Recorded]]:
    tickets = list(Ticket.objects.filter(pk__in=ids).order_by("pk").only(*_COLUMNS))
    versions, stories = versions_of_each(tickets), read_stories(ids)
    for ticket in tickets:
        yield ticket, versions[ticket.pk], stories[ticket.pk]


def _judged(recorded: Recorded) -> set[tuple[str, int]]:
    """The clocks that have a verdict in the story: whatever is evaluated, it stays."""
    verdicts = (each.data for each in recorded.consequences if each.kind == "verdict")
    return {(data["metric"], data["cycle"]) for data in verdicts}


def _changed(number: str, clocks: Iterable[Moved], judged: set[tuple[str, int]]) -> Iterator[ChangedClock]:
    for moved in clocks:
        change = change_of(moved)
        if change is not None and (moved.metric.value, moved.cycle) not in judged:
            yield ChangedClock(number, change, moved)


def change_of(moved: Moved) -> Change | None:
    """Return what becomes of a clock; None where nothing does."""
    if moved.is_the_same:
        return Change.stays if moved.stays else None
    if moved.new_verdict is Verdict.breached:
        return Change.breached
    if moved.new_target is None or moved.new_verdict is not None:
        return Change.ends
    if not moved.target:
        return Change.begins
    if moved.due_at is None or moved.new_due_at is None:
        return _of_paused(moved)
    if moved.due_at == moved.new_due_at:
        return Change.target
    return Change.earlier if moved.new_due_at < moved.due_at else Change.later


def _of_paused(moved: Moved) -> Change:
    if moved.due_at is not None:
        return Change.rests
    if moved.new_due_at is not None:
        return Change.runs
    return Change.paused if moved.left != moved.new_left else Change.target


def _lost(effect: Effect, new: Policy, versions: Versions) -> Iterator[tuple[str, str, str]]:
    """What a ticket has that would be lost under a version, as what, id and label."""
    old = next((each for each in versions.policies if each.has_status(effect.status)), versions.policies[0])
    status = old.status(effect.status)
    if not new.has_status(status.id):
        yield "status", status.id, status.label
    elif new.status(status.id).is_done:
        yield "end", status.id, status.label
    for step in status.after:
        if step.become is not None and not new.has_status(step.become):
            yield "step", step.become, old.status(step.become).label
    if not new.has_priority(effect.priority):
        known = next((each for each in versions.policies if each.has_priority(effect.priority)), old)
        yield "priority", effect.priority, known.priority(effect.priority).label


def told_lost(lost: Iterable[Lost]) -> str:
    """Say what would be lost, for a refusal."""
    return "; ".join(_TOLD[each.what] % (each.label, each.tickets) for each in lost)


_TOLD: Mapping[str, str] = {
    "status": "it has no status “%s” (open tickets in it: %d)",
    "end": "it counts the status “%s” as an end of the work (open tickets in it: %d)",
    "step": "it has no status “%s” (open tickets that go there by themselves: %d)",
    "priority": "it has no priority “%s” (open tickets that have it: %d)",
}
