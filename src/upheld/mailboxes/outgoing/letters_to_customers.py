"""What customers are told. Each letter says its one thing first, and by when the next thing happens."""

from collections.abc import Sequence

from upheld.mailboxes.outgoing.blocks import Block, Button, Lead, Link, Paragraph, Signature, Small, Written
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.times import read_instant, say_instant
from upheld.notices.models import Notice

_LEFT_OUT = "Too large for mail, on the page of your request: {names}."
# The step of a policy that asks whether a resolved request is solved.
CONFIRMATION = "confirmation"


def acknowledgement(notice: Notice, facts: Facts) -> list[Block]:
    """The number and the promise; not one word of the request, whose author nobody has confirmed yet."""
    data = notice.data
    due = read_instant(data.get("first_response_due"))
    blocks: list[Block] = [Lead(f"We received your request. Its number is {notice.ticket_number}.")]
    if due:
        blocks.append(Paragraph(f"You will hear from a person by {say_instant(due, facts.zone)}."))
    else:
        blocks.append(
            Paragraph(
                "Our support policy sets no time for the first answer to this request, so we promise none here."
            )
        )
    if data.get("clock_note"):
        blocks.append(Paragraph(str(data["clock_note"])))
    blocks += _links(notice, facts, why=bool(due and data.get("link_why")))
    blocks += _answer_here(facts, "To add something, just answer this mail.")
    return blocks


def reply(notice: Notice, facts: Facts, left_out: Sequence[str] = ()) -> list[Block]:
    """An agent's answer, as they wrote it."""
    data = notice.data
    blocks: list[Block] = [Written(str(data.get("text", "")))]
    blocks.append(Signature(data.get("signature") or data.get("agent_name") or facts.sender_name))
    if left_out:
        blocks.append(Paragraph(_LEFT_OUT.format(names=", ".join(left_out))))
    if data.get("status_label"):
        blocks.append(Paragraph(f"Status of your request: {data['status_label']}."))
    blocks += _links(notice, facts, why=False)
    return blocks


def status(notice: Notice, facts: Facts) -> list[Block]:
    """The status changed: what that means, and whether the clock runs."""
    data = notice.data
    lead = f"Your request {notice.ticket_number} is now “{data['to_label']}”; it was “{data['from_label']}”."
    blocks: list[Block] = [Lead(lead)]
    if data.get("meaning"):
        blocks.append(Paragraph(str(data["meaning"])))
    blocks.append(Paragraph(_clock(notice, facts)))
    blocks += _closing(notice, facts)
    blocks += _links(notice, facts, why=True)
    blocks += _answer_here(facts, "You can just answer this mail.")
    return blocks


def reminder(notice: Notice, facts: Facts) -> list[Block]:
    """The request waits for its customer."""
    data = notice.data
    if data.get("step") == CONFIRMATION:
        return _confirmation(notice, facts)
    blocks: list[Block] = [
        Lead(f"A reminder: your request {notice.ticket_number} is in status “{data['status_label']}”.")
    ]
    if data.get("meaning"):
        blocks.append(Paragraph(str(data["meaning"])))
    blocks += _closing(notice, facts)
    blocks += _links(notice, facts, why=False)
    blocks += _answer_here(facts, "You can just answer this mail.")
    return blocks


def _confirmation(notice: Notice, facts: Facts) -> list[Block]:
    """We think that it is solved: is it?"""
    blocks: list[Block] = [
        Lead(f"Is all well now? We believe that your request {notice.ticket_number} is solved."),
        Paragraph("If it is, there is nothing for you to do. If it is not, tell us, and we go on with it."),
    ]
    if facts.link:
        blocks.append(Button("It is still broken", f"{facts.link}#reply"))
    return [*blocks, *_answer_here(facts, "You can just answer this mail.")]


def _clock(notice: Notice, facts: Facts) -> str:
    if not notice.data.get("timer_on"):
        return "Our clock is stopped while the request has this status."
    due = read_instant(notice.data.get("resolution_due"))
    if due is None:
        return "Our clock is running."
    return f"Our clock is running: we aim to have this solved by {say_instant(due, facts.zone)}."


def _closing(notice: Notice, facts: Facts) -> list[Block]:
    closes_at = read_instant(notice.data.get("closes_at"))
    if closes_at is None:
        return []
    return [
        Paragraph(
            f"If we hear nothing from you, it closes by itself on {say_instant(closes_at, facts.zone)}."
        )
    ]


def _links(notice: Notice, facts: Facts, *, why: bool) -> list[Block]:
    if not facts.link:
        return []
    blocks: list[Block] = [Link(f"See request {notice.ticket_number}", facts.link)]
    if why:
        blocks.append(Link("Why this time? Every minute, explained", f"{facts.link}#why"))
    return blocks


def _answer_here(facts: Facts, text: str) -> list[Block]:
    return [Small(text)] if facts.reply_to else []
