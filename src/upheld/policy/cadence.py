"""The clocks of a cadence: an update at least every so often, each missed interval judged by itself."""

from collections.abc import Iterator, Sequence

from upheld.policy.beginning import begin
from upheld.policy.living import live
from upheld.policy.obligations import ends_of_work
from upheld.policy.path import Path, Unjudged
from upheld.policy.run import Clock, Finish, Silence
from upheld.policy.standing import Metric, Verdict
from upheld.policy.stay import Stretch
from upheld.policy.stretches import has_unbroken, stretches, unbroken


def cadence(path: Path, at: int) -> list[Clock]:
    """Return every interval: from the last update, else from the start, and after a miss from the missed due."""
    clocks: list[Clock] = []
    for start, end in _work(path, at):
        _intervals(path, start, end, at, clocks)
    return clocks


def _work(path: Path, at: int) -> Iterator[tuple[int, int | None]]:
    """Yield the stretches of time in which there is work on the ticket; the last may be open."""
    start = path.received
    for finish in ends_of_work(path):
        if start is not None:
            yield start, finish.at
        start = finish.reopened
        if start is None:
            return
    if start is not None:
        yield start, None


def _intervals(path: Path, start: int, end: int | None, at: int, clocks: list[Clock]) -> None:
    line, some_unbroken = stretches(path, Metric.update, at), has_unbroken(path)
    updates = [answer.at for answer in path.answers if end is None or answer.at <= end]
    silence, place, first = Silence(start, 0), 0, start
    while True:
        clock = Clock(Metric.update, _number(clocks), start, start, silence=silence, goes_on=start > first)
        begin(path, clock)
        while place < len(updates) and updates[place] <= start:
            place += 1
        update = updates[place] if place < len(updates) else None
        lifted = unbroken(path, Metric.update, start, line) if some_unbroken else line
        due = _live(path, clock, lifted, update, end, at)
        if due is not None:
            clocks.append(clock)
            start, silence = due, Silence(silence.since, silence.missed + 1)
        elif update is not None:
            # One that warned keeps its number, even where a lowered priority then took its target away.
            if clock.lanes or clock.warned is not None:
                clocks.append(clock)
            start, silence = update, Silence(update, 0)
        else:
            if end is not None and clock.lanes:
                path.unjudged.append(Unjudged(start, end, clock.ran))
            if end is None or clock.warned is not None:
                clocks.append(_cut_short(clock, end))
            return


def _live(
    path: Path, clock: Clock, line: Sequence[Stretch], update: int | None, end: int | None, at: int
) -> int | None:
    """Live one interval; return the due instant that it missed, if it missed one."""
    until = end if update is None else update
    live(path, clock, line, clock.start, None if until is None else Finish(until, Verdict.met, None), at)
    if clock.verdict is not Verdict.breached:
        return None
    clock.silence = clock.silence and Silence(clock.silence.since, clock.silence.missed + 1)
    # What came after the miss belongs to the next interval.
    clock.satisfied, clock.ended = None, clock.verdict_at
    return clock.verdict_at


def _cut_short(clock: Clock, end: int | None) -> Clock:
    """An interval in which the work ended is not judged; what it warned of stays."""
    if end is not None:
        clock.lanes, clock.ended = [], end
    return clock


def _number(clocks: Sequence[Clock]) -> int:
    return clocks[-1].cycle + 1 if clocks else 1
