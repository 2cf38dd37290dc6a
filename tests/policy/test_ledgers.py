"""A ledger in lines and in sentences."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from desk_stories import Story, london, school
from hypothesis import given
from lengths import tries

from harness.pack_stories import shipped, told_stories
from upheld.clock import CalendarError
from upheld.policy import explain, ledger_sentences


def ledger(story, at, metric="first_response", cycle=1):
    found = explain(school(), story, london(at))
    return next(each for each in found if (each.metric, each.cycle) == (metric, cycle))


def told(story, at, metric="first_response", audience="customer"):
    return ledger_sentences(ledger(story, at, metric), zone="Europe/London", audience=audience)


def test_a_weekend_is_told_in_plain_words():
    assert told(Story("2026-03-20 16:50", priority="high"), "2026-03-23 10:00", audience="agent") == [
        "First response: 16 working hours on the calendar 'help desk' (Mon-Fri 07:30-17:00), "
        "by the clause 'High: response in up to 16 working hours'.",
        "It counts from Friday 20 March 2026 16:50 GMT.",
        "It ran from 16:50 to 17:00 (10 min).",
        "Closed until Monday 23 March 07:30.",
        "It has run since 07:30 (2 h 30 min so far).",
        "Used: 2 h 40 min of 16 h.",
        "Still to run: 13 h 20 min (7 h from 10:00 to 17:00, 6 h 20 min from Tuesday 24 March 07:30 to 13:50).",
        "10 min + 2 h 30 min + 7 h + 6 h 20 min = 16 h.",
        "So it is due Tuesday 24 March 2026 13:50 GMT.",
        "Times are in the zone Europe/London.",
    ]


def test_a_customer_is_told_why_the_clock_stands_still():
    story = Story("09:00").status("10:00", "waiting_on_third_party", "the supplier visits on Friday")
    sentences = told(story, "12:00", "resolution")
    assert "It has stood still since 10:00: the supplier visits on Friday." in sentences
    assert "It stands still, so there is no due time now." in sentences
    assert not [each for each in sentences if "clause" in each]


def test_holidays_have_their_names_and_summer_time_is_told():
    sentences = told(Story("2026-04-02 16:00", priority="high"), "2026-04-07 08:00")
    assert "Closed until Tuesday 7 April 07:30 (Good Friday, Easter Monday)." in sentences
    assert "So it is due Wednesday 8 April 2026 13:00 BST." in sentences


def test_overdue_time_has_its_own_line():
    story = Story("09:00", priority="urgent").agent_answers("12:30")
    lines = ledger(story, "15:00").lines
    assert [(each.kind, each.counted) for each in lines] == [
        ("ran", timedelta(hours=2)),
        ("after", timedelta(0)),
    ]
    assert lines[-1].end == london("12:30")
    assert told(story, "15:00")[-3:-1] == [
        "Missed: it was due Monday 16 March 2026 11:00 GMT.",
        "Answered Monday 16 March 2026 12:30 GMT, 1 h 30 min late.",
    ]


def test_the_cause_of_a_pause_is_its_event():
    story = Story("09:00").then("09:30", "note").status("10:00", "waiting_on_third_party")
    line = ledger(story, "12:00", "resolution").lines[-1]
    assert (line.kind, line.cause) == ("paused", 2)


def test_seconds_are_told_and_less_is_left_to_the_ledger_itself():
    sentences = told(Story("16:59:30"), "2026-03-17 07:30:00.000001")
    assert "It ran from 16:59:30 to 17:00 (30 s)." in sentences
    assert "It has run since 07:30 (0 min so far)." in sentences


def test_times_are_told_in_the_zone_that_was_asked_for():
    sentences = ledger_sentences(ledger(Story("09:00"), "10:00"), zone="America/New_York", audience="agent")
    assert "It counts from Monday 16 March 2026 05:00 EDT." in sentences


def test_an_unknown_zone_is_refused():
    with pytest.raises(CalendarError):
        ledger_sentences(ledger(Story("09:00"), "10:00"), zone="Mars/Olympus", audience="agent")


def test_many_days_are_told_in_one_sentence_with_the_days_off_among_them():
    story = Story("2026-03-30 15:00", priority="high")
    assert told(story, "2026-04-07 11:00", "resolution", audience="agent")[2:-1] == [
        "It has run in its hours since 15:00, 34 h on 5 days so far; closed: Good Friday, Easter Monday.",
        "Used: 34 h of 40 h.",
        "Still to run: 6 h, from Tuesday 7 April 11:00 to 17:00.",
        "2 h + 9 h 30 min + 9 h 30 min + 9 h 30 min + 3 h 30 min + 6 h = 40 h.",
        "So it is due Tuesday 7 April 2026 17:00 BST.",
    ]


def test_what_is_still_to_run_may_be_many_days_as_well():
    sentences = told(Story("2026-03-30 15:00", priority="high"), "2026-03-30 15:30", "resolution", "agent")
    assert sentences[4:6] == [
        "Still to run: 39 h 30 min, in its hours on 5 days until Tuesday 7 April 17:00; "
        "closed: Good Friday, Easter Monday.",
        "30 min + 1 h 30 min + 9 h 30 min + 9 h 30 min + 9 h 30 min + 9 h 30 min = 40 h.",
    ]


def test_a_clock_that_stands_still_tells_what_is_left():
    story = Story("09:00").status("10:00", "waiting_on_customer", "the number on the lid")
    sentences = told(story, "12:00", "resolution", "agent")
    assert "When it goes on, 79 h are left." in sentences
    assert not ledger(story, "12:00", "resolution").ahead


def test_closed_hours_in_which_the_answer_came_are_not_said_to_end_with_it():
    sentences = told(Story("16:30", priority="urgent").agent_answers("18:00"), "20:00", audience="agent")
    assert sentences[2:6] == [
        "It ran from 16:30 to 17:00 (30 min).",
        "Closed since 17:00.",
        "Used: 30 min of 2 h.",
        "Met Monday 16 March 2026 18:00 GMT, with 1 h 30 min to spare.",
    ]


def test_a_missed_interval_that_is_over_is_not_told_as_one_that_runs():
    campaigns = shipped("campaign-severity")
    ledgers = explain(campaigns, Story("09:00", priority="severity_1"), london("14:00"))
    first = next(each for each in ledgers if (each.metric, each.cycle) == ("update", 1))
    sentences = ledger_sentences(first, zone="Europe/London", audience="agent")
    assert "It ran from 09:00 to 13:00 (4 h)." in sentences


def test_the_hours_of_a_calendar_name_its_zone_where_times_are_told_in_another():
    sentences = ledger_sentences(ledger(Story("09:00"), "10:00"), zone="America/New_York", audience="agent")
    assert "(Mon-Fri 07:30-17:00 in the zone Europe/London)" in sentences[0]


def test_amounts_that_are_cut_to_seconds_still_add_up():
    story = Story("2026-03-16 16:59:59.400000").status("2026-03-17 07:30:00.500000", "waiting_on_customer")
    story.status("2026-03-17 07:30:10", "open")
    sentences = told(story, "2026-03-17 07:30:11.200000", "resolution", "agent")
    (added,) = [each for each in sentences if " = " in each]
    seconds = {"h": 3600, "min": 60, "s": 1}
    amounts, budget = added.rstrip(".").split(" = ")
    total = sum(int(count) * seconds[unit] for count, unit in re.findall(r"(\d+) (h|min|s)", amounts))
    assert (total, budget) == (80 * 3600, "80 h")


def test_the_sum_is_told_in_german_as_well():
    found = ledger(Story("2026-03-20 16:50", priority="high"), "2026-03-23 10:00")
    assert ledger_sentences(found, zone="Europe/London", audience="agent", language="de")[5:-1] == [
        "Verbraucht: 2 h 40 min von 16 h.",
        "Noch zu laufen: 13 h 20 min (7 h von 10:00 bis 17:00, "
        "6 h 20 min von Dienstag, 24. März 07:30 bis 13:50).",
        "10 min + 2 h 30 min + 7 h + 6 h 20 min = 16 h.",
        "Deshalb fällig Dienstag, 24. März 2026 13:50 GMT.",
    ]


@tries(60, long=2_000)
@given(told_stories())
def test_what_ran_and_what_is_still_to_run_make_what_was_promised(told):
    for each in explain(*told):
        lines = (*each.lines, *each.ahead)
        assert all(line.start < line.end for line in lines)
        assert all(before.end == after.start for before, after in pairwise(lines))
        assert sum((line.counted for line in each.lines), timedelta()) == each.used
        waits = each.due_at is not None and each.verdict is None and each.due_at > told.at
        assert bool(each.ahead) == waits
        if waits:
            assert lines[-1].end == each.due_at
            assert sum((line.counted for line in lines), timedelta()) == each.budget
        assert ledger_sentences(each, zone="Europe/London", audience="agent")
