"""Ladders: who learns of a case as time passes, once a step, and nobody after the answer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_policies import shop

from upheld.policy import Actor, Event, InForce, Mode, evaluate, evaluate_under

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
ANSWER = "id: answer, metric: first_response, within: 4 working hours"
ROLES = "roles: [{id: manager, label: Manager}, {id: boss, label: Boss}]"


def ladder(steps, more="", extra=""):
    """Return a shop with one ladder of these steps."""
    body = f"{ROLES}\nescalation:\n  ladders:\n    - {{id: up, {more}steps: [{steps}]}}\n{extra}"
    return shop(ANSWER, more=body)


def step(after, role="manager", more=""):
    return f"{{after: {after}, tell: [{role}]{more}}}"


def opened(at=MONDAY, **data):
    return Event(at, "opened", Actor.customer, {"priority": "high", **data})


def status(hours, to, seq):
    return Event(MONDAY + timedelta(hours=hours), "status", Actor.agent, {"to": to}, seq=seq)


def told(policy, story, hours):
    """Return the hours since Monday at nine at which steps were taken, with their numbers."""
    standing = evaluate(policy, story, MONDAY + timedelta(hours=hours))
    return [
        (each.data["step"], (each.at - MONDAY) / timedelta(hours=1))
        for each in standing.consequences
        if each.kind == "escalated"
    ]


def test_steps_come_at_their_time_and_tell_of_themselves():
    policy = ladder(f"{step('at once', more=', page: true')}, {step('2 elapsed hours', 'boss')}")
    standing = evaluate(policy, [opened()], MONDAY + timedelta(hours=3))
    first, second = [each for each in standing.consequences if each.kind == "escalated"]
    assert (first.at, first.data["tell"], first.data["page"]) == (MONDAY, ["manager"], True)
    assert (second.at - first.at, second.data["binding"]) == (timedelta(hours=2), "commitment")
    assert first.key != second.key


def test_the_desk_wakes_for_the_next_step():
    policy = ladder(step("30 elapsed minutes"))
    assert evaluate(policy, [opened()], MONDAY).wake_at == MONDAY + timedelta(minutes=30)


def test_business_days_on_a_ladder_skip_the_weekend():
    friday = MONDAY + timedelta(days=4)
    policy = ladder(step("1 business day"))
    standing = evaluate(policy, [opened(friday)], friday + timedelta(days=4))
    at = next(each.at for each in standing.consequences if each.kind == "escalated")
    assert at == friday + timedelta(days=3)


def test_while_somebody_else_is_waited_for_the_ladder_stands_still():
    story = [opened(), status(1, "waiting", 1), status(4, "open", 2)]
    assert told(ladder(step("2 elapsed hours")), story, 48) == [(1, 5.0)]
    assert told(ladder(step("2 elapsed hours")), story[:2], 48) == []


def test_a_ladder_of_the_response_runs_where_the_response_clock_runs():
    story = [opened(), status(1, "third_party", 1)]
    assert told(ladder(step("2 elapsed hours"), "until: first_response, "), story, 48) == [(1, 2.0)]


def test_nobody_is_told_after_the_end_nor_at_its_very_instant():
    policy = ladder(step("2 elapsed hours"))
    assert told(policy, [opened(), status(2, "resolved", 1)], 48) == []
    assert told(policy, [opened(), status(2, "waiting", 1)], 48) == [(1, 2.0)]


def test_an_answer_ends_a_ladder_of_the_response():
    answer = Event(
        MONDAY + timedelta(hours=1), "message", Actor.agent, {"direction": "out", "public": True}, seq=1
    )
    policy = ladder(step("2 elapsed hours"), "until: first_response, ")
    assert told(policy, [opened(), answer], 48) == []


def test_reopened_it_goes_on_where_it_stopped_and_repeats_nothing():
    story = [opened(), status(3, "resolved", 1), status(10, "open", 2)]
    steps = f"{step('2 elapsed hours')}, {step('5 elapsed hours')}"
    assert told(ladder(steps), story, 48) == [(1, 2.0), (2, 12.0)]


def test_reopened_it_begins_anew_where_the_policy_restarts_clocks():
    story = [opened(), status(3, "resolved", 1), status(10, "open", 2)]
    policy = ladder(step("2 elapsed hours"), extra="reopening: {clocks: restart}")
    assert told(policy, story, 48) == [(1, 2.0), (1, 12.0)]


def test_a_ladder_for_urgent_cases_begins_when_a_case_becomes_urgent():
    raised = Event(MONDAY + timedelta(hours=5), "priority", Actor.agent, {"to": "high"}, seq=1)
    policy = ladder(step("2 elapsed hours"), "when: {priority: [high]}, ")
    assert told(policy, [opened(priority="normal")], 48) == []
    assert told(policy, [opened(priority="normal"), raised], 48) == [(1, 7.0)]


def test_a_case_that_is_no_longer_urgent_climbs_no_further():
    lowered = Event(MONDAY + timedelta(hours=1), "priority", Actor.agent, {"to": "normal"}, seq=1)
    policy = ladder(step("2 elapsed hours"), "when: {priority: [high]}, ")
    assert told(policy, [opened(), lowered], 48) == []


def test_steps_after_a_missed_promise_count_from_its_due_instant():
    policy = ladder(
        f"{step('at once')}, {step('1 working hour', 'boss')}", "until: first_response, counts_from: due, "
    )
    assert told(policy, [opened()], 48) == [(1, 4.0), (2, 5.0)]
    assert told(policy, [opened()], 3) == []


def test_what_is_published_later_tells_nobody_of_the_past_twice():
    old, new = (
        ladder(step("2 elapsed hours")),
        ladder(f"{step('2 elapsed hours')}, {step('6 elapsed hours', 'boss')}"),
    )
    at = MONDAY + timedelta(hours=3)
    versions = (InForce(old), InForce(new, at, Mode.carry))
    before = evaluate(old, [opened()], at)
    after = evaluate_under(versions, [opened()], MONDAY + timedelta(hours=12))
    keys = [each.key for each in after.consequences if each.kind == "escalated"]
    assert keys[0] in {each.key for each in before.consequences}
    assert len(keys) == len(set(keys)) == 2


# A walk from minute to minute, which knows nothing of calendars' timelines, lanes or stretches.


def walked(delays, conditional, events, last):
    """Return, by step, the minute at which it is taken; `delays` are minutes, elapsed or in the shop's hours."""
    taken, counts = {}, dict.fromkeys(delays, 0)
    state, urgent, since = "open", False, None
    for minute in range(last + 1):
        ran = state == "open"
        if since is not None and minute and ran:
            for kind, amount in delays:
                counts[kind, amount] += kind == "elapsed" or in_hours(minute - 1)
        for at, what in events:
            if at == minute:
                state, urgent = (state, what == "high") if what in ("high", "normal") else (what, urgent)
        held = urgent or not conditional
        since = minute if since is None and held else since
        owed = state != "resolved"
        for number, (kind, amount) in enumerate(delays, start=1):
            runs = ran or state == "open"
            full = (
                since is not None and counts[kind, amount] >= amount and (runs or taken.get((number, "full")))
            )
            if full:
                taken[number, "full"] = True
            if full and owed and held and number not in taken:
                taken[number] = minute
    return sorted((number, minute) for number, minute in taken.items() if isinstance(number, int))


def in_hours(minute):
    """Whether the shop is open in this minute after Monday at nine: it is, until five."""
    return minute % (24 * 60) < 8 * 60


HAPPENINGS = st.lists(
    st.tuples(st.integers(1, 30 * 60), st.sampled_from(["open", "waiting", "resolved", "high", "normal"])),
    max_size=6,
    unique_by=lambda each: each[0],
)
DELAYS = st.lists(
    st.tuples(st.sampled_from(["elapsed", "working"]), st.integers(1, 900)),
    min_size=1,
    max_size=3,
    unique=True,
)


@pytest.mark.parametrize("conditional", [False, True])
@given(delays=DELAYS, happenings=HAPPENINGS, urgent=st.booleans())
def test_every_life_climbs_as_a_walk_from_minute_to_minute_does(conditional, delays, happenings, urgent):
    steps = ", ".join(step(f"{amount} {kind} minutes") for kind, amount in delays)
    policy = ladder(steps, "when: {priority: [high]}, " if conditional else "")
    happenings = sorted(happenings)
    first = "high" if urgent else "normal"
    story = [opened(priority=first)]
    for number, (minute, what) in enumerate(happenings, start=1):
        kind = "priority" if what in ("high", "normal") else "status"
        at = MONDAY + timedelta(minutes=minute)
        story.append(Event(at, kind, Actor.agent, {"to": what}, seq=number))
    last = 40 * 60
    found = [(number, round(hours * 60)) for number, hours in told(policy, story, last / 60)]
    assert sorted(found) == walked(delays, conditional, [(0, first), *happenings], last)
