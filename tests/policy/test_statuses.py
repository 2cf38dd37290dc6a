"""Pauses, reminders, closings and reopenings."""

from datetime import timedelta

from desk_stories import Story, clock, london, school

from upheld.policy import ClockState, Verdict, evaluate


def standing(story, at):
    return evaluate(school(), story, london(at))


def keys(standing, kind):
    return [
        each.key.split(":")[0] + ":" + str(each.data.get("step", each.data.get("to")))
        for each in standing.consequences
        if each.kind == kind
    ]


def waiting():
    return Story("09:00").agent_answers("10:00").status("10:00", "waiting_on_customer", "please send the log")


def test_a_waiting_ticket_has_no_due_time_and_says_why():
    now = standing(waiting(), "12:00")
    resolution = clock(now, "resolution")
    assert (resolution.state, resolution.due_at, resolution.warn_at) == (ClockState.paused, None, None)
    assert (resolution.paused_since, resolution.pause_reason) == (london("10:00"), "please send the log")
    assert now.next_due_at is None and now.wake_at == london("2026-03-17 10:00")


def test_a_reply_opens_the_ticket_and_the_clock_goes_on_exactly_where_it_stopped():
    now = standing(waiting().customer_writes("2026-03-17 11:00:30"), "2026-03-17 11:00:30")
    assert now.status == "open"
    assert clock(now, "resolution").used == timedelta(hours=1)
    assert clock(now, "resolution").due_at == london("2026-03-27 14:00:30")
    (change,) = [each for each in now.consequences if each.kind == "status"]
    assert change.data == {"from": "waiting_on_customer", "to": "open", "cause": "reply"}


def test_pending_is_not_a_pause():
    now = standing(Story("09:00").status("10:00", "pending_action"), "12:00")
    assert clock(now, "resolution").state is ClockState.running


def test_silence_is_reminded_twice_and_then_closed():
    now = standing(waiting(), "2026-03-25 12:00")
    assert keys(now, "reminder") == ["reminder:24h", "reminder:72h"]
    assert [each.at for each in now.consequences if each.kind == "reminder"] == [
        london("2026-03-17 10:00"),
        london("2026-03-19 10:00"),
    ]
    assert now.status == "closed" and now.wake_at is None and now.next_due_at is None
    resolution = clock(now, "resolution")
    assert (resolution.verdict, resolution.verdict_at) == (Verdict.abandoned, london("2026-03-20 10:00"))
    assert resolution.state is ClockState.ended


def test_a_reply_at_the_very_instant_of_the_closing_is_in_time():
    now = standing(waiting().customer_writes("2026-03-20 10:00"), "2026-03-20 10:00")
    assert now.status == "open" and clock(now, "resolution").verdict is None


def test_another_word_to_the_customer_counts_the_wait_anew():
    story = waiting().agent_answers("2026-03-17 09:00")
    now = standing(story, "2026-03-18 08:00")
    assert keys(now, "reminder") == [] and now.wake_at == london("2026-03-18 09:00")


def test_a_note_does_not_hold_up_the_closing():
    assert standing(waiting().then("2026-03-17 09:00", "note"), "2026-03-20 10:00").status == "closed"


def test_an_out_of_office_reply_neither_reopens_nor_holds_up():
    story = waiting().customer_writes("2026-03-17 09:00", automatic=True)
    assert standing(story, "2026-03-17 09:30").status == "waiting_on_customer"
    assert standing(story, "2026-03-20 10:00").status == "closed"


def test_after_an_unanswered_closing_a_reply_lets_the_clock_go_on_in_a_new_cycle():
    now = standing(waiting().customer_writes("2026-03-23 09:00"), "2026-03-23 10:00")
    assert clock(now, "resolution", 1).verdict is Verdict.abandoned
    assert clock(now, "resolution", 2).used == timedelta(hours=2)
    assert clock(now, "resolution", 2).started_at == london("09:00")


def test_resolving_meets_the_resolution_and_silence_closes():
    story = Story("09:00").agent_answers("11:00").status("11:00", "resolved")
    now = standing(story, "2026-03-19 11:00")
    assert clock(now, "resolution").satisfied_at == london("11:00")
    assert keys(now, "reminder") == ["reminder:confirmation"] and now.status == "closed"
    reminder, closing = now.consequences[-2:]
    assert reminder.at == closing.at and {reminder.kind, closing.kind} == {"reminder", "status"}


def test_reopening_after_met_keeps_the_verdict_and_the_used_time():
    story = Story("09:00", priority="urgent").agent_answers("10:00").status("11:00", "resolved")
    now = standing(story.customer_writes("2026-03-17 09:00"), "2026-03-17 10:00")
    assert clock(now, "resolution", 1).verdict is Verdict.met
    assert clock(now, "resolution", 2).used == timedelta(hours=3)


def test_after_a_breach_a_reopened_ticket_is_overdue_again_without_a_second_verdict():
    story = Story("09:00", priority="urgent").agent_answers("10:00").status("2026-03-20 09:00", "resolved")
    resolved = clock(standing(story, "2026-03-20 10:00"), "resolution")
    assert resolved.verdict is Verdict.breached and resolved.satisfied_at == london("2026-03-20 09:00")
    now = standing(story.customer_writes("2026-03-20 12:00"), "2026-03-20 13:00")
    assert [each.cycle for each in now.clocks if each.metric == "resolution"] == [1]
    assert clock(now, "resolution").satisfied_at is None
    assert now.next_due_at == clock(now, "resolution").due_at == resolved.due_at


def test_met_exactly_at_due_then_reopened_is_due_at_once():
    story = Story("07:30", priority="urgent").agent_answers("07:40").status("2026-03-17 14:00", "resolved")
    now = standing(story.customer_writes("2026-03-18 09:00"), "2026-03-18 09:00")
    assert clock(now, "resolution", 1).verdict is Verdict.met
    assert clock(now, "resolution", 2).verdict_at == london("2026-03-18 09:00")


def test_out_of_scope_closes_without_credit_or_blame():
    now = standing(Story("09:00").status("09:30", "closed", "out_of_scope"), "2026-03-30 09:00")
    assert {each.verdict for each in now.clocks} == {Verdict.excluded}


def test_a_breach_that_came_before_the_exclusion_stays():
    story = Story("09:00", priority="urgent").status("12:00", "closed", "out_of_scope")
    assert clock(standing(story, "13:00"), "first_response").verdict is Verdict.breached


def test_statuses_and_priorities_that_the_policy_does_not_know_change_nothing():
    story = (
        Story("09:00").status("09:10", "on_the_moon").priority("09:20", "galactic").then("09:30", "status")
    )
    assert standing(story, "10:00") == standing(Story("09:00"), "10:00")


def test_agents_choose_among_the_other_statuses():
    assert "open" not in school().moves("open") and "resolved" in school().moves("open")


def test_a_reopened_ticket_is_not_warned_again_of_what_it_was_warned_of():
    story = Story("07:30", priority="urgent").agent_answers("07:40").status("2026-03-17 11:30", "resolved")
    now = standing(story.customer_writes("2026-03-17 12:00"), "2026-03-17 12:30")
    assert clock(now, "resolution", 2).used == timedelta(hours=14)
    warned = [each.key for each in now.consequences if each.kind == "warned"]
    assert warned == ["warned:resolution:1:75"]
