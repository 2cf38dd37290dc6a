"""The clock of a lab: made-up time on which all processes agree, and which never goes back."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from upheld.desks import present
from upheld.desks.lab_clock import LabClock

START = datetime(2026, 3, 27, 8, tzinfo=UTC)
FAR = START + timedelta(days=365)


class Wall:
    """A machine's counter that goes on when it is told to."""

    def __init__(self) -> None:
        self.shows = 1000.0

    def __call__(self) -> float:
        return self.shows


@pytest.fixture
def wall() -> Wall:
    return Wall()


@pytest.fixture
def clock(tmp_path: Path, wall: Wall) -> LabClock:
    return LabClock.make(tmp_path / "clock", START, 3600, wall)


def test_an_hour_passes_in_a_second_up_to_the_limit(clock: LabClock, wall: Wall) -> None:
    clock.keep(START + timedelta(hours=3), None)
    seen = []
    for _ in range(5):
        wall.shows += 1
        seen.append((clock.now() - START) / timedelta(hours=1))
    assert seen == [1, 2, 3, 3, 3]


def test_without_a_keeper_time_stands(clock: LabClock, wall: Wall) -> None:
    wall.shows += 86_400
    assert clock.now() == START


def test_the_speed_changes_from_here_on_and_nothing_jumps(clock: LabClock, wall: Wall) -> None:
    clock.keep(FAR, None)
    wall.shows += 1
    clock.set_speed(60)
    wall.shows += 1
    assert clock.now() == START + timedelta(hours=1, minutes=1)
    clock.set_speed(0)
    wall.shows += 100
    assert clock.now() == START + timedelta(hours=1, minutes=1)
    clock.set_speed(600)
    wall.shows += 1
    assert clock.now() == START + timedelta(hours=1, minutes=11)


def test_a_leap_goes_no_further_than_what_somebody_is_about_to_do(clock: LabClock) -> None:
    deed = START + timedelta(hours=5)
    clock.keep(START + timedelta(hours=1), deed)
    assert clock.leap(START + timedelta(hours=2)) == START + timedelta(hours=2)
    assert clock.leap(START + timedelta(days=9)) == deed
    assert clock.leap(START) == deed
    assert clock.now() == deed


def test_what_it_said_a_moment_ago(clock: LabClock, wall: Wall) -> None:
    clock.keep(FAR, None)
    wall.shows += 1
    clock.leap(START + timedelta(hours=10))
    wall.shows += 0.25
    assert clock.at(-0.25) == START + timedelta(hours=10)
    assert clock.at(-0.5) == START + timedelta(minutes=45)


def test_a_machine_that_was_started_anew_finds_no_earlier_time(tmp_path: Path, wall: Wall) -> None:
    clock = LabClock.make(tmp_path / "clock", START, 3600, wall)
    clock.keep(START + timedelta(hours=2), None)
    wall.shows += 1
    read = clock.now()
    wall.shows = 3.0
    clock.begin()
    assert clock.now() >= read
    clock.keep(FAR, None)
    wall.shows += 1
    assert clock.now() == START + timedelta(hours=3)


TURNS = st.lists(
    st.one_of(
        st.tuples(st.just("wall"), st.floats(0, 100)),
        st.tuples(st.just("speed"), st.sampled_from([0, 60, 600, 3600, 21600])),
        st.tuples(st.just("keep"), st.integers(-10_000, 1_000_000)),
        st.tuples(st.just("leap"), st.integers(-10_000, 1_000_000)),
        st.tuples(st.just("begin"), st.just(0)),
    ),
    max_size=30,
)


@trying(deadline=None, max_examples=60)
@given(turns=TURNS)
def test_whatever_is_turned_it_never_goes_back(turns: list[tuple[str, float]], tmp_path_factory) -> None:
    wall = Wall()
    clock = LabClock.make(tmp_path_factory.mktemp("clock") / "clock", START, 3600, wall)
    last = clock.now()
    for deed, amount in turns:
        match deed:
            case "wall":
                wall.shows += amount
            case "speed":
                clock.set_speed(amount)
            case "keep":
                clock.keep(clock.now() + timedelta(seconds=amount), None)
            case "leap":
                clock.leap(clock.now() + timedelta(seconds=amount))
            case "begin":
                clock.begin()
        now = clock.now()
        assert now >= last
        assert clock.at(-0.5) <= now
        last = now


def test_two_processes_tell_the_same_time(tmp_path: Path) -> None:
    clock = LabClock.make(tmp_path / "clock", START, 86_400)
    clock.keep(FAR, None)
    code = (
        "import sys, pathlib; from upheld.desks.lab_clock import LabClock;"
        "print(LabClock(pathlib.Path(sys.argv[1])).now().isoformat())"
    )
    before = clock.now()
    told = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "clock")], capture_output=True, text=True, check=True
    )
    assert before < datetime.fromisoformat(told.stdout.strip()) <= clock.now()


def test_a_desk_lives_by_the_wall(settings) -> None:
    settings.LAB = None
    before = datetime.now(UTC)
    assert before <= present.now() <= datetime.now(UTC)
    assert present.by_the_wall(START) == START
    assert present.ago(START, timedelta(seconds=0.5)) == START - timedelta(seconds=0.5)
    assert present.rest(600.0) == 600.0


def test_a_lab_lives_by_its_own_clock_but_for_what_browsers_and_doctors_look_at(
    settings, tmp_path: Path
) -> None:
    clock = LabClock.make(tmp_path / "clock", START, 3600)
    settings.LAB = tmp_path / "clock"
    assert present.now() == START == present.ago(START, timedelta(seconds=0.5))
    assert abs(present.by_the_wall(START) - datetime.now(UTC)) < timedelta(minutes=1)
    assert present.rest(600.0) <= 1.0
    clock.set_speed(0)
    assert present.rest(0.2) == 0.2
