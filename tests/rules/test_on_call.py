"""Who is on call: week by week, across changes of the clocks, with swaps and absences."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upheld.rules.on_call import Away, Because, Duty, Swap, Turns, latest_hand_over

JESS, PIOTR, RAVI, DANA = 1, 2, 3, 4
MONDAY = date(2026, 3, 23)
MINUTE = timedelta(minutes=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def rota(**values: object) -> Turns:
    """Jess, Piotr and Ravi, from Monday 23 March 2026 at nine in London."""
    usual = {
        "zone": "Europe/London",
        "starts_on": MONDAY,
        "hand_over_at": time(9),
        "members": (JESS, PIOTR, RAVI),
    }
    return Turns(**(usual | values))  # type: ignore[arg-type]


def who(turns: Turns, text: str) -> int | None:
    duty = turns.on_call(utc(text))
    return duty.agent_id if duty else None


def test_each_has_a_week_and_then_it_begins_anew() -> None:
    turns = rota()
    weeks = [turns.on_call(utc("2026-03-25 12:00") + week * timedelta(days=7)) for week in range(4)]
    assert [each.agent_id for each in weeks if each] == [JESS, PIOTR, RAVI, JESS]


def test_the_hand_over_follows_the_wall_clock_when_the_clocks_change() -> None:
    turns = rota()
    # British clocks went forward on 29 March: nine in London is eight in UTC from then on.
    assert who(turns, "2026-03-30 07:59:59.999999") == JESS
    assert who(turns, "2026-03-30 08:00") == PIOTR


def test_nobody_is_on_call_before_the_first_hand_over_or_without_members() -> None:
    assert who(rota(), "2026-03-23 08:59") is None
    assert who(rota(members=()), "2026-03-25 12:00") is None
    assert rota().in_line(utc("2026-03-01 12:00")) == ()


def test_who_takes_a_stretch_over_is_on_call_in_it_and_the_latest_taking_counts() -> None:
    first = Swap(RAVI, utc("2026-03-25 18:00"), utc("2026-03-26 18:00"), order=1)
    later = Swap(DANA, utc("2026-03-26 06:00"), utc("2026-03-27 06:00"), order=2)
    turns = rota(swaps=(later, first))
    assert who(turns, "2026-03-25 17:59") == JESS
    assert who(turns, "2026-03-25 18:00") == RAVI
    assert who(turns, "2026-03-26 06:00") == DANA
    assert who(turns, "2026-03-27 06:00") == JESS
    assert turns.on_call(utc("2026-03-26 07:00")) == Duty(DANA, Because.swap, turn_of=JESS)


def test_who_is_away_is_passed_over_for_the_next_in_the_order() -> None:
    away = Away(JESS, utc("2026-03-24 00:00"), utc("2026-03-25 00:00"))
    also = Away(PIOTR, utc("2026-03-24 12:00"), utc("2026-03-25 00:00"))
    turns = rota(absences=(away, also))
    assert turns.on_call(utc("2026-03-24 06:00")) == Duty(PIOTR, Because.stands_in, turn_of=JESS)
    assert who(turns, "2026-03-24 12:00") == RAVI
    assert who(turns, "2026-03-25 00:00") == JESS


def test_a_swap_of_who_is_away_counts_for_nothing() -> None:
    turns = rota(
        swaps=(Swap(RAVI, utc("2026-03-24 00:00"), utc("2026-03-26 00:00")),),
        absences=(Away(RAVI, utc("2026-03-25 00:00"), utc("2026-03-26 00:00")),),
    )
    assert who(turns, "2026-03-24 12:00") == RAVI
    assert who(turns, "2026-03-25 12:00") == JESS


def test_where_nobody_is_there_nobody_is_on_call() -> None:
    turns = rota(gone=frozenset({JESS, PIOTR, RAVI}))
    assert turns.on_call(utc("2026-03-25 12:00")) is None


def test_the_line_begins_with_who_is_on_call_and_follows_the_order() -> None:
    taken = Swap(DANA, utc("2026-03-31 00:00"), utc("2026-04-01 00:00"))
    away = Away(RAVI, utc("2026-03-31 00:00"), utc("2026-04-01 00:00"))
    assert rota().in_line(utc("2026-04-01 12:00")) == (PIOTR, RAVI, JESS)
    assert rota(swaps=(taken,), absences=(away,)).in_line(utc("2026-03-31 12:00")) == (DANA, PIOTR, JESS)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-03-23 09:00", date(2026, 3, 23)),
        ("2026-03-23 08:59", date(2026, 3, 16)),
        ("2026-03-30 08:00", date(2026, 3, 30)),
        ("2026-03-29 23:30", date(2026, 3, 23)),
    ],
)
def test_the_last_hand_over_is_the_one_that_has_come(now: str, day: date) -> None:
    assert latest_hand_over(0, time(9), "Europe/London", utc(now)) == day


# An oracle that walks minute by minute, and knows a week only as what begins when the wall clock comes to its hour.


def oracle(turns: Turns, start: datetime, minutes: int) -> list[int | None]:
    zone, found, week = ZoneInfo(turns.zone), [], -1
    at = datetime.combine(turns.starts_on, time(0), tzinfo=UTC) - timedelta(days=2)
    end = start + minutes * MINUTE
    due = datetime.combine(turns.starts_on, turns.hand_over_at)
    while at < end:
        if at.astimezone(zone).replace(tzinfo=None) >= due:
            week, due = week + 1, due + timedelta(days=7)
        if at >= start:
            found.append(_on_call(turns, week, at))
        at += MINUTE
    return found


def _on_call(turns: Turns, week: int, at: datetime) -> int | None:
    if week < 0:
        return None
    away = {each.agent_id for each in turns.absences if each.starts_at <= at < each.ends_at}
    away |= turns.gone
    members = list(turns.members) * 3
    candidates = [members[week % len(turns.members) + step] for step in range(len(turns.members))]
    for swap in sorted(turns.swaps, key=lambda each: each.order):
        if swap.starts_at <= at < swap.ends_at:
            candidates.insert(0, swap.agent_id)
    return next((each for each in candidates if each not in away), None)


# The clocks change on the eighth day of each: forward, back, by half an hour.
CHANGES = [
    ("Europe/London", date(2026, 3, 22)),
    ("Europe/London", date(2026, 10, 18)),
    ("America/New_York", date(2026, 3, 1)),
    ("Australia/Lord_Howe", date(2026, 9, 27)),
]
DAYS = 10
_minutes = st.integers(-2 * 1440, DAYS * 1440)


@st.composite
def rotas(draw: st.DrawFn) -> Turns:
    zone, first = draw(st.sampled_from(CHANGES))
    begins = datetime.combine(first, time(0), tzinfo=UTC)

    def stretch() -> tuple[datetime, datetime]:
        begun, length = draw(_minutes), draw(st.integers(1, 6 * 1440))
        return begins + begun * MINUTE, begins + (begun + length) * MINUTE

    agents = st.sampled_from((JESS, PIOTR, RAVI, DANA))
    members = tuple(draw(st.lists(agents, unique=True, min_size=1)))
    swaps = tuple(Swap(draw(agents), *stretch(), order) for order in range(draw(st.integers(0, 3))))
    absences = tuple(Away(draw(agents), *stretch()) for _ in range(draw(st.integers(0, 3))))
    gone = frozenset(draw(st.lists(agents, max_size=1)))
    hour = draw(st.sampled_from((time(0), time(1, 30), time(2, 15), time(9), time(23, 59))))
    on = first + timedelta(days=draw(st.integers(0, 2)))
    return Turns(zone, on, hour, members, swaps, absences, gone)


@settings(max_examples=15, deadline=None)
@given(rotas())
def test_every_minute_is_as_the_oracle_says_and_the_shifts_say_the_same(turns: Turns) -> None:
    start = datetime.combine(turns.starts_on, time(0), tzinfo=UTC) - timedelta(days=1)
    minutes = DAYS * 1440
    expected = oracle(turns, start, minutes)
    shifts = list(turns.shifts(start, start + minutes * MINUTE))
    said: list[int | None] = []
    for shift in shifts:
        length = (shift.ends_at - shift.starts_at) // MINUTE
        said += [shift.duty.agent_id if shift.duty else None] * length
    assert said == expected
    sampled = range(0, minutes, 997)
    asked = [turns.on_call(start + minute * MINUTE) for minute in sampled]
    assert [each.agent_id if each else None for each in asked] == [expected[minute] for minute in sampled]
