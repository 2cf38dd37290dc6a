"""Instants as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from upheld.mailboxes.outgoing.times import read_instant, say_instant, say_span

SUMMER = datetime(2026, 7, 1, 12, 20, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        (SUMMER, "Europe/London", "Wednesday 1 July 2026, 13:20 (London time, GMT+1)"),
        (SUMMER.replace(month=1), "Europe/London", "Thursday 1 January 2026, 12:20 (London time, GMT)"),
        (SUMMER, "Asia/Kolkata", "Wednesday 1 July 2026, 17:50 (Kolkata time, GMT+5:30)"),
        (SUMMER, "America/St_Johns", "Wednesday 1 July 2026, 09:50 (St Johns time, GMT-2:30)"),
        (SUMMER, "America/Argentina/Buenos_Aires", "Wednesday 1 July 2026, 09:20 (Buenos Aires time, GMT-3)"),
        (SUMMER, "UTC", "Wednesday 1 July 2026, 12:20 (UTC)"),
        (SUMMER, "Etc/UTC", "Wednesday 1 July 2026, 12:20 (UTC)"),
        (SUMMER, "Etc/GMT-3", "Wednesday 1 July 2026, 15:20 (GMT+3)"),
        (SUMMER, "CET", "Wednesday 1 July 2026, 14:20 (CET, GMT+2)"),
        (SUMMER, "Nowhere/Atlantis", "Wednesday 1 July 2026, 12:20 (UTC)"),
    ],
)
def test_an_instant_is_said_in_the_readers_zone(at, zone, said):
    assert say_instant(at, zone) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=20), "less than a minute"),
        (timedelta(minutes=1), "1 minute"),
        (timedelta(minutes=45), "45 minutes"),
        (timedelta(hours=1, minutes=1), "1 hour 1 minute"),
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"),
        (timedelta(days=1, minutes=4), "1 day 4 minutes"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, said):
    assert say_span(span) == said


def test_an_instant_of_a_notice_is_read_from_iso_text():
    assert read_instant("2026-07-01T12:20:59.999999+00:00") == SUMMER
    assert read_instant("2026-07-01T12:20:59.999999Z") == SUMMER
    assert read_instant(None) is None
