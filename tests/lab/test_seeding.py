"""A desk is filled by several processes, and stands afterwards as if it had grown."""

import re
from datetime import UTC, datetime

import pytest
from django.db import connection

from upheld.config.side_by_side import workers
from upheld.lab.generator import founding, seed
from upheld.lab.generator.seed import hurry
from upheld.people.models import Contact
from upheld.tickets.actions import open_ticket
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import Message, StoryEvent, Ticket, TicketText
from upheld.tickets.moment import Moment
from upheld.tickets.verifying import parts, sample, verify_part

NOW = datetime(2026, 3, 20, 15, 0, tzinfo=UTC)


# Constants come back from PostgreSQL with their types, written in one way or another.
_TYPES = re.compile(r"::(character varying|text)(\[\])?|[()]")


def definitions() -> list[tuple[str, ...]]:
    """All indexes and keys of all tables, and whether the keys are checked."""
    with connection.cursor() as cursor:
        cursor.execute("select indexname, indexdef from pg_indexes where schemaname = 'public' order by 1")
        indexes = [(name, _TYPES.sub("", made)) for name, made in cursor.fetchall()]
        cursor.execute(
            "select conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated::text, condeferred::text"
            " from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2"
        )
        return [*indexes, *cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_what_several_processes_write_is_clean_and_the_desk_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("upheld.lab.generator.chunks.SIZE", 50)
    for name, value in {"CONTACTS": 60, "ORGANIZATIONS": 10, "OUTSIDERS": 5, "AGENTS": 4}.items():
        monkeypatch.setattr(founding, name, value)
    before, told = definitions(), {}

    def progress(what: str, done: int, of: int) -> None:
        told[what] = (done, of)

    with workers(2, first=hurry) as work:
        desk = seed(120, messages=3, now=NOW, progress=progress, work=work)

    assert definitions() == before
    assert told["Writing tickets"] == (120, 120)
    assert all(done == of for done, of in told.values())
    assert Ticket.objects.count() == TicketText.objects.count() == 120
    assert Message.objects.count() > 240 and StoryEvent.objects.count() > 900
    tallies = [verify_part(part) for part in parts(desk.pk)]
    assert sum(each.counts["tickets"] for each in tallies) == 120
    assert [found for each in tallies for found in each.found] == []
    taken = sample(desk.pk, 30, "again")
    assert sum(verify_part(part).counts["tickets"] for part in taken) == 30
    assert taken == sample(desk.pk, 30, "again") != sample(desk.pk, 30, "another")
    contact = Contact.objects.order_by("pk").first()
    request = NewRequest(
        desk=desk, contact=contact, subject="New", text="One more", received_at=NOW, channel="email"
    )
    assert open_ticket(request, Moment.exactly(NOW)).number == "BENCH-1121"
