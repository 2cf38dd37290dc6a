"""Single promises of the five pages, each with the small proof that it is kept."""

from datetime import UTC, datetime, timedelta

import pytest
from desk_stories import Story, london, school
from pack_texts import document

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice
from upheld.people.actions import add_agent, fill_role
from upheld.people.roles import holders
from upheld.policy import Actor, Event, Metric, Verdict, evaluate, explain, ledger_sentences, load, pack
from upheld.rules.permissions import Role
from upheld.tickets.actions import settle_ticket

HOUR = timedelta(hours=1)


def terms(name):
    return {each.id: each.meaning for each in document(name).terms}


def of(parts, id):
    return next(each for each in parts if each.id == id)


def opened(received_at, **data):
    return Event(received_at, "opened", Actor.customer, {"channel": "email", **data})


# campaign-severity


def test_an_unsolved_case_finds_the_manager_of_its_product(cast: Cast) -> None:
    publish_policy(
        cast.desk,
        pack("campaign-severity"),
        now=LONG_AGO,
        by="tests",
        effective_from=utc("2025-06-01 00:00"),
    )
    known = {"role": Role.agent, "by": "tests", "now": LONG_AGO}
    rita = add_agent(cast.desk, address="rita@desk.example.com", name="Rita Malik", **known)
    fill_role(cast.desk, "product_manager", cast.lena, by="tests", now=LONG_AGO)
    fill_role(cast.desk, "product_manager", rita, product="reports", by="tests", now=LONG_AGO)
    assert holders(cast.desk.pk, "product_manager", {"product": "reports"}) == [rita]
    assert holders(cast.desk.pk, "product_manager", {"product": "contacts"}) == [cast.lena]
    # Ten working days of the mildest level: from Monday 2 March at 10:00 to Monday 16 March at 10:00.
    ticket = cast.writes("2026-03-02 10:00")
    told = (
        Notice.objects.filter(ticket_id=ticket.pk, kind="escalated")
        .order_by("pk")
        .values_list("to_address", flat=True)
    )
    settle_ticket(ticket.pk, at("2026-03-16 09:59:59"))
    assert not told.exists()
    settle_ticket(ticket.pk, at("2026-03-16 10:00"))
    assert list(told) == ["lena@desk.example.com"]


def test_discretionary_updates_wait_for_a_promise():
    campaigns = load(pack("campaign-severity"))
    story = Story("10:00", priority="severity_3")
    assert all(
        each.metric is not Metric.update for each in evaluate(campaigns, story, london("17:00")).clocks
    )
    story.then("11:00", "promised", metric="update", due_at=london("2026-03-18 12:00"))
    (update,) = [
        each for each in evaluate(campaigns, story, london("12:00")).clocks if each.metric is Metric.update
    ]
    assert (update.target, update.due_at) == ("severity_3_updates", london("2026-03-18 12:00"))


# school-devices


def test_a_stopped_timer_tells_the_customer_why():
    for status, reason in (
        ("waiting_on_customer", "we need the number on the lid"),
        ("waiting_on_third_party", "the manufacturer sends a part"),
    ):
        story = Story("09:00").status("10:00", status, reason)
        for ledger in explain(school(), story, london("12:00")):
            said = ledger_sentences(ledger, zone="Europe/London", audience="customer")
            assert f"It has stood still since 10:00: {reason}." in said
            assert "It stands still, so there is no due time now." in said


def test_what_belongs_to_others_is_watched_and_reported():
    theirs = of(document("school-devices").scope, "third_party_systems")
    assert "watch" in theirs.instead and "report" in theirs.instead
    # Such a ticket is not out of scope: it waits, and nobody is blamed for the wait.
    assert theirs.exclusion is None
    assert school().status("waiting_on_third_party").clocks == frozenset()


# success-plans


def test_a_complaint_climbs_in_the_order_of_the_page():
    plans = document("success-plans")
    path = [each.role for each in plans.escalation.customer_path]
    assert path == ["customer_success_manager", "chief_operating_officer", "chief_executive_officer"]
    assert {each.id: each.by for each in plans.roles if each.id in path} == {
        "customer_success_manager": ["organization"],
        "chief_operating_officer": [],
        "chief_executive_officer": [],
    }


def test_levels_have_the_names_of_their_page():
    policy = load(pack("success-plans"))
    assert [(each.rank, each.label) for each in policy.priorities] == [
        (1, "Critical"),
        (2, "Urgent"),
        (3, "High"),
        (4, "Medium"),
    ]


def test_how_a_case_proceeds_is_told_state_by_state():
    plans = document("success-plans")
    assert [each.id for each in plans.statuses] == [
        "open",
        "in_progress",
        "in_development",
        "waiting_on_customer",
        "resolved",
        "closed",
    ]
    assert all(each.meaning for each in plans.statuses)
    assert (
        "from its receipt" in plans.source.text
        and "received" in terms("success-plans")["how_a_case_proceeds"]
    )


# always-on


def test_levels_are_explained_by_examples():
    levels = document("always-on").priorities
    assert [each.id for each in levels] == ["critical", "high", "medium", "low"]
    assert all(each.meaning and len(each.examples) >= 3 for each in levels)
    assert "wish" in levels[-1].meaning


def test_a_range_warns_at_its_aim_and_is_broken_at_its_end():
    policy = load(pack("always-on"))
    # Thursday 12 March: two business days later is Monday, three is Tuesday.
    story = [opened(london("2026-03-12 10:00"), priority="low", channel="portal")]
    (aim,) = [
        each
        for each in evaluate(policy, story, london("2026-03-16 10:00")).consequences
        if each.kind == "warned" and each.data["metric"] == "resolution"
    ]
    assert (aim.at, aim.data["mark"]) == (london("2026-03-16 10:00"), "aim")
    standing = evaluate(policy, story, london("2026-03-20 10:00"))
    (resolution,) = [each for each in standing.clocks if each.metric is Metric.resolution]
    assert (resolution.verdict, resolution.due_at) == (Verdict.breached, london("2026-03-17 10:00"))


def test_everybody_touched_hears_of_a_way_around():
    assert "everybody who is touched by it is told" in terms("always-on")["workarounds"]


def test_reviews_and_opinions_are_announced():
    told = terms("always-on")
    assert "response and resolution times" in told["reviews"]
    assert "what you think" in told["feedback"] and "coming back" in told["feedback"]


# maintenance-contract


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("partners", "The support is the same"),
        ("remote_access", "without your consent there is none"),
        ("one_number_a_case", "gets a number of its own, whether you call or write"),
        ("several_issues", "each may become a case with a number of its own"),
        ("quoting_the_number", "name it whenever you call or write again"),
    ],
)
def test_terms_of_a_contract_are_told(term, said):
    assert said in terms("maintenance-contract")[term]


def test_three_levels_of_support_lead_from_one_to_the_next():
    contract = document("maintenance-contract")
    assert [(each.id, bool(each.hands_over)) for each in contract.tiers] == [
        ("first", True),
        ("second", True),
        ("third", False),
    ]
    assert [each.to_tier for each in contract.escalation.hand_overs if each.to_tier] == ["second", "third"]


def test_the_level_that_was_asked_for_stays_beside_the_one_that_was_given():
    policy = load(pack("maintenance-contract"))
    received = datetime(2026, 3, 16, 16, tzinfo=UTC)
    story = [
        opened(received, priority="level_1"),
        Event(received + HOUR / 2, "priority", Actor.agent, {"to": "level_3", "reason": "it works"}, seq=1),
    ]
    assert evaluate(policy, story, received).priority == "level_1"
    assert evaluate(policy, story, received + HOUR).priority == "level_3"
    assert story[0].data["priority"] == "level_1"


def test_each_level_says_what_it_means_how_to_report_it_and_by_when_somebody_responds():
    contract = document("maintenance-contract")
    channels = {each.id for each in contract.channels}
    for level in contract.priorities:
        assert level.meaning and level.report_by and set(level.report_by) <= channels
        promised = [each for each in contract.targets if each.when and level.id in (each.when.priority or ())]
        assert promised and all(each.clause.startswith(f"Level {level.id[-1]}") for each in promised)
