"""Until when a ticket is put off with one press. The desk opens 08:30 to 17:00, Monday to Friday, in London."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.clock import Calendar
from upheld.rules.put_off import Until, offers, read_instant

WEEK = {day: [("08:30", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
DESK = Calendar("Europe/London", WEEK)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def offered(now: str, zone: str = "Europe/London", hours: Calendar | None = DESK) -> dict[str, str]:
    there = ZoneInfo(zone)
    return {
        until.value: f"{at.astimezone(there):%a %d %H:%M}"
        for until, at in offers(utc(now), zone, hours).items()
    }


def test_on_a_tuesday_morning_all_three_are_offered():
    assert offered("2026-03-17 09:07") == {
        "later": "Tue 17 12:15",
        "tomorrow": "Wed 18 08:30",
        "monday": "Mon 23 08:30",
    }


def test_later_is_in_an_hour_where_the_day_ends_before_and_nothing_at_its_end():
    assert offered("2026-03-17 14:50")["later"] == "Tue 17 16:00"
    assert "later" not in offered("2026-03-17 16:20")


def test_a_morning_on_which_the_desk_stays_shut_is_not_offered():
    assert offered("2026-03-20 15:40") == {"later": "Fri 20 16:45", "monday": "Mon 23 08:30"}


def test_on_a_sunday_tomorrow_is_monday_and_is_offered_once():
    assert offered("2026-03-22 09:00") == {"later": "Sun 22 12:00", "tomorrow": "Mon 23 08:30"}


def test_a_desk_that_never_shuts_begins_its_mornings_at_eight():
    assert offered("2026-03-17 09:00", hours=Calendar.always())["tomorrow"] == "Wed 18 08:00"
    assert offered("2026-03-17 09:00", hours=None)["tomorrow"] == "Wed 18 08:00"


def test_days_are_the_agents_own_and_hours_the_desks():
    # In Auckland it is Wednesday already, and the desk in London opens in the evening there.
    assert offered("2026-03-17 21:00", "Pacific/Auckland")["tomorrow"] == "Thu 19 08:00"


def test_the_night_in_which_the_clocks_change_moves_no_morning():
    assert offered("2026-03-27 12:00")["monday"] == "Mon 30 08:30"


@pytest.mark.parametrize("text", ["", "x", "2026-13-01T00:00", "2026-03-17T09:00+00:00"])
def test_what_is_no_date_and_time_is_none(text):
    assert read_instant(text, "Pacific/Auckland") is None


def test_a_date_and_time_is_read_in_the_agents_zone():
    assert read_instant("2026-07-01T08:30", "Europe/London") == utc("2026-07-01 07:30")


@settings(deadline=None)
@given(
    st.integers(1_577_836_800, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(["UTC", "Europe/London", "America/New_York", "Pacific/Auckland", "Asia/Kathmandu"]),
    st.sampled_from([DESK, Calendar.always(), None]),
)
def test_whatever_is_offered_is_to_come_and_stands_in_its_order(now, zone, hours):
    found = list(offers(now, zone, hours).values())
    assert all(at > now for at in found)
    assert found == sorted(set(found))
    later = offers(now, zone, hours).get(Until.later)
    if later is not None:
        there = ZoneInfo(zone)
        assert later.astimezone(there).date() == now.astimezone(there).date()
