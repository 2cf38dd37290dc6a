"""The clock strip is right to the pixel: its numbers are read from the SVG and held against the ledger."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from drawn import cards_of, drawn, picture_of
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from harness.pack_stories import Told, shipped, told_stories
from upheld.policy import Actor, Event
from upheld.web.presenting.strip import MOST_SEGMENTS, picture
from upheld.web.presenting.ticks import APART, FAR_APART
from upheld.web.presenting.times import Times

# Places are told to a thousandth of a hundredth; a difference of two may be off by one.
CLOSE = 0.0021
LEAST = 0.4
WORK = ("ran", "carried", "ahead")
ZONES = ("Europe/London", "America/Los_Angeles", "Asia/Kolkata")
tries = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
NOON = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)


def school(*happened, received=NOON, at=NOON, priority="high", pack_name="school-devices"):
    """A story of a shipped policy: (after, kind, data) for each event, `at` as an instant or a time after receipt."""
    story = [Event(received, "opened", Actor.customer, {"channel": "email", "priority": priority})]
    for after, kind, data in happened:
        story.append(Event(received + after, kind, Actor.agent, data, seq=len(story)))
    return Told(shipped(pack_name), story, received + at if isinstance(at, timedelta) else at)


def waits(after, reason=None):
    return after, "status", {"to": "waiting_on_third_party", "reason": reason}


def goes_on(after):
    return after, "status", {"to": "open", "reason": None}


def of_ledger(card):
    return [*card.ledger.lines, *card.ledger.ahead]


@tries
@given(told_stories(), st.sampled_from(ZONES))
def test_every_line_of_the_ledger_is_drawn_once_in_order_without_gap_or_overlap(told, zone):
    shown = picture_of(told, zone)
    assume(shown is not None)
    strips = drawn(shown).strips
    assert len(strips) == len({card.metric for card in cards_of(told)})
    for strip, of in zip(strips, shown.strips, strict=True):
        lines = of_ledger(of.card)
        assert [kind for kind, _, _ in strip.stretches] == [line.kind for line in lines]
        for (_, x, width), (_, following, _) in pairwise(strip.stretches):
            assert x + width == pytest.approx(following, abs=CLOSE)
        assert all(width > 0 and x >= 0 and x + width <= 98 + CLOSE for _, x, width in strip.stretches)


@tries
@given(told_stories())
def test_all_clocks_share_one_axis_that_never_goes_back(told):
    shown = picture_of(told)
    assume(shown is not None)
    placed = []
    for strip, of in zip(drawn(shown).strips, shown.strips, strict=True):
        for line, (_, x, width) in zip(of_ledger(of.card), strip.stretches, strict=True):
            placed += [(line.start, x), (line.end, x + width)]
        clock = of.card.clock
        instants = {
            "now": told.at,
            "due": clock.due_at,
            "warning": clock.warn_at,
            "mark": clock.satisfied_at or clock.verdict_at,
        }
        placed += [(instants[name], x) for name, x in strip.marks.items()]
        assert ("due" in strip.marks) == (clock.due_at is not None)
        assert ("warning" in strip.marks) == (clock.warn_at is not None)
    placed.sort()
    for (before, left), (after, right) in pairwise(placed):
        assert right - left >= -CLOSE
        if before == after:
            assert left == pytest.approx(right, abs=CLOSE)


@tries
@given(told_stories())
def test_an_hour_in_which_a_clock_runs_is_as_wide_everywhere(told):
    """But what would be too thin to see is drawn a little wider."""
    shown = picture_of(told)
    assume(shown is not None)
    strips = drawn(shown).strips
    edges = {edge for of in shown.strips for line in of_ledger(of.card) for edge in (line.start, line.end)}
    ran = [
        (width, (line.end - line.start).total_seconds(), sum(line.start < edge < line.end for edge in edges))
        for strip, of in zip(strips, shown.strips, strict=True)
        for line, (kind, _, width) in zip(of_ledger(of.card), strip.stretches, strict=True)
        if kind in WORK
    ]
    assume(ran)
    # The longest shows the scale best.
    width, seconds, cuts = max(ran, key=lambda each: each[1])
    scale = width / seconds
    slack = LEAST * (cuts + 1)
    for width, seconds, cuts in ran:
        assert width >= scale * seconds - slack - CLOSE
        assert width <= scale * seconds + LEAST * (cuts + 1) + CLOSE


@tries
@given(told_stories(), st.sampled_from(ZONES))
def test_names_of_days_and_times_never_touch(told, zone):
    shown = picture_of(told, zone)
    assume(shown is not None)
    names = drawn(shown).names
    for apart, found in ((APART, names), (FAR_APART, [each for each in names if each[2]])):
        assert all(after[0] - before[0] >= 100 * apart - CLOSE for before, after in pairwise(found))
    assert all(0 <= x <= 100 * (1 - APART) for x, _, _ in names)


@tries
@given(told_stories(["maintenance-contract"]))
def test_where_a_policy_promises_no_resolution_there_is_no_trace_of_one(told):
    shown = picture_of(told)
    assume(shown is not None)
    said = [*drawn(shown).words, *(sentence for card in cards_of(told) for sentence in card.sentences)]
    said += [strip.summary for strip in shown.strips]
    assert "response" in " ".join(said).lower()
    assert "resol" not in " ".join(said).lower()


def strip_of(told, metric="Resolution"):
    shown = picture_of(told)
    found = zip(drawn(shown).strips, shown.strips, strict=True)
    return next(strip for strip, of in found if of.card.metric == metric)


def test_a_weekend_takes_more_room_than_a_night_and_less_than_a_day():
    # From Thursday noon: a night, a working day, a weekend.
    strip = strip_of(school(received=NOON + timedelta(days=1), at=timedelta(minutes=1)))
    night, weekend = [width for kind, _, width in strip.stretches if kind == "closed"][:2]
    day = [width for kind, _, width in strip.stretches if kind == "ahead"][1]
    assert 0.5 < night < weekend < day


@pytest.mark.parametrize(
    ("saturday", "hours"), [("2026-03-28 20:00", 23), ("2026-06-27 19:00", 24), ("2026-10-24 19:00", 25)]
)
def test_a_day_on_which_clocks_change_is_drawn_as_long_as_it_is(saturday, hours):
    """Forty-eight hours around the clock from eight on a Saturday evening: every hour is as wide as the others."""
    received = datetime.fromisoformat(saturday).replace(tzinfo=UTC)
    told = school(received=received, at=received, priority="severity_1", pack_name="campaign-severity")
    sunday, monday = [x for x, _, _ in drawn(picture_of(told)).names]
    assert monday - sunday == pytest.approx(98 * hours / 48, abs=0.01)


def test_a_pause_of_a_month_leaves_room_for_the_rest():
    told = school(
        waits(timedelta(hours=3), "The maker repairs it"), goes_on(timedelta(days=30)), at=timedelta(days=30)
    )
    strip = strip_of(told)
    (paused,) = [width for kind, _, width in strip.stretches if kind == "paused"]
    worked = sum(width for kind, _, width in strip.stretches if kind in WORK)
    assert 5 < paused < worked


def test_a_promise_of_a_quarter_of_an_hour_that_is_weeks_over_is_still_seen():
    told = school(at=timedelta(days=30), priority="critical", pack_name="always-on")
    strip = strip_of(told, "First response")
    (ran,) = [width for kind, _, width in strip.stretches if kind == "ran"]
    assert ran >= LEAST - CLOSE
    assert strip.marks["due"] == pytest.approx(strip.stretches[0][1] + ran, abs=CLOSE)
    assert strip.marks["due"] < strip.marks["now"]


def test_a_clock_that_stands_still_has_no_flag_and_ends_now():
    strip = strip_of(school(waits(timedelta(hours=1)), at=timedelta(hours=3)))
    assert set(strip.marks) == {"now"}
    kind, x, width = strip.stretches[-1]
    assert kind == "paused"
    assert x + width == pytest.approx(strip.marks["now"], abs=CLOSE)


def test_flags_at_the_end_fly_to_the_left():
    shown = picture_of(school(at=timedelta(hours=1)))
    resolution = next(strip for strip in shown.strips if strip.card.metric == "Resolution")
    assert resolution.due.turned and not resolution.warning.turned


def test_the_oldest_stretches_of_a_very_long_story_are_one():
    """Half a year in which the ticket waits, but for a minute each noon."""
    happened = [waits(timedelta(minutes=1))]
    for day in range(1, 190):
        happened += [goes_on(timedelta(days=day)), waits(timedelta(days=day, minutes=1))]
    strip = strip_of(school(*happened, at=timedelta(days=190), priority="low"), "First response")
    assert [kind for kind, _, _ in strip.stretches].count("earlier") == 1
    assert strip.stretches[0][0] == "earlier"
    assert len(strip.stretches) == MOST_SEGMENTS + 1


def test_days_are_named_where_work_begins_and_not_where_a_weekend_does():
    told = school(received=NOON + timedelta(days=1), at=timedelta(minutes=1))
    assert [name for _, name, _ in drawn(picture_of(told)).names] == ["Fri 20", "Mon 23", "Tue 24", "Wed 25"]


def test_within_a_day_times_are_named_as_clocks_on_the_wall_show_them():
    told = school(at=timedelta(minutes=4), priority="critical", pack_name="always-on")
    assert [name for _, name, _ in drawn(picture_of(told, "Asia/Kolkata")).names][:3] == [
        "17:30",
        "18:00",
        "18:30",
    ]


def test_the_key_names_what_is_in_the_picture():
    shown = picture_of(school(waits(timedelta(hours=1)), at=timedelta(hours=3)))
    assert [each.kind for each in shown.key] == ["ran", "paused"]
    assert shown.compressed
    assert not picture_of(
        school(priority="critical", pack_name="always-on", at=timedelta(minutes=1))
    ).compressed


def test_where_no_clock_runs_there_is_no_picture():
    assert picture([], Times("UTC", NOON)) is None
