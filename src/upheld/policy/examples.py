"""The examples of a policy document: small stories, and what the author expects of them."""

from collections.abc import Iterator
from datetime import UTC, datetime

from upheld.clock import zone
from upheld.policy.document import Document, ExampleEvent, ExamplePart, Expectation
from upheld.policy.evaluation import evaluate
from upheld.policy.phrases import read_wall_time
from upheld.policy.policy import Policy
from upheld.policy.problems import Problem
from upheld.policy.reading import Path, Reading
from upheld.policy.standing import ClockStanding, Standing
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


def run_examples(policy: Policy, document: Document, reading: Reading) -> list[Problem]:
    """Return a problem for every expectation that the policy does not fulfil."""
    problems: list[Problem] = []
    for number, example in enumerate(document.examples):
        story = story_of(example, policy.zone)
        for place, expected in enumerate(example.expect):
            at = _instant(expected.at, policy.zone) if expected.at else story[-1].at
            path: Path = ("examples", number, "expect", place)
            standing = evaluate(policy, story, at)
            for message in _differences(policy.zone, expected, standing):
                problems.append(reading.problem(path, f"example {example.name!r}: {message}", ""))
    return problems


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


def _facts(event: ExampleEvent, zone_name: str) -> Iterator[tuple[Actor, str, dict[str, object]]]:
    for said in (event.customer, event.agent, event.desk):
        if said is not None:
            yield _MESSAGES[said]
    for name, value in event.fields.items():
        yield Actor.agent, "field", {"name": name, "to": value}
    if event.promise is not None:
        due = _instant(event.promise, zone_name)
        yield Actor.agent, "promised", {"metric": event.clock, "due_at": due}
    if event.priority is not None:
        yield Actor.agent, "priority", {"to": event.priority, "reason": event.reason}
    if event.status is not None:
        yield Actor.agent, "status", {"to": event.status, "reason": event.reason}


def _instant(wall: str, zone_name: str) -> datetime:
    return read_wall_time(wall).replace(tzinfo=zone(zone_name)).astimezone(UTC)


def _differences(zone_name: str, expected: Expectation, standing: Standing) -> Iterator[str]:
    if expected.status is not None and standing.status != expected.status:
        yield f"expected the status {expected.status}, it is {standing.status}"
    if expected.clock is None:
        return
    clock = _clock(expected, standing)
    if clock is None:
        yield f"there is no {expected.clock} clock in cycle {expected.cycle}"
        return
    if "due" in expected.model_fields_set:
        wanted = None if expected.due is None else _instant(expected.due, zone_name)
        if clock.due_at != wanted:
            yield f"expected due {expected.due or 'never'}, it is {_wall(clock.due_at, zone_name)}"
    if expected.target is not None and clock.target != expected.target:
        yield f"expected the target {expected.target}, it is {clock.target}"
    if expected.state is not None and clock.state != expected.state:
        yield f"expected {expected.state}, it is {clock.state}"
    if expected.verdict is not None and clock.verdict != expected.verdict:
        yield f"expected the verdict {expected.verdict}, it is {clock.verdict or 'not given yet'}"


def _clock(expected: Expectation, standing: Standing) -> ClockStanding | None:
    wanted = (expected.clock, expected.cycle)
    return next((each for each in standing.clocks if (each.metric, each.cycle) == wanted), None)


def _wall(at: datetime | None, zone_name: str) -> str:
    return "never" if at is None else f"{at.astimezone(zone(zone_name)):%Y-%m-%d %H:%M:%S}"
