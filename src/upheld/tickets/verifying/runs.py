"""Runs of the verification: ordered by a person or by the night, done once, kept with what they found."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, transaction

from upheld.desks.models import Desk
from upheld.tickets.models import Difference, Verification
from upheld.tickets.verifying.walk import Tally

NIGHTLY = "every night"
MOST_KEPT = 1000
RUNS_KEPT = 60
# One that has not ended by then will not end any more.
_GIVEN_UP_AFTER = timedelta(hours=12)
_LONGEST_TEXT = 2000
# Any number will do, as long as nothing else of ours takes the same.
_LOCK = 7_340_201


def begin(by: str, now: datetime, desk: Desk) -> Verification:
    """Order a run; one that waits already, or is under way, is as good."""
    waiting = Verification.objects.filter(ended_at=None, started_at__gt=now - _GIVEN_UP_AFTER, desk=desk)
    found = waiting.order_by("started_at", "pk").first()
    return found or Verification.objects.create(by=by, started_at=now, desk=desk)


def ordered(now: datetime) -> Verification | None:
    """Return the oldest run that has not ended, if there is one: it waits, or whoever did it was killed."""
    waiting = Verification.objects.filter(ended_at=None, started_at__gt=now - _GIVEN_UP_AFTER)
    return waiting.order_by("started_at", "pk").first()


@contextmanager
def only_one() -> Iterator[bool]:
    """Whether nobody else verifies at the moment; held for as long as this lasts, or the process does."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        taken = bool(cursor.fetchone()[0])
    try:
        yield taken
    finally:
        if taken:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def is_under_way() -> bool:
    """Whether somebody verifies at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_locks where locktype = 'advisory' and objid = %s and granted"
            " and database = (select oid from pg_database where datname = current_database()))",
            [_LOCK],
        )
        return bool(cursor.fetchone()[0])


@transaction.atomic
def finish(run: Verification, tally: Tally, now: datetime) -> None:
    """Keep what a run found, up to a thousand differences of them, and forget runs of long ago."""
    Difference.objects.filter(verification=run).delete()
    Difference.objects.bulk_create(
        Difference(
            verification=run,
            ticket_id=ticket_id,
            number=number,
            what=each.what[:60],
            stored=each.stored[:_LONGEST_TEXT],
            replayed=each.replayed[:_LONGEST_TEXT],
        )
        for ticket_id, number, each in tally.found[:MOST_KEPT]
    )
    run.ended_at, run.counts, run.differences = now, dict(tally.counts), len(tally.found)
    run.save(update_fields=["ended_at", "counts", "differences"])
    runs = Verification.objects.filter(desk=run.desk_id)
    kept = list(runs.order_by("-started_at", "-pk").values_list("pk", flat=True)[:RUNS_KEPT])
    runs.exclude(pk__in=kept).delete()
