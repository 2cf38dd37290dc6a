"""What the people of a lab will do: made from a seed alone, plausible, and of every kind."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from upheld.lab.life.deeds import next_arrival, request, when
from upheld.lab.life.plots import PLOTS, Turn
from upheld.lab.life.words import SAYINGS
from upheld.lab.life.world import World, world_of
from upheld.policy import load, pack, packs
from upheld.policy.document import Document
from upheld.policy.loading import read_document

BERLIN = "Europe/Berlin"
FRIDAY = datetime(2026, 3, 27, 8, tzinfo=UTC)
HOURS = next(iter(load(pack("success-plans")).calendars.values()))


def document(name: str) -> Document:
    return read_document(pack(name), name)[1]


@pytest.fixture(params=packs())
def world(request: pytest.FixtureRequest) -> World:
    return world_of(document(request.param))


def test_a_seed_makes_the_same_requests_each_time_and_another_seed_others(world: World) -> None:
    made = [request(7, number, world) for number in range(30)]
    assert made == [request(7, number, world) for number in range(30)]
    assert made != [request(8, number, world) for number in range(30)]


def test_requests_use_the_words_of_the_policy(world: World) -> None:
    made = [request(1, number, world) for number in range(200)]
    assert {each.priority for each in made} == {None, *world.priorities}
    assert {each.product for each in made} == ({id for id, _ in world.products} or {""})
    assert {each.door for each in made} == {"mail", "portal"}
    assert not [each for each in made if "{" in each.subject + each.text]
    assert {each.plot.name for each in made} == {plot.name for plot in PLOTS}


def test_every_turn_has_its_words() -> None:
    silent = {"take", "confirm"}
    spoken = {turn.deed for plot in PLOTS for turn in plot.turns} - silent
    assert spoken == set(SAYINGS)
    first = request(1, 1, world_of(document("always-on")))
    assert all(
        bool(first.saying(place)) == (turn.deed not in silent) for place, turn in enumerate(first.plot.turns)
    )


def test_requests_come_in_their_order_and_mostly_by_day() -> None:
    at, hours = FRIDAY, Counter[bool]()
    for number in range(300):
        later = next_arrival(1, number, at, BERLIN)
        assert later >= at
        at = later
        local = at.astimezone(ZoneInfo(BERLIN))
        hours[8 <= local.hour < 18 and local.weekday() < 5] += 1
    assert hours[True] > 2 * hours[False] > 0
    assert timedelta(days=20) < at - FRIDAY < timedelta(days=60)


def test_an_agent_uses_up_a_share_of_the_time_there_is() -> None:
    morning, due = datetime(2026, 3, 30, 8, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC)
    in_time = when(Turn("answer", share=0.5), morning, due, HOURS, BERLIN)
    too_late = when(Turn("answer", share=1.5), morning, due, HOURS, BERLIN)
    assert in_time == datetime(2026, 3, 30, 10, tzinfo=UTC)
    assert too_late == datetime(2026, 3, 30, 14, tzinfo=UTC)


def test_an_agent_works_while_the_desk_is_open_and_a_customer_sleeps_at_night() -> None:
    evening = datetime(2026, 3, 27, 20, tzinfo=UTC)
    by_agent = when(Turn("answer", hours=3), evening, None, HOURS, BERLIN)
    by_customer = when(Turn("write", hours=3), evening, None, HOURS, BERLIN)
    assert HOURS.is_open(by_agent)
    assert by_agent.astimezone(ZoneInfo(BERLIN)).date().isoformat() == "2026-03-30"
    assert by_customer.astimezone(ZoneInfo(BERLIN)).isoformat()[:13] == "2026-03-28T07"


def test_no_turn_comes_before_the_one_before_it() -> None:
    for plot in PLOTS:
        for turn in plot.turns:
            for due in (None, FRIDAY - timedelta(hours=1), FRIDAY + timedelta(seconds=1)):
                assert when(turn, FRIDAY, due, HOURS, BERLIN) > FRIDAY
