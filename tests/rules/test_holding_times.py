"""Who held a ticket how long: the parts tile its work, whatever happened in whatever order."""

import operator
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from upheld.rules.holding_times import Handing, Held, Stretch, stretches, totals, work_of

MONDAY = datetime(2026, 3, 16, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LENGTH = 60


def minute(number):
    return MONDAY + number * MINUTE


def test_a_ticket_goes_from_tier_to_tier():
    work = work_of(MONDAY, [(minute(50), True)], minute(90))
    parts = stretches(work, [Handing(minute(0), "first"), Handing(minute(20), "second")])
    assert parts == [Stretch(minute(0), minute(20), "first"), Stretch(minute(20), minute(50), "second")]


def test_before_anybody_has_it_it_is_with_nobody_and_the_same_twice_is_one():
    parts = stretches([(minute(0), minute(30))], [Handing(minute(10), "bob"), Handing(minute(15), "bob")])
    assert parts == [Stretch(minute(0), minute(10), ""), Stretch(minute(10), minute(30), "bob")]


def test_what_was_done_counts_for_nobody_until_it_is_opened_again():
    work = work_of(MONDAY, [(minute(10), True), (minute(40), False)], minute(45))
    parts = stretches(work, [Handing(minute(0), "first"), Handing(minute(20), "second")])
    assert totals(parts, lambda start, end: end - start) == [
        Held("first", 10 * MINUTE, 10 * MINUTE, 1),
        Held("second", 5 * MINUTE, 5 * MINUTE, 1),
    ]


@st.composite
def lives(draw):
    """Handings and ends of work at whole minutes, in their order, often several at the same one."""
    times = st.integers(0, LENGTH + 10)
    by_time = operator.itemgetter(0)
    handings = st.tuples(times, st.sampled_from(["", "a", "b", "c"]))
    handed = sorted(draw(st.lists(handings, max_size=8)), key=by_time)
    changes = sorted(draw(st.lists(st.tuples(times, st.booleans()), max_size=6)), key=by_time)
    return handed, changes


@given(lives())
def test_every_minute_of_the_work_has_one_holder_and_no_other_minute_any(life):
    handed, changes = life
    work = work_of(MONDAY, [(minute(at), done) for at, done in changes], minute(LENGTH))
    parts = stretches(work, [Handing(minute(at), to) for at, to in handed])
    for number in range(LENGTH + 5):
        said = [each for each in changes if each[0] <= number]
        is_worked_on = number < LENGTH and not (said and said[-1][1])
        had = [to for at, to in handed if at <= number]
        expected = [had[-1] if had else ""] if is_worked_on else []
        assert [each.holder for each in parts if each.start <= minute(number) < each.end] == expected
    assert all(each.start < each.end for each in parts)
    whole = sum((end - start for start, end in work), timedelta())
    assert sum((each.elapsed for each in totals(parts, lambda start, end: end - start)), timedelta()) == whole
