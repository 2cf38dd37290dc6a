"""The desk for campaigns: what its page says, and what that makes of every hour of the weeks that are odd."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import pack_texts
import pytest
from desk_stories import Story, clock, london
from wall_calendar import LONDON, SEASONS, Office, hours_of

from upheld.policy import Metric, Verdict, check, evaluate, explain, load, pack
from upheld.policy.classifying import propose
from upheld.rules.named_priority import named_priority

# Every figure of the page, as a page that is made from the policy tells it.
FIGURES = (
    "Once your request is acknowledged, an answer that solves it follows within one business day.",
    "What reaches us in the morning is answered by the end of the day",
    "what reaches us in the afternoon the next morning",
    "Customers in North America and Asia Pacific have our answer the next day.",
    "Severity 1: resolution within 48 hours.",
    "Severity 1: resolution in up to 2 working days.",
    "Severity 2: resolution in up to 5 working days.",
    "Severity 3: resolution in up to 10 working days.",
    "Severity 1: an update every 4 hours while the helpdesk is open, by e-mail or phone.",
    "Severity 2: an update every day, by e-mail or phone.",
    "Severity 3: updates are discretionary.",
    "A total failure",
    "A serious fault",
    "A small fault",
    "No workaround",
    "A workaround",
    "Product manager",
    "The helpdesk is unable to resolve the issue.",
    "campaigns.example",
    "help@campaigns.example",
    "+44 20 7946 0101",
    "+1 212 555 0101",
    "+61 2 5550 0101",
    "Europe/London",
    "9 July 2013",
)

# What is promised, the figure in the clause that governs, what is known of a request, and what comes of it.
PROMISES = [
    ("first_response", "by the end of the day", "2026-03-16 11:00", {}, "2026-03-16 17:30"),
    ("first_response", "the next morning", "2026-03-16 15:00", {}, "2026-03-17 12:00"),
    ("first_response", "the next day", "2026-03-16 11:00", {"region": "north_america"}, "2026-03-17 17:30"),
    ("first_response", "the next day", "2026-03-16 15:00", {"region": "asia_pacific"}, "2026-03-17 17:30"),
    ("resolution", "48 hours", "2026-03-20 16:00", {"priority": "severity_1"}, "2026-03-22 16:00"),
    ("resolution", "5 working days", "2026-03-20 16:00", {"priority": "severity_2"}, "2026-03-27 16:00"),
    ("resolution", "10 working days", "2026-03-13 16:00", {"priority": "severity_3"}, "2026-03-27 16:00"),
    ("update", "every 4 hours", "2026-03-16 09:30", {"priority": "severity_1"}, "2026-03-16 13:30"),
    ("update", "every day", "2026-03-16 09:30", {"priority": "severity_2"}, "2026-03-17 17:30"),
]

OFFICE = Office(time(9), time(17, 30))
OVERSEAS = ("north_america", "asia_pacific")


@cache
def campaigns():
    return load(pack("campaign-severity"))


@cache
def document():
    return pack_texts.document("campaign-severity")


def due(metric, at, **known):
    """Return by when something is due, as it looks at the receipt."""
    return clock(evaluate(campaigns(), Story(at, **known), at), metric).due_at


def wall(at):
    return at.astimezone(LONDON)


def test_it_is_sound_and_does_what_its_examples_say():
    report = check(pack("campaign-severity"), "campaign-severity.yaml")
    assert [each.message for each in report.problems] == []
    assert report.examples_run == len(document().examples) > 70


def test_what_is_doubtful_is_meant():
    report = check(pack("campaign-severity"))
    assert [each.message for each in report.findings] == []
    assert {(each.finding.code, each.finding.path) for each in report.accepted} == {
        ("contradiction", "targets[7]"),
        ("never-decides", "targets[2]"),
        ("missing-report-by", "priorities[1]"),
        ("missing-report-by", "priorities[2]"),
    }


@cache
def all_that_is_said():
    return f"{document().source.date}\n{pack_texts.all_that_is_said('campaign-severity')}"


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_of_the_page_is_said(figure):
    assert figure in all_that_is_said()


def test_what_is_assumed_says_why():
    assert pack_texts.unexplained("campaign-severity") == []


@pytest.mark.parametrize(("metric", "figure", "received", "known", "expected"), PROMISES)
def test_every_figure_is_what_comes_of_it(metric, figure, received, known, expected):
    now = clock(evaluate(campaigns(), Story(received, **known), london(received)), metric)
    (target,) = [each for each in campaigns().targets if each.id == now.target]
    assert figure in target.clause
    assert now.due_at == london(expected)


def test_its_source_is_named_with_version_and_date():
    source = campaigns().source
    assert (source.document, source.version, source.date) == (
        "Submitting support queries",
        "1",
        "9 July 2013",
    )


def test_three_severities_are_told_apart_by_examples_and_by_the_workaround():
    levels = document().priorities
    assert [each.id for each in levels] == ["severity_1", "severity_2", "severity_3"]
    assert all(
        each.meaning.endswith("some cases among others.") and len(each.examples) >= 2 for each in levels
    )
    assert [each.workarounds for each in levels] == [["none"], ["none", "exists"], ["exists"]]
    assert all(each.criteria for each in levels)


@pytest.mark.parametrize(
    ("function", "workaround", "found"),
    [
        ("severity_1", "none", "severity_1"),
        ("severity_1", "exists", "severity_2"),
        ("severity_2", "none", "severity_2"),
        ("severity_2", "exists", "severity_2"),
        ("severity_3", "exists", "severity_3"),
    ],
)
def test_how_much_still_works_and_a_workaround_give_the_severity(function, workaround, found):
    assert propose(document(), {"function": function}, workaround).priority == found


@pytest.mark.parametrize(
    ("subject", "named"),
    [
        ("URGENT: nothing goes out", "severity_1"),
        ("Severity 2 - reports", "severity_2"),
        ("A question about lists", None),
        ("Insurgents in our mailing list", None),
    ],
)
def test_urgent_in_the_subject_raises_a_request(subject, named):
    assert named_priority(subject, [(each.id, each.words) for each in campaigns().priorities]) == named


def test_each_region_has_its_own_number_and_who_is_in_a_hurry_rings():
    phones = {each.region: each for each in document().channels if each.region}
    assert set(phones) == {"europe", *OVERSEAS}
    assert document().priorities[0].report_by == [each.id for each in phones.values()]
    assert [each.id for each in document().channels if not each.region] == ["site", "email"]


@pytest.mark.parametrize("season", SEASONS)
def test_a_first_response_comes_by_the_morning_and_the_afternoon_of_every_hour(season):
    for at in hours_of(SEASONS[season]):
        assert due("first_response", at) in by_morning_and_afternoon(wall(at)), wall(at)


def by_morning_and_afternoon(received):
    day = received.date()
    if not OFFICE.works_on(day):
        return {OFFICE.close_of(OFFICE.next_day(day))}
    if received.hour < 12:
        return {OFFICE.close_of(day)}
    noon = OFFICE.at(OFFICE.next_day(day), time(12))
    # The page does not say whether an evening is an afternoon still, or a morning already.
    is_evening = received.time() >= OFFICE.closes
    return {noon, OFFICE.close_of(OFFICE.next_day(day))} if is_evening else {noon}


@pytest.mark.parametrize("region", OVERSEAS)
@pytest.mark.parametrize("season", SEASONS)
def test_who_writes_from_overseas_is_answered_by_closing_on_the_next_day(season, region):
    for at in hours_of(SEASONS[season]):
        received = wall(at)
        counts = received.date() if OFFICE.is_open(at) else wall(OFFICE.opening(at)).date()
        expected = OFFICE.next_day(counts) if OFFICE.is_open(at) else counts
        assert due("first_response", at, region=region) == OFFICE.close_of(expected), received


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize(
    ("metric", "known"),
    [
        ("first_response", {}),
        ("first_response", {"region": "asia_pacific"}),
        ("update", {"priority": "severity_1"}),
        ("update", {"priority": "severity_2"}),
        ("resolution", {"priority": "severity_2"}),
        ("resolution", {"priority": "severity_3"}),
    ],
)
def test_nothing_is_due_in_closed_time_or_before_who_asked_earlier(metric, known, season):
    receipts = hours_of(SEASONS[season])
    dues = [due(metric, at, **known) for at in receipts]
    assert all(at < by for at, by in zip(receipts, dues, strict=True))
    assert [
        by for by in dues if not OFFICE.is_open(by) and not OFFICE.is_open(by - timedelta(seconds=1))
    ] == []
    assert [at for at, (one, later) in zip(receipts, pairwise(dues), strict=False) if later < one] == []


@pytest.mark.parametrize("season", SEASONS)
def test_four_hours_between_updates_are_hours_in_which_somebody_is_there(season):
    for at in hours_of(SEASONS[season]):
        assert due("update", at, priority="severity_1") == OFFICE.after(at, 4), wall(at)


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize(("severity", "days"), [("severity_2", 5), ("severity_3", 10)])
def test_working_days_end_at_the_time_of_day_at_which_they_began(severity, days, season):
    for at in hours_of(SEASONS[season]):
        counts = wall(OFFICE.opening(at))
        expected = OFFICE.at(OFFICE.next_day(counts.date(), days), counts.time())
        assert due("resolution", at, priority=severity) == expected, wall(at)


@pytest.mark.parametrize("season", SEASONS)
def test_as_long_as_nothing_pauses_severity_1_never_has_more_than_48_hours(season):
    for at in hours_of(SEASONS[season]):
        assert due("resolution", at, priority="severity_1") == at + timedelta(hours=48)


@pytest.mark.parametrize("length", [1, 3, 9, 15, 17, 24, 30, 65])
def test_after_a_pause_the_earlier_of_48_hours_and_2_working_days_governs(length):
    received = london("2026-03-16 10:00")
    governing = set()
    for hours in range(1, 48):
        paused = received + timedelta(hours=hours)
        again = paused + timedelta(hours=length)
        story = Story(received, priority="severity_1").agent_answers(paused)
        story.status(paused, "waiting_on_customer").customer_writes(again)
        now = clock(evaluate(campaigns(), story, again), "resolution")
        # Two working days from Monday at ten are 17 working hours.
        days = OFFICE.after(again, 17 - OFFICE.worked(received, paused))
        around_the_clock = received + timedelta(hours=48 + length)
        assert now.due_at == min(days, around_the_clock), wall(paused)
        governing.add(now.target)
    assert "severity_1_resolution" in governing
    assert length in (1, 3, 24) or "severity_1_resolution_days" in governing


def test_both_promises_of_severity_1_are_told_and_why():
    (joined,) = [each for each in document().targets if "contradiction" in each.accept]
    assert joined.id == "severity_1_resolution_days" and joined.also
    assert "48 hours" in joined.accept["contradiction"]
    story = Story("2026-03-20 16:00", priority="severity_1")
    ledger = ledger_of(story, Metric.resolution)
    (lost,) = ledger.rivals
    assert (ledger.target, lost.target, lost.due_at) == (
        "severity_1_resolution",
        "severity_1_resolution_days",
        london("2026-03-24 16:00"),
    )


@pytest.mark.parametrize(
    ("acknowledged", "joined"),
    [
        (None, "2026-03-17 17:30"),
        ("2026-03-16 10:00:20", "2026-03-17 17:30"),
        ("2026-03-17 10:00", "2026-03-18 17:30"),
    ],
)
def test_the_joined_business_day_counts_from_the_acknowledgement_and_from_the_receipt_without_one(
    acknowledged, joined
):
    story = Story("2026-03-16 10:00", region="north_america")
    if acknowledged:
        story.then(acknowledged, "acknowledged")
    ledger = ledger_of(story, Metric.first_response)
    told = {each.target: each.due_at for each in ledger.rivals} | {ledger.target: ledger.due_at}
    assert told["response_with_resolution"] == london(joined)
    assert told["overseas_response"] == london("2026-03-17 17:30") == ledger.due_at


def ledger_of(story, metric):
    (ledger,) = [each for each in explain(campaigns(), story, story[-1].at) if each.metric is metric]
    return ledger


def test_a_phone_call_keeps_every_promise_that_a_mail_keeps():
    received, rung = london("2026-03-16 10:00"), london("2026-03-16 13:30")
    called = evaluate(campaigns(), Story(received, priority="severity_1").agent_calls(rung), rung)
    written = evaluate(campaigns(), Story(received, priority="severity_1").agent_answers(rung), rung)
    assert called.clocks == written.clocks
    assert {each.verdict for each in called.clocks if each.metric != "resolution"} == {Verdict.met, None}


def test_discretionary_is_a_promise_of_its_own_and_not_an_absent_one():
    now = evaluate(campaigns(), Story("2026-03-16 10:00", priority="severity_3"), london("2026-03-30 09:00"))
    (told,) = now.unclocked
    assert (told.metric, told.kind) == (Metric.update, "discretionary")
    assert not [each for each in now.clocks if each.metric == "update"]


def test_what_was_not_resolved_in_time_goes_to_the_product_manager_and_no_clock_restarts():
    (manager,) = document().roles
    assert manager.by == ["product"] and document().escalation.hand_overs[0].to_role == manager.id
    for priority in campaigns().priorities:
        story = Story("2026-03-16 10:00", priority=priority.id, product="reports")
        missed = clock(evaluate(campaigns(), story, london("2026-03-16 10:00")), "resolution").due_at
        before = evaluate(campaigns(), story, missed - timedelta(seconds=1))
        assert not [each for each in before.consequences if each.kind == "escalated"]
        now = evaluate(campaigns(), story, missed + timedelta(days=20))
        (told,) = [each for each in now.consequences if each.kind == "escalated"]
        assert (told.at, told.data["tell"], told.data["page"]) == (missed, ["product_manager"], False)
        late = clock(now, "resolution")
        assert (late.verdict, late.verdict_at, late.due_at) == (Verdict.breached, missed, missed)


def test_the_customers_zone_never_matters():
    for hour in range(24):
        at = datetime(2026, 3, 17, hour, tzinfo=UTC)
        dues = {due("resolution", at, priority="severity_2", region=each) for each in ("europe", *OVERSEAS)}
        assert len(dues) == 1


def test_every_date_of_england_is_a_holiday():
    assert due("first_response", london("2026-05-04 09:00")).astimezone(LONDON).date() == date(2026, 5, 5)
    assert campaigns().holiday_names["helpdesk"][date(2026, 12, 28)]


@pytest.mark.parametrize("season", SEASONS)
def test_a_silent_severity_2_misses_an_update_on_every_business_day(season):
    received = OFFICE.at(OFFICE.next_day(SEASONS[season]), time(10))
    until = received + timedelta(days=9)
    silent = evaluate(campaigns(), Story(received, priority="severity_2"), until)
    missed = [
        each.at
        for each in silent.consequences
        if (each.kind, each.data.get("metric")) == ("verdict", "update")
    ]
    closings = [OFFICE.close_of(OFFICE.next_day(wall(received).date(), count)) for count in range(1, 10)]
    assert missed == [at for at in closings if at <= until]


@pytest.mark.parametrize("minutes", [0, 15, 120, 389])
def test_an_update_after_closing_does_not_excuse_the_next_business_day(minutes):
    updated = london("2026-03-17 17:30") + timedelta(minutes=minutes)
    story = Story("2026-03-16 10:00", priority="severity_2").agent_answers(updated)
    last = [each for each in evaluate(campaigns(), story, updated).clocks if each.metric == "update"][-1]
    assert last.due_at == london("2026-03-18 17:30")
