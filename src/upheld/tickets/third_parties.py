"""Whom tickets wait for outside the desk: when the desk looks after it, and what customers and agents read of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from upheld.clock import Calendar
from upheld.policy import Metric, Policy, Standing, Status
from upheld.rules.third_parties import is_for_customer, working_calendar
from upheld.tickets.models import StoryEvent, ThirdPartyWait, Ticket
from upheld.tickets.visibility import AgentViewer, visible_tickets

DONE = ("resolved", "closed")
# What was promised first comes first, and what nobody promised is last.
PROMISED_FIRST = (F("promised_at").asc(nulls_last=True), F("remind_at").asc(nulls_last=True), "pk")
LATEST_ENDED = ("-ended_at", "-pk")


def wait_of(ticket: Ticket) -> ThirdPartyWait | None:
    """Return whom a ticket waits for now."""
    return ThirdPartyWait.objects.filter(ticket=ticket, ended_at=None).first()


def reminder_calendar(policy: Policy, standing: Standing) -> Calendar:
    """Return the calendar by whose business days the desk looks after a ticket: that of its resolution, else of any
    other promise, else the policy's first."""
    clocks = sorted(standing.clocks, key=lambda each: each.metric is not Metric.resolution)
    named = [each.calendar for each in clocks if each.calendar in policy.calendars]
    calendars = [policy.calendars[each] for each in named if each is not None]
    return working_calendar([*calendars, *policy.calendars.values()], policy.zone)


@dataclass(frozen=True, slots=True)
class Told:
    """What a customer may read of a wait; without a `name` it is just somebody else."""

    name: str
    since: datetime
    promised_at: datetime | None
    reported: bool

    def to_json(self) -> dict[str, Any]:
        """Return it as plain values, for a notice."""
        promised = self.promised_at and self.promised_at.isoformat()
        return {
            "name": self.name,
            "since": self.since.isoformat(),
            "promised_at": promised,
            "reported": self.reported,
        }


def told_to_customer(ticket: Ticket, status: Status) -> Told | None:
    """Return what the customer may read of a wait in a status: nothing where it is over, where they are waited for
    themselves, or where nobody waits."""
    if status.is_done or is_for_customer(status):
        return None
    wait = wait_of(ticket)
    if wait is None:
        return None
    return Told(
        name=wait.name if wait.tells_name else "",
        since=wait.begun_at,
        promised_at=wait.promised_at if wait.tells_promise else None,
        reported=wait.reported_by_us,
    )


def said(wait: ThirdPartyWait, what: str) -> Mapping[str, Any]:
    """Return what the story says of a wait."""
    told = {"what": what, "name": wait.name, "reference": wait.reference}
    return told | ({"promised_at": wait.promised_at.isoformat()} if wait.promised_at else {})


def done_since(ticket: Ticket) -> datetime | None:
    """Return when a ticket that is done came into its status."""
    moves = StoryEvent.objects.filter(ticket=ticket, kind="status", data__to=ticket.status)
    return moves.order_by("-at", "-seq").values_list("at", flat=True).first()


def watched(viewer: AgentViewer, text: str = "", *, over: bool = False) -> QuerySet[ThirdPartyWait]:
    """Return the waits of the tickets that the viewer sees, or those that are over; `text` is part of a name or of a
    reference."""
    waits = ThirdPartyWait.objects.filter(ticket__in=visible_tickets(viewer).filter(is_spam=False))
    if over:
        waits = waits.exclude(ended_at=None)
    else:
        waits = waits.filter(ended_at=None).exclude(ticket__status_category__in=DONE)
    if text:
        waits = waits.filter(Q(name__icontains=text) | Q(reference__icontains=text))
    return waits.order_by(*(LATEST_ENDED if over else PROMISED_FIRST))
