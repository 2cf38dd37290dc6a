"""Summer time, winter time, and stranger things."""

from datetime import date, timedelta

import pytest
from minute_oracle import every_day, utc, working_week

from upheld.clock import Calendar

HOUR = timedelta(hours=1)


def london(*spans):
    return Calendar(zone="Europe/London", weekly=every_day(*spans))


def test_the_wall_clock_holds_across_the_change_to_summer_time():
    desk = Calendar(zone="Europe/London", weekly=working_week(("07:30", "17:00")))
    assert desk.add(utc(2026, 3, 27, 16), 2 * HOUR) == utc(2026, 3, 30, 7, 30)


def test_a_night_with_the_hour_that_is_left_out_is_an_hour_shorter():
    assert london(("00:00", "06:00")).between(utc(2026, 3, 29), utc(2026, 3, 30)) == 5 * HOUR + HOUR


def test_an_opening_that_does_not_exist_is_the_jump():
    spans = list(london(("01:30", "03:00")).spans(utc(2026, 3, 29), utc(2026, 3, 29, 12)))
    assert spans == [(utc(2026, 3, 29, 1), utc(2026, 3, 29, 2))]


def test_a_closing_that_does_not_exist_is_the_jump():
    spans = list(london(("00:00", "01:30")).spans(utc(2026, 3, 29), utc(2026, 3, 29, 12)))
    assert spans == [(utc(2026, 3, 29), utc(2026, 3, 29, 1))]


def test_a_span_wholly_in_the_hour_that_is_left_out_is_empty():
    assert list(london(("01:10", "01:50")).spans(utc(2026, 3, 29), utc(2026, 3, 29, 12))) == []


def test_what_exists_twice_opens_at_the_first_and_closes_at_the_second():
    spans = list(london(("01:15", "01:45")).spans(utc(2026, 10, 25), utc(2026, 10, 25, 12)))
    assert spans == [(utc(2026, 10, 25, 0, 15), utc(2026, 10, 25, 1, 45))]


def test_a_half_hour_change():
    calendar = Calendar(zone="Australia/Lord_Howe", weekly=every_day(("00:00", "24:00")))
    assert calendar.between(utc(2026, 4, 3, 13), utc(2026, 4, 5, 13)) == 48 * HOUR


def test_a_date_that_a_country_skipped_has_no_hours():
    calendar = Calendar(zone="Pacific/Apia", weekly={}, overrides={date(2011, 12, 30): [("09:00", "17:00")]})
    assert calendar.between(utc(2011, 12, 1), utc(2012, 1, 31)) == timedelta(0)


def test_midnight_left_out_or_repeated_keeps_days_apart():
    """In Havana the clocks go back from 01:00 to 00:00, and forward from 00:00 to 01:00."""
    evening = {day: [("20:00", "24:00")] for day in ("sat",)}
    calendar = Calendar(zone="America/Havana", weekly=evening)
    assert calendar.between(utc(2024, 11, 2), utc(2024, 11, 5)) == 4 * HOUR
    assert calendar.between(utc(2024, 3, 9), utc(2024, 3, 12)) == 4 * HOUR


@pytest.mark.parametrize("zone", ["Africa/Casablanca", "America/Havana", "Asia/Beirut", "America/Santiago"])
def test_twenty_four_hours_have_no_seam_where_midnight_moves(zone):
    calendar = Calendar(zone=zone, weekly=every_day(("00:00", "24:00")))
    assert len(list(calendar.spans(utc(2026, 1, 1), utc(2027, 1, 1)))) == 1
