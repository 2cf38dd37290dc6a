"""What each kind of fact does to the way of a ticket."""

from bisect import insort
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from upheld.clock import from_micros, to_micros
from upheld.policy import complaints
from upheld.policy.changes import Absorbed, Counted, Kind, Promise, Taken
from upheld.policy.instants import micros_text
from upheld.policy.path import Correction, Path
from upheld.policy.standing import Consequence, LateCall, Metric, Verdict
from upheld.policy.stay import Pause
from upheld.policy.story import Actor, Event

FIELDS = ("channel", "plan", "region", "reason", "product", "team", "tier")
NO_CONTRACT = "no contract"
TOLD_TOGETHER = "told together with problem"
SPAM, NOT_SPAM = "spam", "not spam"
_METRICS = frozenset(Metric)
_DESK = frozenset((Actor.agent, Actor.system, Actor.integration))


def read_receipt(path: Path, at: int, event: Event) -> None:
    """The first fact: the ticket was received."""
    data, policy = event.data, path.policy
    named = data.get("priority")
    values = {name: value for name in FIELDS if isinstance(value := data.get(name), str)}
    known = isinstance(named, str) and policy.has_priority(named)
    values["priority"] = str(named) if known else policy.default_priority
    path.restricted = bool(data.get("restricted"))
    path.open(at, values, by_staff=bool(data.get("by_staff")), actor=event.actor, seq=event.seq)
    if data.get("held"):
        path.pauses.append(Pause(at, None, None, NO_CONTRACT, event.seq, Actor.system))


def _message(path: Path, at: int, event: Event) -> None:
    data, actor = event.data, event.actor
    if path.merged_at is not None or data.get("automatic") or not data.get("public", True):
        return
    direction = data.get("direction")
    if direction == "out":
        _out(path, at, actor)
    elif direction == "in" and actor is Actor.customer:
        _in(path, at, event)


def _out(path: Path, at: int, actor: Actor) -> None:
    responses = path.policy.responses
    if actor is not Actor.agent and not (responses.assistants and actor is Actor.assistant):
        return
    path.wait_again(at)
    if path.complaints and actor is Actor.agent:
        complaints.answer(path.complaints, at)
    if path.assigned or not responses.only_when_assigned:
        path.answers.append(path.turn(at))


def _in(path: Path, at: int, event: Event) -> None:
    status = path.stays[-1].status
    reopens = event.data.get("reopens", True)
    if reopens and status.is_done and status.on_reply is not None and not path.may_reopen(at):
        _refuse_to_reopen(path, at, event)
        return
    if not reopens:
        path.wait_again(at)
        return
    path.asks.append(path.turn(at))
    if status.on_reply is None or status.on_reply == status.id:
        path.wait_again(at)
        return
    entered = path.policy.status(status.on_reply)
    path.tell_status(f"reply:{event.seq}", at, status, entered, "reply")
    path.enter(at, entered, None, event.seq, event.actor)


def _refuse_to_reopen(path: Path, at: int, event: Event) -> None:
    data = {"seq": event.seq, "window_ended_at": micros_text(path.window_end)}
    path.consequences.append(Consequence(f"new_ticket:{event.seq}", from_micros(at), "new_ticket", data))


def _call(path: Path, at: int, event: Event) -> None:
    if event.actor is not Actor.agent or path.merged_at is not None:
        return
    stated = _read_instant(event.data.get("stated_at"))
    made = at
    if stated is not None and stated < at:
        if at - stated <= path.policy.call_grace_micros:
            made = stated
        else:
            path.late_calls.append(LateCall(event.seq, from_micros(stated), from_micros(at)))
    path.wait_again(at)
    if path.complaints:
        complaints.answer(path.complaints, made)
    if path.assigned or not path.policy.responses.only_when_assigned:
        insort(path.answers, path.turn(max(made, path.received or made)))


def _status(path: Path, at: int, event: Event) -> None:
    to, reason = event.data.get("to"), event.data.get("reason")
    if not path.policy.has_status(to) or path.merged_at is not None:
        return
    status = path.policy.status(str(to))
    if path.stays[-1].status.is_done and not status.is_done and not path.may_reopen(at):
        _refuse_to_reopen(path, at, event)
        return
    exclusion = path.policy.exclusion(reason) if status.is_done else None
    verdict = exclusion.verdict if exclusion else None
    path.enter(at, status, reason, event.seq, event.actor, verdict, "reason")


def _priority(path: Path, at: int, event: Event) -> None:
    path.name_priority(at, event.data.get("to"))


def _field(path: Path, at: int, event: Event) -> None:
    name, to = event.data.get("name"), event.data.get("to")
    if event.actor in _DESK and name in FIELDS and (to is None or isinstance(to, str)):
        path.set_field(at, name, to or "")


def _assigned(path: Path, at: int, event: Event) -> None:
    path.assigned = event.data.get("to") is not None
    for name in ("team", "tier"):
        if isinstance(value := event.data.get(name), str):
            path.set_field(at, name, value)


def _complaint(path: Path, at: int, event: Event) -> None:
    found = complaints.complaint(path.policy, at, str(event.data.get("role")), event.seq)
    if found is not None and event.actor in (Actor.customer, Actor.agent) and path.merged_at is None:
        path.complaints.append(found)


def _acknowledged(path: Path, at: int, event: Event) -> None:
    if path.asks_acknowledgement:
        path.note_change(at, Kind.acknowledged)


def _restricted(path: Path, at: int, event: Event) -> None:
    path.restrict(at, restricted=True)
    _end_together(path, at)


def _opened_up(path: Path, at: int, event: Event) -> None:
    _end_together(path, at)
    path.restrict(at, restricted=False)
    _stand_together(path, at, event)


def _paused(path: Path, at: int, event: Event) -> None:
    if event.actor not in _DESK:
        return
    listed = event.data.get("clocks")
    metrics = None if listed is None else frozenset(Metric(each) for each in listed if each in _METRICS)
    reason = str(event.data.get("reason") or "paused")
    path.pauses.append(Pause(at, None, metrics, reason, event.seq, event.actor))


def _resumed(path: Path, at: int, event: Event) -> None:
    if event.actor in _DESK:
        _end_pauses(path, at, held=False)


def _end_pauses(path: Path, at: int, *, held: bool) -> None:
    for pause in path.pauses:
        if pause.end is None and pause.lifts and is_hold(pause) == held:
            pause.end = at


def _problem_joined(path: Path, at: int, event: Event) -> None:
    """A ticket has one problem: another one takes the place of the first."""
    if event.actor in _DESK:
        _end_together(path, at)
        path.problem = str(event.data.get("number") or "of several tickets")
        _stand_together(path, at, event)


def _problem_left(path: Path, at: int, event: Event) -> None:
    if event.actor in _DESK:
        _end_together(path, at)
        path.problem = ""


def _stand_together(path: Path, at: int, event: Event) -> None:
    """Updates come from the problem from here on. Of a restricted ticket nobody tells but those who read it."""
    if path.problem and not path.restricted:
        reason = f"{TOLD_TOGETHER} {path.problem}"
        pause = Pause(at, None, frozenset({Metric.update}), reason, event.seq, event.actor, together=True)
        path.pauses.append(pause)


def _end_together(path: Path, at: int) -> None:
    for pause in path.pauses:
        if pause.end is None and pause.together:
            pause.end = at


def is_hold(pause: Pause) -> bool:
    """Whether a pause is the hold at intake, which only an admission ends."""
    return pause.reason == NO_CONTRACT and pause.author is Actor.system


def _admitted(path: Path, at: int, event: Event) -> None:
    held = [each for each in path.pauses if each.end is None and is_hold(each)]
    if event.actor not in _DESK or not held:
        return
    _end_pauses(path, at, held=True)
    if event.data.get("contract_at_receipt"):
        path.note_change(at, Kind.counted, Counted(held[0].start, "admitted"))


def is_spam(pause: Pause) -> bool:
    """Whether a pause is that of spam, which only its undoing ends."""
    return pause.spam


def _spam(path: Path, at: int, event: Event) -> None:
    """Nobody asked for anything: whatever runs stands still for good, without a verdict."""
    if event.actor not in _DESK or path.spam_since is not None:
        return
    path.spam_since = at
    path.pauses.append(Pause(at, None, None, SPAM, event.seq, event.actor, spam=True))
    path.wait_again(at)
    for each in path.complaints:
        each.ended = at


def _not_spam(path: Path, at: int, event: Event) -> None:
    """It was a request after all, and the time in which nobody took it for one counts."""
    if event.actor not in _DESK or path.spam_since is None:
        return
    since, path.spam_since = path.spam_since, None
    for pause in path.pauses:
        if pause.spam and pause.end is None:
            pause.end = at
    for each in path.complaints:
        each.ended = path.merged_at
    path.wait_again(at)
    path.note_change(at, Kind.counted, Counted(since, NOT_SPAM))


def _promised(path: Path, at: int, event: Event) -> None:
    due, metric = _read_instant(event.data.get("due_at")), event.data.get("metric")
    if event.actor is Actor.agent and due is not None and due > at and metric in _METRICS:
        path.note_change(at, Kind.promised, Promise(str(metric), at, due))


def _merged(path: Path, at: int, event: Event) -> None:
    if path.merged_at is not None:
        return
    status = path.policy.closing_status or path.stays[-1].status
    reason = f"merged into {event.data.get('into') or 'another ticket'}"
    path.enter(at, status, reason, event.seq, event.actor, Verdict.transferred, "merged")
    path.merged_at = at
    for each in path.complaints:
        each.ended = at


def _merge_undone(path: Path, at: int, event: Event) -> None:
    if path.merged_at is None:
        return
    since, path.merged_at = path.merged_at, None
    for each in path.complaints:
        each.ended = path.spam_since
    before = next(
        stay for stay in reversed(path.stays) if stay.start <= since and stay.verdict_cause != "merged"
    )
    path.enter(at, before.status, before.reason, event.seq, event.actor)
    path.note_change(at, Kind.counted, Counted(since, "merge undone", before.status))


def _absorbed(path: Path, at: int, event: Event) -> None:
    path.has_absorbed = True
    listed = event.data.get("clocks")
    clocks = tuple(_taken(each) for each in listed if isinstance(each, Mapping)) if listed else ()
    path.note_change(at, Kind.absorbed, Absorbed(str(event.data.get("source")), clocks))


def _taken(data: Mapping[str, Any]) -> Taken:
    due = data.get("due_at")
    return Taken(
        str(data["metric"]),
        str(data["target"]),
        str(data["target_label"]),
        data.get("calendar"),
        to_micros(datetime.fromisoformat(data["started_at"])),
        int(data["budget"]),
        int(data["used"]),
        None if due is None else to_micros(datetime.fromisoformat(due)),
    )


def _absorption_undone(path: Path, at: int, event: Event) -> None:
    path.note_change(at, Kind.parted, str(event.data.get("source")))


def _corrected(path: Path, at: int, event: Event) -> None:
    data = event.data
    if event.actor is not Actor.agent or data.get("verdict") not in frozenset(Verdict):
        return
    verdict, reason = Verdict(data["verdict"]), str(data.get("reason") or "")
    cycle = data.get("cycle")
    correction = Correction(
        at, str(data.get("metric")), cycle if isinstance(cycle, int) else 1, verdict, reason, event.seq
    )
    path.corrections.append(correction)


def _read_instant(value: Any) -> int | None:
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    return to_micros(value) if isinstance(value, datetime) and value.utcoffset() is not None else None


READERS: dict[str, Callable[[Path, int, Event], None]] = {
    "message": _message,
    "call": _call,
    "status": _status,
    "priority": _priority,
    "field": _field,
    "assigned": _assigned,
    "complaint": _complaint,
    "acknowledged": _acknowledged,
    "restricted": _restricted,
    "opened_up": _opened_up,
    "paused": _paused,
    "resumed": _resumed,
    "admitted": _admitted,
    "spam": _spam,
    "not_spam": _not_spam,
    "problem_joined": _problem_joined,
    "problem_left": _problem_left,
    "promised": _promised,
    "merged": _merged,
    "merge_undone": _merge_undone,
    "absorbed": _absorbed,
    "absorption_undone": _absorption_undone,
    "corrected": _corrected,
}
