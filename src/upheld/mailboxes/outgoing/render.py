"""A notice as a complete mail. Rendered once and stored, so that every retry sends the same bytes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from django.utils import translation

from upheld.mailboxes.outgoing.alert_letters import alerts
from upheld.mailboxes.outgoing.blocks import Block, as_text
from upheld.mailboxes.outgoing.body import body
from upheld.mailboxes.outgoing.facts import TO_AGENTS, Facts, UndeliverableError, gather
from upheld.mailboxes.outgoing.files import File, files_of
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
from upheld.mailboxes.outgoing.subjects import holds_no_words, subject_of, subject_together
from upheld.notices.models import Notice, NoticeKind

_ANSWERS_BY_ITSELF = frozenset(
    {NoticeKind.ACKNOWLEDGEMENT, NoticeKind.HELD, NoticeKind.INFORMATION, NoticeKind.ANSWER_KEPT}
)


def render(notice: Notice, others: Sequence[Notice] = ()) -> bytes:
    """Return the mail of a notice, in the language of its desk; with `others`, one mail in which alerts leave together.

    Raises UndeliverableError when it may not, or cannot ever, be sent.
    """
    facts = gather(notice, others)
    with translation.override(facts.language):
        return _together(notice, others, facts) if others else _alone(notice, facts)


def _alone(notice: Notice, facts: Facts) -> bytes:
    files, linked = files_of(notice, facts.participant)
    subject = subject_of(notice, facts)
    return _mail(notice, facts, subject, blocks_of(notice, facts, linked), files)


def _together(notice: Notice, others: Sequence[Notice], facts: Facts) -> bytes:
    """It is about no one ticket, so it stands in no ticket's thread."""
    shown = [each for each in (notice, *others) if each.ticket_id not in facts.hidden]
    apart = replace(facts, references=(), reply_to=None)
    return _mail(notice, apart, subject_together(len(shown)), alerts(shown, facts), [])


def _mail(notice: Notice, facts: Facts, subject: str, blocks: list[Block], files: Sequence[File]) -> bytes:
    try:
        head = write(_head(notice, facts, subject))
    except AddressError as error:
        raise UndeliverableError(str(error)) from error
    html = as_html(subject, blocks, facts.language, facts.look)
    return head + body(as_text(blocks), html, files, notice.message_id)


def _head(notice: Notice, facts: Facts, subject: str) -> list[Line]:
    # A name that came with an unconfirmed address is one of the words that are not repeated to it.
    to_name = "" if holds_no_words(notice) else notice.to_name
    lines = [
        ("Date", format_datetime(_date(notice).astimezone(UTC))),
        address_header("From", facts.sender_name, facts.sender_address),
        address_header("To", to_name, notice.to_address),
    ]
    if facts.reply_to:
        lines.append(address_header("Reply-To", facts.sender_name, facts.reply_to))
    lines.append(text_header("Subject", subject))
    lines += _thread(notice, facts, subject)
    lines += _marks(notice)
    lines += _way_out(facts)
    if facts.desk_slug:
        lines.append(text_header("X-Upheld-Desk", facts.desk_slug))
    return lines


def _date(notice: Notice) -> datetime:
    """When it may leave: an alert that waited for the morning stands among the morning's mail, and not far below."""
    return max(notice.created_at, notice.next_try_at)


def _thread(notice: Notice, facts: Facts, subject: str) -> list[Line]:
    lines = [ids_header("Message-ID", [notice.message_id])]
    if facts.references:
        lines.append(ids_header("In-Reply-To", facts.references[-1:]))
        lines.append(ids_header("References", facts.references))
    if notice.ticket_number and subject.removeprefix("Re: ").startswith("["):
        lines.append(text_header("Thread-Topic", subject.removeprefix("Re: ")))
    return lines


def _marks(notice: Notice) -> list[Line]:
    """What tells other machines not to answer ours."""
    if notice.kind in (NoticeKind.REPLY, NoticeKind.HELD_DECLINED, NoticeKind.SIDE):
        return [("Auto-Submitted", "no")]
    how = "auto-replied" if notice.kind in _ANSWERS_BY_ITSELF else "auto-generated"
    lines = [("Auto-Submitted", how), ("X-Auto-Response-Suppress", "All")]
    # A sign-in code that mail systems hold back as bulk would come too late.
    if notice.kind != NoticeKind.ACCOUNT and notice.kind not in TO_AGENTS:
        lines.append(("Precedence", "bulk"))
    return lines


def _way_out(facts: Facts) -> list[Line]:
    """How a mail program takes a mail back that comes again and again. One click may do it only over TLS (RFC 8058)."""
    if not facts.unsubscribe:
        return []
    lines = [("List-Unsubscribe", f"<{facts.unsubscribe}>")]
    if facts.unsubscribe.startswith("https://"):
        lines.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return lines
