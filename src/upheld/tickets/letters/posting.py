"""Rows of notices and alerts: gathered at the pen, and posted together at the end of the action that caused them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from django.db import connection
from django.db.models import Count

from upheld.desks.models import Mailbox
from upheld.notices.models import Alert, Notice, NoticeKind
from upheld.people.models import Agent
from upheld.rules.callers import is_placeholder
from upheld.tickets import alerting, snoozing
from upheld.tickets.copying_in import copy_in
from upheld.tickets.keys import new_message_id
from upheld.tickets.models import Participant
from upheld.tickets.pen import Pen

_BY_ITSELF = (NoticeKind.STATUS, NoticeKind.REMINDER, NoticeKind.MERGED)
BY_ITSELF_AN_HOUR = 10
_HOUR = timedelta(hours=1)

log = structlog.get_logger(__name__)


def post(pens: Sequence[Pen]) -> None:
    """Store the gathered notices, and what agents are told. About spam nobody is written to."""
    for pen in pens:
        if pen.ticket.is_spam:
            pen.notices, pen.alerts = [], []
    notices = _not_too_many([notice for pen in pens for notice in pen.notices])
    alerts = [alert for pen in pens for alert in pen.alerts]
    alerts += _of_what_comes_back(pens, alerts)
    for pen in pens:
        pen.notices, pen.alerts, pen.stirred = [], [], None
    store(alerting.keep(alerts, notices))


def _of_what_comes_back(pens: Sequence[Pen], alerts: Sequence[Alert]) -> list[Alert]:
    """A new ticket is put off by nobody yet; what happened to the others may bring them back."""
    stirred = {pen.ticket.pk: pen.stirred for pen in pens if pen.stirred is not None}
    return snoozing.bring_back(stirred, alerts, max(pen.moment.at for pen in pens)) if pens else []


def store(notices: Sequence[Notice]) -> None:
    """Store notices and wake whoever sends them, both when the transaction commits."""
    if not notices:
        return
    copy_in(Notice, notices)
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_notice")


def _not_too_many(notices: list[Notice]) -> list[Notice]:
    """Leave out what the desk would say by itself more often in an hour than anybody wants to hear about a ticket."""
    by_itself = [notice for notice in notices if notice.kind in _BY_ITSELF]
    if not by_itself:
        return notices
    earlier = Notice.objects.filter(
        ticket_id__in={notice.ticket_id for notice in by_itself},
        kind__in=_BY_ITSELF,
        created_at__gt=by_itself[0].created_at - _HOUR,
    )
    sent = Counter(dict(earlier.values_list("participant_id").annotate(Count("id")).order_by()))
    left = []
    for notice in notices:
        if notice.kind in _BY_ITSELF:
            sent[notice.participant_id] += 1
            if sent[notice.participant_id] > BY_ITSELF_AN_HOUR:
                log.warning(
                    "notice left out", kind=notice.kind, ticket=notice.ticket_id, reason="too many in an hour"
                )
                continue
        left.append(notice)
    return left


def to_customer(
    pen: Pen,
    participant: Participant,
    kind: NoticeKind,
    *,
    key: str,
    message_ref: int | None = None,
    asked_from: str = "",
    **data: Any,
) -> None:
    contact = participant.contact
    if is_placeholder(contact.address):
        # Somebody who only ever rang: there is nowhere to write to.
        return
    zone = contact.zone or pen.ticket.desk.zone
    data |= {"zone": zone, "channel": pen.ticket.channel, "confirmed": contact.confirmed_at is not None}
    row = row_of(pen, kind, f"{key}:to:{participant.pk}", contact.address, contact.name, data)
    row.participant_id = participant.pk
    row.message_ref = message_ref
    row.asked_from = asked_from
    pen.notices.append(row)


def to_agent(
    pen: Pen, agent: Agent, kind: NoticeKind, *, key: str, message_ref: int | None = None, **data: Any
) -> None:
    label = pen.policy.priority(pen.ticket.priority).label
    zone = agent.zone or pen.ticket.desk.zone
    data = {**data, "priority_label": label, "zone": zone}
    row = row_of(pen, kind, f"{key}:agent:{agent.pk}", agent.address, agent.name, data)
    row.message_ref = message_ref
    pen.notices.append(row)
    pen.alerts.append(alerting.alert_of(row, agent))


def row_of(pen: Pen, kind: NoticeKind, key: str, address: str, name: str, data: dict[str, Any]) -> Notice:
    """Return a notice about the pen's ticket, under a key that is unique on it."""
    ticket, now = pen.ticket, pen.moment.at
    return Notice(
        desk_id=ticket.desk_id,
        kind=kind,
        key=f"{ticket.pk}:{key}",
        ticket_id=ticket.pk,
        ticket_number=ticket.number,
        to_address=address,
        to_name=name,
        message_id=new_message_id(ticket.pk, sender_of(ticket.desk_id)),
        data={**data, "subject": ticket.subject},
        created_at=now,
        next_try_at=now,
    )


@lru_cache(maxsize=1024)
def sender_of(desk_id: int) -> str:
    """The address whose domain Message-IDs carry. It proves nothing and may be stale, so it is asked for once."""
    mailbox = Mailbox.objects.filter(desk_id=desk_id).order_by("-is_default", "id").first()
    return mailbox.address if mailbox else "desk@localhost"


def iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
