"""What the figures of a desk need of a ticket's life beside its standing: its pauses, and what it was when."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from upheld.clock import from_micros
from upheld.policy.path import Path
from upheld.policy.run import Clock
from upheld.policy.standing import Metric, Standing
from upheld.policy.stay import Pause, Stretch
from upheld.policy.stretches import pieces

_Span = tuple[int, int]
# What makes two rests one and the same: the fact behind it, the status, the reason, who it was.
_Why = tuple[int, str, str, str]


class Stood(NamedTuple):
    """A stretch of time, [started_at, ended_at), in which at least one clock of a ticket stood still for one reason;
    `ended_at` is None while one does.

    `status` is the id of the one in which the ticket waited, empty where somebody stopped clocks otherwise. `reason`
    is what they said, `by` the kind of actor, `cause` the number of the fact in the story (0 where it happened by
    itself).
    """

    started_at: datetime
    ended_at: datetime | None
    status: str
    reason: str
    by: str
    cause: int


class Known(NamedTuple):
    """What a ticket's priority, plan or product was from an instant on."""

    since: datetime
    name: str
    value: str


class Course(NamedTuple):
    """A ticket's standing, its pauses in their order, and what it was when, oldest first."""

    standing: Standing
    pauses: tuple[Stood, ...]
    values: tuple[Known, ...]


def pauses_of(path: Path, clocks: Sequence[Clock], now: int) -> list[Stood]:
    """Return when the clocks of a ticket stood still up to `now`, and why.

    A clock that has a verdict stands still no more. Neither does what is done, or spam: that is over, not paused. Time
    that was counted after all is none in which clocks stood still.
    """
    if not path.pauses and not any(_rests(path, number) for number in range(len(path.stays))):
        return []
    of_metric: defaultdict[Metric, list[Clock]] = defaultdict(list)
    for clock in clocks:
        if clock.lanes:
            of_metric[clock.metric].append(clock)
    found: defaultdict[_Why, list[_Span]] = defaultdict(list)
    on: set[_Why] = set()
    cut_short = {Metric.update: path.unjudged} if path.unjudged else {}
    for metric in (*of_metric, *(cut_short.keys() - of_metric.keys())):
        lived, unjudged = of_metric[metric], cut_short.get(metric, ())
        whole = [(each.start, _until(each, now)) for each in lived]
        lives = _united([*whole, *((each.start, each.end) for each in unjudged)])
        ran = _united(span for each in (*lived, *unjudged) for span in each.ran)
        parts = list(pieces(path, metric, now))
        if _pauses(parts[-1]) and any(each.ended is None and each.rest_now is not None for each in lived):
            # The last one may have no length: what begins this very moment lasts.
            on.add(why := _why(parts[-1]))
            found[why].append((now, now))
        for part in filter(_pauses, parts):
            spans = [(max(part.start, start), min(part.end, end)) for start, end in lives]
            found[_why(part)] += _without(spans, ran)
    return _told(found, on, now)


def _pauses(part: Stretch) -> bool:
    is_spam = isinstance(part.rest, Pause) and part.rest.spam
    return part.rest is not None and not part.stay.status.is_done and not is_spam


def _rests(path: Path, number: int) -> bool:
    """Whether something stands still in a stay that is not the end of the work."""
    status = path.stays[number].status
    return not status.is_done and not path.metrics <= status.clocks


def _until(clock: Clock, now: int) -> int:
    """When a clock was over: with its verdict, whatever came later."""
    if clock.verdict is not None:
        return clock.verdict_at
    return now if clock.ended is None else clock.ended


def _why(part: Stretch) -> _Why:
    rest = part.rest
    if isinstance(rest, Pause):
        return rest.cause or 0, "", rest.reason, rest.author.value
    assert rest is not None  # noqa: S101 - only parts that rest are asked
    by = "system" if rest.author is None else rest.author.value
    return rest.cause or 0, rest.status.id, rest.reason or "", by


def _without(spans: Iterable[_Span], ran: Sequence[_Span]) -> Iterator[_Span]:
    """Yield what is left of spans without those in which a clock ran."""
    for start, end in spans:
        reached = start
        for begins, stops in ran:
            if stops <= reached:
                continue
            if begins >= end:
                break
            if begins > reached:
                yield reached, begins
            reached = stops
        if reached < end:
            yield reached, end


def _united(spans: Iterable[_Span]) -> list[_Span]:
    result: list[_Span] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _told(found: dict[_Why, list[_Span]], on: set[_Why], now: int) -> list[Stood]:
    spans = [(*span, why) for why, listed in found.items() for span in _united(listed)]
    return [
        Stood(
            from_micros(start),
            None if end == now and why in on else from_micros(end),
            status,
            reason,
            by,
            cause,
        )
        for start, end, why in sorted(spans, key=itemgetter(0, 1, 2))
        for cause, status, reason, by in (why,)
    ]
