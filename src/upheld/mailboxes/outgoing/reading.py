"""The outbox: what was sent, read from the stored bytes and not from what we think that we sent."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BinaryField, F, Func, Value

from upheld.mailboxes.outgoing.stored_mail import address_in, files_in, header_in, headers_in, parse, part_in
from upheld.notices.models import Notice, NoticeState

_HEAD_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class OutboxMail:
    """One mail that left. In a list, `text`, `html` and `files` are empty: only the headers are read."""

    notice_id: int
    kind: str
    desk_id: int | None
    ticket_id: int | None
    ticket_number: str
    sent_at: datetime
    to: str
    subject: str
    headers: tuple[tuple[str, str], ...]
    text: str = ""
    html: str = ""
    files: tuple[str, ...] = ()


def outbox(limit: int) -> list[OutboxMail]:
    """Return the mails that left last, newest first, with their headers."""
    head = Func(F("rendered"), Value(1), Value(_HEAD_BYTES), function="substring", output_field=BinaryField())
    newest = _sent().defer("rendered").annotate(head=head).order_by("-sent_at", "-id")[:limit]
    return [_mail(notice, bytes(notice.head)) for notice in newest]


def outbox_mail(notice_id: int) -> OutboxMail | None:
    """Return one mail that left, with its parts; None where there is none."""
    notice = _sent().filter(pk=notice_id).first()
    return _mail(notice, bytes(notice.rendered), whole=True) if notice else None


def _sent():  # type: ignore[no-untyped-def]
    return Notice.objects.filter(state=NoticeState.SENT, rendered__isnull=False)


def _mail(notice: Notice, raw: bytes, *, whole: bool = False) -> OutboxMail:
    mail = parse(raw if whole else raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    return OutboxMail(
        notice_id=notice.pk,
        kind=notice.kind,
        desk_id=notice.desk_id,
        ticket_id=notice.ticket_id,
        ticket_number=notice.ticket_number,
        sent_at=notice.sent_at,
        to=address_in(mail, "To"),
        subject=header_in(mail, "Subject"),
        headers=tuple(headers_in(mail)),
        text=part_in(mail, "plain") if whole else "",
        html=part_in(mail, "html") if whole else "",
        files=tuple(str(part.get_filename()) for part in files_in(mail)) if whole else (),
    )
