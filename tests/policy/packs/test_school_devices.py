"""The desk for the laptops of schools: what its page says, and what that makes of the odd weeks of a year."""

from datetime import time, timedelta
from functools import cache
from itertools import pairwise

import pack_texts
import pytest
from desk_stories import Story, clock, london, school
from wall_calendar import LONDON, SEASONS, Office, hours_of

from upheld.policy import Metric, Verdict, check, evaluate, pack
from upheld.policy.classifying import propose
from upheld.rules.named_priority import named_priority

# Every figure of the page, as a page that is made from the policy tells it.
FIGURES = (
    "Urgent: response in up to 2 working hours.",
    "High: response in up to 16 working hours.",
    "Medium: response in up to 24 working hours.",
    "Low: response in up to 40 working hours.",
    "Urgent: resolution in up to 16 working hours.",
    "High: resolution in up to 40 working hours.",
    "Medium: resolution in up to 80 working hours.",
    "Low: resolution in up to 120 working hours.",
    "95",
    "From 07:30 to 17:00",
    "from 07:30 to 17:00, Monday to Friday",
    "safeguarding",
    "Many laptops of the scheme are affected.",
    "A few people or functions are affected",
    "A simple request or a general question",
    "Open",
    "Being processed",
    "Pending Action",
    "Waiting on Customer",
    "Awaiting your reply",
    "Waiting on Third Party",
    "Resolved",
    "Closed",
    "after 24 and after 72 hours",
    "A reply opens it again.",
    "After 72 hours you get a mail to confirm that all is well.",
    "The 72 hours have passed and the ticket is closed.",
    "Help desk portal",
    "At any hour.",
    "No inbound phone support; we may phone you.",
    "Ask your insurer",
    "report the fault to whoever runs them",
    "Europe/London",
)

# The working hours for a first response and for a resolution.
HOURS = {"urgent": (2, 16), "high": (16, 40), "medium": (24, 80), "low": (40, 120)}

# Whether the timer is on.
TIMERS = {
    "open": True,
    "pending_action": True,
    "waiting_on_customer": False,
    "waiting_on_third_party": False,
    "resolved": False,
    "closed": False,
}

OFFICE = Office(time(7, 30), time(17))
SECOND = timedelta(seconds=1)


@cache
def document():
    return pack_texts.document("school-devices")


def due(metric, at, priority):
    """Return by when something is due, as it looks at the receipt."""
    return clock(evaluate(school(), Story(at, priority=priority), at), metric).due_at


def reminded(standing):
    return [each.at for each in standing.consequences if each.kind == "reminder"]


def test_it_is_sound_and_does_what_its_examples_say():
    report = check(pack("school-devices"), "school-devices.yaml")
    assert [each.message for each in report.problems] == []
    assert report.examples_run == len(document().examples) > 50
    assert report.findings == report.accepted == ()


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_of_the_page_is_said(figure):
    assert figure in pack_texts.all_that_is_said("school-devices")


def test_what_is_assumed_says_why():
    assert pack_texts.unexplained("school-devices") == []


@pytest.mark.parametrize(("priority", "hours"), HOURS.items(), ids=HOURS)
def test_every_figure_is_what_comes_of_it(priority, hours):
    # On a Monday at opening whole days are nine and a half hours each; and hours are never told as days.
    at = london("2026-06-01 07:30")
    now = evaluate(school(), Story(at, priority=priority), at)
    for metric, count in zip(("first_response", "resolution"), hours, strict=True):
        running = clock(now, metric)
        (target,) = [each for each in school().targets if each.id == running.target]
        assert f"up to {count} working hours" in target.clause
        assert running.budget == timedelta(hours=count)
        assert running.due_at == OFFICE.after(at, count)


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("priority", HOURS)
def test_every_hour_of_odd_weeks_gives_the_working_hours_that_are_promised(priority, season):
    receipts = hours_of(SEASONS[season])
    for metric, hours in zip(("first_response", "resolution"), HOURS[priority], strict=True):
        dues = [due(metric, at, priority) for at in receipts]
        assert dues == [OFFICE.after(at, hours) for at in receipts]
        assert all(one <= later for one, later in pairwise(dues))
        assert all(OFFICE.is_open(by - SECOND) for by in dues)


def test_medium_is_what_a_request_has_that_names_nothing():
    at = london("2026-03-16 09:00")
    assert evaluate(school(), Story(at), at).priority == "medium"


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("Safeguarding: messages to a pupil", "urgent"),
        ("Priority: high - no laptop gets on the network", "high"),
        ("A question about chargers", None),
    ],
)
def test_safeguarding_in_the_subject_is_urgent_and_not_for_everybody(subject, named):
    assert named_priority(subject, [(each.id, each.words) for each in school().priorities]) == named
    assert [each.id for each in school().priorities if each.restricted] == ["urgent"]


def test_the_impact_gives_the_priority():
    for priority in HOURS:
        assert propose(document(), {"impact": priority}).priority == priority


@pytest.mark.parametrize(("status", "is_on"), TIMERS.items(), ids=TIMERS)
def test_the_timer_of_each_status_is_what_the_page_says(status, is_on):
    told = school().status(status)
    assert told.timer_on is is_on and told.meaning
    story = Story("2026-03-16 09:00", priority="low").status("2026-03-16 10:00", status)
    later = evaluate(school(), story, london("2026-03-16 12:00"))
    used = [each.used for each in later.clocks if each.verdict is None]
    assert used == ([timedelta(hours=3)] * 2 if is_on else [timedelta(hours=1)] * len(used))


@pytest.mark.parametrize("status", ["waiting_on_customer", "waiting_on_third_party"])
def test_the_timer_goes_on_exactly_where_it_stopped(status):
    received = london("2026-04-01 09:00")
    for hours in range(1, 72):
        since = received + timedelta(hours=hours)
        for length in (1, 7, 31, 90):
            until = since + timedelta(hours=length)
            story = Story(received, priority="high").agent_answers(since).status(since, status, "a part")
            stopped = clock(evaluate(school(), story, until), "resolution")
            assert (stopped.due_at, stopped.pause_reason) == (None, "a part")
            now = clock(evaluate(school(), story.status(until, "open"), until), "resolution")
            assert now.due_at == OFFICE.after(until, 40 - OFFICE.worked(received, since))


def test_waiting_for_the_customer_and_for_a_third_party_are_told_apart():
    reasons = set()
    for status in ("waiting_on_customer", "waiting_on_third_party"):
        story = Story("2026-03-16 09:00").status("2026-03-16 10:00", status)
        reasons.add(clock(evaluate(school(), story, london("2026-03-16 11:00")), "resolution").pause_reason)
    assert reasons == {"Awaiting your reply", "Waiting on Third Party"}


@pytest.mark.parametrize("season", SEASONS)
def test_reminders_and_closing_come_after_the_same_hours_at_any_time_of_the_year(season):
    for at in hours_of(SEASONS[season], days=8):
        story = Story(at).agent_answers(at).status(at, "waiting_on_customer")
        closing = at + timedelta(hours=96)
        before = evaluate(school(), story, closing - SECOND)
        assert reminded(before) == [at + timedelta(hours=24), at + timedelta(hours=72)]
        assert before.status == "waiting_on_customer"
        closed = evaluate(school(), story, closing)
        assert closed.status == "closed"
        assert clock(closed, "resolution").verdict is Verdict.abandoned


def test_whoever_writes_is_not_reminded_and_a_reply_opens_what_was_closed():
    received, asked = london("2026-03-16 09:00"), london("2026-03-16 10:00")
    for hours in (1, 23, 24, 25, 71, 72, 73, 95, 96, 97, 200, 700):
        replied = asked + timedelta(hours=hours)
        story = Story(received).agent_answers(asked).status(asked, "waiting_on_customer")
        story.customer_writes(replied)
        now = evaluate(school(), story, replied)
        assert now.status == "open"
        # At the very instant of a reminder or of the closing the reply comes first.
        assert len(reminded(now)) == (hours > 24) + (hours > 72)
        cycles = [each for each in now.clocks if each.metric is Metric.resolution]
        assert len(cycles) == (2 if hours > 96 else 1)
        assert cycles[-1].due_at == OFFICE.after(replied, 79)


def test_a_solution_is_confirmed_and_closed_after_72_hours():
    solved = london("2026-04-02 16:00")
    story = Story("2026-04-02 09:00").agent_answers(solved).status(solved, "resolved")
    end = solved + timedelta(hours=72)
    assert evaluate(school(), story, end - SECOND).status == "resolved"
    now = evaluate(school(), story, end)
    assert now.status == "closed" and reminded(now) == [end]
    (confirmation,) = [each for each in now.consequences if each.kind == "reminder"]
    assert confirmation.data["step"] == "confirmation"


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("out_of_scope", Verdict.excluded),
        ("spam", Verdict.excluded),
        ("transferred", Verdict.transferred),
        ("the insurer", Verdict.met),
    ],
)
def test_what_is_out_of_scope_is_neither_met_nor_missed(reason, verdict):
    story = Story("2026-03-16 09:00").status("2026-03-16 10:00", "closed", reason)
    now = evaluate(school(), story, london("2026-06-16 10:00"))
    assert clock(now, "resolution").verdict is verdict


def test_damaged_devices_lead_to_the_insurer():
    scopes = {each.id: each for each in document().scope}
    assert scopes["physical_damage"].exclusion == "out_of_scope"
    assert "insurer" in scopes["physical_damage"].instead
    assert "operating system" in scopes["physical_damage"].instead
    assert scopes["third_party_systems"].exclusion is None


def test_nobody_can_ring_the_desk_and_the_desk_may_ring_anybody():
    channels = {each.id: each for each in document().channels}
    assert channels["phone"].directions == ["out"] and not channels["phone"].address
    assert channels["portal"].calendar is None and "in" in channels["portal"].directions
    story = Story("2026-03-16 09:00", priority="urgent").agent_calls("2026-03-16 10:30")
    assert (
        clock(evaluate(school(), story, london("2026-03-16 12:00")), "first_response").verdict is Verdict.met
    )


def test_ninety_five_in_a_hundred_responses_of_a_month():
    (objective,) = school().objectives
    assert (objective.metrics, objective.percent, objective.period) == (
        (Metric.first_response,),
        "95",
        "month",
    )


def test_every_way_in_is_acknowledged():
    assert document().notifications.acknowledgement


def test_its_hours_are_those_of_the_page():
    (calendar,) = school().calendars.values()
    assert school().calendar_hours == {"help desk": "Mon-Fri 07:30-17:00"}
    for at in hours_of(SEASONS["Easter"]):
        assert calendar.is_open(at) == OFFICE.is_open(at), at.astimezone(LONDON)
