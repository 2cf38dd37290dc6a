"""How long clocks stood still, by reason."""

from datetime import timedelta

from desk_stories import Story, london
from small_policies import shop

from harness.cast import utc
from upheld.policy import InForce, Ledger, LedgerLine, Metric, Paused, course_under, paused_by_reason


def ledger(*pauses: tuple[str, str, str]) -> Ledger:
    lines = [
        LedgerLine(utc(f"2026-03-16 {start}"), utc(f"2026-03-16 {end}"), "paused", timedelta(), reason, 1)
        for reason, start, end in pauses
    ]
    ran = LedgerLine(utc("2026-03-15 08:00"), utc("2026-03-15 09:00"), "ran", timedelta(hours=1), "Open", 1)
    return Ledger(
        metric=Metric.resolution,
        cycle=1,
        target="t",
        clause="",
        calendar=None,
        calendar_hours=None,
        started_at=utc("2026-03-15 08:00"),
        due_at=None,
        budget=timedelta(hours=8),
        used=timedelta(hours=1),
        verdict=None,
        verdict_at=None,
        satisfied_at=None,
        lines=(ran, *lines),
    )


def test_each_reason_has_its_sum_in_the_order_in_which_it_first_held() -> None:
    told = ledger(
        ("Third party", "09:00", "10:30"), ("Customer", "10:30", "11:00"), ("Third party", "13:00", "14:00")
    )
    assert paused_by_reason([told]) == (
        Paused("Third party", timedelta(hours=2, minutes=30)),
        Paused("Customer", timedelta(minutes=30)),
    )


def test_a_pause_of_several_clocks_counts_once_and_what_overlaps_in_part_is_covered_whole() -> None:
    one, other = ledger(("Customer", "09:00", "11:00")), ledger(("Customer", "10:00", "12:00"))
    assert paused_by_reason([one, other, one]) == (Paused("Customer", timedelta(hours=3)),)


def test_clocks_that_ran_through_stood_for_nothing() -> None:
    assert paused_by_reason([ledger()]) == ()


def test_a_pause_in_an_interval_that_ended_with_the_work_was_a_pause():
    news = shop("id: news, metric: update, every: 4 working hours")
    story = Story("09:00").agent_answers("10:00").status("10:00", "waiting").status("12:00", "closed")
    (pause,) = course_under((InForce(news),), story, london("13:00")).pauses
    assert (pause.started_at, pause.ended_at, pause.status) == (london("10:00"), london("12:00"), "waiting")
