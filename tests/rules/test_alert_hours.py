"""When somebody is told outside the pages: to the very instant, over holidays and changes of the clock."""

from datetime import UTC, date, datetime

import pytest

from upheld.clock import Calendar, CalendarError
from upheld.rules.alert_hours import hours_of, leaves_at, own_hours, read_times, said_times

OFFICE = Calendar(
    "Europe/London",
    {day: [("09:00", "17:30")] for day in ("mon", "tue", "wed", "thu", "fri")},
    holidays=[date(2026, 4, 3), date(2026, 4, 6)],
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "leaves"),
    [
        ("2026-03-20 09:00:00", "2026-03-20 09:00:00"),  # exactly at opening
        ("2026-03-20 08:59:59", "2026-03-20 09:00:00"),
        ("2026-03-20 17:29:59", "2026-03-20 17:29:59"),
        ("2026-03-20 17:30:00", "2026-03-23 09:00:00"),  # exactly at closing, and then it is the weekend
        ("2026-03-27 18:00:00", "2026-03-30 08:00:00"),  # the clocks go forward in between
        ("2026-10-23 20:00:00", "2026-10-26 09:00:00"),  # and back
        ("2026-04-02 17:00:00", "2026-04-07 08:00:00"),  # Easter: Good Friday and Monday are holidays
    ],
)
def test_what_is_told_outside_the_hours_waits_for_the_next_opening(told: str, leaves: str) -> None:
    assert leaves_at(OFFICE, utc(told)) == utc(leaves)


def test_at_any_hour_means_at_once() -> None:
    night = utc("2026-03-21 03:00")
    assert hours_of("always", desk=OFFICE, own={}, zone="UTC") is None
    assert leaves_at(None, night) == night


def test_the_desk_s_hours_and_one_s_own() -> None:
    own = {"sat": [["22:00", "02:00"]]}
    assert hours_of("desk", desk=OFFICE, own=own, zone="Asia/Tokyo") == OFFICE
    mine = hours_of("own", desk=OFFICE, own=own, zone="Asia/Tokyo")
    assert leaves_at(mine, utc("2026-03-21 12:59")) == utc("2026-03-21 13:00")
    assert leaves_at(mine, utc("2026-03-21 16:59")) == utc("2026-03-21 16:59")
    assert leaves_at(mine, utc("2026-03-21 17:00")) == utc("2026-03-28 13:00")


@pytest.mark.parametrize("own", [{}, {"mon": []}, {"mon": [["nine", "five"]]}, {"mon": [["09:00"]]}])
def test_hours_that_never_come_hold_nothing_back(own: dict) -> None:
    night = utc("2026-03-21 03:00")
    assert leaves_at(hours_of("own", desk=OFFICE, own=own, zone="Europe/London"), night) == night
    closed = Calendar("UTC", {})
    assert leaves_at(closed, night) == night


def test_a_desk_without_a_calendar_holds_nothing_back() -> None:
    assert hours_of("desk", desk=None, own={}, zone="UTC") is None


def test_hours_of_a_day_are_read_as_they_are_written() -> None:
    assert read_times(" 09:00-12:00 , 13:00 - 17:30") == [["09:00", "12:00"], ["13:00", "17:30"]]
    assert read_times("22:00\N{EN DASH}06:00") == [["22:00", "06:00"]]
    assert read_times("  ") == []
    assert said_times(read_times("09:00-12:00,13:00-17:30")) == "09:00-12:00, 13:00-17:30"
    assert own_hours({"mon": read_times("00:00-24:00")}, "UTC").is_open(utc("2026-03-23 23:59"))


@pytest.mark.parametrize("text", ["9 to 5", "09:00", "25:00-26:00", "09:00-12:00-13:00", "09:00-"])
def test_what_says_no_hours_is_refused(text: str) -> None:
    with pytest.raises(CalendarError):
        read_times(text)
