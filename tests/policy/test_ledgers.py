"""A ledger in lines and in sentences."""

from datetime import timedelta

import pytest
from desk_stories import Story, london, school

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
        "Due Tuesday 24 March 2026 13:50 GMT.",
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
    assert "Good Friday: closed until Saturday 4 April 00:00." in sentences
    assert "Easter Monday: closed until Tuesday 7 April 00:00." in sentences
    assert "Due Wednesday 8 April 2026 13:00 BST." in sentences


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
        "Answered Monday 16 March 2026 12:30 GMT.",
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
