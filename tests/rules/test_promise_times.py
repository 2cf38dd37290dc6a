"""The times that are offered to whoever promises something."""

from datetime import UTC, datetime

import pytest

from upheld.clock import Calendar
from upheld.rules.promise_times import offers

OFFICE = Calendar("Europe/London", {day: [("09:00", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def offered(calendar: Calendar, now: str) -> list[tuple[str, int, str]]:
    return [(each.kind, each.days, each.at.isoformat()[:16]) for each in offers(calendar, utc(now))]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        # A Monday morning: today's closing, tomorrow at noon and by closing.
        (
            "2026-03-16 10:00",
            [
                ("closing", 0, "2026-03-16T17:00"),
                ("noon", 1, "2026-03-17T12:00"),
                ("closing", 1, "2026-03-17T17:00"),
            ],
        ),
        # Ten minutes before closing today is offered no more; after a Friday comes Monday, in summer time.
        ("2026-03-27 16:50", [("noon", 3, "2026-03-30T11:00"), ("closing", 3, "2026-03-30T16:00")]),
        # On a Saturday there is no today.
        ("2026-03-21 12:00", [("noon", 2, "2026-03-23T12:00"), ("closing", 2, "2026-03-23T17:00")]),
    ],
)
def test_what_is_offered_follows_the_desks_hours(now: str, expected: list[tuple[str, int, str]]) -> None:
    assert offered(OFFICE, now) == expected


def test_noon_is_offered_only_where_somebody_is_there_at_noon() -> None:
    late = Calendar("Europe/London", {"mon": [("14:00", "18:00")], "tue": [("08:00", "12:00")]})
    assert offered(late, "2026-03-16 10:00") == [
        ("closing", 0, "2026-03-16T18:00"),
        ("closing", 1, "2026-03-17T12:00"),
    ]


def test_a_calendar_that_never_opens_again_offers_nothing() -> None:
    assert offered(Calendar("Europe/London", {}), "2026-03-16 10:00") == []
