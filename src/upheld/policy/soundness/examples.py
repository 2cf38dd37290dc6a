"""Whether examples tell something that can happen, and ask something that can fail."""

from collections.abc import Iterator

from upheld.policy.document import Document, ExampleEvent, ExamplePart, Expectation
from upheld.policy.phrases import read_wall_time
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark

_OF_A_CLOCK = ("target", "due", "warning", "state", "verdict")
_OF_THE_TICKET = ("clock", "status", "reminders", "told", "paged", "reply_due", "silent")
_DEEDS = ("customer", "agent", "turns_to", "desk", "assigns", "status", "priority", "fields", "promise")


def example_problems(document: Document) -> Iterator[Remark]:
    """Yield examples that cannot be run as they are told, or that would hold whatever the policy does."""
    for number, example in enumerate(document.examples):
        path: Path = ("examples", number)
        for place, event in enumerate(example.events):
            yield from _event(example, event, (*path, "events", place))
        for place, expected in enumerate(example.expect):
            yield from _expectation(example, expected, (*path, "expect", place))


def _event(example: ExamplePart, event: ExampleEvent, path: Path) -> Iterator[Remark]:
    if read_wall_time(event.at) < read_wall_time(example.received):
        said = f"this is told for {event.at}, before the request came"
        yield Remark("unclear-example", (*path, "at"), said, f"write a time from {example.received} on")
    if not any(getattr(event, name) for name in _DEEDS):
        yield Remark("unclear-example", path, "nothing happens here", f"say what: {', '.join(_DEEDS)}")
    if (event.promise is None) != (event.clock is None):
        said = "a promise names the clock and the time"
        yield Remark("unclear-example", path, said, "write `clock: update, promise: 2026-03-18 12:00`")


def _expectation(example: ExamplePart, expected: Expectation, path: Path) -> Iterator[Remark]:
    said_keys = expected.model_fields_set
    if expected.at is not None and read_wall_time(expected.at) < read_wall_time(example.received):
        said = f"this looks at {expected.at}, before the request came"
        yield Remark("unclear-example", (*path, "at"), said, f"write a time from {example.received} on")
    of_a_clock = [name for name in _OF_A_CLOCK if name in said_keys]
    if expected.clock is None and of_a_clock:
        said = f"{of_a_clock[0]!r} is expected of no clock"
        yield Remark("unclear-example", (*path, of_a_clock[0]), said, "add `clock: first_response`")
    elif "reply_due" not in said_keys and not any(
        getattr(expected, name) is not None for name in _OF_THE_TICKET
    ):
        yield Remark(
            "unclear-example", path, "this expects nothing", f"say what: {', '.join(_OF_THE_TICKET)}"
        )
    if not expected.exists and (of_a_clock or expected.clock is None):
        said = "a clock that does not exist has nothing else"
        yield Remark("unclear-example", (*path, "exists"), said, "write `clock` and `exists: false` alone")
