"""The morning mail: each weekday at half past seven in an agent's own zone, what needs them today.

Its key is unique for an agent and a day, so that any number of workers write it once. A desk that was down at that hour
still sends it until noon; after that it would be yesterday's news, and is left out.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery

from upheld.clock import CalendarError
from upheld.clock import zone as zone_named
from upheld.desks.models import Desk
from upheld.mailboxes.outgoing.facts import restricted_among
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent
from upheld.tickets.keys import new_message_id
from upheld.tickets.models import Message, Ticket
from upheld.tickets.queries import DONE, NEXT_DUE_FIRST
from upheld.tickets.visibility import AgentViewer, visible_tickets

INTERVAL = 30.0
BEGINS, ENDS = time(7, 30), time(12, 0)
# Rows of one list of one desk; the mail says how many more there are.
ROWS = 20
_LOOKED_AT = 500
_SATURDAY = 5
_log = structlog.get_logger(__name__)


class MorningMails:
    """Writes the morning mails that are due. What was looked at on a day is kept in memory, since an agent for whom
    nothing waits gets no mail, and so no row."""

    def __init__(self) -> None:
        self._done: set[str] = set()

    def look(self, now: datetime) -> int:
        """Write what is due at `now`; return how many mails. One agent's trouble delays nobody else's."""
        morning = {key: agent for agent in _agents() if (key := _key(agent, now)) is not None}
        self._done &= morning.keys()
        due = {key: agent for key, agent in morning.items() if key not in self._done}
        for key in Notice.objects.filter(key__in=list(due)).values_list("key", flat=True):
            self._done.add(key)
            del due[key]
        return sum(self._write(key, agent, now) for key, agent in due.items())

    def _write(self, key: str, agent: Agent, now: datetime) -> int:
        try:
            written = write_digest(key, agent, now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            _log.exception("morning mail could not be written", agent=agent.pk)
            return 0
        self._done.add(key)
        return int(written)


@transaction.atomic
def write_digest(key: str, agent: Agent, now: datetime) -> bool:
    """Write an agent's morning mail, unless nothing waits for them or it is written already; return whether it was."""
    desks = desks_of(agent)
    zone = _zone(agent, desks)
    viewer = AgentViewer.of(agent)
    found = [each for desk in desks if (each := _of_a_desk(viewer, desk, now, zone)) is not None]
    if not found:
        return False
    _row, written = Notice.objects.get_or_create(
        key=key,
        defaults={
            "desk": desks[0],
            "kind": NoticeKind.DIGEST,
            "to_address": agent.address,
            "to_name": agent.name,
            "message_id": new_message_id(0, _sender(desks[0])),
            "data": {"zone": zone, "desks": found},
            "created_at": now,
            "next_try_at": now,
        },
    )
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_notice")
    return written


def desks_of(agent: Agent) -> list[Desk]:
    """Return an agent's desks by name; the first one sends their morning mail, in its language."""
    return sorted((each.desk for each in agent.memberships.all()), key=lambda desk: (desk.name, desk.pk))


def _agents() -> QuerySet[Agent]:
    working = Agent.objects.filter(
        wants_digest=True, user__is_active=True, memberships__isnull=False
    ).distinct()
    return working.select_related("user").prefetch_related("memberships__desk").order_by("pk")


def _key(agent: Agent, now: datetime) -> str | None:
    """The key of the morning mail that is due to an agent at `now`; None at any other hour."""
    local = now.astimezone(zone_named(_zone(agent, desks_of(agent))))
    if local.weekday() >= _SATURDAY or not BEGINS <= local.time() < ENDS:
        return None
    return f"digest:{agent.pk}:{local.date().isoformat()}"


def _zone(agent: Agent, desks: list[Desk]) -> str:
    for name in (agent.zone, desks[0].zone):
        try:
            zone_named(name)
        except CalendarError:
            continue
        return name
    return "UTC"


def _sender(desk: Desk) -> str:
    mailbox = desk.mailboxes.order_by("-is_default", "id").first()
    return mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL


def _of_a_desk(viewer: AgentViewer, desk: Desk, now: datetime, zone: str) -> dict[str, Any] | None:
    """What waits for an agent on one desk, as plain values; None where nothing does."""
    tickets = _open_tickets(viewer, desk)
    tonight = _end_of_day(now, zone)
    lists: dict[str, list[Ticket]] = {"overdue": [], "today": [], "answer": []}
    for ticket in tickets:
        if ticket.next_due_at is not None and ticket.next_due_at < now:
            lists["overdue"].append(ticket)
        elif ticket.next_due_at is not None and ticket.next_due_at < tonight:
            lists["today"].append(ticket)
        elif ticket.wrote_last == Message.Kind.CUSTOMER:
            lists["answer"].append(ticket)
    if not any(lists.values()):
        return None
    restricted = restricted_among([ticket.pk for ticket in tickets])
    return {
        "desk": desk.pk,
        "name": desk.name,
        "lists": {name: _rows(rows[:ROWS], restricted) for name, rows in lists.items()},
        "more": {name: len(rows) - ROWS for name, rows in lists.items() if len(rows) > ROWS},
    }


def _open_tickets(viewer: AgentViewer, desk: Desk) -> list[Ticket]:
    """The agent's open tickets on a desk, next due first, with who wrote last on each and when; bounded."""
    last = Message.objects.filter(
        ticket=OuterRef("pk"), released=True, kind__in=(Message.Kind.CUSTOMER, Message.Kind.REPLY)
    ).order_by("-at", "-id")
    tickets = visible_tickets(viewer).filter(desk=desk, assignee_id=viewer.agent_id, is_spam=False)
    tickets = tickets.exclude(status_category__in=DONE).order_by(*NEXT_DUE_FIRST)
    return list(
        tickets.annotate(
            wrote_last=Subquery(last.values("kind")[:1]), wrote_at=Subquery(last.values("at")[:1])
        )[:_LOOKED_AT]
    )


def _rows(tickets: Iterable[Ticket], restricted: frozenset[int]) -> list[dict[str, Any]]:
    return [
        {
            "ticket": ticket.pk,
            "number": ticket.number,
            "subject": "" if ticket.pk in restricted else ticket.subject,
            "due": ticket.next_due_at.isoformat() if ticket.next_due_at else None,
            "since": ticket.wrote_at.isoformat() if ticket.wrote_at else None,
        }
        for ticket in tickets
    ]


def _end_of_day(now: datetime, zone: str) -> datetime:
    """The first instant of the agent's next day."""
    tomorrow = now.astimezone(zone_named(zone)).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone_named(zone)).astimezone(now.tzinfo)
