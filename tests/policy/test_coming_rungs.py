"""The steps of ladders that are to come: where nothing more happens, each comes exactly when it was foretold."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from small_policies import shop

from upheld.policy import Actor, Event, InForce, coming_rungs, evaluate

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANSWER = "id: answer, metric: first_response, within: 4 working hours"
STEPS = (
    "steps: [{after: at once, tell: [manager]}, {after: 3 working hours, tell: [manager]},"
    " {after: 1 business day, tell: [boss], page: true}]"
)


def policy(more=""):
    roles = "roles: [{id: manager, label: Manager}, {id: boss, label: Boss}]"
    ladder = f"{{id: up, until: first_response, {more}{STEPS}}}"
    return shop(ANSWER, more=f"{roles}\nescalation: {{ladders: [{ladder}]}}\n")


def opened():
    return Event(MONDAY, "opened", Actor.customer, {"priority": "high"})


def fact(hours, kind, seq, **data):
    return Event(MONDAY + hours * HOUR, kind, Actor.agent, data, seq=seq)


def coming(found, story, hours):
    listed = coming_rungs((InForce(found),), story, MONDAY + hours * HOUR)
    return [(each.step, each.at and (each.at - MONDAY) / HOUR, each.if_missed) for each in listed]


def test_what_was_taken_comes_no_more_and_the_rest_at_its_time():
    assert coming(policy(), [opened()], 1) == [(2, 3.0, False), (3, 24.0, False)]


def test_what_was_answered_calls_nobody_any_more():
    story = [opened(), fact(1, "message", 1, direction="out", public=True)]
    assert coming(policy(), story, 2) == []


def test_while_the_clock_stands_still_nobody_knows_when():
    story = [opened(), fact(1, "status", 1, to="waiting")]
    assert coming(policy(), story, 2) == [(2, None, False), (3, None, False)]


def test_a_ladder_that_counts_from_a_missed_time_says_so():
    found = policy(more="counts_from: due, ")
    assert coming(found, [opened()], 1) == [(1, 4.0, True), (2, 7.0, True), (3, 28.0, True)]
    assert coming(found, [opened()], 5) == [(2, 7.0, False), (3, 28.0, False)]
    paused = [opened(), fact(1, "status", 1, to="waiting")]
    assert coming(found, paused, 2) == [(1, None, True), (2, None, True), (3, None, True)]


LIVES = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["waiting", "open", "resolved", "answer"])), max_size=5
)


@given(LIVES, st.integers(30, 60), st.booleans())
def test_whatever_happened_before_each_step_comes_exactly_when_it_was_foretold(life, look, from_due):
    found = policy(more="counts_from: due, " if from_due else "")
    story = [opened()]
    for seq, (hour, what) in enumerate(sorted(life, key=lambda each: each[0]), start=1):
        data = {"direction": "out", "public": True} if what == "answer" else {"to": what}
        story.append(fact(hour, "message" if what == "answer" else "status", seq, **data))
    now, end = MONDAY + look * HOUR, MONDAY + 2000 * HOUR
    foretold = {(each.step, each.at) for each in coming_rungs((InForce(found),), story, now) if each.at}
    happened = {
        (each.data["step"], each.at)
        for each in evaluate(found, story, end).consequences
        if each.kind == "escalated" and each.at > now
    }
    assert foretold == happened
