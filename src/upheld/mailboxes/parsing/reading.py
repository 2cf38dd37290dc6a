"""One mail, from bytes to a value."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from upheld.mailboxes.parsing import addresses, limits, machine, quoting
from upheld.mailboxes.parsing.charsets import decode
from upheld.mailboxes.parsing.cleaning import clean, clean_file_name, clean_line
from upheld.mailboxes.parsing.headers import Headers, decode_words, split
from upheld.mailboxes.parsing.html_text import text_of
from upheld.mailboxes.parsing.mail import MailFile, ParsedMail
from upheld.mailboxes.parsing.parts import Part, parts

_DELIVERED_TO = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to")
_BODIES = ("text/plain", "text/html")


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
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _unread(raw: bytes, error: str) -> ParsedMail:
    """What can be said of a mail on which the reading failed: its head, and its bytes as text."""
    text = clean(raw[: limits.TEXT // 10].decode("utf-8", "replace"))
    doubt = "the mail could not be read in full"
    mail = ParsedMail(sender_doubt=doubt, body_text=text, new_text=text, defects=(f"{doubt}: {error}",))
    with suppress(Exception):
        headers, _ = split(with_line_feeds(raw[: limits.HEADER_BLOCK]))
        sender = addresses.sender(headers.all("from", limits.SENDER_HEADER + 1))
        automatic = machine.automatic(headers, sender.address, frozenset())
        subject = clean_line(decode_words(headers.first("subject")), limits.SUBJECT)
        return replace(mail, from_address=sender.address, subject=subject, machine=automatic)
    return mail


def _parse(data: bytes) -> ParsedMail:
    defects: list[str] = []
    headers, _ = split(data[: limits.HEADER_BLOCK])
    leaves = list(parts(data, defects))
    sender = addresses.sender(headers.all("from", limits.SENDER_HEADER + 1))
    subject = clean_line(decode_words(headers.first("subject")), limits.SUBJECT)
    text, markup = _bodies(leaves)
    folded = quoting.fold(text, forwarded=quoting.is_forward(subject))
    return ParsedMail(
        from_address=sender.address,
        from_name=sender.name,
        sender_certain=not sender.doubt,
        sender_doubt=sender.doubt,
        to=_named(headers, ["to"]),
        cc=_named(headers, ["cc"]),
        delivered_to=_named(headers, _DELIVERED_TO),
        subject=subject,
        date=_date(headers.first("date", 200)),
        message_id=next(iter(headers.message_ids("message-id")), ""),
        in_reply_to=tuple(headers.message_ids("in-reply-to")[: limits.REFERENCES]),
        references=tuple(headers.message_ids("references")[-limits.REFERENCES :]),
        body_text=text,
        new_text=folded.new,
        quoted_text=folded.quoted,
        body_html=markup,
        attachments=_files(leaves, defects),
        machine=machine.automatic(headers, sender.address, _content_types(headers, leaves)),
        our_marks=machine.our_marks(headers),
        defects=tuple(defects[:20]),
    )


def _named(headers: Headers, names: Iterable[str]) -> tuple[str, ...]:
    return addresses.named(value for name in names for value in headers.all(name, limits.ADDRESS_HEADER))


def _date(value: str) -> datetime | None:
    with suppress(ValueError, TypeError, IndexError, OverflowError):
        date = parsedate_to_datetime(value)
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    return None


def _content_types(headers: Headers, leaves: list[Part]) -> frozenset[str]:
    return frozenset([headers.content().get_content_type(), *(leaf.content_type for leaf in leaves)])


def _is_body(part: Part) -> bool:
    return part.content_type in _BODIES and part.disposition != "attachment" and not part.file_name


def _bodies(leaves: list[Part]) -> tuple[str, str]:
    """The plain text, derived from the HTML where there is none, and the HTML as it came."""
    bodies = [leaf for leaf in leaves if _is_body(leaf)]
    plain = _texts((body for body in bodies if body.content_type == "text/plain"), limits.TEXT)
    markup = _texts((body for body in bodies if body.content_type == "text/html"), limits.HTML)
    if not plain.strip() and markup:
        plain = clean(text_of(markup[: limits.HTML_READ]))
    return plain.strip("\n"), markup


def _texts(bodies: Iterable[Part], limit: int) -> str:
    found: list[str] = []
    left = limit
    for body in bodies:
        if left <= 0:
            break
        text = clean(decode(body.content(limits.ENCODED_TEXT), body.charset))[:left]
        found.append(text.rstrip("\n"))
        left -= len(text)
    return "\n\n".join(found)


def _files(leaves: list[Part], defects: list[str]) -> tuple[MailFile, ...]:
    files = [leaf for leaf in leaves if not _is_body(leaf)]
    if len(files) > limits.FILES:
        defects.append(f"only the first {limits.FILES} of its {len(files)} files are read")
    return tuple(_file(leaf, number) for number, leaf in enumerate(files[: limits.FILES], 1))


def _file(part: Part, number: int) -> MailFile:
    name = clean_file_name(decode_words(part.file_name[: limits.HEADER_VALUE]), limits.FILE_NAME)
    content_id = clean_line(part.headers.first("content-id", 400).strip(" <>"), 200)
    return MailFile(
        name=name or _usual_name(part.content_type, number),
        content_type=clean_line(part.content_type, 100),
        content=part.content(),
        content_id=content_id,
        inline=part.disposition != "attachment" and bool(content_id),
    )


def _usual_name(content_type: str, number: int) -> str:
    endings = {"message/rfc822": ".eml", "text/calendar": ".ics", "image/png": ".png", "image/jpeg": ".jpg"}
    return f"part-{number}{endings.get(content_type, '')}"
