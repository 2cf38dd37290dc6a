"""The desk that is there day and night for what is critical: what it promises, and when its clocks run."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from pack_texts import all_that_is_said, cited, document, unexplained
from quarter_hours import HOUR, QUARTER, QuarterHours, differences, out_of_order

from upheld.clock import zone
from upheld.policy import Actor, Event, Metric, Verdict, check, evaluate, explain, load, pack

NAME = "always-on"

# Every figure of the page, in the words in which the page that is made from the policy has to hold it.
FIGURES = (
    "24/7",
    "9:00-18:00, Monday to Friday",
    "Critical: response within 15 minutes, around the clock.",
    "Critical: resolved within 4 hours, or else as soon as possible, with an update every hour.",
    "Critical: an update every hour, around the clock, until the issue is resolved.",
    "High: response within 1 hour in business hours",
    "High: response within 4 hours outside business hours.",
    "High: outside business hours never later than 1 hour after we open again.",
    "High: resolved within 8 hours.",
    "Medium: response within 4 business hours.",
    "Medium: resolved within 1 business day.",
    "Low: response within 1 business day.",
    "Low: resolved within 2-3 business days.",
    "E-mail: a response within 1 business day",
    "While an issue is delayed: an update by the close of each business day.",
    "Critical issues are looked after around the clock",
    "Each ticket has its own number",
    "Support portal",
    "Live chat",
    "E-mail",
    "Support hotline",
    "Community forum",
    "help@alwayson.example",
    "+44 20 7946 0102",
    "Tier 1 - first support",
    "Tier 2 - technical support",
    "Tier 3 - advanced support",
    "On-call engineer",
)

RESPONSE, RESOLUTION, UPDATE = Metric.first_response, Metric.resolution, Metric.update
# Monday 16 March 2026 is a day like any other; each line is a promise from its receipt to its due time.
PROMISES = (
    ("response within 15 minutes", "critical", RESPONSE, "2026-03-16 11:00", "2026-03-16 11:15"),
    ("resolved within 4 hours", "critical", RESOLUTION, "2026-03-16 17:00", "2026-03-16 21:00"),
    ("an update every hour", "critical", UPDATE, "2026-03-16 17:30", "2026-03-16 18:30"),
    ("response within 1 hour in business hours", "high", RESPONSE, "2026-03-16 17:30", "2026-03-16 18:30"),
    (
        "response within 4 hours outside business hours",
        "high",
        RESPONSE,
        "2026-03-16 18:00",
        "2026-03-16 22:00",
    ),
    (
        "never later than 1 hour after we open again",
        "high",
        RESPONSE,
        "2026-03-16 08:30",
        "2026-03-16 10:00",
    ),
    ("resolved within 8 hours", "high", RESOLUTION, "2026-03-16 17:00", "2026-03-17 01:00"),
    ("response within 4 business hours", "medium", RESPONSE, "2026-03-16 17:00", "2026-03-17 12:00"),
    ("resolved within 1 business day", "medium", RESOLUTION, "2026-03-16 11:00", "2026-03-17 11:00"),
    ("response within 1 business day", "low", RESPONSE, "2026-03-16 11:00", "2026-03-17 11:00"),
    ("resolved within 2-3 business days", "low", RESOLUTION, "2026-03-16 11:00", "2026-03-19 11:00"),
)

LEVELS = ("critical", "high", "medium", "low")
CHANNELS = ("portal", "email")
# Good Friday, Easter Monday, and the bank holidays of May; there is none in autumn.
CLOSED = frozenset((date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25)))
WEEKS = {
    "summer time and Easter": QuarterHours("Europe/London", 9, 18, "2026-03-15", 5, CLOSED),
    "winter time": QuarterHours("Europe/London", 9, 18, "2026-10-11", 4, CLOSED),
}


@cache
def policy():
    return load(pack(NAME))


def london(text):
    """Return the instant of a wall time in London, the first of two where it is read twice."""
    return datetime.fromisoformat(text).replace(tzinfo=zone("Europe/London")).astimezone(UTC)


def received(at, level, channel="portal"):
    return Event(at, "opened", Actor.customer, {"channel": channel, "priority": level})


def taken_on(at, level):
    """Return a story in which Bob takes an issue on after five minutes and answers after an hour."""
    data = {"direction": "out", "public": True}
    return [
        received(at, level),
        Event(at + timedelta(minutes=5), "assigned", Actor.agent, {"to": "Bob"}, seq=1),
        Event(at + HOUR, "message", Actor.agent, data, seq=2),
    ]


def then(story, at, kind, **data):
    return [*story, Event(london(at), kind, Actor.agent, data, seq=len(story))]


def dues(at, level, channel="portal"):
    """Return by when everything is due that is promised for a request, as it looks at its receipt."""
    return {
        each.metric: each.due_at for each in evaluate(policy(), [received(at, level, channel)], at).clocks
    }


def by_walking(desk, at, level):
    """Return when response and resolution are due, found by walking from quarter hour to quarter hour."""
    if level == "critical":
        return at + QUARTER, at + 4 * HOUR
    if level == "high":
        outside = min(at + 4 * HOUR, desk.next_opening(at) + HOUR)
        return at + HOUR if desk.is_open(at) else outside, at + 8 * HOUR
    if level == "medium":
        return desk.working(at, 4), desk.business_days(at, 1)
    return desk.business_days(at, 1), desk.business_days(at, 3)


def updates(story, at):
    """Return the verdicts on updates, with when they fell."""
    return [
        (each.data["verdict"], each.at)
        for each in evaluate(policy(), story, london(at)).consequences
        if each.kind == "verdict" and each.data["metric"] == "update"
    ]


def owed(story, at, metric):
    """Return the clock of a metric that runs or stands still at an instant, if there is one."""
    clocks = evaluate(policy(), story, london(at)).clocks
    return next((each for each in clocks if each.metric is metric and each.verdict is None), None)


def test_it_is_sound_and_does_what_its_examples_say():
    report = check(pack(NAME))
    assert [each.message for each in (*report.problems, *report.findings)] == []
    assert [each.finding.code for each in report.accepted] == ["never-decides", "missing-ladder"]
    assert report.examples_run == len(document(NAME).examples) > 80


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_of_the_page_is_said(figure):
    assert figure in all_that_is_said(NAME)


@pytest.mark.parametrize(("figure", "level", "metric", "at", "by"), PROMISES)
def test_every_time_of_the_page_is_kept(figure, level, metric, at, by):
    assert any(figure in each for each in FIGURES)
    assert dues(london(at), level)[metric] == london(by)


def test_no_time_of_the_page_is_left_out():
    assert {(metric, level) for _, level, metric, _, _ in PROMISES} >= {
        (metric, level) for metric in (RESPONSE, RESOLUTION) for level in LEVELS
    }
    assert [each.amount.text for each in policy().targets if each.metric is not UPDATE] == [
        "15 elapsed minutes",
        "1 elapsed hour",
        "4 elapsed hours",
        "1 elapsed hour",
        "4 working hours",
        "1 business day",
        "1 business day",
        "4 elapsed hours",
        "8 elapsed hours",
        "1 business day",
        "3 business days",
    ]


def test_what_is_assumed_says_why_and_every_sentence_of_the_page_is_cited():
    assert unexplained(NAME) == []
    sentences = document(NAME).source.text.splitlines()
    assert [each for each in cited(NAME) if not any(each in sentence for sentence in sentences)] == []
    assert [each for each in sentences if not any(part in each for part in cited(NAME))] == []


def test_what_the_page_does_not_say_is_assumed():
    assert {each.id for each in policy().targets if each.assumed} == {
        "high_response_morning",
        "delay_updates",
        "other_updates",
    }
    assert all(each.assumed for each in document(NAME).statuses)
    assert all(each.assumed for each in document(NAME).escalation.ladders)
    assert document(NAME).calendars["business hours"].assumed


def test_three_tiers_hand_over_with_a_reason_and_the_last_to_nobody():
    assert [(each.id, bool(each.hands_over)) for each in document(NAME).tiers] == [
        ("tier_1", True),
        ("tier_2", True),
        ("tier_3", False),
    ]


def test_five_ways_lead_to_the_desk_and_two_of_them_keep_its_hours():
    channels = {each.id: each for each in document(NAME).channels}
    assert list(channels) == ["portal", "chat", "email", "phone", "forum"]
    assert [id for id, each in channels.items() if each.calendar] == ["chat", "phone"]
    assert all(each.outside for each in channels.values() if each.calendar)
    assert (channels["phone"].for_priorities, channels["phone"].raises_to) == (["critical", "high"], "high")


def test_users_hear_of_their_number_and_of_each_status():
    notifications = document(NAME).notifications
    assert notifications.acknowledgement and notifications.status_changes


def test_only_somebody_who_has_taken_the_issue_on_gives_a_response():
    assert policy().responses.only_when_assigned
    start = london("2026-03-16 10:00")
    story = taken_on(start, "medium")
    early = [story[0], Event(start + QUARTER, "message", Actor.agent, story[2].data, seq=1)]
    assert evaluate(policy(), early, start + HOUR).clocks[0].verdict is None
    assert evaluate(policy(), story, start + HOUR).clocks[0].verdict is Verdict.met


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("desk", WEEKS.values(), ids=WEEKS)
def test_who_writes_later_is_never_due_sooner(desk, level, channel):
    promised = [dues(at, level, channel) for at in desk.receipts]
    for place, metric in enumerate((RESPONSE, RESOLUTION)):
        due = [each[metric] for each in promised]
        assert out_of_order(desk.receipts, due) == []
        assert all(at < by for at, by in zip(desk.receipts, due, strict=True))
        walked = [by_walking(desk, at, level)[place] for at in desk.receipts]
        assert differences(desk.receipts, due, walked) == []


@pytest.mark.parametrize("level", LEVELS)
def test_the_promise_for_e_mail_is_kept_by_keeping_that_of_the_level(level):
    at = london("2026-03-20 16:00")
    ledger = explain(policy(), [received(at, level, "email")], at)[0]
    assert ledger.target == next(
        each.id for each in policy().targets if each.metric is RESPONSE and level in each.priorities
    )
    (rival,) = ledger.rivals
    assert "E-mail" in policy().targets[6].clause and rival.due_at == london("2026-03-23 16:00")
    assert (rival.later == timedelta(0)) == (level == "low")


def test_fifteen_minutes_into_the_hour_that_the_wall_clock_reads_twice():
    # 01:50 in summer time; a quarter of an hour later it is 01:05 in winter time.
    at = london("2026-10-25 01:50")
    assert at == datetime(2026, 10, 25, 0, 50, tzinfo=UTC)
    assert dues(at, "critical")[RESPONSE] == datetime(2026, 10, 25, 1, 5, tzinfo=UTC)
    assert dues(at + HOUR, "critical")[RESPONSE] == datetime(2026, 10, 25, 2, 5, tzinfo=UTC)


def test_somebody_on_call_is_paged_for_what_is_critical_and_for_nothing_else():
    at = london("2026-12-25 03:00")
    for level in LEVELS:
        standing = evaluate(policy(), [received(at, level)], at)
        steps = [each for each in standing.consequences if each.kind == "escalated"]
        assert [(each.at, each.data["tell"], each.data["page"]) for each in steps] == (
            [(at, ["on_call"], True)] if level == "critical" else []
        )


def test_a_silent_day_of_a_critical_issue_has_a_breach_every_hour():
    at = london("2026-04-05 00:00")
    assert updates([received(at, "critical")], "2026-04-06 00:00") == [
        ("breached", at + number * HOUR) for number in range(1, 25)
    ]


def test_a_delay_that_lasts_has_an_update_due_on_the_next_business_day():
    story = then(taken_on(london("2026-04-02 10:00"), "medium"), "2026-04-02 11:00", "status", to="delayed")
    update = owed(story, "2026-04-02 12:00", UPDATE)
    assert (update.target, update.due_at) == ("delay_updates", london("2026-04-07 18:00"))


# What follows is what the pack promises and the evaluation does not yet do.


def test_a_delay_in_silence_misses_an_update_on_every_business_day():
    story = then(
        taken_on(london("2026-03-16 10:00"), "medium"),
        "2026-03-16 11:00",
        "status",
        to="waiting_on_third_party",
    )
    assert updates(story, "2026-03-19 19:00") == [
        ("breached", london("2026-03-17 18:00")),
        ("breached", london("2026-03-18 18:00")),
        ("breached", london("2026-03-19 18:00")),
    ]


def test_updates_about_a_delay_are_owed_from_when_it_began():
    story = then(taken_on(london("2026-03-16 10:00"), "low"), "2026-03-18 14:00", "status", to="delayed")
    assert updates(story, "2026-03-18 14:00") == []
    assert owed(story, "2026-03-18 14:00", UPDATE).due_at == london("2026-03-19 18:00")


def test_updates_are_owed_while_another_company_is_waited_for_though_nothing_was_said_at_that_moment():
    story = then(
        taken_on(london("2026-03-16 10:00"), "medium"),
        "2026-03-16 14:00",
        "status",
        to="waiting_on_third_party",
    )
    assert owed(story, "2026-03-16 15:00", UPDATE).due_at == london("2026-03-17 18:00")


def test_an_issue_that_becomes_critical_while_the_user_is_waited_for_has_hourly_updates():
    story = then(
        taken_on(london("2026-03-16 10:00"), "medium"),
        "2026-03-16 12:00",
        "status",
        to="waiting_on_customer",
    )
    story = then(story, "2026-03-16 13:00", "priority", to="critical")
    assert updates(story, "2026-03-16 15:30") == [
        ("breached", london("2026-03-16 14:00")),
        ("breached", london("2026-03-16 15:00")),
    ]


@pytest.mark.parametrize("at", ["2026-03-16 09:00", "2026-03-15 15:00"])
def test_the_aim_of_two_business_days_from_an_opening_is_an_opening(at):
    start = london(at)
    standing = evaluate(policy(), [received(start, "low")], start)
    resolution = next(each for each in standing.clocks if each.metric is RESOLUTION)
    assert resolution.due_at == london("2026-03-19 09:00")
    assert resolution.warn_at == london("2026-03-18 09:00")
