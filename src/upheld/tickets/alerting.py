"""How agents are told: each thing is a row that they read in the pages, and a mail and pushes where they want them.

Mails and pushes about due times wait for the agent's hours, and stop with what they tell of. What answers a person's
act, such as an assignment, is read when one works, and is sent at once; a page is sent at any hour.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from upheld.clock import Calendar
from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled
from upheld.desks.telling import tell_agents
from upheld.notices.models import Alert, Notice, NoticeKind, Push
from upheld.people.models import Agent, AlertAddress
from upheld.rules.alert_causes import Course, Over, why_over
from upheld.rules.alert_hours import hours_of, leaves_at
from upheld.rules.alert_ways import Way, ways
from upheld.tickets.copying_in import copy_in
from upheld.tickets.models import HeldRequest, HeldState, ThirdPartyWait, Ticket
from upheld.tickets.visibility import AgentViewer, visible_tickets

WITHIN_HOURS = frozenset(
    {
        NoticeKind.WARNING,
        NoticeKind.BREACH,
        NoticeKind.ESCALATED,
        NoticeKind.THIRD_PARTY,
        NoticeKind.HELD_ALERT,
    }
)
# Strangers' words and names stay with the ticket, where it is asked at each look who may read them.
_NOT_KEPT = ("subject", "contact_name", "sender", "recipient", "reason", "text")
_DONE = ("resolved", "closed")
_ASKED_AT_ONCE = 500


def alert_of(notice: Notice, agent: Agent) -> Alert:
    """Return the row that an agent reads in the pages of what a notice tells them by mail; both have one key."""
    data = {name: value for name, value in notice.data.items() if name not in _NOT_KEPT}
    at = data.get("at")
    return Alert(
        desk_id=notice.desk_id,
        agent=agent,
        kind=notice.kind,
        key=notice.key,
        ticket_id=notice.ticket_id,
        ticket_number=notice.ticket_number,
        is_page=notice.kind == NoticeKind.PAGED or bool(data.get("page")),
        data=data,
        at=datetime.fromisoformat(at) if at else notice.created_at,
        created_at=notice.created_at,
        leaves_at=notice.next_try_at,
    )


def keep(alerts: Sequence[Alert], notices: Iterable[Notice]) -> list[Notice]:
    """Store alerts, with the pushes that their agents want, each to leave within their hours. Of the notices, return
    those that leave by mail. All in a few statements, however many they are."""
    if not alerts:
        return list(notices)
    addresses = _addresses({each.agent_id for each in alerts})
    hours = _Hours(alerts)
    chosen: dict[str, tuple[Alert, frozenset[Way]]] = {}
    for alert in alerts:
        alert.leaves_at = hours.leaves_at(alert)
        has_push, wanted = bool(addresses[alert.agent_id]), alert.agent.alert_ways
        chosen[alert.key] = alert, ways(alert.kind, wanted, has_push=has_push, is_page=alert.is_page)
    pushed = [alert for alert, by in chosen.values() if Way.push in by]
    keys = {alert.key for alert in pushed}
    copy_in(Alert, [alert for alert in alerts if alert.key not in keys])
    _push(pushed, addresses)
    tell_agents(each.agent_id for each in alerts)
    return list(_mailed(notices, chosen))


def _mailed(
    notices: Iterable[Notice], chosen: Mapping[str, tuple[Alert, frozenset[Way]]]
) -> Iterable[Notice]:
    for notice in notices:
        alert, by = chosen.get(notice.key, (None, frozenset(Way)))
        if alert is not None:
            notice.next_try_at = alert.leaves_at
        if Way.mail in by:
            yield notice


def _push(alerts: Sequence[Alert], addresses: Mapping[int, Sequence[AlertAddress]]) -> None:
    """Store alerts together with the pushes that tell of them."""
    # Made once their alerts have keys: a push names its own.
    Alert.objects.bulk_create(alerts)
    pushes = [
        Push(alert=alert, address=address, next_try_at=alert.leaves_at)
        for alert in alerts
        for address in addresses[alert.agent_id]
    ]
    if not pushes:
        return
    Push.objects.bulk_create(pushes)
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_push")


def _addresses(agent_ids: Iterable[int]) -> Mapping[int, list[AlertAddress]]:
    found: defaultdict[int, list[AlertAddress]] = defaultdict(list)
    for each in AlertAddress.objects.filter(agent_id__in=agent_ids, is_on=True).order_by("pk"):
        found[each.agent_id].append(each)
    return found


class _Hours:
    """The hours of agents, and of the desks whose alerts they get."""

    def __init__(self, alerts: Sequence[Alert]) -> None:
        asked = {each.desk_id for each in alerts if _waits_for_hours(each)}
        self._desks = {desk.pk: desk for desk in Desk.objects.filter(pk__in=asked)} if asked else {}
        self._calendars: dict[tuple[int, datetime], Calendar | None] = {}

    def leaves_at(self, alert: Alert) -> datetime:
        """When an alert may leave outside the pages."""
        if not _waits_for_hours(alert):
            return alert.leaves_at
        agent, desk = alert.agent, self._desks[alert.desk_id]
        hours = hours_of(
            agent.alert_hours,
            desk=self._calendar(desk.pk, alert.created_at),
            own=agent.alert_times,
            zone=agent.zone or desk.zone,
        )
        return leaves_at(hours, alert.leaves_at)

    def _calendar(self, desk_id: int, at: datetime) -> Calendar | None:
        place = desk_id, at
        if place not in self._calendars:
            self._calendars[place] = hours_of_desk(desk_id, at)
        return self._calendars[place]


def _waits_for_hours(alert: Alert) -> bool:
    by_a_person = alert.data.get("complaint") and not alert.data.get("missed")
    return alert.kind in WITHIN_HOURS and not alert.is_page and not by_a_person


def hours_of_desk(desk_id: int, at: datetime) -> Calendar | None:
    """Return when a desk is open: the first calendar of its policy in force; None where it has none."""
    in_force = PolicyVersion.objects.filter(desk_id=desk_id).in_force(at).values_list("pk", flat=True).first()
    return next(iter(compiled(in_force).calendars.values()), None) if in_force else None


def over(rows: Sequence[Notice | Alert]) -> dict[int, Over]:
    """Return, by the rows' ids, why those of them that are over have nothing to tell any more."""
    found: dict[int, Over] = {}
    for start in range(0, len(rows), _ASKED_AT_ONCE):
        some = rows[start : start + _ASKED_AT_ONCE]
        courses = _courses({each.ticket_id for each in some if each.ticket_id})
        decided = _decided({each.data.get("held") for each in some if each.kind == NoticeKind.HELD_ALERT})
        for each in some:
            is_held = each.kind == NoticeKind.HELD_ALERT
            why = Over.decided if is_held and each.data.get("held") in decided else None
            if each.ticket_id in courses:
                why = why_over(each.kind, each.data, courses[each.ticket_id])
            if why is not None:
                found[each.pk] = why
    return found


def _courses(ticket_ids: Iterable[int]) -> dict[int, Course]:
    waits = ThirdPartyWait.objects.filter(ticket_id__in=ticket_ids, ended_at=None)
    waiting = set(waits.values_list("ticket_id", flat=True))
    rows = Ticket.objects.filter(pk__in=ticket_ids).values_list(
        "pk", "status_category", "status", "standing__clocks"
    )
    return {
        pk: Course(category in _DONE, status, None if clocks is None else tuple(clocks), pk in waiting)
        for pk, category, status, clocks in rows
    }


def _decided(held_ids: Iterable[Any]) -> set[int]:
    ids = [each for each in held_ids if each]
    decided = HeldRequest.objects.filter(pk__in=ids).exclude(state=HeldState.HELD) if ids else ()
    return {each.pk for each in decided}


def visible_alerts(viewer: AgentViewer) -> QuerySet[Alert]:
    """Return what an agent was told, as far as they may know of its tickets now. That nobody has been named who may
    read a restricted ticket says no more than its number."""
    alerts = Alert.objects.filter(agent_id=viewer.agent_id, desk_id__in=list(viewer.roles))
    shown = visible_tickets(viewer).order_by().values("pk")
    nobody_reads = Q(kind=NoticeKind.RESTRICTED, data__waits=True)
    return alerts.filter(Q(ticket_id=None) | Q(ticket_id__in=shown) | nobody_reads)


def unread_alerts(viewer: AgentViewer) -> QuerySet[Alert]:
    """Return what an agent was told and has not read yet."""
    return visible_alerts(viewer).filter(read_at=None).order_by()
