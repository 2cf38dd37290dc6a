"""Instants and lengths of time, in words."""

from datetime import UTC, datetime, timedelta

import pytest

from upheld.clock import Calendar
from upheld.policy import packs
from upheld.web.presenting.axis import Axis, Cover, Piece, Room
from upheld.web.presenting.remaining import remaining
from upheld.web.presenting.times import Times, length

NOW = datetime(2026, 3, 27, 16, 30, tzinfo=UTC)
OFFICE = Calendar(
    zone="Europe/London", weekly={day: [("07:30", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")}
)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 min"),
        (0.5, "under 1 min"),
        (59, "59 min"),
        (60, "1 h"),
        (65, "1 h 05 min"),
        (40 * 60, "40 h"),
        (-90, "1 h 30 min"),
    ],
)
def test_lengths_are_told_in_hours_never_in_days(minutes: float, words: str) -> None:
    assert length(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 3, 27, 23, 59, tzinfo=UTC), "today 23:59"),
        (datetime(2026, 3, 28, 0, 0, tzinfo=UTC), "tomorrow 00:00"),
        (datetime(2026, 3, 26, 9, 0, tzinfo=UTC), "yesterday 09:00"),
        (datetime(2026, 3, 30, 8, 0, tzinfo=UTC), "Mon 09:00"),
        (datetime(2026, 4, 20, 8, 0, tzinfo=UTC), "Mon 20 Apr 09:00"),
        (datetime(2025, 12, 1, 8, 0, tzinfo=UTC), "1 Dec 2025 08:00"),
    ],
)
def test_an_instant_is_named_as_its_reader_sees_it(instant: datetime, words: str) -> None:
    assert Times("Europe/London", NOW).when(instant).text == words


def test_an_instant_in_full_names_its_zone_on_that_day() -> None:
    after_the_change = Times("Europe/London", NOW).when(datetime(2026, 3, 30, 8, 0, tzinfo=UTC))
    assert after_the_change.full == "Monday 30 March 2026, 09:00:00 BST"


def test_an_unknown_zone_is_read_as_utc() -> None:
    assert Times("Mars/Olympus", NOW).when(NOW).text == "today 16:30"


def test_what_is_left_is_working_time_and_stops_at_closing() -> None:
    due = OFFICE.add(NOW, timedelta(hours=2))
    left = remaining(due, OFFICE, NOW)
    assert (left.text, left.seconds, left.open_seconds) == ("2 h", 7200, 1800)
    at_night = remaining(due, OFFICE, NOW + timedelta(hours=5))
    assert (at_night.text, at_night.open_seconds, at_night.shut) == ("1 h 30 min", 0, True)


def test_what_is_over_is_plain_time() -> None:
    over = remaining(NOW - timedelta(hours=70), OFFICE, NOW)
    assert (over.text, over.over, over.seconds) == ("2 d 22 h", True, -70 * 3600)


def test_the_axis_rises_from_end_to_end() -> None:
    hour = timedelta(hours=1)
    axis = Axis([(NOW, 0.0), (NOW + hour, 10.0), (NOW + 3 * hour, 12.0)])
    shares = [axis.share(NOW + quarter * hour / 4) for quarter in range(-1, 14)]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert 0.9 < shares[-1] < 1.0


def test_running_time_asks_for_more_room_than_closed_time() -> None:
    hour = timedelta(hours=1)
    cover = Cover([Piece("ran", NOW, NOW + hour, ""), Piece("closed", NOW + hour, NOW + 2 * hour, "")])
    assert cover.room(NOW) is Room.work
    assert cover.room(NOW + hour) is cover.room(NOW + 9 * hour) is Room.shut


def test_there_is_a_pack_to_try_pages_with() -> None:
    assert "school-devices" in packs()
