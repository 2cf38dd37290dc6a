"""What a change would move, in sentences: one a promise."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.policy import ClockStanding
from upheld.tickets.supposing import Promised
from upheld.web.presenting.times import Times
from upheld.web.presenting.words import METRICS


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
    before, after = promised.before, promised.after
    if after is None:
        return _("has no target then")
    if before is None:
        return _("gets a target: %(due)s") % {"due": _due(after, times)}
    if not promised.moves:
        return _("stays: %(due)s") % {"due": _due(after, times)}
    return _("%(due)s; now it is %(before)s") % {"due": _due(after, times), "before": _due(before, times)}


def _due(clock: ClockStanding, times: Times) -> str:
    if clock.due_at is None:
        return _("paused, due once its clock runs again")
    return _("due %(time)s") % {"time": times.when(clock.due_at).text}
