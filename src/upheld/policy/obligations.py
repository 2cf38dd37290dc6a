"""When a ticket owes something, and what ends it."""

from bisect import bisect_left
from typing import NamedTuple

from upheld.policy.changes import Absorbed, Change, Kind
from upheld.policy.lane import Lane
from upheld.policy.path import Path, Turn
from upheld.policy.run import Finish
from upheld.policy.standing import Metric, Verdict
from upheld.policy.taking_over import lane_of


class Obligation(NamedTuple):
    """Something owed from `start` until it is answered. `absorbed` are the targets that came with it from a merged
    ticket, if it came from one, and `parted` the instant at which every such merge was undone."""

    start: int
    answered: int | None
    finishes: list[Finish]
    absorbed: list[Lane] | None = None
    parted: int | None = None

    def is_owed(self, at: int) -> bool:
        """Whether it is still owed at an instant."""
        ends = [each for each in (self.answered, self.parted) if each is not None]
        return self.start <= at and all(at < end for end in ends)


def first_responses(path: Path) -> list[Obligation]:
    """Return the first response, and those that a merged ticket still owed when nothing was owed here."""
    start = _first_turn(path)
    owed = [] if start is None else [_obligation(path, start, _answer(path, start))]
    return _with_absorbed(path, Metric.first_response, owed)


def _first_turn(path: Path) -> Turn | None:
    """Return the receipt; for a ticket that staff opened the customer's first message, if there is one.

    The receipt comes before everything, even before what happened at its very instant.
    """
    if path.by_staff:
        return path.asks[0] if path.asks else None
    return None if path.received is None else Turn(path.received)


def next_replies(path: Path) -> list[Obligation]:
    """Return every further reply: owed from the oldest message that nobody has answered."""
    start = _first_turn(path)
    owed: list[Obligation] = []
    answer = None if start is None else _answer(path, start)
    while answer is not None:
        place = bisect_left(path.asks, answer)
        if place == len(path.asks):
            break
        ask = path.asks[place]
        answer = _answer(path, ask)
        owed.append(_obligation(path, ask, answer))
    return _with_absorbed(path, Metric.next_reply, owed)


def _obligation(path: Path, start: Turn, answer: Turn | None) -> Obligation:
    answered = None if answer is None else answer.at
    return Obligation(start.at, answered, _finishes(path, start.at, answered))


def resolution(path: Path) -> list[Obligation]:
    """Return the one obligation to bring the work on the ticket to its end."""
    return [] if path.received is None else [Obligation(path.received, None, ends_of_work(path))]


def ends_of_work(path: Path) -> list[Finish]:
    """Return the instants at which the work on the ticket was over, and how."""
    finishes: list[Finish] = []
    was_done = False
    for number, stay in enumerate(path.stays):
        is_done = stay.status.is_done or stay.verdict is not None
        if is_done and not was_done:
            verdict = stay.verdict or Verdict.met
            finishes.append(Finish(stay.start, verdict, _reopened(path, number), stay.verdict_cause))
        was_done = is_done
    return finishes


def _answer(path: Path, since: Turn) -> Turn | None:
    place = bisect_left(path.answers, since)
    return path.answers[place] if place < len(path.answers) else None


def _finishes(path: Path, start: int, answer: int | None) -> list[Finish]:
    """Return what ends an obligation to answer: closings that are no answer, and the answer."""
    finishes: list[Finish] = []
    for number, stay in enumerate(path.stays):
        if stay.verdict is None or stay.start < start or (answer is not None and stay.start >= answer):
            continue
        if finishes and not _went_on(finishes[-1], stay.start):
            # It was over already: what is closed cannot be given up once more.
            continue
        reopened = _until(_reopened(path, number), answer)
        finishes.append(Finish(stay.start, stay.verdict, reopened, stay.verdict_cause))
    return finishes if answer is None else [*finishes, Finish(answer, Verdict.met, None)]


def _went_on(finish: Finish, at: int) -> bool:
    return finish.reopened is not None and finish.reopened <= at


def _until(reopened: int | None, end: int | None) -> int | None:
    """The instant at which something was taken up again, unless it had been answered, or taken away, by then."""
    return None if reopened is None or (end is not None and reopened > end) else reopened


def _reopened(path: Path, closed: int) -> int | None:
    return next(
        (stay.start for stay in path.stays[closed + 1 :] if not stay.status.is_done and stay.verdict is None),
        None,
    )


def _with_absorbed(path: Path, metric: Metric, owed: list[Obligation]) -> list[Obligation]:
    """Add what merged tickets brought along when nothing was owed here; what is owed takes the rest in by itself."""
    if not path.has_absorbed:
        return owed
    for change in path.changes:
        lanes = _brought(change, metric)
        if lanes and not any(each.is_owed(change.at) for each in owed):
            answer = _answer(path, Turn(change.at))
            answered = None if answer is None else answer.at
            parted = _parted(path, metric, change, answered)
            finishes = _until_parted(path, change, answered, parted)
            owed.append(Obligation(change.at, answered, finishes, lanes, parted))
            owed.sort(key=_start)
    return owed


def _brought(change: Change, metric: Metric) -> list[Lane]:
    if change.kind is not Kind.absorbed:
        return []
    detail: Absorbed = change.detail
    return [
        lane_of(change.policy, taken, change.at, detail.source)
        for taken in detail.clocks
        if taken.metric == metric
    ]


def _parted(path: Path, metric: Metric, change: Change, answer: int | None) -> int | None:
    """When the last of the merges was undone from which an obligation came; None while one of them holds."""
    sources = {change.detail.source}
    for other in path.changes:
        if other.at < change.at or (answer is not None and other.at > answer):
            continue
        if _brought(other, metric):
            sources.add(other.detail.source)
        elif other.kind is Kind.parted:
            sources.discard(other.detail)
            if not sources:
                return other.at
    return None


def _until_parted(path: Path, change: Change, answer: int | None, parted: int | None) -> list[Finish]:
    finishes = _finishes(path, change.at, answer)
    if parted is None:
        return finishes
    before = [each._replace(reopened=_until(each.reopened, parted)) for each in finishes if each.at <= parted]
    return [*before, Finish(parted, Verdict.transferred, None, "merge undone")]


def _start(obligation: Obligation) -> int:
    return obligation.start
