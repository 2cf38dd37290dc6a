"""A new version of the policy, and the tickets that are under way."""

from datetime import timedelta

import pytest
from desk_stories import HOUR, Story, clock, london
from small_policies import shop

from upheld.policy import Mode, Verdict, evaluate, evaluate_under, explain_under, preview, published

OLD = "id: answer, metric: first_response, within: 8 working hours"
SHORTER = "id: answer, metric: first_response, within: 4 working hours"
ELAPSED = "id: answer, metric: first_response, within: 4 elapsed hours"
NOON = london("12:00")


def under(new, mode, at, story=None, old=OLD):
    versions = published(shop(old), shop(new), NOON, mode)
    return clock(evaluate_under(versions, story or Story("09:00"), london(at)), "first_response")


def test_a_pinned_ticket_keeps_the_version_under_which_it_was_opened():
    for at in ("11:00", "12:00", "2026-03-17 09:00"):
        assert under(SHORTER, Mode.pin, at).due_at == london("17:00")


def test_carried_used_time_stays_and_the_rest_runs_under_the_new_version():
    carried = under(SHORTER, Mode.carry, "12:30")
    assert (carried.budget, carried.used, carried.due_at) == (4 * HOUR, HOUR * 3.5, london("13:00"))
    longer = under("id: answer, metric: first_response, within: 16 working hours", Mode.carry, "12:30")
    assert longer.due_at == london("2026-03-17 17:00")


def test_carried_nothing_is_due_before_the_publication():
    carried = under("id: answer, metric: first_response, within: 2 working hours", Mode.carry, "12:00")
    assert (carried.verdict, carried.due_at) == (Verdict.breached, london("12:00"))


def test_carrying_needs_the_same_unit():
    assert under(ELAPSED, Mode.carry, "12:30").due_at == london("17:00")
    (moved,) = preview(shop(OLD), shop(ELAPSED), Story("09:00"), NOON, Mode.carry)
    assert moved.stays == "the new version counts it in another unit"
    assert moved.due_at == moved.new_due_at


def test_recomputed_the_new_version_counts_from_the_start():
    assert under(ELAPSED, Mode.recompute, "12:30").due_at == london("13:00")
    assert under(SHORTER, Mode.recompute, "12:30").used == HOUR * 3.5


def test_recomputed_what_is_past_is_judged_at_the_publication():
    late = under("id: answer, metric: first_response, within: 1 working hour", Mode.recompute, "12:30")
    assert (late.verdict_at, late.due_at) == (NOON, london("10:00"))


@pytest.mark.parametrize("mode", list(Mode))
def test_a_publication_touches_only_clocks_without_a_verdict(mode):
    answered = Story("09:00").agent_answers("10:00")
    before = clock(evaluate(shop(OLD), answered, london("11:00")), "first_response")
    assert under(SHORTER, mode, "2026-03-20 09:00", answered) == before


@pytest.mark.parametrize("mode", list(Mode))
def test_before_the_publication_nothing_is_different(mode):
    story = Story("09:00").status("10:00", "waiting")
    versions = published(shop(OLD), shop(SHORTER), NOON, mode)
    assert evaluate_under(versions, story, london("11:59")) == evaluate(shop(OLD), story, london("11:59"))


def test_a_pause_under_the_version_before_stays_a_pause():
    story = Story("09:00").status("10:00", "waiting").customer_writes("11:00")
    assert under(SHORTER, Mode.recompute, "12:30", story).due_at == london("14:00")
    assert under(SHORTER, Mode.carry, "12:30", story).due_at == london("14:00")


def test_what_begins_after_the_publication_is_under_the_new_version():
    reply = "id: reply, metric: next_reply, within: 2 working hours"
    story = Story("09:00").agent_answers("10:00").customer_writes("12:30")
    versions = published(shop(OLD), shop(SHORTER, reply), NOON, Mode.carry)
    assert clock(evaluate_under(versions, story, london("13:00")), "next_reply").due_at == london("14:30")


def test_a_new_status_table_holds_from_the_publication_on():
    asked = shop(SHORTER, more="responses: {assistants: true}")
    versions = published(shop(OLD), asked, NOON, Mode.carry)
    story = Story("09:00").status("10:00", "waiting")
    assert evaluate_under(versions, story, london("13:00")).status == "waiting"


def test_a_publication_is_previewed_clock_by_clock():
    resolution = "id: solve, metric: resolution, within: 16 working hours"
    old, new = shop(OLD, resolution), shop(SHORTER, resolution)
    moved = preview(old, new, Story("09:00"), NOON, Mode.recompute)
    assert [(each.metric, each.due_at, each.new_due_at) for each in moved] == [
        ("first_response", london("17:00"), london("13:00")),
        ("resolution", london("2026-03-17 17:00"), london("2026-03-17 17:00")),
    ]
    assert preview(old, new, Story("09:00").agent_answers("10:00"), NOON, Mode.pin)[0].metric == "resolution"


def test_held_time_that_counts_after_all_counts_under_both_versions():
    story = Story("09:00", held=True).then("13:00", "admitted", contract_at_receipt=True)
    versions = published(
        shop(OLD), shop("id: answer, metric: first_response, within: 16 working hours"), NOON, Mode.carry
    )
    now = clock(evaluate_under(versions, story, london("14:00")), "first_response")
    assert (now.used, now.due_at) == (5 * HOUR, london("2026-03-17 17:00"))
    (ledger,) = explain_under(versions, story, london("14:00"))
    assert sum((line.counted for line in ledger.lines), timedelta(0)) == now.used


def test_the_ledger_of_a_carried_clock_sums_to_what_was_used():
    versions = published(shop(OLD), shop(SHORTER), NOON, Mode.carry)
    (ledger,) = explain_under(versions, Story("09:00"), london("12:30"))
    assert [(line.kind, line.counted) for line in ledger.lines] == [
        ("carried", 3 * HOUR),
        ("ran", timedelta(minutes=30)),
    ]
    assert ledger.lines[0].end == NOON and ledger.used == HOUR * 3.5


def test_carried_no_more_is_told_than_the_new_promise_has():
    shorter = shop("id: answer, metric: first_response, within: 2 working hours")
    (ledger,) = explain_under(
        published(shop(OLD), shorter, NOON, Mode.carry), Story("09:00"), london("14:00")
    )
    assert [(line.kind, line.counted) for line in ledger.lines] == [
        ("carried", 2 * HOUR),
        ("after", timedelta(0)),
    ]
    assert ledger.used == ledger.budget == 2 * HOUR
