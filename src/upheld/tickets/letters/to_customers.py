"""What customers are told of a ticket."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from upheld.notices.models import NoticeKind
from upheld.policy import Consequence, Metric, Standing, Status
from upheld.tickets.letters.clocks import due
from upheld.tickets.letters.posting import iso, to_customer
from upheld.tickets.models import Message, Ticket
from upheld.tickets.naming import highest_above
from upheld.tickets.pen import Pen
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.third_parties import told_to_customer


def acknowledge(pen: Pen, standing: Standing, *, asked_from: str = "") -> None:
    """Tell the requester the number, and by when they will hear from a person."""
    requester = pen.circle.requester(pen.ticket)
    if requester is None:
        return
    to_customer(
        pen,
        requester,
        NoticeKind.ACKNOWLEDGEMENT,
        key="acknowledgement",
        first_response_due=iso(due(standing, Metric.first_response)),
        update_due=iso(due(standing, Metric.update)),
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
    to_customer(
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
        to_customer(
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
            update_due=iso(due(standing, Metric.update)) if standing else None,
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
    to_customer(
        pen,
        requester,
        NoticeKind.STATUS,
        key=key,
        from_label=old.public_label,
        to_label=new.public_label,
        meaning=new.meaning,
        timer_on=new.timer_on,
        resolution_due=iso(due(standing, Metric.resolution)),
        update_due=iso(due(standing, Metric.update)),
        closes_at=iso(_closes_at(pen, after, at)),
        asks=asks_whether_it_works(pen.policy, new),
        reopens_until=iso(_reopens_until(pen, new, at)),
        third_party=told.to_json() if (told := told_to_customer(pen.ticket, new)) else None,
    )


def remind_customer(pen: Pen, consequence: Consequence) -> None:
    """Remind the requester that the ticket waits for them."""
    requester = pen.circle.requester(pen.ticket)
    if requester is None:
        return
    status = pen.status(consequence.data["status"])
    entered_at = datetime.fromisoformat(consequence.data["entered_at"])
    to_customer(
        pen,
        requester,
        NoticeKind.REMINDER,
        key=consequence.key,
        status_label=status.public_label,
        meaning=status.meaning,
        step=consequence.data["step"],
        asks=asks_whether_it_works(pen.policy, status),
        closes_at=iso(_closes_at(pen, status.id, entered_at)),
    )


def tell_merged(pen: Pen, source: Ticket, *, key: str) -> None:
    """Tell who asked in a ticket that it goes on in the pen's ticket, where they take part there."""
    taking_part = pen.circle.participants(pen.ticket)
    requester = next((each for each in taking_part if each.contact_id == source.requester_id), None)
    if requester is not None:
        to_customer(pen, requester, NoticeKind.MERGED, key=key, was=source.number)


def tell_merge_undone(pen: Pen, *, key: str) -> None:
    """Tell who asked that their ticket goes on by itself again."""
    requester = pen.circle.requester(pen.ticket)
    if requester is not None:
        to_customer(pen, requester, NoticeKind.MERGED, key=key, was="")


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
