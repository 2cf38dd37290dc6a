"""What a ticket's page shows of merges: in which it goes on, what is part of it, and what it could be one with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from upheld.tickets.actions.undo_merge import written_since
from upheld.tickets.models import Merge, Ticket
from upheld.tickets.queries import DONE
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class Merged:
    """One merge: `other` is the ticket at its far end, `since` how many messages the survivor got after it."""

    other: Ticket
    at: When
    by: str
    since: int
    may_be_undone: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """`goes_on_in` is where a merged ticket goes on, `whole` the merge that made it a part; `parts` are those that were
    merged into this ticket itself. `alike` are open tickets of the same requester."""

    goes_on_in: Ticket | None
    whole: Merged | None
    parts: Sequence[Merged]
    alike: Sequence[Ticket]


def panel(page: TicketPage, earlier: Sequence[Mapping[str, Any]], times: Times) -> Panel:
    """Return what the page shows; `earlier` are the requester's other tickets as the page lists them."""
    ticket = page.ticket
    return Panel(
        goes_on_in=page.goes_on_in,
        whole=_whole(page, times) if ticket.merged_into_id is not None else None,
        parts=_parts(page, times) if page.parts else [],
        alike=[each["ticket"] for each in earlier if _may_be_one(each["ticket"], ticket)],
    )


def _whole(page: TicketPage, times: Times) -> Merged | None:
    row = _rows().filter(source=page.ticket, undone_at=None).first()
    if row is None or page.goes_on_in is None:
        return None
    return _merged(row, row.survivor, times, may_be_undone=row.survivor.merged_into_id is None)


def _parts(page: TicketPage, times: Times) -> list[Merged]:
    seen = {each.pk: each for each in page.parts}
    rows = _rows().filter(survivor=page.ticket, undone_at=None, source__in=seen).order_by("at", "pk")
    undoable = page.ticket.merged_into_id is None
    return [_merged(row, seen[row.source_id], times, may_be_undone=undoable) for row in rows]


def _rows() -> QuerySet[Merge]:
    return Merge.objects.select_related("survivor", "by__user")


def _merged(row: Merge, other: Ticket, times: Times, *, may_be_undone: bool) -> Merged:
    return Merged(other, times.when(row.at), row.by.name, written_since(row), may_be_undone)


def _may_be_one(other: Ticket, ticket: Ticket) -> bool:
    is_open = other.status_category not in DONE and other.merged_into_id is None
    return is_open and other.desk_id == ticket.desk_id
