"""The desk whose customers have one of two success plans: what they are promised, and for what no time is."""

from datetime import UTC, date, datetime
from functools import cache

import pytest
from pack_texts import all_that_is_said, cited, document, unexplained
from quarter_hours import QuarterHours, differences, out_of_order

from upheld.clock import zone
from upheld.policy import Actor, Event, Metric, Verdict, check, evaluate, load, pack
from upheld.policy.classifying import propose

NAME = "success-plans"

# Every figure of the page, in the words in which the page that is made from the policy has to hold it.
FIGURES = (
    "Level 1.",
    "Level 2.",
    "Level 3.",
    "Level 4.",
    "Without a Premium Success Plan: first contact within 2 business days, whatever the level.",
    "The first contact comes within 2 business days, whatever the level.",
    "Premium, level 1 (critical): first response within 1 business hour.",
    "Premium, level 2 (urgent): first response within 4 business hours.",
    "Premium, level 3 (high): first response within 8 business hours.",
    "Premium, level 4 (medium): first response within 1 business day.",
    "9:00-17:00, Monday to Friday, Berlin time, except on the public holidays that all of Germany has.",
    "weekends and public holidays do not",
    "Level 4 (medium): resolved as soon as we reasonably can.",
    "Levels 1 to 3: resolved without a promised time",
    "Customer Success Manager",
    "COO - Chief Operating Officer",
    "CEO - Chief Executive Officer",
    "Product Manager",
    "Development",
    "Functions",
    "Data",
    "Back end",
    "Bug",
    "Question about handling",
    "Customization or development request",
    "Feature request",
    "Premium Success Plan",
    "Basic Success Plan",
)

# Monday 16 March 2026 is a day like any other; each line is a promise from its receipt to its due time.
PROMISES = (
    ("first contact within 2 business days", "basic", "critical", "2026-03-16 11:00", "2026-03-18 11:00"),
    ("first contact within 2 business days", "basic", "medium", "2026-03-16 11:00", "2026-03-18 11:00"),
    ("first contact within 2 business days", None, "urgent", "2026-03-16 11:00", "2026-03-18 11:00"),
    ("first response within 1 business hour", "premium", "critical", "2026-03-16 11:00", "2026-03-16 12:00"),
    ("first response within 4 business hours", "premium", "urgent", "2026-03-16 11:00", "2026-03-16 15:00"),
    ("first response within 8 business hours", "premium", "high", "2026-03-16 11:00", "2026-03-17 11:00"),
    ("first response within 1 business day", "premium", "medium", "2026-03-16 09:00", "2026-03-17 09:00"),
)

LEVELS = ("critical", "urgent", "high", "medium")
PLANS = ("premium", "basic", None)
# Good Friday, Easter Monday, Labour Day, Ascension Day, Whit Monday; in autumn only a Saturday.
CLOSED = frozenset(
    (date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1), date(2026, 5, 14), date(2026, 5, 25))
)
WEEKS = {
    "summer time and Easter": QuarterHours("Europe/Berlin", 9, 17, "2026-03-15", 5, CLOSED),
    "winter time": QuarterHours("Europe/Berlin", 9, 17, "2026-10-11", 4, CLOSED),
}


@cache
def policy():
    return load(pack(NAME))


def berlin(text):
    """Return the instant of a wall time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=zone("Europe/Berlin")).astimezone(UTC)


def received(at, **known):
    return Event(at, "opened", Actor.customer, {"channel": "email", **known})


def due(at, plan, level):
    """Return by when the first response to a case is due, as it looks at its receipt."""
    (clock,) = evaluate(policy(), [received(at, plan=plan, priority=level)], at).clocks
    assert clock.metric is Metric.first_response
    return clock.due_at


def by_walking(desk, at, plan, level):
    """Return the same, found by walking from quarter hour to quarter hour."""
    if plan != "premium":
        return desk.business_days(at, 2)
    hours = {"critical": 1, "urgent": 4, "high": 8}.get(level)
    return desk.business_days(at, 1) if hours is None else desk.working(at, hours)


def test_it_is_sound_and_does_what_its_examples_say():
    report = check(pack(NAME))
    assert [each.message for each in (*report.problems, *report.findings)] == []
    assert report.accepted == ()
    assert report.examples_run == len(document(NAME).examples) > 50


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_of_the_page_is_said(figure):
    assert figure in all_that_is_said(NAME)


@pytest.mark.parametrize(("figure", "plan", "level", "at", "by"), PROMISES)
def test_every_time_of_the_page_is_kept(figure, plan, level, at, by):
    assert any(figure in each for each in FIGURES)
    assert due(berlin(at), plan, level) == berlin(by)


def test_no_promise_of_a_first_response_is_left_out():
    told = {(plan, level) for _, plan, level, _, _ in PROMISES}
    assert {("premium", level) for level in LEVELS} <= told
    assert {each.amount.text for each in policy().targets if each.metric is Metric.first_response} == {
        "1 working hour",
        "4 working hours",
        "8 working hours",
        "1 business day",
        "2 business days",
    }


def test_what_is_assumed_says_why_and_every_sentence_of_the_page_is_cited():
    assert unexplained(NAME) == []
    sentences = document(NAME).source.text.splitlines()
    assert [each for each in cited(NAME) if not any(each in sentence for sentence in sentences)] == []
    assert [each for each in sentences if not any(part in each for part in cited(NAME))] == []


def test_the_missing_table_is_assumed_and_the_promise_without_premium_is_not():
    assumed = {each.id for each in policy().targets if each.assumed}
    assert assumed == {
        "premium_critical",
        "premium_urgent",
        "premium_high",
        "premium_medium",
        "wishes",
        "other_resolution",
    }


def test_a_case_is_looked_at_from_three_sides_and_by_its_workaround():
    classification = document(NAME).classification
    assert [each.id for each in classification.axes] == ["functions", "data", "back_end"]
    assert classification.takes == "highest"
    for level in document(NAME).priorities:
        assert all(level.criteria.get(axis.id) for axis in classification.axes)
    assert {each.id: each.workarounds for each in document(NAME).priorities} == {
        "critical": ["none"],
        "urgent": ["none", "unreasonable"],
        "high": ["short_term"],
        "medium": ["acceptable"],
    }


@pytest.mark.parametrize(
    ("answers", "workaround", "level"),
    [
        ({"functions": "high", "data": "critical", "back_end": "medium"}, None, "critical"),
        ({"functions": "medium", "data": "medium", "back_end": "urgent"}, None, "urgent"),
        ({"functions": "critical"}, "none", "critical"),
        ({"functions": "critical"}, "unreasonable", "urgent"),
        ({"functions": "critical"}, "short_term", "high"),
        ({"functions": "critical"}, "acceptable", "medium"),
        ({"data": "urgent"}, "none", "urgent"),
        ({"data": "high"}, "none", "high"),
        ({"back_end": "medium"}, "none", "medium"),
    ],
)
def test_the_most_urgent_side_counts_and_a_way_around_eases_it(answers, workaround, level):
    assert propose(document(NAME), answers, workaround).priority == level


def test_a_reason_is_required_before_work_begins():
    assert document(NAME).triage.requires == ["reason"]
    assert [each.id for each in document(NAME).reasons] == ["bug", "question", "customization", "feature"]


def test_a_customer_who_is_not_content_has_three_to_turn_to_and_experts_join_rather_than_take_over():
    escalation = document(NAME).escalation
    assert [each.role for each in escalation.customer_path] == [
        "customer_success_manager",
        "chief_operating_officer",
        "chief_executive_officer",
    ]
    assert [each.to_role for each in escalation.hand_overs] == ["product_manager", "development"]
    roles = {each.id: each.by for each in document(NAME).roles}
    assert roles["customer_success_manager"] == ["organization"] and roles["product_manager"] == ["product"]
    with_experts = policy().status("in_development")
    assert with_experts.category == "open" and with_experts.clocks == frozenset(Metric)


def test_who_has_no_plan_is_helped_as_with_the_basic_one():
    entitlement = document(NAME).entitlement
    assert (entitlement.contract, entitlement.without, entitlement.default_plan) == (
        "optional",
        "default_plan",
        "basic",
    )


@pytest.mark.parametrize("level", LEVELS)
def test_no_level_and_no_reason_gives_a_resolution_a_time(level):
    at = berlin("2026-03-16 11:00")
    for reason, kind, target in (
        ("bug", "best_effort", "level_4_resolution" if level == "medium" else "other_resolution"),
        ("question", "best_effort", "level_4_resolution" if level == "medium" else "other_resolution"),
        ("customization", "discretionary", "wishes"),
        ("feature", "discretionary", "wishes"),
    ):
        standing = evaluate(policy(), [received(at, priority=level, reason=reason)], at)
        (unclocked,) = standing.unclocked
        assert (unclocked.metric, unclocked.target, unclocked.kind) == (Metric.resolution, target, kind)
        assert [each.metric for each in standing.clocks] == [Metric.first_response]


def test_a_promised_date_for_a_wish_stops_while_the_customer_is_asked_and_is_broken_when_it_passes():
    at, promised = berlin("2026-03-16 11:00"), berlin("2026-04-15 12:00")
    story = [
        received(at, plan="basic", reason="feature"),
        Event(at, "promised", Actor.agent, {"metric": "resolution", "due_at": promised}, seq=1),
    ]
    clock = evaluate(policy(), story, promised).clocks[-1]
    assert (clock.verdict, clock.verdict_at) == (Verdict.breached, promised)
    asked, answered = berlin("2026-03-20 10:00"), berlin("2026-03-21 10:00")
    story.append(Event(asked, "status", Actor.agent, {"to": "waiting_on_customer"}, seq=2))
    story.append(Event(answered, "message", Actor.customer, {"direction": "in", "public": True}, seq=3))
    standing = evaluate(policy(), story, answered)
    assert standing.status == "in_progress"
    assert standing.clocks[-1].due_at == promised + (answered - asked)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("desk", WEEKS.values(), ids=WEEKS)
def test_who_writes_later_is_never_due_sooner(desk, plan, level):
    dues = [due(at, plan, level) for at in desk.receipts]
    assert out_of_order(desk.receipts, dues) == []
    assert all(at < by for at, by in zip(desk.receipts, dues, strict=True))
    walked = [by_walking(desk, at, plan, level) for at in desk.receipts]
    assert differences(desk.receipts, dues, walked) == []
