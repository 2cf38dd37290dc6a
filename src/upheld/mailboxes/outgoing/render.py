"""A notice as a complete mail. Rendered once and stored, so that every retry sends the same bytes."""

from datetime import UTC
from email.utils import format_datetime

from upheld.mailboxes.outgoing.blocks import as_text
from upheld.mailboxes.outgoing.body import body
from upheld.mailboxes.outgoing.facts import TO_AGENTS, Facts, UndeliverableError, gather
from upheld.mailboxes.outgoing.files import files_of
from upheld.mailboxes.outgoing.headers import (
    AddressError,
    Line,
    address_header,
    ids_header,
    text_header,
    write,
)
from upheld.mailboxes.outgoing.html import as_html
from upheld.mailboxes.outgoing.letters import blocks_of
from upheld.mailboxes.outgoing.subjects import holds_no_words, subject_of
from upheld.notices.models import Notice, NoticeKind


def render(notice: Notice) -> bytes:
    """Return the mail of a notice; raises UndeliverableError when it may not, or cannot ever, be sent."""
    facts = gather(notice)
    files, left_out = files_of(notice)
    blocks = blocks_of(notice, facts, left_out)
    subject = subject_of(notice)
    try:
        head = write(_head(notice, facts, subject))
    except AddressError as error:
        raise UndeliverableError(str(error)) from error
    return head + body(as_text(blocks), as_html(subject, blocks), files, notice.message_id)


def _head(notice: Notice, facts: Facts, subject: str) -> list[Line]:
    # A name that came with an unconfirmed address is one of the words that are not repeated to it.
    to_name = "" if holds_no_words(notice) else notice.to_name
    lines = [
        ("Date", format_datetime(notice.created_at.astimezone(UTC))),
        address_header("From", facts.sender_name, facts.sender_address),
        address_header("To", to_name, notice.to_address),
    ]
    if facts.reply_to:
        lines.append(address_header("Reply-To", facts.sender_name, facts.reply_to))
    lines.append(text_header("Subject", subject))
    lines += _thread(notice, facts, subject)
    lines += _marks(notice)
    if facts.desk_slug:
        lines.append(text_header("X-Upheld-Desk", facts.desk_slug))
    return lines


def _thread(notice: Notice, facts: Facts, subject: str) -> list[Line]:
    lines = [ids_header("Message-ID", [notice.message_id])]
    if facts.references:
        lines.append(ids_header("In-Reply-To", facts.references[-1:]))
        lines.append(ids_header("References", facts.references))
    if notice.ticket_number:
        lines.append(text_header("Thread-Topic", subject.removeprefix("Re: ")))
    return lines


def _marks(notice: Notice) -> list[Line]:
    """What tells other machines not to answer ours."""
    if notice.kind == NoticeKind.REPLY:
        return [("Auto-Submitted", "no")]
    how = "auto-replied" if notice.kind == NoticeKind.ACKNOWLEDGEMENT else "auto-generated"
    lines = [("Auto-Submitted", how), ("X-Auto-Response-Suppress", "All")]
    # A sign-in code that mail systems hold back as bulk would come too late.
    if notice.kind != NoticeKind.ACCOUNT and notice.kind not in TO_AGENTS:
        lines.append(("Precedence", "bulk"))
    return lines
