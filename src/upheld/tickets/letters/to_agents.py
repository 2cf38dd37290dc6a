"""What agents are told of a ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent
from upheld.policy import Consequence, Standing
from upheld.tickets.letters.clocks import next_clock
from upheld.tickets.letters.posting import iso, to_agent
from upheld.tickets.models import Message, Page, PageCall, SideConversation, ThirdPartyWait
from upheld.tickets.pen import Pen

KEPT_ANSWERS_AN_HOUR = 3
_HOUR = timedelta(hours=1)


def alert(pen: Pen, agent: Agent, consequence: Consequence, kind: str) -> None:
    """Tell an agent that a target is near, or that it has passed."""
    data = consequence.data
    to_agent(
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
        at=iso(consequence.at),
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
    to_agent(
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
        at=iso(consequence.at),
    )


def page(
    pen: Pen, agent: Agent, page: Page, call: PageCall, *, role: str, as_reader: bool, is_filled: bool
) -> None:
    """Page somebody: a ticket needs them now, at whatever hour. As what, `escalate` says."""
    clock = next_clock(pen.standing())
    to_agent(
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
        due_at=iso(clock.due_at) if clock else None,
        answer_minutes=page.answer_minutes,
        begun_at=iso(page.begun_at),
        at=iso(call.at),
    )


def tell_page_taken(pen: Pen, pages: Sequence[Page], by: Agent) -> None:
    """Tell everybody else who was called that somebody has it, each person once."""
    calls = PageCall.objects.filter(page__in=pages).exclude(agent=by).select_related("agent__user")
    called = {each.agent_id: each.agent for each in calls.order_by("pk")}
    reading = {each.pk for each in pen.circle.readers(pen.ticket)} if pen.ticket.restricted else called.keys()
    for agent_id, agent in called.items():
        if agent_id in reading:
            to_agent(
                pen,
                agent,
                NoticeKind.PAGED,
                key=f"page-taken:{pages[0].pk}",
                taken_by=by.name,
                at=iso(pen.moment.at),
            )


def tell_nobody_reads(pen: Pen, administrator: Agent, *, key: str) -> None:
    """Tell an administrator that a restricted ticket waits, and that somebody must be named who may read it."""
    to_agent(pen, administrator, NoticeKind.RESTRICTED, key=f"nobody-reads:{key}", waits=True)


def tell_reader(pen: Pen, agent: Agent, *, by: str) -> None:
    """Tell an agent that they may read a restricted ticket from now on."""
    to_agent(pen, agent, NoticeKind.RESTRICTED, key=f"reader:{pen.ticket.last_seq}", by=by, waits=False)


def tell_complaint(pen: Pen, agent: Agent, role: str, level: int, *, is_filled: bool = True) -> None:
    """Tell somebody who fills a role that a customer who is not satisfied has turned to them."""
    to_agent(
        pen,
        agent,
        NoticeKind.ESCALATED,
        key=f"complaint:{level}",
        role=pen.policy.roles.get(role, role),
        is_filled=is_filled,
        complaint=level,
        counts_from=iso(pen.ticket.received_at),
        at=iso(pen.moment.at),
    )


def tell_complaint_missed(
    pen: Pen, agent: Agent, consequence: Consequence, *, as_administrator: bool, is_filled: bool = True
) -> None:
    """Tell who fills a role, or an administrator, that nobody has answered a customer who turned to that role."""
    data = consequence.data
    to_agent(
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
        at=iso(consequence.at),
    )


def tell_handed_over(pen: Pen, agent: Agent, *, by: str, to: str, reason: str, standing: Standing) -> None:
    """Tell an agent that a ticket was handed to them, or to their team or tier (`to`), and why."""
    to_agent(
        pen,
        agent,
        NoticeKind.HANDED_OVER,
        key=f"handed-over:{pen.ticket.last_seq}",
        by=by,
        to=to,
        reason=reason,
        next_due=iso(standing.next_due_at),
    )


def tell_joined(pen: Pen, agent: Agent, *, by: str, role: str, reason: str, standing: Standing) -> None:
    """Tell an agent that a colleague asks them to work on a ticket together, in a role of the policy or in none."""
    to_agent(
        pen,
        agent,
        NoticeKind.JOINED,
        key=f"joined:{pen.ticket.last_seq}",
        by=by,
        role=pen.policy.roles.get(role, role),
        reason=reason,
        next_due=iso(standing.next_due_at),
    )


def tell_raised(pen: Pen, agent: Agent, standing: Standing) -> None:
    """Tell an agent that the customer says that everything is down, or as urgent as the policy knows."""
    to_agent(
        pen,
        agent,
        NoticeKind.RAISED,
        key=f"raised:{pen.ticket.last_seq}",
        next_due=iso(standing.next_due_at),
    )


def tell_assignee(pen: Pen, agent: Agent, *, by: str, standing: Standing) -> None:
    """Tell an agent that a ticket is now theirs."""
    to_agent(
        pen,
        agent,
        NoticeKind.ASSIGNED,
        key=f"assigned:{pen.ticket.last_seq}",
        by=by,
        next_due=iso(standing.next_due_at),
    )


def tell_customer_wrote(pen: Pen, agent: Agent, message: Message) -> None:
    """Tell the assignee that the customer wrote."""
    to_agent(
        pen,
        agent,
        NoticeKind.CUSTOMER_WROTE,
        key=f"message:{message.pk}",
        message_ref=message.pk,
        contact_name=str(message.contact or ""),
    )


def tell_third_party(pen: Pen, agent: Agent, wait: ThirdPartyWait, due: datetime) -> None:
    """Remind an agent of somebody whom a ticket waits for, as was due at `due`."""
    to_agent(
        pen,
        agent,
        NoticeKind.THIRD_PARTY,
        key=f"third-party:{wait.pk}:{wait.reminders}",
        name=wait.name,
        reference=wait.reference,
        url=wait.url,
        since=iso(wait.begun_at),
        promised_at=iso(wait.promised_at),
        at=iso(due),
    )


def tell_aside_answered(pen: Pen, agent: Agent, side: SideConversation, message: Message) -> None:
    """Tell an agent that a third party answered in a side conversation."""
    to_agent(
        pen,
        agent,
        NoticeKind.SIDE_ANSWERED,
        key=f"side-answered:{message.pk}",
        message_ref=message.pk,
        side=side.pk,
        name=side.name or side.address,
        side_subject=side.subject,
    )


def tell_bounced(pen: Pen, agent: Agent, notice: Notice, recipient: str, status: str) -> None:
    """Tell an agent that a mail to a customer came back."""
    to_agent(
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
        to_agent(pen, agent, NoticeKind.ANSWER_KEPT, key=key, reason=reason, raw_mail=raw_mail_id)
