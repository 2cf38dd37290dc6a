"""Stories and standings as JSON: what other programs write and read."""

import copy
import json
from pathlib import Path

import pytest
from desk_stories import Story, london, replying_school, school
from hypothesis import given
from lengths import tries
from made_up_stories import instants, stories
from pydantic import TypeAdapter

from upheld.policy import Standing, StoryError, evaluate, explain, json_schemas, read_story, story_json
from upheld.policy.forms import form_of
from upheld.policy.ledger import Ledger
from upheld.policy.story_reading import strangers

PUBLISHED = Path(__file__).parents[2] / "docs" / "policy" / "schema"
GOOD = {
    "version": 1,
    "id": "T-7",
    "events": [
        {"at": "2026-03-16T09:00:00Z", "kind": "opened", "actor": "customer", "data": {"priority": "high"}},
        {"at": "2026-03-16T10:00:00Z", "kind": "message", "actor": "agent", "data": {"direction": "out"}},
    ],
}


def said(change):
    """Return what is said of a story that was changed."""
    data = copy.deepcopy(GOOD)
    change(data)
    with pytest.raises(StoryError) as caught:
        read_story(json.dumps(data))
    assert "\n" not in str(caught.value)
    return str(caught.value)


def event(number, **changes):
    return lambda data: data["events"][number].update(changes)


def add(**event):
    return lambda data: data["events"].append(event)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (event(1, at="2026-03-16T10:00:00"), "event 2: at: an instant needs a zone; write for example"),
        (event(1, at="tomorrow"), "event 2: at: Input should be a valid datetime"),
        (event(1, at="9999-12-31T23:59:59Z"), "event 2: at: the year is not one from 1970 to 9000"),
        (event(1, at=1e300), "event 2: at:"),
        (event(1, kind="mesage"), "event 2: there is no kind 'mesage'; did you mean 'message'?"),
        (event(1, kind="zz"), "event 2: there is no kind 'zz'; kinds of your own begin with 'x_'"),
        (event(1, actor="robot"), "event 2: actor: Input should be 'customer', 'agent'"),
        (event(1, data={"direction": "up"}), "event 2 (message): direction: Input should be 'in' or 'out'"),
        (event(1, data={}), "event 2 (message): direction: this key is missing"),
        (event(1, data=[]), "event 2: data:"),
        (event(1, seq=-1), "event 2: seq:"),
        (event(1, seen=True), "event 2: seen: there is no such key"),
        (event(1, recorded_at="2026-03-16T09:59:59Z"), "event 2: it was recorded at 2026-03-16T09:59:59"),
        (
            event(1, at="2026-03-16T08:59:59Z"),
            "event 2: it is at 2026-03-16T08:59:59.000000Z, before the receipt",
        ),
        (event(0, kind="note"), "there is no receipt; a story has one event of the kind 'opened'"),
        (event(1, kind="opened"), "event 2: the ticket is opened twice"),
        (event(0, data={"priority": 7}), "event 1 (opened): priority:"),
        (event(0, data={"by_staff": "yes"}), "event 1 (opened): by_staff:"),
        (add(at="2026-03-16T11:00:00Z", kind="paused", actor="agent"), "event 3 (paused): reason: this key"),
        (
            add(
                at="2026-03-16T11:00:00Z",
                kind="paused",
                actor="agent",
                data={"reason": "x", "clocks": ["all"]},
            ),
            "event 3 (paused): clocks.0: Input should be 'first_response'",
        ),
        (
            add(
                at="2026-03-16T11:00:00Z",
                kind="promised",
                actor="agent",
                data={"metric": "update", "due_at": "2026-03-16T12:00:00"},
            ),
            "event 3 (promised): due_at: an instant needs a zone",
        ),
        (
            add(
                at="2026-03-16T11:00:00Z",
                kind="absorbed",
                actor="agent",
                data={"source": "T-1", "clocks": [{"metric": "update"}]},
            ),
            "event 3 (absorbed): clocks.0.target: this key is missing",
        ),
        (lambda data: data.update(version=2), "version: Input should be 1"),
        (lambda data: data.update(events=[]), "events: List should have at least 1 item"),
        (lambda data: data.pop("events"), "events: this key is missing"),
        (lambda data: data.update(policy="x"), "policy: there is no such key"),
    ],
)
def test_what_is_wrong_with_a_story_is_said_in_one_line(change, expected):
    assert expected in said(change)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "this is not JSON"),
        ("[]", 'write {"version": 1'),
        ("[" * 100_000, "nested too deeply"),
        ("null", "a story is an object"),
    ],
)
def test_what_is_no_story_at_all_is_said_too(text, expected):
    with pytest.raises(StoryError, match=expected.replace("{", r"\{")):
        read_story(text)


def test_events_may_stand_in_any_order_and_kinds_of_ones_own_move_nothing():
    told = read_story(json.dumps(GOOD))
    turned = {**GOOD, "events": [GOOD["events"][1], {**GOOD["events"][0], "seq": 0}]}
    own = {"at": "2026-03-16T09:30:00Z", "kind": "x_rated", "actor": "integration"}
    again = read_story(json.dumps({**turned, "events": [*turned["events"], own]}))
    at = london("12:00")
    assert evaluate(school(), told.events, at) == evaluate(school(), again.events, at)
    assert told.id == "T-7" and told.events[0].seq == 1


def test_consequences_may_stand_in_a_story_and_are_not_read():
    recorded = {
        "at": "2026-03-16T09:30:00Z",
        "kind": "verdict",
        "actor": "system",
        "data": {"verdict": "breached"},
        "consequence": True,
    }
    told = read_story(json.dumps({**GOOD, "events": [*GOOD["events"], recorded]}))
    plain = read_story(json.dumps(GOOD))
    assert evaluate(school(), told.events, london("12:00")) == evaluate(
        school(), plain.events, london("12:00")
    )


def test_priorities_and_statuses_that_the_policy_does_not_know_are_named():
    story = Story("09:00", priority="galactic").status("10:00", "on_the_moon").priority("10:10", "lunar")
    assert [each.split(";")[0] for each in strangers(school(), story)] == [
        "event 1: the policy has no priority 'galactic'",
        "event 2: the policy has no status 'on_the_moon'",
        "event 3: the policy has no priority 'lunar'",
    ]


@tries(60)
@given(stories(), instants())
def test_a_story_survives_json_and_gives_the_same_standing(story, at):
    again = read_story(json.dumps(story_json(story, "T-1")))
    assert evaluate(replying_school(), again.events, at) == evaluate(replying_school(), story, at)


@tries(40)
@given(stories(), instants())
def test_standings_and_ledgers_fit_their_published_schemas(story, at):
    now, ledgers = evaluate(replying_school(), story, at), explain(replying_school(), story, at)
    told = now.to_json()
    assert told.pop("version") == 2
    form_of(Standing).model_validate(told, strict=False)
    TypeAdapter(list[form_of(Ledger)]).validate_python([each.to_json() for each in ledgers])


@pytest.mark.parametrize("name", ["document", "story", "standing", "ledger"])
def test_the_published_schemas_are_those_of_the_types(name):
    written = json.loads((PUBLISHED / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(json_schemas()[name]))


def test_a_standing_that_was_stored_by_the_version_before_is_still_read():
    now = evaluate(school(), Story("09:00").status("10:00", "waiting_on_customer"), london("12:00"))
    stored = now.to_json()
    stored["version"] = 1
    for name in ("unclocked", "late_calls"):
        del stored[name]
    for each in stored["clocks"]:
        del each["paused_by"], each["correction"]
    read = Standing.from_json(stored)
    assert [each.due_at for each in read.clocks] == [each.due_at for each in now.clocks]
    with pytest.raises(ValueError, match="version 3"):
        Standing.from_json(stored | {"version": 3})
