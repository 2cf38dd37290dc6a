"""One mail, from bytes to a value."""

from codecs import BOM_UTF8
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from upheld.mailboxes.parsing import addresses, bodies, bounces, limits, machine, quoting, sealed
from upheld.mailboxes.parsing.cleaning import clean, clean_line
from upheld.mailboxes.parsing.headers import Headers, split
from upheld.mailboxes.parsing.mail import ParsedMail
from upheld.mailboxes.parsing.parts import parts
from upheld.mailboxes.parsing.words import decode_words

_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_BOUNCED = "it is a report about the delivery of a mail"


def parse(raw: bytes) -> ParsedMail:
    """Read a mail. Whatever the bytes are, a result comes back; what could not be read is named in `defects`."""
    try:
        return _parse(with_line_feeds(raw))
    except Exception as error:
        return _unread(raw, type(error).__name__)


def with_line_feeds(raw: bytes) -> bytes:
    """Make every line end LF, before anything is decided: two readers of a bare CR or LF see two mails."""
    if b"\r" not in raw:
        return raw
    # As a line end that was made twice.
    if b"\r\r\n" in raw:
        raw = raw.replace(b"\r\r\n", b"\r\n")
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _unread(raw: bytes, error: str) -> ParsedMail:
    """What can be said of a mail on which the reading failed: its head, and its bytes as text."""
    doubt = "the mail could not be read in full"
    return read_head(raw, doubt, f"{doubt}: {error}")


def read_head(raw: bytes, doubt: str, defect: str) -> ParsedMail:
    """What can be said of a mail from its first bytes alone; nobody can be certain of its sender."""
    text = clean(raw[: limits.TEXT // 10].decode("utf-8", "replace"))
    mail = ParsedMail(sender_doubt=doubt, body_text=text, new_text=text, defects=(defect,))
    with suppress(Exception):
        headers, _ = split(with_line_feeds(raw[: limits.HEADER_BLOCK]).removeprefix(BOM_UTF8))
        head = _head(headers)
        mail = replace(head, sender_certain=False, sender_doubt=doubt)
        mail = replace(mail, body_text=text, new_text=text, defects=(defect,))
        return replace(mail, machine=machine.automatic(headers, head.from_address, head.subject, []))
    return mail


def _parse(data: bytes) -> ParsedMail:
    defects: list[str] = []
    # As an editor puts it before a mail that was saved as a file.
    data = data.removeprefix(BOM_UTF8)
    headers, _ = split(data)
    if headers.cut:
        defects.append("its head is too long to be read in full")
    leaves = list(parts(data, defects))
    body = bodies.read(leaves, defects)
    defects += sealed.remarks(leaves, body.text)
    mail = _head(headers)
    answers = bool(mail.in_reply_to or mail.references)
    folded = quoting.fold(body.text, body.markup[: limits.HTML_READ], subject=mail.subject, answers=answers)
    sender = addresses.Sender(mail.from_address, mail.from_name)
    bounce = bounces.read(headers, sender, mail.subject, body.text, leaves)
    automatic = machine.automatic(headers, mail.from_address, mail.subject, leaves)
    if len(mail.to) + len(mail.cc) >= limits.ADDRESSES:
        defects.append(f"only the first {limits.ADDRESSES} of its recipients are read")
    return replace(
        mail,
        body_text=body.text,
        new_text=folded.new,
        quoted_text=folded.quoted,
        body_html=body.markup,
        attachments=tuple(body.files),
        machine=automatic or (_BOUNCED if bounce else None),
        bounce=bounce,
        defects=tuple(dict.fromkeys(clean_line(defect, 200) for defect in defects))[:20],
    )


def _head(headers: Headers) -> ParsedMail:
    """What the headers of a mail say."""
    sender = addresses.sender_of(headers)
    return ParsedMail(
        from_address=sender.address,
        from_name=sender.name,
        sender_certain=not sender.doubt,
        sender_doubt=sender.doubt,
        to=_named(headers, ["to"]),
        cc=_named(headers, ["cc"]),
        delivered_to=_named(headers, _DELIVERED_TO),
        subject=clean_line(decode_words(headers.first("subject")), limits.SUBJECT),
        date=_date(headers.first("date", 200)),
        message_id=headers.own_id(),
        in_reply_to=tuple(headers.message_ids("in-reply-to")[: limits.REFERENCES]),
        references=tuple(headers.message_ids("references")[-limits.REFERENCES :]),
        from_list=machine.from_list(headers),
        authentication=_authentication(headers),
        our_marks=machine.our_marks(headers),
    )


def _authentication(headers: Headers) -> tuple[str, ...]:
    values = headers.all("authentication-results")[: limits.AUTHENTICATION]
    return tuple(clean_line(value, limits.HEADER_VALUE) for value in values)


def _named(headers: Headers, names: Iterable[str]) -> tuple[str, ...]:
    return addresses.named(value for name in names for value in headers.all(name, limits.ADDRESS_HEADER))


def _date(value: str) -> datetime | None:
    """The standard's form of a date, or the one that scripts write: `2026-03-05 10:12:00`."""
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        with suppress(ValueError, TypeError, IndexError, OverflowError):
            date = read(value.strip())
            return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    return None
