"""Which clocks a ticket has, in which cycles: every metric has its own beginnings and ends."""

from itertools import count

from upheld.policy.path import Path
from upheld.policy.run import Clock, Finish, run
from upheld.policy.standing import Metric, Verdict
from upheld.policy.stay import Stay, Stretch


def clocks_of(path: Path, at: int) -> list[Clock]:
    """Return every clock in every cycle, run up to `at`; those without a target are left out."""
    if path.received is None:
        return []
    wanted = path.policy.metrics
    clocks: list[Clock] = []
    if Metric.first_response in wanted:
        clocks += _first_response(path, at)
    if Metric.next_reply in wanted:
        clocks += _next_replies(path, at)
    if Metric.resolution in wanted:
        clocks += _cycles(path, Metric.resolution, path.received, _resolutions(path), count(1), at)
    return [clock for clock in clocks if clock.plan is not None or clock.warned is not None]


def _first_response(path: Path, at: int) -> list[Clock]:
    start = first_response_start(path)
    if start is None:
        return []
    answer = next((answer for answer in path.answers if answer >= start), None)
    return _cycles(path, Metric.first_response, start, _response_finishes(path, start, answer), count(1), at)


def first_response_start(path: Path) -> int | None:
    """Return the receipt; for a ticket that staff opened the customer's first message, if there is one."""
    if not path.by_staff:
        return path.received
    return path.asks[0] if path.asks else None


def _next_replies(path: Path, at: int) -> list[Clock]:
    start = first_response_start(path)
    answered = next((answer for answer in path.answers if start is not None and answer >= start), None)
    clocks: list[Clock] = []
    numbers = count(1)
    while answered is not None:
        asked = next((ask for ask in path.asks if ask > answered), None)
        if asked is None:
            break
        answered = next((answer for answer in path.answers if answer >= asked), None)
        finishes = _response_finishes(path, asked, answered)
        clocks += _cycles(path, Metric.next_reply, asked, finishes, numbers, at)
    return clocks


def _cycles(
    path: Path, metric: Metric, start: int, finishes: list[Finish], numbers: "count[int]", at: int
) -> list[Clock]:
    """Run one obligation through its finishes.

    After a breach the clock goes on in the same cycle until the answer comes: there is no second verdict.
    After any other verdict, a reopening begins the next cycle, in which the clock goes on where it stopped.
    """
    stretches = _stretches(path, metric, at)
    clocks: list[Clock] = []
    live_from, cycle = start, next(numbers)
    for finish in [*finishes, None]:
        clock = run(path, Clock(metric, cycle, start, live_from), stretches, finish, at)
        last = finish is None or (finish.reopened is None and finish is finishes[-1])
        if clock.verdict is Verdict.breached and not last:
            continue
        clocks.append(clock)
        if last or finish is None or finish.reopened is None:
            break
        live_from, cycle = finish.reopened, next(numbers)
    return clocks


def _stretches(path: Path, metric: Metric, at: int) -> list[Stretch]:
    """Return when clocks of a metric run; statuses that follow each other and both run are one stretch."""
    runs = tuple([metric in stay.status.clocks for stay in path.stays])
    known = path.stretches.get(runs)
    if known is None:
        known = path.stretches[runs] = _laid_out(path.stays, runs, at)
    return known


def _laid_out(stays: list[Stay], runs: tuple[bool, ...], at: int) -> list[Stretch]:
    result: list[Stretch] = []
    begun, last = 0, len(stays) - 1
    for number, stay in enumerate(stays):
        if number < last and runs[number] and runs[number + 1]:
            continue
        end = stays[number + 1].start if number < last else at
        result.append(Stretch(stays[begun].start, end, runs[number], stay))
        begun = number + 1
    return result


def _resolutions(path: Path) -> list[Finish]:
    """Return the instants at which the work on the ticket was over, and how."""
    finishes: list[Finish] = []
    for number, stay in enumerate(path.stays):
        if stay.status.is_done and (number == 0 or not path.stays[number - 1].status.is_done):
            finishes.append(Finish(stay.start, stay.verdict or Verdict.met, _reopened(path, number)))
    return finishes


def _response_finishes(path: Path, start: int, answer: int | None) -> list[Finish]:
    """Return what ends an obligation to answer: closings that are no answer, and the answer."""
    finishes = [
        Finish(stay.start, stay.verdict, _reopened(path, number))
        for number, stay in enumerate(path.stays)
        if stay.verdict is not None and stay.start >= start and (answer is None or stay.start < answer)
    ]
    return finishes if answer is None else [*finishes, Finish(answer, Verdict.met, None)]


def _reopened(path: Path, closed: int) -> int | None:
    return next((stay.start for stay in path.stays[closed + 1 :] if not stay.status.is_done), None)
