"""Reopening, explicit pauses, requests held at intake, calls, corrections and late facts."""

from datetime import timedelta

import pytest
from desk_stories import HOUR, Story, clock, london
from small_policies import shop

from upheld.policy import Actor, ClockState, Consequence, Verdict, evaluate, explain, reconcile

ANSWER = "id: answer, metric: first_response, within: 4 working hours"
SOLVE = "id: solve, metric: resolution, within: 8 working hours"
MONTHS = timedelta(days=60)


def of(policy, story, at, metric="first_response", cycle=1):
    return clock(evaluate(policy, story, london(at)), metric, cycle)


def test_reopening_may_give_the_whole_time_anew():
    policy = shop(SOLVE, more="reopening: {clocks: restart}")
    story = Story("09:00").status("11:00", "resolved").customer_writes("2026-03-17 10:00")
    again = of(policy, story, "2026-03-17 12:00", "resolution", 2)
    assert (again.started_at, again.used) == (london("2026-03-17 10:00"), 2 * HOUR)
    assert again.due_at == london("2026-03-18 10:00")


def test_a_restarted_clock_may_be_breached_again_and_the_first_verdict_stays():
    policy = shop(SOLVE, more="reopening: {clocks: restart}")
    story = Story("09:00").status("2026-03-17 12:00", "resolved").customer_writes("2026-03-18 09:00")
    now = evaluate(policy, story, london("2026-03-25 09:00"))
    assert [each.verdict_at for each in now.clocks] == [london("17:00"), london("2026-03-18 17:00")]


@pytest.mark.parametrize("closed", ["resolved", "closed"])
def test_after_the_window_a_message_asks_for_a_new_linked_ticket_and_opens_nothing(closed):
    policy = shop(SOLVE, more="reopening: {within: 720 elapsed hours}")
    story = Story("09:00").status("10:00", closed)
    story.customer_writes("2026-04-15 11:00:00").customer_writes("2026-04-15 11:00:01")
    in_time = evaluate(policy, story[:3], london("2026-04-15 11:00"))
    assert in_time.status == "open"
    late = evaluate(policy, [*story[:2], story[3]], london("2026-04-15 12:00"))
    assert late.status == closed
    (asked,) = [each for each in late.consequences if each.kind == "new_ticket"]
    assert asked.data == {"seq": 3, "window_ended_at": "2026-04-15T10:00:00.000000Z"}
    assert asked.at == london("2026-04-15 11:00:01")


def test_after_the_window_setting_a_status_opens_nothing_either():
    policy = shop(SOLVE, more="reopening: {within: 24 elapsed hours}")
    story = Story("09:00").status("10:00", "resolved").status("2026-03-18 09:00", "open")
    now = evaluate(policy, story, london("2026-03-18 10:00"))
    assert now.status == "resolved" and now.consequences[-1].kind == "new_ticket"


def test_thanks_open_nothing_within_the_window_and_ask_for_nothing_after_it():
    story = Story("09:00").status("10:00", "resolved").customer_writes("11:00", reopens=False)
    story.customer_writes("2026-06-01 11:00", reopens=False)
    now = evaluate(shop(SOLVE), story, london("2026-06-01 12:00"))
    assert now.status == "resolved" and not [each for each in now.consequences if each.kind == "new_ticket"]


def test_an_agent_may_pause_clocks_with_a_reason_and_the_pause_has_an_author():
    story = Story("09:00").then("10:00", "paused", reason="fire drill")
    paused = of(shop(ANSWER), story, "11:00")
    assert (paused.state, paused.due_at, paused.pause_reason, paused.paused_by) == (
        ClockState.paused,
        None,
        "fire drill",
        "agent",
    )
    story.then("12:00", "resumed")
    assert of(shop(ANSWER), story, "12:00").due_at == london("15:00")


def test_a_pause_may_stop_one_clock_alone():
    story = Story("09:00").then("10:00", "paused", reason="parts ordered", clocks=["resolution"])
    now = evaluate(shop(ANSWER, SOLVE), story, london("11:00"))
    assert [each.state for each in now.clocks] == [ClockState.running, ClockState.paused]


def test_two_pauses_that_overlap_are_not_counted_twice_and_keep_their_own_reasons():
    story = (
        Story("09:00").status("10:00", "waiting", "your answer").then("10:30", "paused", reason="fire drill")
    )
    story.then("11:00", "resumed").customer_writes("12:00")
    (ledger,) = explain(shop(ANSWER), story, london("13:00"))
    told = [(line.kind, line.reason, line.author) for line in ledger.lines]
    assert told == [
        ("ran", "Open", None),
        ("paused", "your answer", "agent"),
        ("paused", "fire drill", "agent"),
        ("paused", "your answer", "agent"),
        ("ran", "Open", None),
    ]
    assert ledger.used == 2 * HOUR


def test_of_two_pauses_the_later_gives_the_reason_while_both_last():
    story = (
        Story("09:00").then("10:00", "paused", reason="fire drill").then("11:00", "paused", reason="flood")
    )
    now = of(shop(ANSWER), story, "12:00")
    assert (now.pause_reason, now.paused_since) == ("flood", london("11:00"))


@pytest.mark.parametrize("actor", [Actor.customer, Actor.third_party, Actor.assistant])
def test_only_the_desk_pauses(actor):
    story = Story("09:00").then("10:00", "paused", actor, reason="please wait")
    assert of(shop(ANSWER), story, "11:00").state is ClockState.running


def test_each_status_lists_the_clocks_that_run_in_it():
    story = Story("09:00").status("10:00", "third_party")
    now = evaluate(shop(ANSWER, SOLVE), story, london("11:00"))
    assert [each.state for each in now.clocks] == [ClockState.running, ClockState.paused]


def test_a_request_that_is_held_at_intake_keeps_its_receipt_and_rests_without_a_contract():
    story = Story("09:00", held=True)
    held = of(shop(ANSWER), story, "12:00")
    assert (held.state, held.pause_reason, held.paused_by) == (ClockState.paused, "no contract", "system")
    story.then("12:00", "admitted", contract_at_receipt=False)
    admitted = of(shop(ANSWER), story, "13:00")
    assert (admitted.started_at, admitted.due_at) == (london("09:00"), london("16:00"))


def test_the_held_time_counts_when_a_contract_was_in_force_at_the_receipt():
    story = Story("09:00", held=True).then("12:00", "admitted", contract_at_receipt=True)
    assert of(shop(ANSWER), story, "12:00").due_at == london("13:00")
    (ledger,) = explain(shop(ANSWER), story, london("12:30"))
    assert ledger.used == HOUR * 3.5 and ledger.lines[0].reason == "no contract, counted after all"


def test_a_time_that_was_used_up_while_held_is_judged_at_the_admission():
    story = Story("09:00", held=True).then("15:00", "admitted", contract_at_receipt=True)
    breached = of(shop(ANSWER), story, "16:00")
    assert (breached.verdict, breached.verdict_at, breached.due_at) == (
        Verdict.breached,
        london("15:00"),
        london("13:00"),
    )
    assert evaluate(shop(ANSWER), story, london("14:59")).consequences == ()


def test_how_soon_a_call_must_be_entered_is_a_setting_and_late_entries_are_listed():
    strict = shop(ANSWER, more="responses: {calls_entered_within: 5 elapsed minutes}")
    story = Story("09:00").agent_calls("10:10", stated_at="10:00")
    assert of(shop(ANSWER), story, "11:00").satisfied_at == london("10:00")
    now = evaluate(strict, story, london("11:00"))
    assert clock(now, "first_response").satisfied_at == london("10:10")
    (late,) = now.late_calls
    assert (late.seq, late.stated_at, late.entered_at) == (1, london("10:00"), london("10:10"))
    assert evaluate(shop(ANSWER), story, london("11:00")).late_calls == ()


def test_a_call_that_is_entered_exactly_in_time_counts_when_it_was_made():
    story = Story("09:00").agent_calls("10:15", stated_at="10:00")
    assert of(shop(ANSWER), story, "11:00").satisfied_at == london("10:00")
    just_late = Story("09:00").agent_calls("2026-03-16 10:15:00.000001", stated_at="10:00")
    assert of(shop(ANSWER), just_late, "11:00").satisfied_at == london("2026-03-16 10:15:00.000001")


def test_a_call_in_the_future_counts_when_it_is_entered():
    story = Story("09:00").agent_calls("10:00", stated_at="12:00")
    assert of(shop(ANSWER), story, "11:00").satisfied_at == london("10:00")


def test_a_raise_that_changes_no_due_instant_puts_its_own_target_in_force():
    policy = shop(
        "id: fast, metric: first_response, when: {priority: [high]}, within: 4 working hours",
        "id: slow, metric: first_response, within: 6 working hours",
    )
    story = Story("09:00").priority("11:00", "high")
    raised = of(policy, story, "11:00")
    assert (raised.target, raised.due_at) == ("fast", london("15:00"))


def test_a_system_s_own_pause_is_no_hold_and_an_admission_does_not_end_it():
    story = Story("09:00").then("10:00", "paused", Actor.system, reason="maintenance")
    story.then("11:00", "admitted", contract_at_receipt=True)
    assert of(shop(ANSWER), story, "12:00").state is ClockState.paused
    assert of(shop(ANSWER), story, "12:00").used == HOUR


def test_a_policy_may_let_assistants_respond():
    story = Story("09:00").agent_answers("10:00", actor=Actor.assistant)
    assert of(shop(ANSWER), story, "11:00").verdict is None
    assert of(shop(ANSWER, more="responses: {assistants: true}"), story, "11:00").verdict is Verdict.met


def test_a_policy_may_want_somebody_assigned_before_a_response_counts():
    policy = shop(ANSWER, more="responses: {only_when_assigned: true}")
    story = Story("09:00").agent_answers("10:00").then("10:30", "assigned", to="Bob")
    assert of(policy, story, "11:00").verdict is None
    assert of(policy, story.agent_answers("11:00"), "11:00").satisfied_at == london("11:00")


def test_a_correction_is_an_event_and_both_verdicts_stay_visible():
    story = Story("09:00")
    story.then(
        "15:00", "corrected", metric="first_response", cycle=1, verdict="excluded", reason="our line was down"
    )
    now = evaluate(shop(ANSWER), story, london("16:00"))
    corrected = clock(now, "first_response")
    assert (corrected.verdict, corrected.correction) == (Verdict.breached, Verdict.excluded)
    assert [each.kind for each in now.consequences] == ["warned", "verdict", "correction"]
    assert now.consequences[-1].data["was"] == "breached"
    assert explain(shop(ANSWER), story, london("16:00"))[0].correction is Verdict.excluded


@pytest.mark.parametrize("at", ["10:00", "12:59"])
def test_what_has_no_verdict_cannot_be_corrected(at):
    story = Story("09:00").then(at, "corrected", metric="first_response", cycle=1, verdict="met", reason="so")
    assert of(shop(ANSWER), story, "16:00").correction is None


def test_a_fact_that_arrives_late_appends_a_correction_and_rewrites_nothing():
    before = evaluate(shop(ANSWER), Story("09:00"), london("14:00"))
    late = evaluate(shop(ANSWER), Story("09:00").agent_answers("10:00"), london("15:00"))
    standing, news = reconcile(late, before.consequences)
    kept = clock(standing, "first_response")
    assert (kept.verdict, kept.verdict_at, kept.correction) == (
        Verdict.breached,
        london("13:00"),
        Verdict.met,
    )
    (correction,) = news
    assert correction.kind == "correction" and correction.data["was"] == "breached"
    assert correction.data["verdict"] == "met" and correction.at == london("15:00")
    assert reconcile(late, [*before.consequences, correction])[1] == ()


def test_a_call_that_was_entered_after_the_breach_was_recorded_appends_a_correction():
    story = Story("09:00")
    recorded = evaluate(shop(ANSWER), story, london("13:05")).consequences
    late = evaluate(shop(ANSWER), story.agent_calls("13:10", stated_at="12:58"), london("13:10"))
    assert clock(late, "first_response").verdict is Verdict.met
    standing, news = reconcile(late, recorded)
    assert clock(standing, "first_response").verdict is Verdict.breached
    assert clock(standing, "first_response").correction is Verdict.met
    assert [(each.kind, each.at) for each in news] == [("correction", london("13:10"))]


def test_what_is_not_recorded_yet_is_news_and_what_is_recorded_is_not():
    now = evaluate(shop(ANSWER), Story("09:00"), london("14:00"))
    assert reconcile(now, ())[1] == now.consequences
    assert reconcile(now, now.consequences) == (now, ())
    assert all(isinstance(each, Consequence) for each in reconcile(now, now.consequences[:1])[1])


def test_a_raised_priority_may_count_from_the_whole_story():
    targets = (
        "id: fast, metric: first_response, when: {priority: [high]}, within: 4 working hours",
        "id: slow, metric: first_response, within: 16 working hours",
    )
    story = Story("09:00").priority("11:00", "high")
    assert of(shop(*targets), story, "11:00").due_at == london("15:00")
    whole = shop(*targets, more="reclassifying: {raised_counts_from: start}")
    assert of(whole, story, "11:00").due_at == london("13:00")
