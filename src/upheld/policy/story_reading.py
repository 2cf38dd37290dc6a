"""From JSON to a story, and back. What is wrong is told in one line that names the event."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import ValidationError

from upheld.policy.instants import instant_text
from upheld.policy.policy import Policy
from upheld.policy.story import Event
from upheld.policy.story_form import KINDS, STORY_VERSION, EventForm, StoryForm

# Kinds of a program's own begin so; they may be anywhere in a story and move no clock.
_OWN = "x_"
_LONGEST = timedelta(days=3660)


class StoryError(ValueError):
    """The story cannot be read as it stands; the message is one line that says where and what would be right."""


@dataclass(frozen=True, slots=True)
class ToldStory:
    """A story that was read, and the id that came with it."""

    id: str | int | None
    events: tuple[Event, ...]


def read_story(text: str) -> ToldStory:
    """Read a story in JSON; raises StoryError.

    Events may stand in any order: they are read by `at` and `seq`. Those that are marked as consequences are
    kept, and no evaluation reads them.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise StoryError(
            f"this is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        ) from None
    except RecursionError:
        raise StoryError("this is nested too deeply to be a story") from None
    return story_of_data(data)


def story_of_data(data: Any) -> ToldStory:
    """Read a story that was JSON; raises StoryError."""
    if not isinstance(data, dict):
        raise StoryError('a story is an object; write {"version": 1, "events": [...]}')
    try:
        form = StoryForm.model_validate(data)
    except ValidationError as error:
        raise StoryError(_told(error)) from None
    events = tuple(_event(form.events[number], number) for number in range(len(form.events)))
    _check_beginning(events)
    return ToldStory(form.id, events)


def story_json(events: Sequence[Event], id: str | int | None = None) -> dict[str, Any]:
    """Return a story as JSON-able data, in the form that `read_story` reads."""
    listed = [_plain(event) for event in events]
    return {"version": STORY_VERSION, **({} if id is None else {"id": id}), "events": listed}


class Stranger(NamedTuple):
    """An id that a policy does not know: of which event, and whether of a "priority" or of a "status"."""

    number: int
    what: str
    id: Any


def strange_ids(policy: Policy, events: Sequence[Event]) -> Iterator[Stranger]:
    """Yield every priority and status that a policy does not know."""
    for number, event in enumerate(events):
        to = event.data.get("to")
        named = event.data.get("priority") if event.kind == "opened" else to
        if event.consequence:
            continue
        if event.kind in ("opened", "priority") and named is not None and not policy.has_priority(named):
            yield Stranger(number, "priority", named)
        if event.kind == "status" and not policy.has_status(to):
            yield Stranger(number, "status", to)


def strangers(policy: Policy, events: Sequence[Event]) -> Iterator[str]:
    """Yield one line for every priority and status that a policy does not know: an evaluation passes over them."""
    for stranger in strange_ids(policy, events):
        yield told_stranger(policy, stranger)


def told_stranger(policy: Policy, stranger: Stranger, name: str = "the policy") -> str:
    """Say where a story names what a policy, called `name`, does not know, and what the policy has."""
    number, what, id = stranger
    known = ", ".join(each.id for each in (policy.priorities if what == "priority" else policy.statuses))
    return f"{_place(number)}: {name} has no {what} {id!r}; it has {known}"


def too_far(events: Sequence[Event], at: datetime) -> str | None:
    """Say why an instant is no sensible one to look at a story; a slip in a year would count millions of intervals."""
    received = min(event.at for event in events)
    dues = [due for event in events if isinstance(due := event.data.get("due_at"), str)]
    latest = max([at, *(datetime.fromisoformat(due) for due in dues)])
    if latest - received <= _LONGEST:
        return None
    return f"{latest.isoformat()} lies more than ten years after the receipt of {received.isoformat()}"


def _event(form: EventForm, number: int) -> Event:
    if not form.consequence:
        _check_kind(form, number)
    if form.recorded_at is not None and form.recorded_at < form.at:
        raise StoryError(
            f"{_place(number)}: it was recorded at {instant_text(form.recorded_at)}, before it held; "
            "`at` is never later than `recorded_at`"
        )
    seq = number + 1 if form.seq is None else form.seq
    return Event(form.at, form.kind, form.actor, form.data, seq, form.recorded_at, form.consequence)


def _check_kind(form: EventForm, number: int) -> None:
    if form.kind.startswith(_OWN):
        return
    known = KINDS.get(form.kind)
    if known is None:
        near = get_close_matches(form.kind, KINDS, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else f"kinds of your own begin with {_OWN!r}"
        raise StoryError(f"{_place(number)}: there is no kind {form.kind!r}; {remedy}")
    try:
        known.model_validate(form.data)
    except ValidationError as error:
        raise StoryError(f"{_place(number)} ({form.kind}): {_first(error)}") from None


def _check_beginning(events: Sequence[Event]) -> None:
    facts = [(each.at, each.seq, number) for number, each in enumerate(events) if not each.consequence]
    opened = [each for each in facts if events[each[2]].kind == "opened"]
    if not opened:
        raise StoryError("there is no receipt; a story has one event of the kind 'opened'")
    if len(opened) > 1:
        raise StoryError(f"{_place(opened[1][2])}: the ticket is opened twice; a story has one receipt")
    first = min(facts)
    if first < opened[0]:
        at = instant_text(events[first[2]].at)
        raise StoryError(f"{_place(first[2])}: it is at {at}, before the receipt; the receipt comes first")


def _told(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    location = first["loc"]
    if len(location) > 1 and location[0] == "events":
        return f"{_place(int(location[1]))}: {_first(error, skip=2)}"
    return _first(error)


def _first(error: ValidationError, skip: int = 0) -> str:
    first = error.errors(include_url=False)[0]
    path = ".".join(str(each) for each in first["loc"][skip:])
    what = _REMEDIES.get(first["type"], first["msg"].removeprefix("Value error, "))
    return f"{path}: {what}" if path else what


_REMEDIES = {
    "timezone_aware": "an instant needs a zone; write for example 2026-03-16T09:00:00Z",
    "missing": "this key is missing",
    "extra_forbidden": "there is no such key",
}


def _place(number: int) -> str:
    return f"event {number + 1}"


def _plain(event: Event) -> dict[str, Any]:
    data: Mapping[str, Any] = {
        name: instant_text(value) if hasattr(value, "utcoffset") else value
        for name, value in event.data.items()
    }
    told = {
        "at": instant_text(event.at),
        "kind": event.kind,
        "actor": event.actor.value,
        "data": dict(data),
        "seq": event.seq,
    }
    if event.recorded_at is not None:
        told["recorded_at"] = instant_text(event.recorded_at)
    if event.consequence:
        told["consequence"] = True
    return told
