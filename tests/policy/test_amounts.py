"""What each amount makes of a start: business days, cut-offs, ranges, and promises without a clock."""

from datetime import timedelta

import pytest
from desk_stories import HOUR, Story, clock, london
from small_policies import shop, text, within

from upheld.policy import PolicyError, Verdict, evaluate, explain, load


def due(policy, story, at=None):
    return clock(evaluate(policy, story, at or story[-1].at), "first_response").due_at


@pytest.mark.parametrize(
    ("amount", "received", "expected"),
    [
        # Monday 16 March 2026; the shop closes at noon on Thursday the 19th.
        ("1 business day", "2026-03-16 10:30", "2026-03-17 10:30"),
        ("2 business days", "2026-03-20 16:00", "2026-03-24 16:00"),
        ("1 business day", "2026-03-18 15:00", "2026-03-19 12:00"),
        ("1 business day", "2026-03-21 11:00", "2026-03-24 09:00"),
        ("1 business day", "2026-03-16 17:00", "2026-03-18 09:00"),
        ("1 business day", "2026-03-16 08:00", "2026-03-17 09:00"),
        ("2 business days", "2026-04-02 10:00", "2026-04-08 10:00"),
        ("1 business day at close", "2026-03-16 09:00", "2026-03-17 17:00"),
        ("1 business day at close", "2026-03-18 09:00", "2026-03-19 12:00"),
        ("2 business days of 8 working hours", "2026-03-16 13:00", "2026-03-18 13:00"),
        ("2 business days of 8 working hours", "2026-03-18 13:00", "2026-03-23 10:00"),
        ("cut-off 12:00", "2026-03-16 11:59:59", "2026-03-16 17:00"),
        ("cut-off 12:00", "2026-03-16 12:00", "2026-03-17 12:00"),
        ("cut-off 12:00", "2026-03-20 15:00", "2026-03-23 12:00"),
        ("cut-off 12:00", "2026-03-21 15:00", "2026-03-23 17:00"),
        ("cut-off 12:00", "2026-03-18 12:30", "2026-03-19 12:00"),
        ("cut-off 14:00", "2026-03-18 14:30", "2026-03-19 12:00"),
        ("48 elapsed hours", "2026-03-20 16:00", "2026-03-22 16:00"),
        ("1 business day", "2026-03-27 10:30", "2026-03-30 10:30"),
    ],
)
def test_an_amount_leads_to_its_due_instant(amount, received, expected):
    assert due(within(f'"{amount}"'), Story(received)) == london(expected)


def test_business_days_are_counted_in_hours_once_the_due_instant_is_known():
    story = Story("2026-03-16 10:30")
    now = clock(evaluate(within("2 business days"), story, london("2026-03-16 11:30")), "first_response")
    assert (now.budget, now.used) == (16 * HOUR, HOUR)


def test_a_promise_for_the_next_opening_is_not_broken_by_the_close_before_it():
    policy, story = within("1 business day"), Story("2026-03-21 11:00")
    assert clock(evaluate(policy, story, london("2026-03-24 08:59:59")), "first_response").verdict is None
    story.agent_answers("2026-03-24 09:00")
    assert clock(evaluate(policy, story, london("2026-03-25 09:00")), "first_response").verdict is Verdict.met


def test_a_pause_moves_a_due_instant_in_business_days_by_the_working_time_it_took():
    story = Story("2026-03-16 10:30").status("11:00", "waiting").customer_writes("15:00")
    assert due(within("1 business day"), story) == london("2026-03-17 14:30")


def test_the_aim_of_a_range_is_a_mark_and_its_breach_the_due_instant():
    policy = shop("id: r, metric: resolution, within: 3 business days, aim: 2 business days")
    story = Story("2026-03-16 10:30")
    now = evaluate(policy, story, london("2026-03-18 11:00"))
    assert clock(now, "resolution").due_at == london("2026-03-19 10:30")
    (aim,) = now.consequences
    assert (aim.kind, aim.at, aim.data["mark"]) == ("warned", london("2026-03-18 10:30"), "aim")
    assert aim.key == "warned:resolution:1:aim"


def test_the_aim_and_the_breach_are_told_in_the_same_unit_and_in_this_order():
    for wrong in ("4 business days", "3 business days", "8 working hours"):
        with pytest.raises(PolicyError, match="aim"):
            load(text(f"id: r, metric: resolution, within: 3 business days, aim: {wrong}"))


def test_best_effort_runs_no_clock_and_says_so():
    now = evaluate(within("best effort"), Story("09:00"), london("2026-06-16 09:00"))
    assert now.clocks == () and now.consequences == () and now.wake_at is None
    assert [(each.target, each.kind) for each in now.unclocked] == [("answer", "best_effort")]


def test_discretionary_runs_no_clock_until_an_agent_promises_an_instant():
    policy = shop("id: r, metric: resolution, within: discretionary")
    story = Story("09:00")
    assert evaluate(policy, story, london("10:00")).clocks == ()
    assert evaluate(policy, story, london("10:00")).unclocked[0].kind == "discretionary"
    story.then("10:00", "promised", metric="resolution", due_at=london("2026-03-17 20:00"))
    promised = clock(evaluate(policy, story, london("10:00")), "resolution")
    assert (promised.due_at, promised.budget) == (london("2026-03-17 20:00"), timedelta(hours=34))
    (ledger,) = explain(policy, story, london("12:00"))
    assert ledger.counts_from == "promised"
    late = clock(evaluate(policy, story, london("2026-03-18 09:00")), "resolution")
    assert (late.verdict, late.verdict_at) == (Verdict.breached, london("2026-03-17 20:00"))


def test_a_promise_where_the_target_leaves_nothing_to_an_agent_changes_nothing():
    story = Story("09:00").then(
        "10:00", "promised", metric="first_response", due_at=london("2026-03-30 09:00")
    )
    assert due(within("1 business day"), story) == london("2026-03-17 09:00")


def test_an_amount_may_differ_by_whether_the_request_came_inside_or_outside_the_hours():
    # The page words it so, and nobody made it up: else the document would be refused for the short day of the shop.
    policy = within("{inside: 1 business day, outside: 8 working hours}", ", cites: [on another day]")
    assert due(policy, Story("2026-03-16 10:00")) == london("2026-03-17 10:00")
    assert due(policy, Story("2026-03-16 20:00")) == london("2026-03-17 17:00")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("0 business days", "is no time"),
        ("9999 business days", "more than ten years"),
        ("cut-off 25:00", "is not a time of day"),
        ("2 busy days", "is not an amount of time"),
        ("999999 elapsed days", "more than ten years"),
        ("1 business day of 0 working hours", "is no time"),
    ],
)
def test_absurd_amounts_are_refused_with_their_line(amount, said):
    with pytest.raises(PolicyError, match=said) as caught:
        load(text(f"id: answer, metric: first_response, within: {amount}"))
    assert caught.value.problems[0].line == 25
