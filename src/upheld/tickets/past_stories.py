"""The stories of a desk's tickets as simulations read them: facts only, and of a ticket nothing but its number."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from upheld.desks.models import Desk, PolicyVersion
from upheld.policy import Actor, Event, Mode
from upheld.policy.simulation import PastStory
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.versions import versions_of_each

_TICKETS_AT_ONCE = 500


def past_tickets(desk: Desk, since: datetime | None, until: datetime) -> QuerySet[Ticket]:
    """Return the desk's tickets that were received from `since` on, and not after `until`."""
    tickets = Ticket.objects.filter(desk=desk, received_at__lte=until)
    return tickets if since is None else tickets.filter(received_at__gte=since)


def versions_for(desk: Desk, tickets: QuerySet[Ticket]) -> dict[int, PolicyVersion]:
    """Return the versions of the policy under which tickets may live, by their ids."""
    pinned = Q(pk__in=tickets.order_by().values("policy_version_id"))
    taking_over = Q(desk=desk) & ~Q(mode=Mode.pin.value)
    return {each.pk: each for each in PolicyVersion.objects.filter(pinned | taking_over).defer("source")}


def past_stories(tickets: QuerySet[Ticket]) -> Iterator[PastStory]:
    """Yield the stories of tickets one by one, from a cursor on the server: never more than some in memory.

    The transaction stays open until the last one was taken, or the iterator is closed.
    """
    columns = ("number", "desk_id", "policy_version_id", "received_at")
    with transaction.atomic():
        rows = tickets.order_by("pk").only(*columns).iterator(chunk_size=_TICKETS_AT_ONCE)
        while batch := list(islice(rows, _TICKETS_AT_ONCE)):
            versions, facts = versions_of_each(batch), _facts(batch)
            for ticket in batch:
                yield PastStory(ticket.pk, ticket.number, facts.get(ticket.pk, ()), versions[ticket.pk].ids)


def _facts(tickets: Sequence[Ticket]) -> dict[int, tuple[Event, ...]]:
    """Return what happened on tickets, in order and without what their policies made of it."""
    rows = (
        StoryEvent.objects.filter(ticket_id__in=[ticket.pk for ticket in tickets], consequence_key=None)
        .order_by("ticket_id", "at", "seq")
        .values_list("ticket_id", "at", "kind", "actor", "data", "seq", "recorded_at")
    )
    told = groupby(rows, key=itemgetter(0))
    return {ticket_id: tuple(_event(*row[1:]) for row in facts) for ticket_id, facts in told}


def _event(
    at: datetime, kind: str, actor: str, data: dict[str, Any], seq: int, recorded_at: datetime
) -> Event:
    return Event(at, kind, Actor(actor), data, seq, recorded_at)
