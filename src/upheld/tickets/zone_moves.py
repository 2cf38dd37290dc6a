"""Due times that newer data about time zones moves: as they are stored, and as they are evaluated now."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from upheld.desks.models import Desk
from upheld.policy import Metric, Standing, evaluate_under, reconcile
from upheld.tickets.models import Ticket
from upheld.tickets.pen import read_stories
from upheld.tickets.publication_effect import open_tickets
from upheld.tickets.versions import versions_of_each

_CHUNK = 250


@dataclass(frozen=True, slots=True)
class ZoneMove:
    """One clock without a verdict, as stored and as evaluated at the very same instant."""

    ticket_id: int
    ticket: str
    metric: Metric
    cycle: int
    due_at: datetime | None
    new_due_at: datetime | None


def zone_moves(desk: Desk) -> Iterator[ZoneMove]:
    """Yield the clocks of a desk's open tickets that are due at another instant than their stored standing says."""
    ids = list(open_tickets(desk).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        tickets = list(Ticket.objects.filter(pk__in=chunk).exclude(standing={}).order_by("pk"))
        versions, stories = versions_of_each(tickets), read_stories(chunk)
        for ticket in tickets:
            stored, recorded = Standing.from_json(ticket.standing), stories[ticket.pk]
            lived = [
                each for each in versions[ticket.pk].in_force if not each.since or each.since <= stored.at
            ]
            now = evaluate_under(lived, recorded.facts, stored.at)
            yield from _moved(ticket, stored, reconcile(now, recorded.consequences)[0])


def _moved(ticket: Ticket, stored: Standing, now: Standing) -> Iterator[ZoneMove]:
    dues = {(each.metric, each.cycle): each.due_at for each in now.clocks}
    for clock in stored.clocks:
        new = dues.get((clock.metric, clock.cycle), clock.due_at)
        if clock.verdict is None and new != clock.due_at:
            yield ZoneMove(ticket.pk, ticket.number, clock.metric, clock.cycle, clock.due_at, new)
