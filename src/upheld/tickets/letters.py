"""The notices about a ticket. Each row holds what was true when its cause happened, as plain values.

They gather at the pen and are posted together, at the end of the action that caused them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from django.db import connection
from django.db.models import Count

from upheld.desks.models import Mailbox
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent
from upheld.policy import ClockStanding, Consequence, Metric, Standing, Status
from upheld.rules.callers import is_placeholder
from upheld.tickets import alerting
from upheld.tickets.copying_in import copy_in
from upheld.tickets.keys import new_message_id
from upheld.tickets.models import Message, Page, PageCall, Participant, ThirdPartyWait, Ticket
from upheld.tickets.naming import highest_above
from upheld.tickets.pen import Pen
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.third_parties import told_to_customer

# What the desk says by itself about a ticket: two machines could keep each other at it.
_BY_ITSELF = (NoticeKind.STATUS, NoticeKind.REMINDER, NoticeKind.MERGED)
BY_ITSELF_AN_HOUR = 10
KEPT_ANSWERS_AN_HOUR = 3
_HOUR = timedelta(hours=1)

log = structlog.get_logger(__name__)


def post(pens: Sequence[Pen]) -> None:
    """Store the gathered notices, and what agents are told."""
    notices = _not_too_many([notice for pen in pens for notice in pen.notices])
    alerts = [alert for pen in pens for alert in pen.alerts]
    for pen in pens:
        pen.notices, pen.alerts = [], []
    store(alerting.keep(alerts, notices))


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


def acknowledge(pen: Pen, standing: Standing, *, asked_from: str = "") -> None:
    """Tell the requester the number, and by when they will hear from a person."""
    requester = pen.circle.requester(pen.ticket)
    if requester is None:
        return
    _to_customer(
        pen,
        requester,
        NoticeKind.ACKNOWLEDGEMENT,
        key="acknowledgement",
        first_response_due=_iso(_due(standing, Metric.first_response)),
        update_due=_iso(_due(standing, Metric.update)),
        link_why=True,
        asked_from=asked_from,
        highest_label=_highest_label(pen, standing),
    )


def ask_information(
    pen: Pen, items: Sequence[Mapping[str, str]], *, waits: bool, asked_from: str = ""
) -> None:
    """Ask the requester for what the request lacks: once a ticket, counted like an acknowledgement."""
    requester = pen.circle.requester(pen.ticket)
    if requester is None:
        return
    _to_customer(
        pen,
        requester,
        NoticeKind.INFORMATION,
        key="information",
        items=list(items),
        waits=waits,
        asked_from=asked_from,
    )


def _highest_label(pen: Pen, standing: Standing) -> str:
    """The most urgent level of the policy, where the request has not got it yet."""
    top = highest_above(pen.policy, standing.priority)
    return top.label if top else ""


def send_reply(
    pen: Pen, message: Message, *, status: Status | None = None, standing: Standing | None = None
) -> None:
    """Send an agent's reply to everybody who takes part, with the status that it set and by when they hear again."""
    agent = message.agent
    assert agent is not None  # noqa: S101 - a reply has an agent
    for participant in pen.circle.participants(pen.ticket):
        _to_customer(
            pen,
            participant,
            NoticeKind.REPLY,
            key=f"reply:{message.pk}",
            message_ref=message.pk,
            text=message.text,
            agent_name=agent.name,
            signature=agent.signature,
            status_label=status.public_label if status else None,
            asks=status is not None and asks_whether_it_works(pen.policy, status),
            update_due=_iso(_due(standing, Metric.update)) if standing else None,
        )


def tells_status(pen: Pen, before: str, after: str) -> bool:
    """Whether the requester hears by mail of a change of status: where its public label is another."""
    changes = pen.status(before).public_label != pen.status(after).public_label
    return changes and pen.policy.tells_status_changes and pen.circle.requester(pen.ticket) is not None


def tell_status(
    pen: Pen, standing: Standing, before: str, after: str, *, key: str, at: datetime | None = None
) -> None:
    """Tell the requester that the public status changed, at `at` (this moment, when not given); nothing where its
    public label stays the same."""
    requester = pen.circle.requester(pen.ticket)
    if requester is None or not tells_status(pen, before, after):
        return
    old, new, at = pen.status(before), pen.status(after), at or pen.moment.at
    _to_customer(
        pen,
        requester,
        NoticeKind.STATUS,
        key=key,
        from_label=old.public_label,
        to_label=new.public_label,
        meaning=new.meaning,
        timer_on=new.timer_on,
        resolution_due=_iso(_due(standing, Metric.resolution)),
        update_due=_iso(_due(standing, Metric.update)),
        closes_at=_iso(_closes_at(pen, after, at)),
        asks=asks_whether_it_works(pen.policy, new),
        reopens_until=_iso(_reopens_until(pen, new, at)),
        third_party=told.to_json() if (told := told_to_customer(pen.ticket, new)) else None,
    )


def remind_customer(pen: Pen, consequence: Consequence) -> None:
    """Remind the requester that the ticket waits for them."""
    requester = pen.circle.requester(pen.ticket)
    if requester is None:
        return
    status = pen.status(consequence.data["status"])
    entered_at = datetime.fromisoformat(consequence.data["entered_at"])
    _to_customer(
        pen,
        requester,
        NoticeKind.REMINDER,
        key=consequence.key,
        status_label=status.public_label,
        meaning=status.meaning,
        step=consequence.data["step"],
        asks=asks_whether_it_works(pen.policy, status),
        closes_at=_iso(_closes_at(pen, status.id, entered_at)),
    )


def tell_merged(pen: Pen, source: Ticket, *, key: str) -> None:
    """Tell who asked in a ticket that it goes on in the pen's ticket, where they take part there."""
    taking_part = pen.circle.participants(pen.ticket)
    requester = next((each for each in taking_part if each.contact_id == source.requester_id), None)
    if requester is not None:
        _to_customer(pen, requester, NoticeKind.MERGED, key=key, was=source.number)


def tell_merge_undone(pen: Pen, *, key: str) -> None:
    """Tell who asked that their ticket goes on by itself again."""
    requester = pen.circle.requester(pen.ticket)
    if requester is not None:
        _to_customer(pen, requester, NoticeKind.MERGED, key=key, was="")


def alert(pen: Pen, agent: Agent, consequence: Consequence, kind: str) -> None:
    """Tell an agent that a target is near, or that it has passed."""
    data = consequence.data
    _to_agent(
        pen,
        agent,
        NoticeKind(kind),
        key=consequence.key,
        metric=data.get("metric", ""),
        cycle=data.get("cycle"),
        due_at=data.get("due_at"),
        percent=data.get("percent"),
        step=data.get("step"),
        status=data.get("status"),
        because=_because(pen, agent),
        at=_iso(consequence.at),
    )


def _because(pen: Pen, agent: Agent) -> str:
    """Why just this agent hears of a due time."""
    ticket = pen.ticket
    if agent.pk == ticket.assignee_id:
        return "assignee"
    if ticket.restricted:
        return "reader"
    return "team" if ticket.team_id and not ticket.assignee_id else "nobody"


def escalate(
    pen: Pen,
    agent: Agent,
    role: str,
    consequence: Consequence,
    *,
    as_reader: bool = False,
    is_filled: bool = True,
) -> None:
    """Tell somebody who fills a role that a ticket has come to a step of its ladder; an administrator, where nobody
    fills it (`is_filled`); or a reader of it, where nobody who fills the role may read it."""
    data = consequence.data
    _to_agent(
        pen,
        agent,
        NoticeKind.ESCALATED,
        key=consequence.key,
        role=pen.policy.roles.get(role, role),
        as_reader=as_reader,
        is_filled=is_filled,
        metric=data["metric"],
        step_number=data["step"],
        page=data["page"],
        counts_from=data["counts_from"],
        at=_iso(consequence.at),
    )


def page(
    pen: Pen, agent: Agent, page: Page, call: PageCall, *, role: str, as_reader: bool, is_filled: bool
) -> None:
    """Page somebody: a ticket needs them now, at whatever hour. As what, `escalate` says."""
    clock = next_clock(pen.standing())
    _to_agent(
        pen,
        agent,
        NoticeKind.PAGED,
        key=f"page:{page.pk}:{call.place}",
        page_id=page.pk,
        agent_id=agent.pk,
        place=call.place,
        role=pen.policy.roles.get(role, role),
        as_reader=as_reader,
        is_filled=is_filled,
        metric=clock.metric.value if clock else page.metric,
        due_at=_iso(clock.due_at) if clock else None,
        answer_minutes=page.answer_minutes,
        begun_at=_iso(page.begun_at),
        at=_iso(call.at),
    )


def tell_page_taken(pen: Pen, pages: Sequence[Page], by: Agent) -> None:
    """Tell everybody else who was called that somebody has it, each person once."""
    calls = PageCall.objects.filter(page__in=pages).exclude(agent=by).select_related("agent__user")
    called = {each.agent_id: each.agent for each in calls.order_by("pk")}
    reading = {each.pk for each in pen.circle.readers(pen.ticket)} if pen.ticket.restricted else called.keys()
    for agent_id, agent in called.items():
        if agent_id in reading:
            _to_agent(
                pen,
                agent,
                NoticeKind.PAGED,
                key=f"page-taken:{pages[0].pk}",
                taken_by=by.name,
                at=_iso(pen.moment.at),
            )


def tell_nobody_reads(pen: Pen, administrator: Agent, *, key: str) -> None:
    """Tell an administrator that a restricted ticket waits, and that somebody must be named who may read it."""
    _to_agent(pen, administrator, NoticeKind.RESTRICTED, key=f"nobody-reads:{key}", waits=True)


def tell_reader(pen: Pen, agent: Agent, *, by: str) -> None:
    """Tell an agent that they may read a restricted ticket from now on."""
    _to_agent(pen, agent, NoticeKind.RESTRICTED, key=f"reader:{pen.ticket.last_seq}", by=by, waits=False)


def tell_complaint(pen: Pen, agent: Agent, role: str, level: int, *, is_filled: bool = True) -> None:
    """Tell somebody who fills a role that a customer who is not satisfied has turned to them."""
    _to_agent(
        pen,
        agent,
        NoticeKind.ESCALATED,
        key=f"complaint:{level}",
        role=pen.policy.roles.get(role, role),
        is_filled=is_filled,
        complaint=level,
        counts_from=_iso(pen.ticket.received_at),
        at=_iso(pen.moment.at),
    )


def tell_complaint_missed(
    pen: Pen, agent: Agent, consequence: Consequence, *, as_administrator: bool, is_filled: bool = True
) -> None:
    """Tell who fills a role, or an administrator, that nobody has answered a customer who turned to that role."""
    data = consequence.data
    _to_agent(
        pen,
        agent,
        NoticeKind.ESCALATED,
        key=consequence.key,
        role=pen.policy.roles.get(data["role"], data["role"]),
        is_filled=is_filled,
        as_administrator=as_administrator,
        complaint=data["level"],
        missed=True,
        due_at=data["due_at"],
        counts_from=data["complained_at"],
        at=_iso(consequence.at),
    )


def tell_handed_over(pen: Pen, agent: Agent, *, by: str, to: str, reason: str, standing: Standing) -> None:
    """Tell an agent that a ticket was handed to them, or to their team or tier (`to`), and why."""
    _to_agent(
        pen,
        agent,
        NoticeKind.HANDED_OVER,
        key=f"handed-over:{pen.ticket.last_seq}",
        by=by,
        to=to,
        reason=reason,
        next_due=_iso(standing.next_due_at),
    )


def tell_joined(pen: Pen, agent: Agent, *, by: str, role: str, reason: str, standing: Standing) -> None:
    """Tell an agent that a colleague asks them to work on a ticket together, in a role of the policy or in none."""
    _to_agent(
        pen,
        agent,
        NoticeKind.JOINED,
        key=f"joined:{pen.ticket.last_seq}",
        by=by,
        role=pen.policy.roles.get(role, role),
        reason=reason,
        next_due=_iso(standing.next_due_at),
    )


def tell_raised(pen: Pen, agent: Agent, standing: Standing) -> None:
    """Tell an agent that the customer says that everything is down, or as urgent as the policy knows."""
    _to_agent(
        pen,
        agent,
        NoticeKind.RAISED,
        key=f"raised:{pen.ticket.last_seq}",
        next_due=_iso(standing.next_due_at),
    )


def tell_assignee(pen: Pen, agent: Agent, *, by: str, standing: Standing) -> None:
    """Tell an agent that a ticket is now theirs."""
    _to_agent(
        pen,
        agent,
        NoticeKind.ASSIGNED,
        key=f"assigned:{pen.ticket.last_seq}",
        by=by,
        next_due=_iso(standing.next_due_at),
    )


def tell_customer_wrote(pen: Pen, agent: Agent, message: Message) -> None:
    """Tell the assignee that the customer wrote."""
    _to_agent(
        pen,
        agent,
        NoticeKind.CUSTOMER_WROTE,
        key=f"message:{message.pk}",
        message_ref=message.pk,
        contact_name=str(message.contact or ""),
    )


def tell_third_party(pen: Pen, agent: Agent, wait: ThirdPartyWait, due: datetime) -> None:
    """Remind an agent of somebody whom a ticket waits for, as was due at `due`."""
    _to_agent(
        pen,
        agent,
        NoticeKind.THIRD_PARTY,
        key=f"third-party:{wait.pk}:{wait.reminders}",
        name=wait.name,
        reference=wait.reference,
        url=wait.url,
        since=_iso(wait.begun_at),
        promised_at=_iso(wait.promised_at),
        at=_iso(due),
    )


def tell_bounced(pen: Pen, agent: Agent, notice: Notice, recipient: str, status: str) -> None:
    """Tell an agent that a mail to a customer came back."""
    _to_agent(
        pen,
        agent,
        NoticeKind.BOUNCED,
        key=f"bounced:{notice.pk}",
        recipient=recipient,
        status=status,
        bounced_kind=notice.kind,
    )


def tell_answer_kept(pen: Pen, agent: Agent, reason: str, raw_mail_id: int) -> None:
    """Tell an agent that what they answered by mail was not sent, and why: once a mail, and not for ever."""
    key = f"answer-kept:{raw_mail_id}"
    recent = Notice.objects.filter(
        ticket_id=pen.ticket.pk,
        kind=NoticeKind.ANSWER_KEPT,
        to_address=agent.address,
        created_at__gt=pen.moment.at - _HOUR,
    )
    told = Notice.objects.filter(key=f"{pen.ticket.pk}:{key}:agent:{agent.pk}")
    if recent.count() < KEPT_ANSWERS_AN_HOUR and not told.exists():
        _to_agent(pen, agent, NoticeKind.ANSWER_KEPT, key=key, reason=reason, raw_mail=raw_mail_id)


def _to_customer(
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
    row = _row(pen, kind, f"{key}:to:{participant.pk}", contact.address, contact.name, data)
    row.participant_id = participant.pk
    row.message_ref = message_ref
    row.asked_from = asked_from
    pen.notices.append(row)


def _to_agent(
    pen: Pen, agent: Agent, kind: NoticeKind, *, key: str, message_ref: int | None = None, **data: Any
) -> None:
    label = pen.policy.priority(pen.ticket.priority).label
    zone = agent.zone or pen.ticket.desk.zone
    data = {**data, "priority_label": label, "zone": zone}
    row = _row(pen, kind, f"{key}:agent:{agent.pk}", agent.address, agent.name, data)
    row.message_ref = message_ref
    pen.notices.append(row)
    pen.alerts.append(alerting.alert_of(row, agent))


def _row(pen: Pen, kind: NoticeKind, key: str, address: str, name: str, data: dict[str, Any]) -> Notice:
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


def _due(standing: Standing, metric: Metric) -> datetime | None:
    clock = current_clock(standing, metric)
    return clock.due_at if clock and clock.satisfied_at is None else None


def next_clock(standing: Standing) -> ClockStanding | None:
    """Return the clock that is due next, overdue ones included; None where nothing is due."""
    due = standing.next_due_at
    return next((each for each in standing.clocks if due and each.due_at == due), None)


def current_clock(standing: Standing, metric: Metric) -> ClockStanding | None:
    """Return the latest cycle of a metric's clock, or None where the policy gives it none."""
    cycles = [clock for clock in standing.clocks if clock.metric is metric]
    return max(cycles, key=lambda clock: clock.cycle, default=None)


def _closes_at(pen: Pen, status: str, entered_at: datetime) -> datetime | None:
    """When a ticket left in this status closes by itself; a restricted one never does."""
    if pen.ticket.restricted:
        return None
    steps = (step for step in pen.status(status).after if step.become is not None)
    return next((entered_at + step.wait for step in steps), None)


def _reopens_until(pen: Pen, status: Status, entered_at: datetime) -> datetime | None:
    """Until when a message of the customer's opens a closed ticket again; None where none does."""
    reopens = status.category == "closed" and status.on_reply is not None
    return entered_at + pen.policy.reopen_within if reopens else None


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
