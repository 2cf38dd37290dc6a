"""The demo's stories as they are written: every time lies in the past, at whatever hour the demo starts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.clock import Calendar
from upheld.lab.cast import AGENTS, CONTACTS
from upheld.lab.script import scripts, unwrapped
from upheld.lab.stage import cues
from upheld.lab.times import instant
from upheld.policy import load, pack

HOURS = Calendar("Europe/London", {day: [("07:30", "17:00")] for day in ("mon", "tue", "wed", "thu", "fri")})
POLICY = load(pack("school-devices"))
WEDNESDAY = datetime(2026, 3, 18, 11, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 3, 22, 2, 0, tzinfo=UTC)


@settings(max_examples=60, deadline=None)
@given(now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_no_step_lies_ahead_and_each_follows_the_one_before(now: datetime) -> None:
    calendar = next(iter(POLICY.calendars.values()))
    last: dict[int, datetime] = {}
    for cue in cues(list(scripts()), now, calendar):
        assert cue.at <= now
        assert cue.step is not None or cue.place not in last
        assert cue.at >= last.get(cue.place, cue.at)
        last[cue.place] = cue.at


def test_stories_name_people_statuses_and_priorities_that_exist() -> None:
    people = {*AGENTS, *CONTACTS}
    for script in scripts():
        assert {script.who, *script.cc} <= set(CONTACTS)
        for step in script.steps:
            assert step.who in people
            assert step.status is None or POLICY.has_status(step.status)
            if step.deed == "set":
                assert POLICY.has_status(step.value)
            if step.deed == "priority":
                assert POLICY.has_priority(step.value)


def test_no_text_is_used_twice() -> None:
    texts = [script.text for script in scripts()]
    texts += [step.value for script in scripts() for step in script.steps if len(step.value) > 25]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize(
    ("when", "now", "expected"),
    [
        ("2h", WEDNESDAY, WEDNESDAY - timedelta(hours=2)),
        ("2h", SUNDAY, datetime(2026, 3, 20, 15, 0, tzinfo=UTC)),
        ("9m elapsed", SUNDAY, SUNDAY - timedelta(minutes=9)),
    ],
)
def test_times_are_told_from_the_present(when: str, now: datetime, expected: datetime) -> None:
    assert instant(when, now, now, HOURS, by_agent=False) == expected


def test_an_agent_works_in_hours_where_they_are_near() -> None:
    thursday_morning = datetime(2026, 3, 19, 6, 0, tzinfo=UTC)
    at = instant("1h elapsed", thursday_morning - timedelta(days=1), thursday_morning, HOURS, by_agent=True)
    assert at == datetime(2026, 3, 18, 16, 50, tzinfo=UTC)
    at = instant("1h elapsed", SUNDAY - timedelta(days=1), SUNDAY, HOURS, by_agent=True)
    assert at == SUNDAY - timedelta(hours=1)


def test_lines_broken_at_the_margin_are_joined_and_others_kept() -> None:
    long = "word " * 19
    assert unwrapped(f"{long}\nand on\n\nBest\nHannah\n") == f"{long} and on\n\nBest\nHannah"
