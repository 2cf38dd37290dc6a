"""The walk over a ticket's facts, in their order and under the versions of the policy that were in force."""

from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter, ge

from upheld.clock import micros_of_each, to_micros
from upheld.policy.changes import Mode
from upheld.policy.facts import READERS, read_receipt
from upheld.policy.path import InForce, Path
from upheld.policy.story import Event


def follow(versions: Sequence[InForce], story: Sequence[Event], at: int) -> Path:
    """Walk the facts up to and including `at` in their order, under the versions in force."""
    path = Path(versions[0].policy)
    path.asks_acknowledgement = any(each.policy.governing.asks_acknowledgement for each in versions)
    later = _published(versions, at)
    for instant, event in _in_order(story, at):
        while later and later[0][0] <= instant:
            _publish(path, *later.pop(0))
        if path.received is None:
            if event.kind == "opened":
                read_receipt(path, instant, event)
            continue
        if path.next_step_at is not None and path.next_step_at < instant:
            path.pass_time(instant, inclusive=False)
        read = READERS.get(event.kind)
        if read is not None:
            read(path, instant, event)
    for since, version in later:
        _publish(path, since, version)
    if path.next_step_at is not None:
        path.pass_time(at, inclusive=True)
    return path


def _in_order(story: Sequence[Event], at: int) -> list[tuple[int, Event]]:
    """Return the facts up to an instant by `at` and `seq`; most stories are stored in that order."""
    facts = [event for event in story if not event.consequence]
    instants = micros_of_each([event.at for event in facts])
    if any(map(ge, instants, instants[1:])):
        facts.sort(key=_place)
        instants.sort()
    ordered = list(zip(instants, facts, strict=True))
    return ordered if not ordered or instants[-1] <= at else ordered[: bisect_right(instants, at)]


_place = attrgetter("at", "seq")


def _published(versions: Sequence[InForce], at: int) -> list[tuple[int, InForce]]:
    if len(versions) == 1:
        return []
    later = [
        (to_micros(each.since), each) for each in versions[1:] if each.since and each.mode is not Mode.pin
    ]
    return [each for each in later if each[0] <= at]


def _publish(path: Path, since: int, version: InForce) -> None:
    """Let a version take over the ticket; one that is done then stays as it was, also when it is opened again."""
    if path.received is None:
        path.policy = version.policy
        return
    path.pass_time(since, inclusive=False)
    if not path.stays[-1].status.is_done:
        path.publish(since, version.policy, version.mode)
