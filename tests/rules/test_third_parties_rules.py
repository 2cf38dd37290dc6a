"""Which status is for third parties, and when the desk looks after them."""

import pytest

from harness.cast import utc
from upheld.clock import Calendar
from upheld.policy import load, pack
from upheld.rules.third_parties import (
    first_reminder,
    is_for_customer,
    is_for_third_party,
    next_reminder,
    suggested_status,
    working_calendar,
)

WEEK = ("mon", "tue", "wed", "thu", "fri")
LONDON = Calendar("Europe/London", {day: [("09:00", "17:00")] for day in WEEK})


@pytest.mark.parametrize("name", ["always-on", "maintenance-contract", "school-devices"])
def test_the_shipped_policies_name_a_status_for_third_parties_and_one_for_customers(name: str) -> None:
    statuses = load(pack(name)).statuses
    assert [each.id for each in statuses if is_for_third_party(each)] == ["waiting_on_third_party"]
    assert [each.id for each in statuses if is_for_customer(each)] == ["waiting_on_customer"]
    assert suggested_status(statuses).id == "waiting_on_third_party"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("after", "reminded"),
    [
        ("2026-03-18 12:00", "2026-03-19 10:00"),
        ("2026-03-20 16:30", "2026-03-23 10:00"),
        ("2026-03-21 12:00", "2026-03-23 10:00"),
        # The clocks go forward on the Sunday between.
        ("2026-03-27 12:00", "2026-03-30 09:00"),
    ],
)
def test_a_reminder_is_an_hour_after_the_next_business_day_opens(after: str, reminded: str) -> None:
    assert next_reminder(LONDON, utc(after)) == utc(reminded)


def test_a_desk_that_never_closes_is_reminded_in_the_morning() -> None:
    always = Calendar("Europe/Berlin", {day: [("00:00", "24:00")] for day in (*WEEK, "sat", "sun")})
    assert next_reminder(always, utc("2026-03-20 16:30")) == utc("2026-03-21 08:00")


def test_a_short_day_is_not_outlasted() -> None:
    half_an_hour = Calendar("UTC", {"mon": [("09:00", "09:30")]})
    assert next_reminder(half_an_hour, utc("2026-03-20 16:30")) == utc("2026-03-23 09:30")


def test_a_calendar_that_opens_no_more_is_looked_at_the_day_after() -> None:
    closed = Calendar("UTC", {})
    assert next_reminder(closed, utc("2026-03-20 16:30")) == utc("2026-03-21 16:30")


def test_a_promise_is_looked_at_when_it_was_promised_and_a_past_one_on_the_next_day() -> None:
    now = utc("2026-03-18 12:00")
    assert first_reminder(utc("2026-03-25 08:00"), LONDON, now) == utc("2026-03-25 08:00")
    assert first_reminder(now, LONDON, now) == utc("2026-03-19 10:00")
    assert first_reminder(None, working_calendar([], "Europe/London"), now) == utc("2026-03-19 10:00")
