"""The notices about a request that is held: to who sent it, and to those who decide about it.

The sender is told the same words whatever the reason, and not one of their own: nobody may learn from the desk who has
a contract, nor be sent what a stranger wrote. Of a request for named people only, agents are told that it waits, and no
more.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent, Contact
from upheld.policy import Policy
from upheld.rules.callers import is_placeholder
from upheld.rules.permissions import Role
from upheld.tickets import alerting
from upheld.tickets.keys import new_message_id
from upheld.tickets.letters import sender_of, store
from upheld.tickets.models import HeldRequest
from upheld.tickets.restricting import named_readers

TO_SENDERS = (NoticeKind.HELD, NoticeKind.HELD_DECLINED)


def letters_about(held: HeldRequest, *, kinds: Collection[NoticeKind]) -> QuerySet[Notice]:
    """Return the notices about a held request."""
    return Notice.objects.filter(key__startswith=f"held:{held.pk}:", kind__in=kinds)


def tell_sender(held: HeldRequest, told: str, now: datetime, *, asked_from: str) -> None:
    """Tell the sender that the request is kept, and what to do: in the policy's own words."""
    row = _to_sender(held, NoticeKind.HELD, "told", now, told=told)
    if row is not None:
        row.asked_from = asked_from
        store([row])


def tell_declined(held: HeldRequest, text: str, agent: Agent, now: datetime) -> None:
    """Send the words in which an agent declines."""
    key = f"declined:{now.isoformat()}"
    names = {"agent_name": agent.name, "signature": agent.signature}
    row = _to_sender(held, NoticeKind.HELD_DECLINED, key, now, text=text, **names)
    if row is not None:
        store([row])


def alert(held: HeldRequest, policy: Policy, level: str | None, cause: str, now: datetime) -> int:
    """Tell those who decide that a request waits: `cause` is "named" for one that names an urgent level, "due" for one
    that nobody decided about in time. Returns how many were told."""
    readers = named_readers(held.desk_id) if held.restricted else deciders(held.desk_id)
    nobody_reads = held.restricted and not readers
    told = _administrators(held.desk_id) if nobody_reads else readers
    data: dict[str, Any] = {
        "cause": cause,
        "received_at": held.received_at.isoformat(),
        "due_at": held.due_at and held.due_at.isoformat(),
        "restricted": held.restricted,
        "nobody_reads": nobody_reads,
    }
    if not held.restricted:
        label = policy.priority(level).label if level and policy.has_priority(level) else ""
        data |= {"subject": held.subject, "sender": str(held.contact), "level_label": label}
    key = cause if cause == "named" else f"{cause}:{held.due_at and held.due_at.isoformat()}"
    rows = [_to_agent(held, agent, f"{key}:agent:{agent.pk}", now, data) for agent in told]
    store(alerting.keep([alerting.alert_of(row, agent) for row, agent in zip(rows, told, strict=True)], rows))
    return len(told)


def deciders(desk_id: int) -> list[Agent]:
    """Return who hears of held requests: the desk's leads, else its administrators."""
    return _holding(desk_id, Role.lead) or _administrators(desk_id)


def _administrators(desk_id: int) -> list[Agent]:
    return _holding(desk_id, Role.administrator)


def _holding(desk_id: int, role: Role) -> list[Agent]:
    agents = Agent.objects.filter(
        user__is_active=True, memberships__desk_id=desk_id, memberships__role=role.value
    )
    return list(agents.select_related("user").order_by("pk"))


def _to_sender(held: HeldRequest, kind: NoticeKind, key: str, now: datetime, **data: Any) -> Notice | None:
    contact: Contact = held.contact
    if is_placeholder(contact.address):
        # Somebody who only ever rang: there is nowhere to write to.
        return None
    data |= {"zone": contact.zone or held.desk.zone, "channel": held.channel}
    return _row(held, kind, key, contact.address, contact.name, now, data)


def _to_agent(held: HeldRequest, agent: Agent, key: str, now: datetime, data: dict[str, Any]) -> Notice:
    data = {**data, "zone": agent.zone or held.desk.zone}
    return _row(held, NoticeKind.HELD_ALERT, key, agent.address, agent.name, now, data)


def _row(
    held: HeldRequest,
    kind: NoticeKind,
    key: str,
    address: str,
    name: str,
    now: datetime,
    data: dict[str, Any],
) -> Notice:
    return Notice(
        desk_id=held.desk_id,
        kind=kind,
        key=f"held:{held.pk}:{key}",
        to_address=address,
        to_name=name,
        message_id=new_message_id(0, sender_of(held.desk_id)),
        data={**data, "held": held.pk},
        created_at=now,
        next_try_at=now,
    )
