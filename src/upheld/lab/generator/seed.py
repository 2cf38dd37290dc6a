"""Writes lives into the database: rows by COPY, search vectors in one statement."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.desks.numbers import start_series, upcoming
from upheld.desks.policies import compiled, version_in_force
from upheld.lab.generator.lives import Crowd, Life, lives
from upheld.lab.generator.rows import Ids, Place, Row, Rows, add
from upheld.lab.generator.search import bulk_words
from upheld.people.actions import add_agent
from upheld.people.models import Contact, Membership
from upheld.policy import pack
from upheld.rules.permissions import Role

BATCH = 2_000
AGENTS = 20
_ROLES = {0: Role.lead, 1: Role.administrator}
Progress = Callable[[str, int, int], None]
Lives = Callable[[int, Crowd, datetime, Random], Iterator[Life]]

_COLUMNS = {
    "tickets_ticket": (
        "id, desk_id, number, subject, channel, requester_id, assignee_id, team_id, policy_version_id, "
        "received_at, updated_at, status, status_category, priority, priority_rank, standing, next_due_at, "
        "wake_at, last_seq, product, region, plan, reason, request_type, requested_priority, information, restricted, "
        "is_spam"
    ),
    "tickets_participant": "id, ticket_id, contact_id, is_requester, joined_by, sees_from, removed_at, key_serial",
    "tickets_message": (
        "id, ticket_id, kind, at, contact_id, agent_id, channel, text, quoted_text, html, released, held_because, "
        "message_id, raw_mail_id, direction"
    ),
    "tickets_storyevent": (
        "id, ticket_id, seq, at, recorded_at, kind, actor, agent_id, contact_id, message_id, data, consequence_key"
    ),
}


def seed(
    tickets: int,
    *,
    messages: int,
    now: datetime,
    progress: Progress,
    source: int = 1,
    made: Lives = lives,
) -> Desk:
    """Fill an empty database with a desk and that many tickets; the same `source` makes the same lives."""
    desk = _desk(now)
    place = place_of(desk, now)
    crowd = Crowd(contacts=len(place.contacts), agents=len(place.agents), messages=messages)
    all_lives = made(tickets, crowd, now, Random(source))  # noqa: S311
    write(all_lives, desk, place, now, lambda done: progress("Writing tickets", done, tickets))
    progress("Building the search index", 0, 1)
    bulk_words(desk)
    progress("Building the search index", 1, 1)
    _analyse()
    return desk


def write(
    all_lives: Iterable[Life], desk: Desk, place: Place, now: datetime, done: Callable[[int], None]
) -> None:
    """Copy the rows of the lives, some thousand tickets a transaction."""
    ids = _free_ids(desk)
    rows, count = Rows(), 0
    for count, life in enumerate(all_lives, start=1):
        add(rows, life, place, ids, now)
        if count % BATCH == 0:
            _copy(rows)
            rows = Rows()
            done(count)
    _copy(rows)
    done(count)
    _note_ids(desk, ids)


def place_of(desk: Desk, now: datetime) -> Place:
    """Return where the desk's rows belong, with its people in the order of their ids."""
    version = version_in_force(desk, now)
    agents = Membership.objects.filter(desk=desk).order_by("agent_id").select_related("agent__user")
    return Place(
        desk_id=desk.pk,
        prefix=desk.number_prefix,
        version_id=version.pk,
        policy=compiled(version.pk),
        contacts=list(Contact.objects.order_by("id").values_list("id", flat=True)),
        agents=[(each.agent_id, each.agent.name) for each in agents],
    )


def _desk(now: datetime) -> Desk:
    then = now - timedelta(days=400)
    desk = create_desk(
        slug="bench",
        name="Bench",
        prefix="BENCH",
        zone="Europe/London",
        address="support@bench.example.com",
        by="bench",
        now=then,
    )
    publish_policy(desk, open_policy(), now=now, by="bench", effective_from=then)
    for number in range(AGENTS):
        address = f"agent{number}@bench.example.com"
        role = _ROLES.get(number, Role.agent)
        add_agent(desk, address=address, name=f"Agent {number}", role=role, by="bench", now=then)
    Contact.objects.bulk_create(
        (
            Contact(
                address=f"person{number}@school{number % 97}.example.org",
                name=f"Person {number}",
                created_at=then,
            )
            for number in range(5_000)
        ),
        batch_size=1_000,
    )
    return desk


def open_policy() -> str:
    """The policy of the desk that is written: nothing on it is restricted, so that everybody has the whole load."""
    return pack("school-devices").replace("restricted: true", "restricted: false")


def _free_ids(desk: Desk) -> Ids:
    with connection.cursor() as cursor:
        free = []
        for table in ("tickets_ticket", "tickets_message", "tickets_storyevent", "tickets_participant"):
            cursor.execute(f"select coalesce(max(id), 0) + 1 from {table}")  # noqa: S608 - names of ours
            free.append(cursor.fetchone()[0])
    return Ids(*free, number=upcoming(desk))


def _note_ids(desk: Desk, ids: Ids) -> None:
    used = {
        "tickets_ticket": ids.ticket,
        "tickets_message": ids.message,
        "tickets_storyevent": ids.event,
        "tickets_participant": ids.participant,
    }
    with connection.cursor() as cursor:
        for table, free in used.items():
            cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s, false)", [table, free])
    start_series(desk, ids.number)


@transaction.atomic
def _copy(rows: Rows) -> None:
    families: dict[str, Sequence[Row]] = {
        "tickets_ticket": rows.tickets,
        "tickets_participant": rows.participants,
        "tickets_message": rows.messages,
        "tickets_storyevent": rows.events,
    }
    with connection.cursor() as cursor:
        for table, family in families.items():
            with cursor.copy(f"copy {table} ({_COLUMNS[table]}) from stdin") as copy:
                for row in family:
                    copy.write_row(row)


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
