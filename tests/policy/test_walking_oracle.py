"""Every kind of promise against a desk that walks, by the minute and by the second."""

from datetime import timedelta
from functools import cache
from itertools import product

from desk_stories import Story, london
from hypothesis import given
from hypothesis import strategies as st
from lengths import tries
from walked_policy import walked
from walking_desk import WalkingDesk, ticks_of_days

from upheld.policy import evaluate

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
STATUSES = ("open", "waiting", "researching", "resolved")
DEEDS = (
    *("answer", "ask", "pause", "resume", "acknowledge", "join", "leave", "spam", "not spam"),
    *(f"to {each}" for each in STATUSES),
)
deeds = st.sampled_from(["answer", "ask", *DEEDS])


@st.composite
def stories(draw, first, unit, longest, reach):
    """A story on a whole tick each, and the instant at which somebody looks."""
    priority = draw(st.sampled_from(["high", "normal", "low"]))
    at = london(first) + unit * draw(st.integers(0, reach // unit))
    story = Story(at, priority=priority)
    for deed in draw(st.lists(deeds, max_size=7)):
        at += unit * draw(st.integers(0, longest // unit))
        tell(story, deed, at)
    return story, priority, at + unit * draw(st.integers(0, longest // unit))


def tell(story, deed, at):
    match deed.split():
        case ["answer"]:
            story.agent_answers(at)
        case ["ask"]:
            story.customer_writes(at)
        case ["to", status]:
            story.status(at, status)
        case ["pause"]:
            story.then(at, "paused", reason="a reason")
        case ["resume"]:
            story.then(at, "resumed")
        case ["spam"]:
            story.then(at, "spam")
        case ["not", "spam"]:
            story.then(at, "not_spam")
        case ["join"]:
            story.then(at, "problem_joined", number="SHOP-7")
        case ["leave"]:
            story.then(at, "problem_left", number="SHOP-7")
        case _:
            story.then(at, "acknowledged")


@cache
def minutes():
    return ticks_of_days("2026-03-24", 75, MINUTE)


@cache
def seconds():
    return ticks_of_days("2026-03-27", 17, SECOND)


def compare(wall, told, unit):
    story, priority, at = told
    slow = WalkingDesk(wall, story, priority, at, unit)
    now = evaluate(walked(), story, at)
    assert now.status == slow.status
    assert sum(each.kind == "new_ticket" for each in now.consequences) == slow.refused
    for metric, expected in slow.results.items():
        found = [[each.verdict, each.verdict_at] for each in now.clocks if each.metric == metric]
        assert found == (expected[-3:] if metric == "update" else expected), metric
        compare_open(now, metric, slow)
    judged = [
        each.at for each in now.consequences if each.kind == "verdict" and each.data["metric"] == "update"
    ]
    assert judged == [each for verdict, each in slow.results["update"] if verdict]


def compare_open(now, metric, slow):
    running = slow.last(metric)
    clocks = [each for each in now.clocks if each.metric == metric]
    if not clocks or running is None or running.is_over or not running.promises:
        return
    used = {promise.id: promise.used * slow.wall.tick for promise in running.promises}
    assert clocks[-1].used == used[clocks[-1].target]


@tries(100)
@given(stories("2026-03-25 00:00", MINUTE, timedelta(days=4), timedelta(days=6)))
def test_every_kind_of_promise_agrees_with_a_desk_that_looks_every_minute(told):
    compare(minutes(), told, 1)


@tries(25, 1_000)
@given(stories("2026-03-28 00:00", SECOND, timedelta(hours=6), timedelta(hours=42)))
def test_every_kind_of_promise_agrees_with_a_desk_that_looks_every_second(told):
    compare(seconds(), told, 60)


def test_whatever_happens_within_one_instant_happens_in_the_order_in_which_it_was_written_down():
    at = london("2026-03-25 00:00")
    for done in product(DEEDS, repeat=3):
        story = Story(at, priority="high")
        for deed in done:
            tell(story, deed, at)
        compare(minutes(), (story, "high", at), 1)
