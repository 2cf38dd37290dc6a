"""The clock strip in a row of a queue: its numbers are those of the standing and the calendar."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings

from harness.pack_stories import shipped, told_stories
from upheld.policy import Actor, Event, Standing, evaluate, explain
from upheld.tickets.versions import calendar_of
from upheld.web.presenting.small_strip import MOST_GAPS, WHOLE, small_strip

THURSDAY = datetime(2026, 3, 19, 15, 0, tzinfo=UTC)


def stored(policy, story, at):
    """A standing as it is stored with its ticket."""
    return Standing.from_json(evaluate(policy, story, at).to_json()).clocks


def resolution(*more, hours=0, priority="high"):
    story = [Event(THURSDAY, "opened", Actor.customer, {"channel": "email", "priority": priority}), *more]
    now = THURSDAY + timedelta(hours=hours)
    policy = shipped("school-devices")
    clock = next(each for each in stored(policy, story, story[-1].at) if each.metric == "resolution")
    return small_strip(clock, policy.calendars["help desk"], now)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(told_stories())
def test_it_agrees_with_the_ledger_of_that_instant(told):
    policy, story, now = told
    clocks = stored(policy, story, now)
    for clock, ledger in zip(clocks, explain(policy, story, now), strict=True):
        if clock.satisfied_at or (clock.verdict is not None and clock.due_at and clock.due_at > now):
            continue
        strip = small_strip(clock, calendar_of(clock, (policy,), now), now)
        assert strip is not None
        assert 0 <= strip.used <= strip.whole <= WHOLE
        assert list(strip.gaps) == sorted(strip.gaps)
        if ledger.ahead:
            assert strip.used == pytest.approx(WHOLE * (ledger.used / ledger.budget), abs=1)
            stretches = sum(line.kind == "ahead" for line in ledger.ahead)
            assert len(strip.gaps) == (stretches - 1 if 0 < stretches <= MOST_GAPS + 1 else 0)
        if clock.due_at is not None and clock.due_at < now:
            assert strip.after > 0 or now - clock.due_at < clock.budget / WHOLE


def test_an_hour_and_a_half_of_forty_hours_and_every_night_on_the_way():
    strip = resolution(hours=1.5)
    assert strip.used == round(WHOLE * 1.5 / 40)
    # Thursday until five are two hours; then days of nine and a half.
    assert strip.gaps == tuple(round(WHOLE * (2 + 9.5 * day) / 40) for day in range(4))
    assert strip.warns == round(WHOLE * 0.75)


def test_what_was_stored_in_the_afternoon_is_drawn_as_it_stands_at_night():
    assert resolution(hours=6).used == resolution(hours=12).used == round(WHOLE * 2 / 40)


def test_a_clock_that_stands_still_shows_what_is_used_and_nothing_to_come():
    waiting = Event(
        THURSDAY + timedelta(hours=1),
        "status",
        Actor.agent,
        {"to": "waiting_on_customer", "reason": None},
        seq=1,
    )
    strip = resolution(waiting, hours=20)
    assert (strip.used, strip.gaps, strip.warns) == (round(WHOLE / 40), (), None)


def test_what_is_over_takes_its_share_and_never_all():
    assert resolution(hours=24 * 7).after < resolution(hours=24 * 9).after <= 0.6 * WHOLE
    assert resolution(hours=24 * 300).after == 0.6 * WHOLE


def test_it_is_drawn_with_its_own_numbers():
    strip = resolution(hours=1.5)
    text = render_to_string("web/agent/parts/small_strip.html", {"small": strip})
    assert f'<rect class="used" width="{strip.used}"' in text
    assert re.findall(r"M(\d+) 0h8v6h-8z", text) == [str(gap) for gap in strip.gaps]
    assert f'<rect class="warns" x="{strip.warns}"' in text
    assert 'aria-hidden="true"' in text


def test_where_nothing_is_due_and_nothing_rests_nothing_is_drawn():
    assert small_strip(None, None, THURSDAY) is None
