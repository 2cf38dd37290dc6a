"""The clock against a walk by the minute."""

import random
from datetime import date, timedelta

import pytest
from minute_oracle import DAYS, MinuteOracle, utc

from upheld.clock import Calendar

ZONES = [
    ("Europe/London", date(2026, 3, 27)),
    ("Europe/London", date(2026, 10, 23)),
    ("America/Havana", date(2024, 11, 1)),
    ("America/Havana", date(2024, 3, 8)),
    ("America/St_Johns", date(2010, 11, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 2)),
    ("America/Santiago", date(2026, 9, 4)),
    ("Pacific/Apia", date(2011, 12, 28)),
    ("Asia/Kathmandu", date(2026, 5, 1)),
]


def made_up_hours(dice):
    def time():
        return f"{dice.randrange(24):02d}:{dice.choice(['00', '15', '30', '45', '07']):s}"

    spans = []
    for _ in range(dice.choice([0, 1, 1, 2, 3])):
        opens, closes = time(), dice.choice([time(), "24:00"])
        if opens != closes:
            spans.append((opens, closes))
    return spans


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("zone", "first"), ZONES)
def test_the_clock_agrees_with_a_walk_by_the_minute(zone, first, seed):
    dice = random.Random(f"{zone}{first}{seed}")
    weekly = {day: made_up_hours(dice) for day in DAYS}
    days = [first + timedelta(days=number) for number in range(5)]
    overrides = {day: made_up_hours(dice) for day in dice.sample(days, 1)}
    holidays = dice.sample(days, 1)
    oracle = MinuteOracle(zone, weekly, holidays, overrides, first=first, last=days[-1])
    calendar = Calendar(zone, weekly, holidays, overrides)
    start = utc(first.year, first.month, first.day, 14)
    minutes = [start + timedelta(minutes=number) for number in range(3 * 24 * 60)]
    wrong = [at for at in minutes if calendar.is_open(at) != oracle.is_open(at)]
    assert not wrong, (weekly, overrides, holidays, wrong[0], len(wrong))
    for _ in range(5):
        one, other = sorted(dice.sample(minutes, 2))
        expected = oracle.between(one, other)
        assert calendar.between(one, other) == expected
        if expected:
            assert calendar.add(one, expected) == oracle.add(one, expected)
