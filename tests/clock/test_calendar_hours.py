"""What a desk's hours mean."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from minute_oracle import every_day, utc, working_week

from upheld.clock import Calendar, CalendarError, NaiveInstant, NoOpening, OutOfRange, Timeline, zone

HOUR = timedelta(hours=1)
DESK = Calendar(zone="Europe/London", weekly=working_week(("07:30", "17:00")))


def test_ten_minutes_before_closing_on_friday_the_rest_counts_from_monday():
    assert DESK.add(utc(2026, 3, 20, 16, 50), 16 * HOUR) == utc(2026, 3, 24, 13, 50)


def test_what_uses_up_the_day_exactly_is_due_at_closing():
    assert DESK.add(utc(2026, 3, 16, 7, 30), timedelta(hours=9, minutes=30)) == utc(2026, 3, 16, 17)


def test_one_microsecond_more_is_due_just_after_the_next_opening():
    amount = timedelta(hours=9, minutes=30, microseconds=1)
    assert DESK.add(utc(2026, 3, 16, 7, 30), amount) == utc(2026, 3, 17, 7, 30, 0, 1)


def test_nothing_added_is_the_instant_itself_even_when_closed():
    assert DESK.add(utc(2026, 3, 21, 3), timedelta(0)) == utc(2026, 3, 21, 3)


def test_the_last_thirty_seconds_of_a_day_count():
    assert DESK.between(utc(2026, 3, 20, 16, 59, 30), utc(2026, 3, 23, 7, 30)) == timedelta(seconds=30)


def test_open_at_opening_and_shut_at_closing():
    assert DESK.is_open(utc(2026, 3, 20, 7, 30))
    assert not DESK.is_open(utc(2026, 3, 20, 17))


def test_subtract_mirrors_add():
    assert DESK.subtract(utc(2026, 3, 24, 13, 50), 16 * HOUR) == utc(2026, 3, 20, 16, 50)
    assert DESK.subtract(utc(2026, 3, 23, 7, 30), HOUR) == utc(2026, 3, 20, 16)
    assert DESK.subtract(utc(2026, 3, 20, 17), timedelta(hours=9, minutes=30)) == utc(2026, 3, 20, 7, 30)


def test_time_backwards_is_negative():
    assert DESK.between(utc(2026, 3, 20, 12), utc(2026, 3, 20, 10)) == -2 * HOUR


def test_a_lunch_break_splits_the_day():
    split = Calendar(zone="UTC", weekly=working_week(("09:00", "12:00"), ("13:00", "17:00")))
    assert split.between(utc(2026, 3, 16), utc(2026, 3, 17)) == 7 * HOUR
    assert split.add(utc(2026, 3, 16, 11, 30), HOUR) == utc(2026, 3, 16, 13, 30)


def test_overlapping_and_touching_spans_are_one():
    weekly = working_week(("09:00", "12:00"), ("11:00", "13:00"), ("13:00", "14:00"))
    calendar = Calendar(zone="UTC", weekly=weekly)
    assert list(calendar.spans(utc(2026, 3, 16), utc(2026, 3, 17))) == [
        (utc(2026, 3, 16, 9), utc(2026, 3, 16, 14))
    ]


def test_a_night_shift_runs_over_midnight():
    night = Calendar(zone="UTC", weekly={"fri": [("21:00", "02:00")]})
    assert list(night.spans(utc(2026, 3, 20), utc(2026, 3, 22))) == [
        (utc(2026, 3, 20, 21), utc(2026, 3, 21, 2))
    ]


def test_a_holiday_cuts_the_night_shift_at_midnight():
    night = Calendar(zone="UTC", weekly={"fri": [("21:00", "02:00")]}, holidays=[date(2026, 3, 21)])
    assert night.between(utc(2026, 3, 20), utc(2026, 3, 22)) == 3 * HOUR


def test_an_override_replaces_what_runs_into_its_date_too():
    night = Calendar(
        zone="UTC",
        weekly={"fri": [("21:00", "02:00")]},
        overrides={date(2026, 3, 21): [("01:00", "04:00")]},
    )
    assert list(night.spans(utc(2026, 3, 20), utc(2026, 3, 22))) == [
        (utc(2026, 3, 20, 21), utc(2026, 3, 21)),
        (utc(2026, 3, 21, 1), utc(2026, 3, 21, 4)),
    ]


def test_a_holiday_on_the_day_of_the_shift_removes_its_morning_after():
    night = Calendar(zone="UTC", weekly={"fri": [("21:00", "02:00")]}, holidays=[date(2026, 3, 20)])
    assert night.between(utc(2026, 3, 20), utc(2026, 3, 22)) == timedelta(0)


def test_an_override_beats_a_holiday():
    calendar = Calendar(
        zone="UTC",
        weekly=working_week(("09:00", "17:00")),
        holidays=[date(2026, 12, 24)],
        overrides={date(2026, 12, 24): [("09:00", "12:00")]},
    )
    assert calendar.between(utc(2026, 12, 24), utc(2026, 12, 25)) == 3 * HOUR
    assert not calendar.is_day_off(date(2026, 12, 24))


def test_holidays_named_twice_count_once():
    twice = Calendar("UTC", working_week(("09:00", "17:00")), [date(2026, 12, 25), date(2026, 12, 25)])
    assert twice == Calendar("UTC", working_week(("09:00", "17:00")), [date(2026, 12, 25)])


def test_twenty_four_hours_lose_no_minute():
    calendar = Calendar(zone="UTC", weekly=every_day(("00:00", "24:00")))
    start = utc(2026, 1, 1)
    assert calendar.between(start, start + timedelta(days=365)) == timedelta(days=365)
    assert calendar.between(start, start + timedelta(days=365)) == Calendar.always().between(
        start, start + timedelta(days=365)
    )


def test_always_adds_elapsed_time():
    assert Calendar.always().add(utc(2026, 3, 29, 0, 30), 48 * HOUR) == utc(2026, 3, 31, 0, 30)


def test_results_are_in_utc_whatever_came_in():
    local = datetime(2026, 7, 1, 9, 0, tzinfo=ZoneInfo("Europe/London"))
    assert DESK.add(local, HOUR).tzinfo is UTC
    assert DESK.add(local, HOUR) == utc(2026, 7, 1, 9)


def test_naive_datetimes_are_refused():
    naive = datetime(2026, 3, 20, 9, 0)  # noqa: DTZ001
    for ask in (
        lambda: DESK.add(naive, HOUR),
        lambda: DESK.is_open(naive),
        lambda: list(DESK.spans(naive, naive)),
    ):
        with pytest.raises(NaiveInstant):
            ask()


@pytest.mark.parametrize(
    "weekly",
    [
        {"monday": [("09:00", "17:00")]},
        {"mon": [("9:00", "17:00")]},
        {"mon": [("09:00", "24:01")]},
        {"mon": [("09:00", "09:00")]},
        {"mon": [("24:00", "24:00")]},
        {"mon": [("09:00", "25:00")]},
    ],
)
def test_hours_without_a_meaning_are_refused(weekly):
    with pytest.raises(CalendarError):
        Calendar(zone="UTC", weekly=weekly)


@pytest.mark.parametrize("name", ["Europe/Lodnon", "../../etc/passwd", "", "GMT+25"])
def test_unknown_zones_are_refused(name):
    with pytest.raises(CalendarError):
        Calendar(zone=name, weekly={})


def test_a_negative_amount_is_refused():
    with pytest.raises(CalendarError):
        DESK.add(utc(2026, 3, 20), -HOUR)


def test_a_calendar_that_never_opens_is_an_error_and_not_due_now():
    shut = Calendar(zone="UTC", weekly={})
    with pytest.raises(NoOpening):
        shut.add(utc(2026, 3, 20), HOUR)
    with pytest.raises(NoOpening):
        shut.subtract(utc(2026, 3, 20), HOUR)
    assert shut.between(utc(2026, 3, 20), utc(2030, 3, 20)) == timedelta(0)


def test_a_closure_of_more_than_366_days_is_an_error_also_once_it_is_laid_out():
    openings = {date(2026, 1, 5): [("09:00", "10:00")], date(2027, 2, 1): [("09:00", "10:00")]}
    rare = Calendar(zone="UTC", weekly={}, overrides=openings)
    for _ in range(2):
        with pytest.raises(NoOpening):
            rare.add(utc(2026, 1, 5, 9), timedelta(minutes=90))
        with pytest.raises(NoOpening):
            rare.subtract(utc(2027, 2, 1, 10), timedelta(minutes=90))
        assert rare.add(utc(2026, 3, 1), timedelta(minutes=30)) == utc(2027, 2, 1, 9, 30)
        rare.between(utc(2020, 1, 1), utc(2030, 1, 1))


def test_sparse_weeks_and_a_closure_over_the_new_year():
    closed = [date(2026, 12, 21) + timedelta(days=number) for number in range(21)]
    weekly = {"tue": [("10:00", "11:00")]}
    assert Calendar("UTC", weekly, closed).add(utc(2026, 12, 16), HOUR) == utc(2027, 1, 12, 11)


def test_the_end_of_the_years_is_an_error_that_speaks():
    with pytest.raises(OutOfRange):
        Calendar.always().add(utc(9990, 1, 1), timedelta(days=9000))


def test_equal_descriptions_are_equal_and_share_their_work():
    again = Calendar(zone="Europe/London", weekly=working_week(("07:30", "17:00")))
    assert again == DESK and hash(again) == hash(DESK) and again.timeline is DESK.timeline


def test_a_zone_comes_from_the_pinned_wheel_and_knows_its_name():
    assert zone("Europe/London").key == "Europe/London"
    assert zone("Europe/London") is zone("Europe/London")


def test_many_threads_may_ask_a_fresh_calendar():
    fresh = Timeline(Calendar("Europe/London", working_week(("08:00", "16:00")))._definition)
    answers = []
    micros = 1_700_000_000_000_000

    def ask(year):
        answers.append((year, fresh.between(micros, micros + year * 31_536_000_000_000)))

    threads = [Thread(target=ask, args=(number % 8,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 24 and len(set(answers)) == 8
