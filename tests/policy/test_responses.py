"""What starts a response clock, and what meets it."""

from datetime import timedelta

import pytest
from desk_stories import Story, clock, london, replying_school, school

from upheld.policy import Actor, ClockState, Verdict, evaluate


def standing(story, at, policy=None):
    return evaluate(policy or school(), story, london(at))


def test_a_new_ticket_has_a_response_and_a_resolution_clock():
    now = standing(Story("09:00", priority="high"), "10:00")
    response, resolution = now.clocks
    assert (response.metric, resolution.metric) == ("first_response", "resolution")
    assert response.due_at == london("2026-03-17 15:30")
    assert response.warn_at == london("2026-03-17 11:30")
    assert response.used == timedelta(hours=1)
    assert now.next_due_at == response.due_at and now.wake_at == response.warn_at
    assert now.status == "open" and now.priority == "high"


def test_the_warning_stays_known_until_the_clock_is_judged():
    warned = standing(Story("09:00", priority="high"), "2026-03-17 12:00").clocks[0]
    assert warned.warn_at == london("2026-03-17 11:30")
    breached = standing(Story("09:00", priority="high"), "2026-03-17 16:00").clocks[0]
    assert breached.warn_at is None


def test_a_person_s_public_message_meets_the_response():
    now = standing(Story("09:00").agent_answers("10:00"), "10:00")
    response = clock(now, "first_response")
    assert (response.state, response.verdict, response.verdict_at) == (
        ClockState.met,
        Verdict.met,
        london("10:00"),
    )


@pytest.mark.parametrize("actor", [Actor.system, Actor.integration, Actor.assistant, Actor.third_party])
def test_only_a_person_on_the_desk_responds(actor):
    now = standing(Story("09:00").agent_answers("10:00", actor=actor), "11:00")
    assert clock(now, "first_response").verdict is None


def test_notes_statuses_automatic_and_private_messages_do_not_respond():
    story = (
        Story("09:00").then("09:10", "note").status("09:20", "pending_action").then("09:25", "acknowledged")
    )
    story.agent_answers("09:30", automatic=True).agent_answers("09:40", public=False).then(
        "09:50", "assigned"
    )
    assert clock(standing(story, "10:00"), "first_response").verdict is None


def test_unknown_facts_and_consequences_change_nothing():
    plain = Story("09:00").agent_answers("10:00")
    noisy = Story("09:00").then("09:30", "tagged", tag="x").agent_answers("10:00")
    assert standing(plain, "12:00") == standing(noisy, "12:00")


def test_an_answer_exactly_at_the_due_instant_is_met():
    story = Story("09:00", priority="urgent").agent_answers("11:00")
    assert clock(standing(story, "12:00"), "first_response").verdict is Verdict.met


def test_a_second_later_is_a_breach_stamped_with_the_due_instant_not_the_sweep():
    story = Story("09:00", priority="urgent").agent_answers("11:00:01")
    response = clock(standing(story, "2026-03-18 12:00"), "first_response")
    assert (response.verdict, response.verdict_at) == (Verdict.breached, london("11:00"))
    assert response.satisfied_at == london("11:00:01")


def test_an_overdue_ticket_stays_first_in_the_queue_until_it_is_answered():
    story = Story("09:00", priority="urgent")
    assert standing(story, "13:00").next_due_at == london("11:00")
    assert standing(story.agent_answers("13:30"), "14:00").next_due_at == london("2026-03-17 15:30")


def test_a_pause_that_begins_at_the_due_instant_changes_nothing():
    story = Story("09:00", priority="urgent").status("11:00", "waiting_on_customer")
    assert clock(standing(story, "11:30"), "first_response").verdict is Verdict.breached


def test_an_answer_and_a_pause_in_one_save_count_both():
    story = Story("09:00").agent_answers("10:00").status("10:00", "waiting_on_customer")
    now = standing(story, "11:00")
    assert clock(now, "first_response").verdict is Verdict.met
    assert clock(now, "resolution").state is ClockState.paused


def test_a_call_counts_when_it_was_made_if_it_is_entered_within_a_quarter_of_an_hour():
    soon = Story("09:00", priority="urgent").agent_calls("11:10", stated_at="10:58")
    late = Story("09:00", priority="urgent").agent_calls("11:20", stated_at="10:58")
    assert clock(standing(soon, "12:00"), "first_response").verdict is Verdict.met
    assert clock(standing(late, "12:00"), "first_response").verdict is Verdict.breached


def test_a_call_made_before_the_ticket_was_written_down_answers_it_at_its_receipt():
    story = Story("09:05").agent_calls("09:06", stated_at="09:00")
    assert clock(standing(story, "10:00"), "first_response").satisfied_at == london("09:05")


def test_a_ticket_that_staff_opened_owes_no_response_until_the_customer_writes():
    story = Story("09:00", by_staff=True, priority="urgent").agent_answers("09:00")
    assert [each.metric for each in standing(story, "10:00").clocks] == ["resolution"]
    response = clock(standing(story.customer_writes("10:30"), "10:45"), "first_response")
    assert response.due_at == london("12:30")


def test_every_further_question_starts_a_reply_clock_from_the_oldest_that_is_unanswered():
    story = Story("08:00").customer_writes("08:10").agent_answers("09:00")
    story.customer_writes("10:00").customer_writes("11:00")
    reply = clock(standing(story, "12:00", replying_school()), "next_reply")
    assert reply.started_at == london("10:00") and reply.due_at == london("2026-03-17 08:30")
    story.agent_answers("13:00").customer_writes("14:00")
    now = standing(story, "15:00", replying_school())
    assert clock(now, "next_reply", 1).verdict is Verdict.met
    assert clock(now, "next_reply", 2).started_at == london("14:00")


def test_thanks_and_automatic_replies_start_no_clock():
    story = Story("08:00").agent_answers("09:00")
    story.customer_writes("10:00", reopens=False).customer_writes("10:10", automatic=True)
    assert [each.metric for each in standing(story, "12:00", replying_school()).clocks] == [
        "first_response",
        "resolution",
    ]


def test_nights_are_told_apart_from_running():
    now = standing(Story("16:50"), "20:00")
    assert clock(now, "first_response").state is ClockState.closed_hours


def test_a_warning_falls_at_three_quarters():
    story = Story("09:00", priority="urgent")
    assert not standing(story, "10:29:59").consequences
    (warning,) = standing(story, "10:30").consequences
    assert (warning.key, warning.at) == ("warned:first_response:1:75", london("10:30"))
    assert warning.data["due_at"] == "2026-03-16T11:00:00.000000Z"


def test_a_story_that_has_not_begun_has_no_clocks():
    assert evaluate(school(), [], london("09:00")).clocks == ()
    assert standing(Story("09:00"), "08:00").clocks == ()


def test_an_answer_at_the_very_instant_of_receipt_counts_even_when_the_customer_writes_again_at_once():
    story = Story("09:00").agent_answers("09:00").customer_writes("09:00")
    now = standing(story, "09:30", replying_school())
    first = clock(now, "first_response")
    assert (first.verdict, first.verdict_at) == (Verdict.met, london("09:00"))
    following = clock(now, "next_reply")
    assert (following.started_at, following.verdict) == (london("09:00"), None)
