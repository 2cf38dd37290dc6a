"""What holds for every calendar, instant and amount."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from minute_oracle import DAYS

from upheld.clock import Calendar


def length(opens, closes):
    """Return the minutes of a span; what opens and closes at one time is none."""
    start, end = (int(each[:2]) * 60 + int(each[3:]) for each in (opens, closes))
    return end - start if end >= start else end - start + 24 * 60


ZONES = ["UTC", "Europe/London", "America/Havana", "Australia/Lord_Howe", "America/Los_Angeles", "Asia/Tokyo"]

instants = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
amounts = st.timedeltas(timedelta(0), timedelta(hours=60))
times = st.integers(0, 24 * 60 - 1).map(lambda minute: f"{minute // 60:02d}:{minute % 60:02d}")
spans = st.tuples(times, times | st.just("24:00")).filter(lambda span: length(*span) >= 60)
dates = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def descriptions(draw):
    weekly = draw(st.dictionaries(st.sampled_from(DAYS), st.lists(spans, max_size=3), min_size=1))
    assume(any(weekly.values()))
    holidays = draw(st.lists(dates, max_size=4))
    overrides = draw(st.dictionaries(dates, st.lists(spans, max_size=2), max_size=4))
    return draw(st.sampled_from(ZONES)), weekly, holidays, overrides


def calendars():
    return descriptions().map(lambda description: Calendar(*description))


@settings(max_examples=80, deadline=None)
@given(calendars(), instants, amounts)
def test_between_undoes_add_and_subtract(calendar, start, amount):
    due = calendar.add(start, amount)
    assert calendar.between(start, due) == amount
    begun = calendar.subtract(start, amount)
    assert calendar.between(begun, start) == amount


@settings(max_examples=50, deadline=None)
@given(calendars(), instants, amounts)
def test_add_gives_the_earliest_instant(calendar, start, amount):
    assume(amount > timedelta(0))
    just_before = calendar.add(start, amount) - timedelta(microseconds=1)
    assert calendar.between(start, just_before) < amount


@settings(max_examples=50, deadline=None)
@given(calendars(), instants, instants, amounts, amounts)
def test_add_never_goes_back(calendar, one, other, small, large):
    one, other = sorted((one, other))
    small, large = sorted((small, large))
    assert calendar.add(one, small) <= calendar.add(other, small)
    assert calendar.add(one, small) <= calendar.add(one, large)


@settings(max_examples=50, deadline=None)
@given(calendars(), instants, instants, instants)
def test_splitting_an_interval_changes_nothing(calendar, start, middle, end):
    assert calendar.between(start, middle) + calendar.between(middle, end) == calendar.between(start, end)


@settings(max_examples=50, deadline=None)
@given(calendars(), instants, amounts)
def test_spans_add_up_and_stand_apart(calendar, start, length):
    found = list(calendar.spans(start, start + length))
    assert sum((span.end - span.start for span in found), timedelta(0)) == calendar.between(
        start, start + length
    )
    assert all(span.start < span.end for span in found)
    assert all(one.end < other.start for one, other in pairwise(found))


@settings(max_examples=50, deadline=None)
@given(descriptions(), instants, amounts, dates)
def test_a_holiday_more_never_makes_anything_due_earlier(description, start, amount, holiday):
    zone, weekly, holidays, overrides = description
    with_it = Calendar(zone, weekly, [*holidays, holiday], overrides)
    assert with_it.add(start, amount) >= Calendar(*description).add(start, amount)
