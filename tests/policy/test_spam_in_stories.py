"""Spam: no verdict from that instant on, and a way back that counts every minute."""

from desk_stories import HOUR, Story, clock, london
from small_policies import shop, text

from upheld.policy import Actor, ClockState, Metric, Verdict, ahead, evaluate, explain, load
from upheld.policy.path import InForce

ANSWER = "id: a, metric: first_response, within: 4 working hours, warn_at_percent: 50"
RESOLVE = "id: r, metric: resolution, within: 8 working hours"
DOGGED = "id: u, metric: update, every: 4 elapsed hours, runs_while_paused: true"


def judged(standing):
    return [
        (each.data["metric"], each.data["verdict"], each.data["cause"], each.at)
        for each in standing.consequences
        if each.kind == "verdict"
    ]


def test_from_there_on_nothing_is_judged_warned_of_or_due():
    story = Story("09:00").then("10:00", "spam")
    later = evaluate(shop(ANSWER, RESOLVE, DOGGED), story, london("2026-03-25 12:00"))
    assert later.consequences == () and later.wake_at is None and later.next_due_at is None
    answer = clock(later, Metric.first_response)
    assert (answer.state, answer.verdict, answer.used) == (ClockState.paused, None, HOUR)
    assert (answer.pause_reason, answer.paused_by) == ("spam", "agent")
    assert clock(later, Metric.update).verdict is None, "not even what no pause stops"


def test_a_verdict_that_was_given_before_stays():
    story = Story("09:00").then("14:00", "spam")
    assert judged(evaluate(shop(ANSWER), story, london("20:00"))) == [
        ("first_response", "breached", "deadline", london("13:00"))
    ]


def test_undone_it_is_as_if_it_had_never_stopped():
    story = Story("09:00").then("10:00", "spam").then("12:00", "not_spam")
    without = Story("09:00")
    at = london("12:30")
    assert [
        (each.metric, each.used, each.due_at, each.state)
        for each in evaluate(shop(ANSWER, RESOLVE, DOGGED), story, at).clocks
    ] == [
        (each.metric, each.used, each.due_at, each.state)
        for each in evaluate(shop(ANSWER, RESOLVE, DOGGED), without, at).clocks
    ]


def test_what_was_used_up_meanwhile_is_judged_when_it_is_undone():
    story = Story("09:00").then("10:00", "spam").then("16:00", "not_spam")
    now = evaluate(shop(ANSWER), story, london("16:00"))
    assert judged(now) == [("first_response", "breached", "not spam", london("16:00"))]
    assert clock(now, Metric.first_response).due_at == london("13:00"), "when it was due"
    (ledger,) = explain(shop(ANSWER), story, london("16:00"))
    assert ledger.used == 4 * HOUR


def test_time_in_which_it_waited_anyway_does_not_count():
    story = Story("09:00").agent_answers("09:30").status("09:30", "waiting")
    story.then("10:00", "spam").then("12:00", "not_spam").status("13:00", "open")
    assert clock(evaluate(shop(RESOLVE), story, london("14:00")), Metric.resolution).used == 1.5 * HOUR


def test_a_pause_of_somebody_neither_lifts_it_nor_is_lifted_by_it():
    story = Story("09:00").then("10:00", "paused", reason="holiday").then("11:00", "spam")
    story.then("12:00", "resumed").then("13:00", "not_spam")
    assert clock(evaluate(shop(RESOLVE), story, london("12:30")), Metric.resolution).pause_reason == "spam"
    assert clock(evaluate(shop(RESOLVE), story, london("13:00")), Metric.resolution).used == 2 * HOUR


def test_nothing_happens_by_itself_meanwhile():
    policy = load(
        text(RESOLVE).replace(
            "category: resolved,", "category: resolved, after: [{wait: 72 elapsed hours, become: closed}],"
        )
    )
    story = Story("09:00").status("10:00", "resolved")
    assert ahead((InForce(policy),), story, london("11:00")).steps, "it would close"
    story.then("11:00", "spam")
    assert not ahead((InForce(policy),), story, london("11:00")).steps
    assert evaluate(policy, story, london("2026-05-01 09:00")).status == "resolved"
    story.then("2026-05-01 09:00", "not_spam")
    assert ahead((InForce(policy),), story, london("2026-05-01 09:00")).steps, "and counts afresh"


def test_only_the_desk_says_that_something_is_spam_and_says_it_once():
    story = Story("09:00").then("10:00", "spam", Actor.customer).then("10:00", "not_spam", Actor.third_party)
    assert clock(evaluate(shop(RESOLVE), story, london("12:00")), Metric.resolution).used == 3 * HOUR
    story = Story("09:00").then("10:00", "spam").then("11:00", "spam").then("12:00", "not_spam")
    story.then("13:00", "not_spam")
    assert clock(evaluate(shop(RESOLVE), story, london("14:00")), Metric.resolution).used == 5 * HOUR


def test_the_next_request_of_a_known_sender_is_judged_as_ever():
    story = Story("09:00").then("10:00", "spam").then("11:00", "not_spam").agent_answers("12:00")
    now = evaluate(shop(ANSWER), story, london("12:00"))
    assert judged(now) == [("first_response", Verdict.met, "answer", london("12:00"))]
