"""Mail of ours that came back: which notice it was, and what is done about it."""

from dataclasses import dataclass

from django.db.models import Q

from upheld.mailboxes import as_values
from upheld.mailboxes.models import RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.traces import plus_parts
from upheld.notices.models import Notice
from upheld.rules.one_line import one_line
from upheld.tickets.actions import Report, record_bounce
from upheld.tickets.keys import bounced_notice
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment


@dataclass(frozen=True, slots=True)
class Returned:
    """The notice that a mail points at. `by_token` says that the mail came to the address that its own envelope
    named; only a report about delivery makes that a bounce, since an absence note comes to the same address."""

    notice: Notice
    is_report: bool


def returned(raw_mail: RawMail, mail: ParsedMail, desk_id: int) -> Returned | None:
    """Return the notice of this desk that a mail reports about, by the token in its recipient or by our Message-ID."""
    notice = _by_token(raw_mail, mail, desk_id) or _by_message_id(mail, desk_id)
    return Returned(notice, mail.bounce is not None) if notice else None


def take_in(raw_mail: RawMail, mail: ParsedMail, notice: Notice, moment: Moment) -> Message | None:
    """Mark the notice and keep the report on its ticket."""
    assert mail.bounce is not None  # noqa: S101 - only a report comes here
    report = Report(
        recipient=one_line(mail.bounce.recipient, 254),
        status=one_line(mail.bounce.status, 20),
        final=mail.bounce.final,
    )
    contact = as_values.author(raw_mail, mail, moment.at)
    incoming = as_values.incoming(
        raw_mail, mail, Message.Kind.MACHINE, contact, held_because=mail.machine or ""
    )
    return record_bounce(notice, report, incoming, moment)


def _by_token(raw_mail: RawMail, mail: ParsedMail, desk_id: int) -> Notice | None:
    for part in plus_parts(mail, raw_mail.envelope_to):
        if notice_id := bounced_notice(part):
            return _ours(desk_id).filter(pk=notice_id).first()
    return None


def _by_message_id(mail: ParsedMail, desk_id: int) -> Notice | None:
    """A Message-ID of ours cannot be guessed: it holds a random part and a keyed one."""
    text = mail.bounce.original_message_id.strip() if mail.bounce else ""
    return _ours(desk_id).filter(message_id=f"<{text.strip('<>')}>").first() if text else None


def _ours(desk_id: int):  # type: ignore[no-untyped-def]
    """The notices of a desk, and those about accounts, which belong to none."""
    return Notice.objects.filter(Q(desk_id=desk_id) | Q(desk=None)).defer("rendered")
