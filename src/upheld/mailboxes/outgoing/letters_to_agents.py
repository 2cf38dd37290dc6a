"""What agents are told: which ticket, what about it, when exactly, how long that leaves, and the way there."""

from datetime import datetime, timedelta

from upheld.mailboxes.outgoing.blocks import Block, Lead, Link, Paragraph, Rows
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.times import read_instant, say_instant, say_span
from upheld.notices.models import Notice

_METRICS = {
    "first_response": "First response",
    "next_reply": "Next reply",
    "update": "Update",
    "resolution": "Resolution",
}


def assigned(notice: Notice, facts: Facts) -> list[Block]:
    data = notice.data
    by = f" by {data['by']}" if data.get("by") else ""
    due = read_instant(data.get("next_due"))
    when = say_instant(due, facts.zone) if due else "nothing is due"
    return [
        Lead(f"{notice.ticket_number} was assigned to you{by}."),
        _rows(notice, ("Next due", when)),
        *_link(facts),
    ]


def customer_wrote(notice: Notice, facts: Facts) -> list[Block]:
    who = notice.data.get("contact_name") or "The customer"
    return [Lead(f"{who} wrote on {notice.ticket_number}."), _rows(notice), *_link(facts)]


def warning(notice: Notice, facts: Facts) -> list[Block]:
    """A target is near, or a step of the policy asks for attention."""
    metric = _metric(notice)
    due = read_instant(notice.data.get("due_at"))
    if due is None:
        what = notice.data.get("step") or metric or "a step of its policy"
        lead = f"{notice.ticket_number} needs attention: {what}."
        return [Lead(lead), _rows(notice, ("Since", say_instant(_as_of(notice), facts.zone))), *_link(facts)]
    lead = f"{metric} of {notice.ticket_number} is due by {say_instant(due, facts.zone)}."
    return [Lead(lead), Paragraph(_left(notice, facts, due)), _rows(notice), *_link(facts)]


def breach(notice: Notice, facts: Facts) -> list[Block]:
    """A target has passed."""
    due = read_instant(notice.data.get("due_at"))
    when = f": it was due by {say_instant(due, facts.zone)}" if due else ""
    lead = f"{_metric(notice)} of {notice.ticket_number} is overdue{when}."
    return [Lead(lead), _rows(notice), *_link(facts)]


def _left(notice: Notice, facts: Facts, due: datetime) -> str:
    """How long was left at the instant of the warning: never of the sending, which may come later."""
    as_of = _as_of(notice)
    left = due - as_of
    used = f"{share} of its time was used" if (share := _share(notice)) else "It came near"
    rest = f"{say_span(left)} before it is due" if left > timedelta() else "at its due time"
    return f"{used} at {say_instant(as_of, facts.zone)}, {rest}."


def _as_of(notice: Notice) -> datetime:
    return read_instant(notice.data.get("at")) or notice.created_at


def _share(notice: Notice) -> str:
    percent = notice.data.get("percent")
    if percent is None and (share := notice.data.get("share")) is not None:
        percent = share * 100 if share <= 1 else share
    return f"{percent:g} %" if isinstance(percent, int | float) else ""


def _metric(notice: Notice) -> str:
    metric = str(notice.data.get("metric", ""))
    return str(notice.data.get("metric_label") or _METRICS.get(metric, metric))


def _rows(notice: Notice, *more: tuple[str, str]) -> Rows:
    given = (
        ("Ticket", notice.ticket_number),
        ("Subject", str(notice.data.get("subject", ""))),
        ("Priority", str(notice.data.get("priority_label", ""))),
    )
    return Rows(tuple(row for row in (*given, *more) if row[1]))


def _link(facts: Facts) -> list[Block]:
    return [Link("Open the ticket", facts.link)] if facts.link else []
