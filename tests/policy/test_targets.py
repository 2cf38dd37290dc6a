"""Which target governs: conditions, starts, and targets that are joined."""

from datetime import timedelta

import pytest
from desk_stories import Story, clock, london
from small_policies import shop, text

from upheld.policy import PolicyError, Verdict, check, evaluate, explain, load

REGIONS = (
    "id: abroad, metric: first_response, when: {region: [na, apac]}, within: 1 business day at close",
    "id: home, metric: first_response, within: cut-off 12:00",
)
CONTRACT = (
    "id: inside, metric: first_response, when: {received: inside}, within: 1 elapsed hour, calendar: shop",
    "id: outside, metric: first_response, when: {received: outside}, within: 4 elapsed hours, calendar: shop",
    "id: morning, metric: first_response, when: {received: outside}, also: true, within: 1 elapsed hour, "
    "start: next_opening, calendar: shop",
)
TWICE = (
    "id: hours, metric: resolution, within: 48 elapsed hours",
    "id: days, metric: resolution, also: true, within: 2 business days",
)


def response(policy, story, at=None):
    return clock(evaluate(policy, story, london(at) if at else story[-1].at), "first_response")


def test_the_first_target_whose_condition_holds_governs():
    policy = shop(*REGIONS)
    assert response(policy, Story("10:00", region="na")).target == "abroad"
    assert response(policy, Story("10:00", region="emea")).target == "home"
    assert response(policy, Story("10:00")).target == "home"


@pytest.mark.parametrize("field", ["plan", "region", "channel", "reason", "product", "team", "tier"])
def test_every_field_may_decide(field):
    policy = shop(
        f"id: special, metric: first_response, when: {{{field}: [gold]}}, within: 1 working hour",
        "id: usual, metric: first_response, within: 8 working hours",
    )
    assert response(policy, Story("10:00", **{field: "gold"})).target == "special"
    later = Story("10:00").then("10:10", "field", name=field, to="gold")
    assert response(policy, later).due_at == london("11:00")


def test_a_field_that_becomes_known_counts_as_if_it_had_been_known_from_the_start():
    policy = shop(*REGIONS)
    story = Story("2026-03-16 10:00").then("2026-03-16 15:00", "field", name="region", to="apac")
    moved = response(policy, story)
    assert (moved.target, moved.due_at) == ("abroad", london("2026-03-17 17:00"))


def test_a_field_that_makes_it_late_is_judged_when_it_becomes_known():
    policy = shop(
        "id: gold, metric: first_response, when: {plan: [gold]}, within: 1 working hour",
        "id: usual, metric: first_response, within: 8 working hours",
    )
    story = Story("10:00").then("15:00", "field", name="plan", to="gold")
    now = evaluate(policy, story, london("15:00"))
    breached = clock(now, "first_response")
    assert (breached.verdict_at, breached.due_at) == (london("15:00"), london("11:00"))
    assert now.consequences[-1].data["cause"] == "reclassified"


def test_only_the_desk_sets_fields():
    from upheld.policy import Actor

    story = Story("10:00").then("10:10", "field", Actor.customer, name="region", to="na")
    assert response(shop(*REGIONS), story).target == "home"


def test_a_team_comes_with_the_assignment():
    policy = shop(
        "id: experts, metric: first_response, when: {team: [experts]}, within: 1 working hour",
        "id: usual, metric: first_response, within: 8 working hours",
    )
    assert (
        response(policy, Story("10:00").then("10:05", "assigned", to="Bob", team="experts")).target
        == "experts"
    )


def test_inside_and_outside_hours_leave_no_later_request_due_before_an_earlier_one():
    policy = shop(*CONTRACT)
    dues = [
        response(policy, Story(at)).due_at
        for at in ("16:59", "17:00", "20:00", "2026-03-17 03:00", "2026-03-17 08:59", "2026-03-17 09:00")
    ]
    assert dues == sorted(dues)
    assert dues[0] == london("17:59") and dues[4] == dues[5] == london("2026-03-17 10:00")


def test_without_the_joined_target_the_document_is_refused():
    with pytest.raises(PolicyError, match="due before one of"):
        load(text(*CONTRACT[:2]))


def test_the_earlier_of_joined_targets_governs_and_the_ledger_says_which_lost_and_by_how_much():
    policy = shop(*TWICE)
    story = Story("2026-03-16 10:00")
    (ledger,) = explain(policy, story, london("2026-03-16 12:00"))
    assert ledger.target == "hours" and ledger.due_at == london("2026-03-18 10:00")
    (rival,) = ledger.rivals
    assert (rival.target, rival.later) == ("days", timedelta(0))
    story = Story("2026-03-16 20:00")
    (ledger,) = explain(policy, story, london("2026-03-16 21:00"))
    (rival,) = ledger.rivals
    assert ledger.target == "hours" and rival.due_at == london("2026-03-19 09:00")
    assert rival.later == timedelta(hours=13)


def test_a_pause_may_change_which_of_the_joined_targets_governs():
    policy = shop(*TWICE)
    story = (
        Story("2026-03-16 10:00").status("2026-03-16 16:00", "waiting").customer_writes("2026-03-17 10:00")
    )
    (ledger,) = explain(policy, story, london("2026-03-17 10:00"))
    # Eighteen elapsed hours but two working hours were paused.
    assert (ledger.target, ledger.due_at) == ("days", london("2026-03-18 12:00"))
    assert ledger.rivals[0].later == timedelta(hours=16)


def test_a_contradiction_of_the_source_is_told_unless_the_document_accepts_it():
    found = check(text(*TWICE)).findings
    assert any("promise two times for the same" in each.message for each in found)
    meant = check(text(TWICE[0], TWICE[1] + ", accept: {contradiction: both are kept}"))
    assert not any("promise two times" in each.message for each in meant.findings)
    assert [each.reason for each in meant.accepted] == ["both are kept"]


def test_a_target_may_count_from_the_acknowledgement_and_from_the_receipt_until_there_is_one():
    policy = shop("id: a, metric: first_response, within: 8 working hours, start: acknowledged")
    story = Story("10:00")
    assert response(policy, story).due_at == london("2026-03-17 10:00")
    story.then("11:30", "acknowledged").then("15:00", "acknowledged")
    counted = response(policy, story)
    assert (counted.started_at, counted.due_at) == (london("11:30"), london("2026-03-17 11:30"))
    assert explain(policy, story, london("16:00"))[0].counts_from == "acknowledged"


def test_an_acknowledgement_after_the_breach_changes_nothing():
    policy = shop("id: a, metric: first_response, within: 1 working hour, start: acknowledged")
    assert response(policy, Story("10:00").then("11:30", "acknowledged")).verdict is Verdict.breached


def test_a_target_may_count_from_the_next_opening():
    policy = shop(
        "id: a, metric: first_response, within: 2 elapsed hours, start: next_opening, calendar: shop"
    )
    early = response(policy, Story("06:00"), "07:00")
    assert (early.started_at, early.due_at, early.used) == (london("09:00"), london("11:00"), timedelta(0))
    assert early.state == "closed_hours"
    assert response(policy, Story("10:00")).due_at == london("12:00")


def test_a_warning_belongs_to_the_target_that_governs():
    now = evaluate(shop(*TWICE), Story("2026-03-16 10:00"), london("2026-03-17 23:00"))
    (warned,) = now.consequences
    assert (warned.data["target"], warned.at) == ("hours", london("2026-03-17 22:00"))


@pytest.mark.parametrize(
    ("targets", "said"),
    [
        (
            ("id: a, metric: first_response, when: {plan: [gold]}, within: 1 working hour",),
            "has no target for",
        ),
        (
            (
                "id: a, metric: first_response, within: 1 working hour",
                "id: b, metric: first_response, when: {plan: [gold]}, within: 1 working hour",
            ),
            "'b' can never govern",
        ),
        (("id: a, metric: resolution, also: true, within: 1 working hour",), "no target for 'a' to join"),
        (("id: a, metric: resolution, every: 1 working hour",), "only updates are promised again"),
        (("id: a, metric: update, within: 1 working hour",), "promised again and again"),
        (("id: a, metric: update, every: best effort",), "is no interval"),
        (("id: a, metric: update, every: 4 elapsed minutes",), "is too often"),
        (
            ("id: a, metric: resolution, within: 1 working hour, every: 2 working hours",),
            "`within` or `every`",
        ),
        (("id: a, metric: resolution",), "`within` or `every`"),
        (("id: a, metric: resolution, when: {}, within: best effort",), "this condition says nothing"),
        (("id: a, metric: resolution, when: {status: [gone]}, within: best effort",), "no status 'gone'"),
        (
            ("id: a, metric: resolution, within: 1 working hour, runs_while_paused: true",),
            "only a cadence runs",
        ),
    ],
)
def test_targets_that_do_not_fit_together_are_refused(targets, said):
    with pytest.raises(PolicyError) as caught:
        load(text(*targets))
    assert said in str(caught.value)
    assert all(problem.line >= 24 for problem in caught.value.problems)


def test_listed_plans_are_the_only_ones():
    with pytest.raises(PolicyError, match="there is no plan 'silver'; known: gold"):
        load(
            text(
                "id: a, metric: resolution, when: {plan: [silver]}, within: best effort",
                "id: b, metric: resolution, within: best effort",
                more="plans: [{id: gold, label: Gold}]",
            )
        )
