"""The examples of a policy document: small stories, and what the author expects of them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from upheld.clock import CalendarError, zone
from upheld.policy.document import Document, ExampleEvent, ExamplePart, Expectation
from upheld.policy.escalating import complaints_under
from upheld.policy.evaluation import evaluate
from upheld.policy.expectations import Difference, Look, differences
from upheld.policy.explanation import explain
from upheld.policy.path import InForce
from upheld.policy.phrases import read_wall_time
from upheld.policy.policy import Policy
from upheld.policy.problems import Problem
from upheld.policy.reading import Path, Reading
from upheld.policy.remarks import Remark
from upheld.policy.story import Actor, Event

_MESSAGES: dict[str, tuple[Actor, str, dict[str, object]]] = {
    "writes": (Actor.customer, "message", {"direction": "in", "public": True}),
    "thanks": (Actor.customer, "message", {"direction": "in", "public": True, "reopens": False}),
    "auto_replies": (Actor.customer, "message", {"direction": "in", "public": True, "automatic": True}),
    "answers": (Actor.agent, "message", {"direction": "out", "public": True}),
    "calls": (Actor.agent, "call", {"direction": "out"}),
    "notes": (Actor.agent, "note", {}),
    "pauses": (Actor.agent, "paused", {"reason": "paused"}),
    "resumes": (Actor.agent, "resumed", {}),
    "acknowledges": (Actor.system, "acknowledged", {}),
    "admits": (Actor.agent, "admitted", {"contract_at_receipt": False}),
    "admits_with_contract": (Actor.agent, "admitted", {"contract_at_receipt": True}),
}
# A slip in a year, under a promise of an update every five minutes, would count for hours.
_MOST_INTERVALS = 20_000
_LONGEST = timedelta(days=3660)
_DAY = timedelta(days=1)


class ExamplesRun(NamedTuple):
    """What came of the examples: problems, and the targets that governed a clock in any of them."""

    failures: list[Problem]
    reached: set[str]

    def remarks(self, document: Document, idle: set[Path]) -> Iterator[Remark]:
        """Yield what no example shows; `idle` are the targets that never decide, which none could show."""
        if not document.examples:
            remedy = "add small stories with the due times that you expect"
            yield Remark("no-examples", (), "there are no examples", remedy)
            return
        missing = [
            part.id
            for number, part in enumerate(document.targets)
            if part.id not in self.reached and ("targets", number) not in idle
        ]
        if missing:
            said = f"no example shows {', '.join(missing)} at work"
            yield Remark("no-example", ("examples",), said, "add small stories in which these targets govern")


def run_examples(policy: Policy, document: Document, reading: Reading) -> ExamplesRun:
    """Run every example up to each of its expectations."""
    run = ExamplesRun([], set())
    left = _MOST_INTERVALS
    for number, example in enumerate(document.examples):
        story = story_of(example, policy.zone)
        for place, expected in enumerate(example.expect):
            path: Path = ("examples", number, "expect", place)
            at = _instant(expected.at, policy.zone) if expected.at else max(event.at for event in story)
            left -= _intervals(policy, at - story[0].at)
            if left < 0 or at - story[0].at > _LONGEST:
                said = f"example {example.name!r} spans too much time"
                run.failures.append(reading.problem("too-large", path, said, "look at an earlier instant"))
                return run
            for difference in _look(policy, story, at, expected, run.reached):
                said = f"example {example.name!r}: {difference.said}"
                run.failures.append(reading.problem("example-failed", path, said, difference.hint))
    return run


def story_of(example: ExamplePart, zone_name: str) -> list[Event]:
    """Return the facts of an example, with its wall times read in the policy's zone."""
    opened: dict[str, object] = {
        "channel": "email",
        "priority": example.priority,
        "by_staff": example.by_staff,
        "held": example.held,
        **dict(example.fields.items()),
    }
    actor = Actor.agent if example.by_staff else Actor.customer
    story = [Event(_instant(example.received, zone_name), "opened", actor, opened)]
    for each in example.events:
        at = _instant(each.at, zone_name)
        for actor, kind, data in _facts(each, zone_name):
            story.append(Event(at, kind, actor, data, seq=len(story)))
    return story


def _look(
    policy: Policy, story: Sequence[Event], at: datetime, expected: Expectation, reached: set[str]
) -> Iterator[Difference]:
    """Yield what is otherwise than expected, and note which targets are at work."""
    try:
        standing = evaluate(policy, story, at)
        reached.update(clock.target for clock in standing.clocks)
        reached.update(each.target for each in standing.unclocked)
        look = Look(
            policy,
            standing,
            lambda: explain(policy, story, at),
            lambda: complaints_under((InForce(policy),), story, at),
        )
        yield from differences(expected, look)
    except CalendarError as error:
        yield Difference(f"it cannot be counted: {error}", "tell a story of these years")


def _intervals(policy: Policy, span: timedelta) -> int:
    """Return how many updates may fall due in a span of time."""
    cadences = [target.amount.duration or _DAY for target in policy.targets if target.repeats]
    return span // min(cadences, default=_DAY)


def _facts(event: ExampleEvent, zone_name: str) -> Iterator[tuple[Actor, str, dict[str, object]]]:
    if event.assigns is not None:
        yield Actor.agent, "assigned", {"to": event.assigns}
    for said in (event.customer, event.agent, event.desk):
        if said is not None:
            yield _MESSAGES[said]
    for name, value in event.fields.items():
        yield Actor.agent, "field", {"name": name, "to": value}
    if event.turns_to is not None:
        yield Actor.customer, "complaint", {"role": event.turns_to}
    if event.promise is not None:
        due = _instant(event.promise, zone_name)
        yield Actor.agent, "promised", {"metric": event.clock, "due_at": due}
    if event.priority is not None:
        yield Actor.agent, "priority", {"to": event.priority, "reason": event.reason}
    if event.status is not None:
        yield Actor.agent, "status", {"to": event.status, "reason": event.reason}


def _instant(wall: str, zone_name: str) -> datetime:
    return read_wall_time(wall).replace(tzinfo=zone(zone_name)).astimezone(UTC)
