"""What an example expects, against what the policy makes of it; where the two differ, what came close."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from upheld.clock import zone
from upheld.policy.complaints import ComplaintStanding
from upheld.policy.document import Expectation
from upheld.policy.ledger import Ledger
from upheld.policy.phrases import read_wall_time
from upheld.policy.policy import Policy
from upheld.policy.standing import ClockStanding, Consequence, Standing


class Difference(NamedTuple):
    """What was expected and what is; a hint says what came close."""

    said: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """A ticket at the instant that an expectation is about. `ledgers` explains it, and `complaints` are
    what of the customer's path was taken, both on demand."""

    policy: Policy
    standing: Standing
    ledgers: Callable[[], Sequence[Ledger]]
    complaints: Callable[[], Sequence[ComplaintStanding]]

    def instant(self, wall: str) -> datetime:
        """Return the instant of a wall time in the policy's zone."""
        return read_wall_time(wall).replace(tzinfo=zone(self.policy.zone)).astimezone(UTC)

    def wall(self, at: datetime | None) -> str:
        """Return an instant as a wall time in the policy's zone."""
        if at is None:
            return "never"
        local = at.astimezone(zone(self.policy.zone))
        return f"{local:%Y-%m-%d %H:%M:%S}{f'.{local.microsecond:06}' if local.microsecond else ''}"

    def consequences(self, kind: str) -> list[Consequence]:
        """Return what the policy has made happen of one kind."""
        return [each for each in self.standing.consequences if each.kind == kind]


def differences(expected: Expectation, look: Look) -> Iterator[Difference]:
    """Yield what is otherwise than expected."""
    yield from _status(expected, look)
    yield from _reminders(expected, look)
    yield from _told(expected, look)
    yield from _path(expected, look)
    if expected.clock is None:
        return
    wanted = (expected.clock, expected.cycle)
    clocks = [each for each in look.standing.clocks if (each.metric, each.cycle) == wanted]
    if not expected.exists:
        for clock in clocks:
            said = f"expected no {expected.clock} clock in cycle {expected.cycle}, there is one"
            yield Difference(said, f"it is {clock.state}, due {look.wall(clock.due_at)} by {clock.target!r}")
    elif not clocks:
        said = f"there is no {expected.clock} clock in cycle {expected.cycle}"
        yield Difference(said, _why_no_clock(expected, look))
    else:
        yield from _clock(expected, clocks[0], look)


def _status(expected: Expectation, look: Look) -> Iterator[Difference]:
    now = look.standing
    if expected.status is not None and now.status != expected.status:
        said = f"expected the status {expected.status}, it is {now.status}"
        entered = [each for each in look.consequences("status") if each.data["to"] == now.status]
        hint = f"the policy changed it at {look.wall(entered[-1].at)}" if entered else ""
        if not entered and now.wake_at is not None:
            hint = f"the next thing that happens by itself comes at {look.wall(now.wake_at)}"
        yield Difference(said, hint)


def _reminders(expected: Expectation, look: Look) -> Iterator[Difference]:
    sent = look.consequences("reminder")
    if expected.reminders is not None and len(sent) != expected.reminders:
        said = f"expected {expected.reminders} reminders, there are {len(sent)}"
        yield Difference(said, _at(sent, look))


def _told(expected: Expectation, look: Look) -> Iterator[Difference]:
    steps = look.consequences("escalated")
    paged = [each for each in steps if each.data["page"]]
    for name, wanted, found in (("told", expected.told, steps), ("paged", expected.paged, paged)):
        roles = [role for each in found for role in each.data["tell"]]
        if wanted is not None and wanted != roles:
            said = f"expected {_listed(wanted)} to be {name}, it is {_listed(roles)}"
            yield Difference(said, _at(found, look))


def _path(expected: Expectation, look: Look) -> Iterator[Difference]:
    if "reply_due" in expected.model_fields_set:
        taken = look.complaints()
        due = look.wall(taken[-1].due_at if taken else None)
        wanted = None if expected.reply_due is None else look.instant(expected.reply_due)
        if not taken or taken[-1].due_at != wanted:
            said = (
                f"expected a reply on the customer's path by {expected.reply_due or 'no time'}, it is {due}"
            )
            yield Difference(said, "" if taken else "the customer has not turned to anybody")
    missed = look.consequences("complaint_missed")
    roles = [each.data["role"] for each in missed]
    if expected.silent is not None and expected.silent != roles:
        said = f"expected {_listed(expected.silent)} to be silent, it is {_listed(roles)}"
        yield Difference(said, _at(missed, look))


def _clock(expected: Expectation, clock: ClockStanding, look: Look) -> Iterator[Difference]:
    if "due" in expected.model_fields_set:
        wanted = None if expected.due is None else look.instant(expected.due)
        if clock.due_at != wanted:
            said = f"expected due {expected.due or 'never'}, it is {look.wall(clock.due_at)}"
            yield Difference(said, _why_due(wanted, clock, look))
    if expected.warning is not None and clock.warn_at != look.instant(expected.warning):
        said = f"expected a warning at {expected.warning}, it is {look.wall(clock.warn_at)}"
        yield Difference(said, _why_warning(clock, look))
    if expected.target is not None and clock.target != expected.target:
        said = f"expected the target {expected.target}, it is {clock.target}"
        yield Difference(said, _why_target(expected.target, clock, look))
    if expected.state is not None and clock.state != expected.state:
        since = "" if clock.paused_since is None else f"paused since {look.wall(clock.paused_since)}: "
        hint = f"{since}{clock.pause_reason}" if clock.pause_reason else ""
        yield Difference(f"expected {expected.state}, it is {clock.state}", hint)
    if expected.verdict is not None and clock.verdict != expected.verdict:
        said = f"expected the verdict {expected.verdict}, it is {clock.verdict or 'not given yet'}"
        yield Difference(said, _why_verdict(clock, look))


def _why_no_clock(expected: Expectation, look: Look) -> str:
    cycles = [str(each.cycle) for each in look.standing.clocks if each.metric == expected.clock]
    if cycles:
        return f"its cycles are {', '.join(cycles)}"
    for each in look.standing.unclocked:
        if each.metric == expected.clock:
            return f"{each.target!r} promises no time: {each.kind.replace('_', ' ')}"
    if expected.clock not in look.policy.metrics:
        return f"no target promises {expected.clock}"
    others = dict.fromkeys(str(each.metric) for each in look.standing.clocks)
    return f"the clocks are {', '.join(others) or 'none'}"


def _why_due(wanted: datetime | None, clock: ClockStanding, look: Look) -> str:
    if clock.due_at is None:
        return f"it is paused since {look.wall(clock.paused_since)}: {clock.pause_reason}"
    by = f"by {clock.target!r}, counted from {look.wall(clock.started_at)}"
    if wanted is None:
        return by
    side = "later" if clock.due_at > wanted else "earlier"
    by = f"{_span(abs(clock.due_at - wanted))} {side}, {by}"
    for ledger in look.ledgers():
        if (ledger.metric, ledger.cycle) == (clock.metric, clock.cycle):
            rivals = [rival for rival in ledger.rivals if rival.due_at == wanted]
            if rivals:
                return f"{by}; it would be so by {rivals[0].target!r}, but the earlier due governs"
    return by


def _why_warning(clock: ClockStanding, look: Look) -> str:
    if clock.warn_at is None:
        return f"the clock is {clock.state}"
    return f"by {clock.target!r}, due {look.wall(clock.due_at)}"


def _why_target(wanted: str, clock: ClockStanding, look: Look) -> str:
    for ledger in look.ledgers():
        for rival in ledger.rivals if (ledger.metric, ledger.cycle) == (clock.metric, clock.cycle) else ():
            if rival.target == wanted:
                return f"{wanted!r} is joined, and would be due {_span(rival.later)} later"
    return f"due {look.wall(clock.due_at)}"


def _why_verdict(clock: ClockStanding, look: Look) -> str:
    answered = "" if clock.satisfied_at is None else f", answered {look.wall(clock.satisfied_at)}"
    given = "" if clock.verdict_at is None else f", judged {look.wall(clock.verdict_at)}"
    return f"due {look.wall(clock.due_at)}{answered}{given}"


def _at(found: Sequence[Consequence], look: Look) -> str:
    return f"at {', '.join(look.wall(each.at) for each in found)}" if found else ""


def _listed(roles: Sequence[str]) -> str:
    return ", ".join(roles) or "nobody"


def _span(span: timedelta) -> str:
    """Return a length of time in hours and minutes, and in seconds where it needs them."""
    minutes, rest = divmod(span, timedelta(minutes=1))
    parts = [f"{minutes // 60} h" if minutes >= 60 else "", f"{minutes % 60} min" if minutes % 60 else ""]
    parts.append(f"{rest.total_seconds():g} s" if rest or not minutes else "")
    return " ".join(part for part in parts if part)
