"""What a change would move, in sentences: one a promise."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import ClockStanding, ClockState, Verdict
from upheld.tickets.supposing import Promised
from upheld.web.presenting.times import Times, length
from upheld.web.presenting.words import METRICS, VERDICTS


@dataclass(frozen=True, slots=True)
class Move:
    """What becomes of one promise; `moves` is false for one that stays as it is."""

    metric: str
    words: str
    moves: bool


def moves(promised: Iterable[Promised], times: Times) -> list[Move]:
    """Return what becomes of each promise, those that change first."""
    found = [Move(str(METRICS[each.metric]), _words(each, times), each.moves) for each in promised]
    return sorted(found, key=lambda each: not each.moves)


def _words(promised: Promised, times: Times) -> str:
    before, after, fate = promised.before, promised.after, promised.fate
    if after is None:
        return _("has no target then")
    if before is None:
        return _("gets a target: %(due)s") % {"due": _due(after, times)}
    if not promised.moves and after.verdict is Verdict.breached and after.due_at is not None:
        return _("stays overdue since %(time)s") % {"time": times.when(after.due_at).text}
    if not promised.moves:
        return _("stays: %(due)s") % {"due": _due(after, times)}
    if fate is not None and _is_over(fate):
        ended = _ended(before, fate, times)
        if after.cycle == fate.cycle or after.due_at is None:
            return ended
        return _("%(ended)s; the next one is %(due)s") % {"ended": ended, "due": _due(after, times)}
    return _goes_on(before, after, times)


def _goes_on(before: ClockStanding, after: ClockStanding, times: Times) -> str:
    if after.verdict is Verdict.breached and before.verdict is None:
        said = {"due": times.when(after.due_at).text} if after.due_at else {"due": ""}
        return _("its time would be over since %(due)s: a breach, stamped as reclassified") % said
    if after.state is ClockState.paused and before.due_at is not None:
        said = {"left": length(after.budget - after.used), "due": times.when(before.due_at).text}
        return _("stops with %(left)s left; until now it was due %(due)s") % said
    if before.state is ClockState.paused and after.due_at is not None:
        said = {"left": length(after.budget - after.used), "due": _due(after, times)}
        return _("goes on with %(left)s left: %(due)s") % said
    return _("%(due)s; now it is %(before)s") % {"due": _due(after, times), "before": _due(before, times)}


def _is_over(clock: ClockStanding) -> bool:
    return clock.satisfied_at is not None or clock.state is ClockState.ended


def _ended(before: ClockStanding, fate: ClockStanding, times: Times) -> str:
    if before.verdict is Verdict.breached:
        return _("is answered; the breach stays")
    if fate.verdict is Verdict.met and before.due_at is not None:
        return _("is met; it was due %(time)s") % {"time": times.when(before.due_at).text}
    return _("ends: %(verdict)s") % {"verdict": str(VERDICTS[fate.verdict]).lower() if fate.verdict else ""}


def _due(clock: ClockStanding, times: Times) -> str:
    if clock.due_at is None:
        return _("paused, due once its clock runs again")
    return _("due %(time)s") % {"time": times.when(clock.due_at).text}
