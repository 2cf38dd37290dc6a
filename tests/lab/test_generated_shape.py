"""Generated tickets are as uneven as those of a living desk: measured on five thousand, without a database."""

from datetime import UTC, datetime
from functools import cache
from random import Random

from upheld.lab.generator import founding
from upheld.lab.generator.ids import Ids
from upheld.lab.generator.lives import Part, lives
from upheld.lab.generator.place import Person, Place
from upheld.lab.generator.rows import add
from upheld.lab.generator.shape import Shape, shape_of
from upheld.lab.generator.spread import thread_length
from upheld.lab.generator.tables import TABLES, Rows
from upheld.lab.generator.words import Words
from upheld.policy import load

NOW = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)
TICKETS = 5_000


def place() -> Place:
    schools = founding.ORGANIZATIONS
    inside = founding.CONTACTS - founding.OUTSIDERS
    return Place(
        desk_id=1,
        prefix="BENCH",
        version_id=1,
        policy=load(founding.open_policy()),
        contacts=[
            Person(each, each % schools + 1, f"School {each % schools}")
            if each < inside
            else Person(each, None, "")
            for each in range(founding.CONTACTS)
        ],
        agents=[(each, f"Agent {each}") for each in range(1, founding.AGENTS + 1)],
        teams=list(enumerate(founding.TEAMS, start=1)),
        tags={name: each for each, name in enumerate(founding.TAGS, start=1)},
    )


@cache
def made() -> Rows:
    rows, here = Rows(), place()
    ids = Ids(dict.fromkeys(TABLES, 1), 1001)
    for life in lives(TICKETS, here.crowd(3), NOW, Random(11)):
        add(rows, life, here, ids, NOW)
    return rows


@cache
def shape() -> Shape:
    return shape_of(made(), NOW)


def test_three_messages_a_ticket_on_average_and_some_threads_of_many() -> None:
    assert 2.9 < shape().messages < 3.15
    assert 0.001 < shape().long < 0.005
    assert shape().longest >= 50
    random = Random(5)
    lengths = [thread_length(3, 2, random) for _ in range(60_000)]
    assert 1 <= lengths.count(200) <= 9


def test_a_few_organizations_write_a_third_and_agents_have_unequal_loads() -> None:
    assert 0.28 < shape().few_write < 0.38
    assert 0.08 < shape().busiest_agent < 0.2


def test_one_ticket_in_ten_is_open_and_a_part_of_those_waits() -> None:
    assert 0.085 < shape().open < 0.115
    assert 0.3 < shape().waiting / shape().open < 0.7


def test_one_clock_in_twenty_is_missed_some_tickets_come_back_and_some_pause() -> None:
    assert 0.03 < shape().breached < 0.06
    assert 0.02 < shape().reopened < 0.08
    assert 0.05 < shape().paused < 0.25


def test_people_write_by_day_most_of_all_and_bring_few_files() -> None:
    assert 0.04 < shape().at_night < 0.2
    assert 0.04 < shape().with_files < 0.06
    assert min(shape().priorities.values()) > 0.04 and shape().priorities["medium"] > 0.4


def test_later_parts_were_received_later() -> None:
    words, crowd = Words(Random(1)), place().crowd(3)
    early, late = (
        list(lives(50, crowd, NOW, Random(1), words=words, part=part))
        for part in (Part(0.2, 0.3), Part(0.9, 1.0))
    )
    assert early[-1].received_at < late[0].received_at
    assert [each.received_at for each in late] == sorted(each.received_at for each in late)
