"""A priority that changes."""

from datetime import timedelta

from desk_stories import Story, clock, london, school

from upheld.policy import Verdict, evaluate


def response(story, at):
    return clock(evaluate(school(), story, london(at)), "first_response")


def test_raised_the_new_target_counts_from_the_event_that_named_it():
    raised = response(Story("09:00").priority("12:00", "urgent"), "12:30")
    assert (raised.target, raised.started_at) == ("urgent_response", london("12:00"))
    assert raised.due_at == london("14:00") and raised.used == timedelta(minutes=30)


def test_the_customer_s_own_request_is_the_first_to_name_it():
    story = Story("09:00", priority="urgent").priority("09:30", "medium").priority("10:00", "urgent")
    assert response(story, "10:10").due_at == london("11:00")


def test_raised_late_nothing_is_due_later_than_before():
    story = Story("2026-03-16 07:30").priority("2026-03-18 12:00", "urgent")
    raised = response(story, "2026-03-18 12:10")
    assert raised.due_at == london("2026-03-18 12:30") and raised.target == "medium_response"


def test_raised_past_its_time_is_a_breach_at_the_change_and_called_reclassified():
    story = Story("09:00", priority="urgent").priority("09:30", "low").priority("2026-03-17 09:00", "urgent")
    now = evaluate(school(), story, london("2026-03-17 10:00"))
    breached = clock(now, "first_response")
    assert (breached.verdict, breached.verdict_at) == (Verdict.breached, london("2026-03-17 09:00"))
    assert breached.due_at == london("11:00")
    (verdict,) = [each for each in now.consequences if each.key == "breached:first_response:1"]
    assert verdict.data["cause"] == "reclassified"


def test_lowered_the_new_target_counts_from_the_receipt():
    lowered = response(Story("09:00", priority="urgent").priority("10:00", "high"), "10:30")
    assert lowered.due_at == london("2026-03-17 15:30") and lowered.started_at == london("09:00")


def test_lowered_after_a_breach_changes_nothing():
    story = Story("09:00", priority="urgent").priority("13:00", "low")
    assert response(story, "14:00").due_at == london("11:00")


def test_lowering_never_brings_a_due_time_forward():
    story = (
        Story("2026-03-16 07:30").priority("2026-03-18 09:00", "urgent").priority("2026-03-18 09:30", "high")
    )
    lowered = response(story, "2026-03-18 09:30")
    assert lowered.verdict is None and lowered.due_at == london("2026-03-18 11:00")


def test_a_pause_stays_a_pause_under_the_new_target():
    story = Story("09:00").status("10:00", "waiting_on_third_party").priority("11:00", "high")
    story.status("12:00", "open")
    resumed = response(story, "12:00")
    assert resumed.started_at == london("11:00") and resumed.used == timedelta(0)
    assert resumed.due_at == london("2026-03-18 09:00")


def test_a_warning_is_given_once_and_not_back_dated():
    story = Story("09:00", priority="urgent").priority("09:30", "medium").priority("10:45", "urgent")
    now = evaluate(school(), story, london("10:50"))
    assert [each.at for each in now.consequences if each.kind == "warned"] == [london("10:45")]


def test_raised_while_resolved_the_next_cycle_is_breached_when_it_begins_and_not_before():
    story = Story("09:00", priority="urgent").priority("09:30", "low").agent_answers("10:00")
    story.status("2026-03-19 09:00", "resolved").priority("2026-03-19 10:00", "urgent")
    now = evaluate(school(), story.customer_writes("2026-03-20 09:00"), london("2026-03-20 10:00"))
    assert clock(now, "resolution", 1).verdict is Verdict.met
    assert clock(now, "resolution", 2).verdict_at == london("2026-03-20 09:00")
