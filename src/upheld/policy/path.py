"""The way of a ticket through its statuses, and what else the facts say; the first half of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upheld.clock import from_micros, to_micros
from upheld.policy.instants import micros_text
from upheld.policy.parts import Status
from upheld.policy.policy import Policy
from upheld.policy.standing import Consequence, Verdict
from upheld.policy.stay import Stay, Stretch
from upheld.policy.story import Actor, Event

# A call is often written down when it is over; entered within this time it counts when it was made.
_CALL_GRACE = 15 * 60 * 1_000_000


@dataclass(slots=True)
class Path:
    """What the facts up to an instant amount to, before any clock is looked at.

    `asks` and `answers` are the instants of the customer's messages that want an answer, and of the answers.
    `stretches` are kept here once they are laid out, by which stays count.
    `named` is the first instant at which each priority was named. `changes` are (instant, priority).
    """

    policy: Policy
    received: int | None = None
    by_staff: bool = False
    priority: str = ""
    stays: list[Stay] = field(default_factory=list)
    asks: list[int] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    changes: list[tuple[int, str]] = field(default_factory=list)
    named: dict[str, int] = field(default_factory=dict)
    consequences: list[Consequence] = field(default_factory=list)
    next_step_at: int | None = None
    stretches: dict[tuple[bool, ...], list[Stretch]] = field(default_factory=dict)
    _waiting_since: int = 0
    _steps_taken: int = 0

    def open(self, at: int, event: Event) -> None:
        """The first fact: the ticket exists."""
        self.received = at
        self.by_staff = bool(event.data.get("by_staff"))
        self.name_priority(at, event.data.get("priority") or self.policy.default_priority)
        if not self.priority:
            self.name_priority(at, self.policy.default_priority)
        self.enter(at, self.policy.status(self.policy.initial_status), None, event.seq, None)

    def name_priority(self, at: int, priority: Any) -> None:
        """Somebody named a priority; an id that the policy does not know changes nothing."""
        if self.policy.has_priority(priority) and priority != self.priority:
            self.priority = priority
            self.changes.append((at, priority))
            self.named.setdefault(priority, at)

    def enter(
        self, at: int, status: Status, reason: str | None, cause: int | None, verdict: Verdict | None
    ) -> None:
        """Begin a stay."""
        self.stays.append(Stay(at, status, reason, cause, verdict))
        self.wait_again(at)

    def wait_again(self, at: int) -> None:
        """Count what happens by itself from here: the stay began, or one side spoke."""
        self._waiting_since, self._steps_taken = at, 0
        after = self.stays[-1].status.after
        self.next_step_at = at + after[0].wait_micros if after else None

    def pass_time(self, until: int, *, inclusive: bool) -> None:
        """Let happen what happens by itself before `until`; at that very instant only when `inclusive`.

        A fact at the instant of a step comes first: an answer exactly in time is in time.
        """
        while (due := self.next_step_at) is not None and (due < until or (inclusive and due == until)):
            self._take_step(due)

    def _next_step(self) -> int | None:
        after = self.stays[-1].status.after
        if self._steps_taken >= len(after):
            return None
        return self._waiting_since + after[self._steps_taken].wait_micros

    def _take_step(self, at: int) -> None:
        status = self.stays[-1].status
        step = status.after[self._steps_taken]
        self._steps_taken += 1
        self.next_step_at = self._next_step()
        since = micros_text(self._waiting_since)
        if step.become is not None:
            entered = self.policy.status(step.become)
            verdict = Verdict.abandoned if entered.is_done else None
            self.consequences.append(_status_change(f"after:{since}", at, status, entered, "automatic"))
            self.enter(at, entered, None, None, verdict)
            return
        data = {"status": status.id, "step": step.name, "audience": step.remind, "entered_at": since}
        key = f"reminder:{status.id}:{since}:{step.name}"
        self.consequences.append(Consequence(key, from_micros(at), "reminder", data))


def follow(policy: Policy, story: Sequence[Event], at: int) -> Path:
    """Walk the facts up to and including `at` in their order."""
    path = Path(policy)
    facts = [(to_micros(event.at), event.seq, number) for number, event in enumerate(story)]
    facts.sort()
    for instant, _, number in facts:
        event = story[number]
        if instant > at or event.consequence:
            continue
        if path.received is not None:
            if path.next_step_at is not None and path.next_step_at < instant:
                path.pass_time(instant, inclusive=False)
            _read(path, instant, event)
        elif event.kind == "opened":
            path.open(instant, event)
    if path.received is not None:
        path.pass_time(at, inclusive=True)
    path.answers.sort()
    return path


def _read(path: Path, at: int, event: Event) -> None:
    kind = event.kind
    if kind == "message":
        _message(path, at, event)
    elif kind == "status":
        _status(path, at, event)
    elif kind == "priority":
        path.name_priority(at, event.data.get("to"))
    elif kind == "call" and event.actor == Actor.agent:
        made = _instant_of_call(at, event.data.get("stated_at"))
        path.answers.append(max(made, path.received or made))
        path.wait_again(at)


def _message(path: Path, at: int, event: Event) -> None:
    data, actor = event.data, event.actor
    if data.get("automatic") or not data.get("public", True):
        return
    direction = data.get("direction")
    if direction == "out" and actor == Actor.agent:
        path.answers.append(at)
        path.wait_again(at)
    elif direction == "in" and actor == Actor.customer:
        path.wait_again(at)
        if data.get("reopens", True):
            path.asks.append(at)
            _reply(path, at, event)


def _reply(path: Path, at: int, event: Event) -> None:
    status = path.stays[-1].status
    if status.on_reply is None or status.on_reply == status.id:
        return
    entered = path.policy.status(status.on_reply)
    path.consequences.append(_status_change(f"reply:{event.seq}", at, status, entered, "reply"))
    path.enter(at, entered, None, event.seq, None)


def _status(path: Path, at: int, event: Event) -> None:
    to, reason = event.data.get("to"), event.data.get("reason")
    if not path.policy.has_status(to):
        return
    status = path.policy.status(str(to))
    exclusion = path.policy.exclusion(reason) if status.is_done else None
    path.enter(at, status, reason, event.seq, exclusion.verdict if exclusion else None)


def _instant_of_call(entered: int, stated: Any) -> int:
    if isinstance(stated, str):
        try:
            stated = datetime.fromisoformat(stated)
        except ValueError:
            return entered
    if not isinstance(stated, datetime) or stated.utcoffset() is None:
        return entered
    made = to_micros(stated)
    return made if 0 <= entered - made <= _CALL_GRACE else entered


def _status_change(mark: str, at: int, left: Status, entered: Status, cause: str) -> Consequence:
    data = {"from": left.id, "to": entered.id, "cause": cause}
    return Consequence(f"status:{entered.id}:{mark}", from_micros(at), "status", data)
