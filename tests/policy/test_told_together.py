"""Updates of a ticket that has a problem: told with those of all its tickets, counted on the problem."""

from datetime import timedelta

from desk_stories import HOUR, Story, clock, london
from small_policies import shop

from upheld.policy import Actor, ClockState, Metric, Verdict, evaluate, explain

EVERY = "id: u, metric: update, every: 4 working hours"
DOGGED = "id: u, metric: update, every: 4 elapsed hours, runs_while_paused: true"
ANSWER = "id: a, metric: first_response, within: 4 working hours"


def joined(at="10:00", received="09:00"):
    return Story(received).then(at, "problem_joined", number="SHOP-7")


def breaches(standing):
    return [
        (each.data["metric"], each.at)
        for each in standing.consequences
        if each.kind == "verdict" and each.data["verdict"] == "breached"
    ]


def test_it_stands_still_and_says_with_whom_and_everything_else_runs():
    now = evaluate(shop(EVERY, ANSWER), joined(), london("12:00"))
    update = clock(now, Metric.update)
    assert (update.state, update.used, update.due_at) == (ClockState.paused, HOUR, None)
    assert (update.pause_reason, update.paused_by) == ("told together with problem SHOP-7", "agent")
    assert clock(now, Metric.first_response).due_at == london("13:00")
    assert breaches(evaluate(shop(EVERY, ANSWER), joined(), london("2026-03-18 12:00"))) == [
        ("first_response", london("13:00"))
    ]


def test_it_goes_on_where_it_stopped_when_the_ticket_leaves_the_problem():
    story = joined().then("15:00", "problem_left", number="SHOP-7")
    now = evaluate(shop(EVERY), story, london("16:00"))
    assert (clock(now, Metric.update).used, clock(now, Metric.update).due_at) == (
        2 * HOUR,
        london("2026-03-17 10:00"),
    )


def test_a_target_that_no_pause_stops_stands_still_all_the_same():
    story = joined().status("11:00", "waiting").then("15:00", "problem_left", number="SHOP-7")
    now = evaluate(shop(DOGGED), story, london("16:00"))
    assert (clock(now, Metric.update).used, clock(now, Metric.update).due_at) == (2 * HOUR, london("18:00"))


def test_a_pause_of_somebody_does_not_lift_it_and_its_end_does_not_end_it():
    story = joined().then("11:00", "paused", reason="holiday").then("12:00", "resumed")
    now = evaluate(shop(DOGGED), story, london("20:00"))
    assert clock(now, Metric.update).pause_reason == "told together with problem SHOP-7"
    assert breaches(now) == []


def test_the_pause_of_somebody_goes_on_after_the_problem():
    story = joined().then("11:00", "paused", reason="holiday").then("12:00", "problem_left", number="SHOP-7")
    assert clock(evaluate(shop(EVERY), story, london("15:00")), Metric.update).pause_reason == "holiday"


def test_what_is_told_to_all_is_an_update_of_each():
    story = joined().agent_answers("12:00").then("15:00", "problem_left", number="SHOP-7")
    now = evaluate(shop(EVERY), story, london("16:00"))
    assert clock(now, Metric.update, 1).verdict is Verdict.met
    second = clock(now, Metric.update, 2)
    assert (second.started_at, second.used) == (london("12:00"), HOUR)


def test_another_problem_takes_the_place_of_the_first():
    story = joined().then("11:00", "problem_joined", number="SHOP-8")
    now = evaluate(shop(EVERY), story, london("12:00"))
    assert clock(now, Metric.update).pause_reason == "told together with problem SHOP-8"
    story.then("12:00", "problem_left", number="SHOP-8")
    assert clock(evaluate(shop(EVERY), story, london("13:00")), Metric.update).used == 2 * HOUR


def test_only_the_desk_says_that_a_ticket_has_a_problem():
    story = Story("09:00").then("10:00", "problem_joined", Actor.customer, number="SHOP-7")
    assert clock(evaluate(shop(EVERY), story, london("12:00")), Metric.update).used == 3 * HOUR
    story = joined().then("11:00", "problem_left", Actor.third_party)
    assert clock(evaluate(shop(EVERY), story, london("12:00")), Metric.update).used == HOUR


def test_a_restricted_ticket_is_told_by_itself_and_its_clock_runs():
    story = joined().then("11:00", "restricted").then("12:00", "opened_up", reason="harmless")
    assert clock(evaluate(shop(EVERY), story, london("11:30")), Metric.update).due_at == london("14:00")
    assert clock(evaluate(shop(EVERY), story, london("15:00")), Metric.update).used == 2 * HOUR
    story.then("15:00", "problem_left", number="SHOP-7")
    assert clock(evaluate(shop(EVERY), story, london("15:30")), Metric.update).due_at == london("17:00")


def test_the_ledger_tells_it_and_adds_up():
    story = joined().then("15:00", "problem_left", number="SHOP-7")
    (ledger,) = explain(shop(EVERY), story, london("16:00"))
    told = [(line.kind, line.start, line.end, line.reason, line.cause) for line in ledger.lines]
    assert ("paused", london("10:00"), london("15:00"), "told together with problem SHOP-7", 1) in told
    assert sum((line.counted for line in ledger.lines), timedelta()) == ledger.used == 2 * HOUR


def test_the_problem_itself_owes_updates_and_no_response():
    """It is a ticket of the desk's own: nobody asked, and what is told to all is its update."""
    policy = shop(EVERY, ANSWER, "id: n, metric: next_reply, within: 1 working hour")
    story = Story("09:00", by_staff=True).agent_answers("11:00")
    now = evaluate(policy, story, london("12:00"))
    assert {each.metric for each in now.clocks} == {Metric.update}
    assert clock(now, Metric.update, 1).verdict_at == london("11:00")
    assert clock(now, Metric.update, 2).due_at == london("15:00")
    later = evaluate(policy, story, london("2026-03-17 12:00"))
    assert breaches(later) == [("update", london("15:00")), ("update", london("2026-03-17 11:00"))]
