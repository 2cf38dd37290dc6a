"""The rows of tickets from a time before there were any: written once, at the end of a migration, in lots.

Each lot is one transaction with its place, so that a run that was ended goes on where it was.
"""

from collections.abc import Callable, Iterator

from django.db import transaction

from upheld.policy import Standing, course_under, reconcile
from upheld.tickets.models import ResultsToFill, Ticket
from upheld.tickets.pen import Recorded, read_stories
from upheld.tickets.result_rows import note, noted_of_each
from upheld.tickets.results import Results, results_of
from upheld.tickets.versions import Versions, versions_of_each

LOT = 500


def is_waiting() -> bool:
    """Whether there are tickets that still get their rows."""
    return ResultsToFill.objects.exists()


def fill(told: Callable[[int], None] = lambda _: None) -> int:
    """Write the rows of all tickets that still get theirs; `told` hears how many are done. Returns how many."""
    count = 0
    for lot in _lots():
        count += lot
        told(count)
    return count


def _lots() -> Iterator[int]:
    while (lot := _fill_lot()) is not None:
        yield lot


@transaction.atomic
def _fill_lot() -> int | None:
    waiting = ResultsToFill.objects.select_for_update().order_by("pk").first()
    if waiting is None:
        return None
    tickets = Ticket.objects.select_for_update().filter(pk__gt=waiting.done, pk__lte=waiting.last)
    lot = list(tickets.order_by("pk")[:LOT])
    if not lot:
        waiting.delete()
        return 0
    ids = [ticket.pk for ticket in lot]
    stories, versions, noted = read_stories(ids), versions_of_each(lot), noted_of_each(ids)
    note(
        (ticket, noted[ticket.pk], _as_stored(ticket, stories[ticket.pk], versions[ticket.pk]))
        for ticket in lot
    )
    waiting.done = ids[-1]
    waiting.save(update_fields=["done"])
    return len(lot)


def _as_stored(ticket: Ticket, story: Recorded, versions: Versions) -> Results:
    """The rows of a ticket as of its stored standing; what has happened since is written by whoever settles it."""
    at = Standing.from_json(ticket.standing).at
    course = course_under(versions.in_force, story.facts, at)
    return results_of(
        course,
        reconcile(course.standing, story.consequences)[0],
        story.consequences,
        story.facts,
        policies=versions.policies,
        team=ticket.team_id,
        is_spam=ticket.is_spam,
    )
