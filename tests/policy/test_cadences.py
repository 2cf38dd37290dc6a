"""An update at least every so often."""

from datetime import timedelta

from desk_stories import HOUR, Story, clock, london
from small_policies import shop

from upheld.policy import ClockState, Verdict, evaluate, explain

EVERY = "id: u, metric: update, every: 4 working hours"
DAILY = "id: u, metric: update, every: 1 business day at close"
DOGGED = "id: u, metric: update, every: 4 elapsed hours, runs_while_paused: true"


def updates(policy, story, at):
    now = evaluate(policy, story, london(at))
    return [(each.verdict, each.verdict_at) for each in now.clocks if each.metric == "update"], now


def verdicts(now):
    return [(each.data["verdict"], each.at) for each in now.consequences if each.kind == "verdict"]


def test_the_first_interval_runs_from_the_start_and_the_next_from_the_last_update():
    story = Story("09:00").agent_answers("11:00")
    now = evaluate(shop(EVERY), story, london("11:30"))
    assert clock(now, "update", 1).verdict is Verdict.met
    second = clock(now, "update", 2)
    assert (second.started_at, second.due_at, second.used) == (london("11:00"), london("15:00"), HOUR / 2)


def test_each_missed_interval_is_one_breach_and_the_next_runs_from_the_missed_due():
    _, now = updates(shop(EVERY), Story("09:00"), "2026-03-17 14:00")
    assert verdicts(now) == [
        ("breached", london("13:00")),
        ("breached", london("17:00")),
        ("breached", london("2026-03-17 13:00")),
    ]
    assert clock(now, "update", 4).due_at == london("2026-03-17 17:00")


def test_an_update_exactly_at_the_due_instant_is_in_time():
    assert updates(shop(EVERY), Story("09:00").agent_answers("13:00"), "13:00")[0][0] == (
        Verdict.met,
        london("13:00"),
    )


def test_the_breaches_of_one_silence_name_it_so_that_their_alerts_are_one_digest():
    story = Story("09:00").agent_answers("10:00")
    _, now = updates(shop(EVERY), story, "2026-03-17 15:00")
    told = [
        each.data
        for each in now.consequences
        if each.kind == "verdict" and each.data["verdict"] == "breached"
    ]
    assert {each["silence_since"] for each in told} == {"2026-03-16T10:00:00.000000Z"}
    assert [each["missed"] for each in told] == [1, 2, 3]
    story.agent_answers("2026-03-17 15:30")
    _, now = updates(shop(EVERY), story, "2026-03-18 15:00")
    last = [each.data for each in now.consequences if each.kind == "verdict"][-1]
    assert (last["silence_since"], last["missed"]) == ("2026-03-17T15:30:00.000000Z", 1)


def test_a_logged_call_is_an_update_and_a_note_is_none():
    _, now = updates(shop(EVERY), Story("09:00").agent_calls("10:00").then("11:00", "note"), "12:00")
    assert clock(now, "update", 2).started_at == london("10:00")


def test_each_business_day_by_closing_first_on_the_next_one():
    _, now = updates(shop(DAILY), Story("2026-03-20 10:00"), "2026-03-24 18:00")
    assert verdicts(now) == [
        ("breached", london("2026-03-23 17:00")),
        ("breached", london("2026-03-24 17:00")),
    ]


def test_it_stands_still_in_a_pause_unless_the_status_lists_it_or_the_policy_says_that_it_never_does():
    story = Story("09:00").status("10:00", "waiting")
    assert clock(evaluate(shop(EVERY), story, london("16:00")), "update").state is ClockState.paused
    delayed = Story("09:00").status("10:00", "third_party")
    assert clock(evaluate(shop(EVERY), delayed, london("12:00")), "update").due_at == london("13:00")
    dogged = evaluate(shop(DOGGED), story, london("14:00"))
    assert clock(dogged, "update", 1).verdict is Verdict.breached
    assert clock(dogged, "update", 2).due_at == london("17:00")


def test_the_interval_in_which_the_work_ends_is_not_judged():
    story = Story("09:00").agent_answers("12:00").status("12:00", "resolved")
    now = evaluate(shop(EVERY), story, london("2026-03-20 09:00"))
    assert [each.verdict for each in now.clocks] == [Verdict.met] and now.wake_at is None


def test_work_that_ends_exactly_at_the_due_instant_has_missed_nothing():
    assert (
        evaluate(shop(EVERY), Story("09:00").status("13:00", "resolved"), london("15:00")).consequences[1:]
        == ()
    )


def test_a_ticket_that_is_opened_again_owes_updates_from_there():
    story = Story("09:00").status("10:00", "resolved").customer_writes("2026-03-17 09:30")
    now = evaluate(shop(EVERY), story, london("2026-03-17 10:00"))
    (again,) = now.clocks
    assert (again.started_at, again.due_at) == (london("2026-03-17 09:30"), london("2026-03-17 13:30"))


def test_a_year_of_silence_has_every_breach_and_a_short_standing():
    now = evaluate(
        shop("id: u, metric: update, every: 1 elapsed hour"), Story("09:00"), london("2027-03-16 09:30")
    )
    breaches = [each for each in now.consequences if each.kind == "verdict"]
    assert len(breaches) == 365 * 24 and len(now.clocks) == 3
    assert now.clocks[-1].cycle == 365 * 24 + 1
    assert len({each.key for each in now.consequences}) == len(now.consequences)


def test_a_promised_update_is_due_once_where_cadence_is_left_to_the_agent():
    policy = shop("id: u, metric: update, within: discretionary")
    story = Story("09:00").agent_answers("10:00")
    story.then("10:00", "promised", metric="update", due_at=london("2026-03-18 12:00"))
    promised = clock(evaluate(policy, story, london("11:00")), "update")
    assert promised.due_at == london("2026-03-18 12:00")
    story.agent_answers("2026-03-18 11:00")
    now = evaluate(policy, story, london("2026-03-19 11:00"))
    assert [each.verdict for each in now.clocks] == [Verdict.met] and now.wake_at is None
    assert now.unclocked[0].kind == "discretionary"


def test_the_ledger_of_an_interval_says_what_it_counts_from():
    story = Story("09:00").agent_answers("10:00")
    told = [each.counts_from for each in explain(shop(EVERY), story, london("2026-03-17 09:30"))]
    assert told == ["received", "updated", "missed"]
    ledgers = explain(shop(DOGGED), Story("09:00").status("10:00", "waiting"), london("12:00"))
    assert [line.kind for line in ledgers[0].lines] == ["ran"]
    assert ledgers[0].lines[0].counted == timedelta(hours=3)
