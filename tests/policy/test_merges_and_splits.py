"""Tickets that become one, and one that becomes two."""

import json

import pytest
from desk_stories import Story, clock, london
from small_policies import shop

from upheld.policy import (
    Event,
    NothingToSplit,
    Verdict,
    evaluate,
    explain,
    merge,
    open_clocks,
    split,
    undo_merge,
)

ANSWER = "id: answer, metric: first_response, within: 4 working hours"
REPLY = "id: reply, metric: next_reply, within: 4 working hours"
SOLVE = "id: solve, metric: resolution, within: 8 working hours"
EVERY = "id: u, metric: update, every: 4 working hours"
ALL = (ANSWER, REPLY, SOLVE, EVERY)


def policy():
    return shop(*ALL)


def put(story, fact):
    """Append a fact to a story, as JSON would carry it."""
    data = json.loads(json.dumps(dict(fact.data)))
    story.append(Event(fact.at, fact.kind, fact.actor, data, seq=len(story)))
    return story


def merged(source, survivor, at):
    """Merge two stories at an instant; return both."""
    given_up, taken = merge(evaluate(policy(), source, london(at)), "T-1", "T-2", london(at))
    return put(source, given_up), put(survivor, taken)


def test_open_clocks_transfer_and_verdicts_stay_on_the_source():
    source, _ = merged(Story("09:00").agent_answers("10:00"), Story("09:30"), "11:00")
    now = evaluate(policy(), source, london("2026-03-20 09:00"))
    assert clock(now, "first_response").verdict is Verdict.met
    assert (clock(now, "resolution").verdict, clock(now, "resolution").verdict_at) == (
        Verdict.transferred,
        london("11:00"),
    )
    assert now.status == "closed" and now.next_due_at is None and now.wake_at is None
    assert now.consequences[-1].data["cause"] == "merged"


def test_the_survivor_keeps_the_earliest_unanswered_obligation():
    _, survivor = merged(Story("09:00"), Story("11:00"), "11:30")
    now = evaluate(policy(), survivor, london("11:30"))
    assert clock(now, "first_response").due_at == london("13:00")
    assert clock(now, "resolution").due_at == london("17:00")
    assert [each.cycle for each in now.clocks if each.metric == "first_response"] == [1]
    (response, *_) = explain(policy(), survivor, london("11:30"))
    assert [rival.target for rival in response.rivals] == ["answer"]
    assert response.lines[0].kind == "carried" and response.counts_from == "taken over"


def test_a_later_obligation_of_the_source_loses_against_an_earlier_one_here():
    _, survivor = merged(Story("11:00"), Story("09:00"), "11:30")
    assert clock(evaluate(policy(), survivor, london("11:30")), "first_response").due_at == london("13:00")


def test_when_its_own_response_is_met_the_survivor_has_a_new_cycle_with_the_original_due():
    source, survivor = Story("09:30"), Story("09:00").agent_answers("10:00")
    _, survivor = merged(source, survivor, "11:00")
    now = evaluate(policy(), survivor, london("11:00"))
    again = clock(now, "first_response", 2)
    assert again.due_at == london("13:30") and clock(now, "first_response").verdict is Verdict.met
    survivor.agent_answers("12:00")
    assert clock(evaluate(policy(), survivor, london("15:00")), "first_response", 2).satisfied_at == london(
        "12:00"
    )


def test_what_came_from_the_source_is_breached_at_its_original_due():
    source, survivor = Story("09:30"), Story("09:00").agent_answers("10:00")
    _, survivor = merged(source, survivor, "11:00")
    now = evaluate(policy(), survivor, london("16:00"))
    assert clock(now, "first_response", 2).verdict_at == london("13:30")


def test_a_paused_clock_of_the_source_brings_what_it_has_left():
    source = Story("09:00").status("10:00", "waiting")
    _, survivor = merged(source, Story("09:00").agent_answers("09:10"), "12:00")
    assert clock(evaluate(policy(), survivor, london("12:00")), "first_response", 2).due_at == london("15:00")


def test_undoing_a_merge_voids_it_on_both_sides():
    source, survivor = merged(Story("09:00"), Story("11:00"), "11:30")
    given_back, parted = undo_merge("T-1", london("12:00"))
    put(source, given_back), put(survivor, parted)
    back = evaluate(policy(), source, london("12:10"))
    assert back.status == "open"
    assert clock(back, "first_response", 1).verdict is Verdict.transferred
    assert clock(back, "first_response", 2).due_at == london("13:00")
    kept = evaluate(policy(), survivor, london("12:10"))
    assert clock(kept, "first_response").due_at == london("15:00")


def test_a_time_that_ran_out_while_merged_is_judged_when_the_merge_is_undone():
    source, _ = merged(Story("09:00"), Story("11:00"), "11:30")
    put(source, undo_merge("T-1", london("15:00"))[0])
    breached = clock(evaluate(policy(), source, london("15:00")), "first_response", 2)
    assert (breached.verdict_at, breached.due_at) == (london("15:00"), london("13:00"))


def test_a_promise_for_an_opening_that_passed_while_merged_is_judged_when_the_merge_is_undone():
    desk = shop("id: answer, metric: first_response, within: 2 business days")
    story = Story("2026-03-16 09:00").then("2026-03-17 16:00", "merged", into="T-2")
    story.then("2026-03-20 00:20", "merge_undone")
    breached = clock(evaluate(desk, story, london("2026-03-20 00:20")), "first_response", 2)
    assert (breached.due_at, breached.verdict_at) == (london("2026-03-18 09:00"), london("2026-03-20 00:20"))


def test_a_new_cycle_that_came_with_a_merge_goes_with_its_undoing():
    _, survivor = merged(Story("09:30"), Story("09:00").agent_answers("10:00"), "11:00")
    put(survivor, undo_merge("T-1", london("12:00"))[1])
    now = evaluate(policy(), survivor, london("16:00"))
    assert clock(now, "first_response", 2).verdict is Verdict.transferred


def test_messages_on_a_merged_ticket_move_no_clock():
    source, _ = merged(Story("09:00"), Story("11:00"), "11:30")
    before = evaluate(policy(), source, london("12:00"))
    source.customer_writes("12:00").agent_answers("12:10").status("12:20", "open")
    after = evaluate(policy(), source, london("13:00"))
    assert after.status == before.status and after.clocks == before.clocks


def test_a_clock_on_a_calendar_that_is_not_known_here_keeps_its_due_instant():
    source = evaluate(policy(), Story("09:00"), london("11:00"))
    taken = merge(source, "T-1", "T-2", london("11:00"))[1]
    for each in taken.data["clocks"]:
        each["calendar"] = "another desk's"
    survivor = put(Story("10:30"), taken)
    assert clock(evaluate(policy(), survivor, london("11:00")), "first_response").due_at == london("13:00")


def test_a_promise_for_the_next_opening_is_passed_on_as_such():
    desk = shop("id: answer, metric: first_response, within: 1 business day")
    source = evaluate(desk, Story("2026-03-21 11:00"), london("2026-03-22 11:00"))
    taken = merge(source, "T-1", "T-2", london("2026-03-22 11:00"))[1]
    survivor = put(Story("2026-03-20 09:00").agent_answers("2026-03-20 10:00"), taken)
    now = evaluate(desk, survivor, london("2026-03-23 20:00"))
    assert clock(now, "first_response", 2).due_at == london("2026-03-24 09:00")


def test_a_cadence_is_not_passed_on():
    assert {each["metric"] for each in open_clocks(evaluate(policy(), Story("09:00"), london("10:00")))} == {
        "first_response",
        "resolution",
    }


def test_a_split_ticket_counts_from_the_earliest_message_that_moved():
    story = Story("09:00", priority="high", region="na").agent_answers("09:30")
    story.customer_writes("10:00").customer_writes("11:00").agent_answers("11:30")
    new = split(story, {2, 3, 4}, london("12:00"))
    now = evaluate(policy(), new, london("12:00"))
    response = clock(now, "first_response")
    assert (response.started_at, response.satisfied_at) == (london("10:00"), london("11:30"))
    assert new[0].data["priority"] == "high" and new[0].data["region"] == "na"
    assert [each.seq for each in new] == [1, 2, 3]
    assert {each.recorded_at for each in new} == {london("12:00")}


def test_a_split_needs_a_message_of_the_customer():
    story = Story("09:00", by_staff=True).agent_answers("09:30")
    with pytest.raises(NothingToSplit, match="choose at least one of their messages"):
        split(story, {0, 1}, london("12:00"))
