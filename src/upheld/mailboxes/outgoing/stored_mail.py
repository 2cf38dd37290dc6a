"""A rendered mail in the form that Django's mail backends take.

SMTP-like backends ask for `message()` and get the stored bytes back unchanged. Backends that call a provider's
interface (django-anymail) read the attributes instead, which are filled from the same bytes.

The bytes are our own writing, so the plain, fast parser is enough to read them again.
"""

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.headerregistry import Address
from email.message import Message
from email.utils import parseaddr
from typing import Any

from django.core.mail import EmailMultiAlternatives

_HAVE_THEIR_OWN_PLACE = frozenset(
    {"from", "to", "reply-to", "subject", "mime-version", "content-type", "content-transfer-encoding"}
)


class ExactMail(Message):
    """A parsed mail that is written as it was read."""

    raw: bytes = b""

    def as_bytes(self, unixfrom: bool = False, policy: Any = None, linesep: str = "\r\n") -> bytes:
        return self.raw if linesep == "\r\n" else self.raw.replace(b"\r\n", linesep.encode())


def parse(raw: bytes) -> ExactMail:
    """Return a stored mail with its headers and parts readable."""
    mail = message_from_bytes(raw, _class=ExactMail)
    mail.raw = raw
    return mail


class StoredMail(EmailMultiAlternatives):
    """One rendered mail, ready for any backend."""

    def __init__(self, raw: bytes) -> None:
        self._mail = parse(raw)
        super().__init__(
            subject=header_in(self._mail, "Subject"),
            body=part_in(self._mail, "plain"),
            from_email=address_in(self._mail, "From"),
            to=[address_in(self._mail, "To")],
            reply_to=[address_in(self._mail, "Reply-To")] if self._mail["Reply-To"] else None,
            headers={
                name: text
                for name, text in headers_in(self._mail)
                if name.lower() not in _HAVE_THEIR_OWN_PLACE
            },
        )
        self.attach_alternative(part_in(self._mail, "html"), "text/html")
        # `attach` sees to it that a text in an unknown charset goes as plain bytes, which anymail could not read.
        for part in files_in(self._mail):
            self.attach(part.get_filename(), part.get_payload(decode=True), part.get_content_type())

    def message(self) -> ExactMail:  # type: ignore[override]
        return self._mail

    @property
    def raw(self) -> bytes:
        """The stored bytes."""
        return self._mail.raw

    @property
    def sender(self) -> str:
        """The bare address of the From line."""
        return _bare_address(self._mail, "From")

    @property
    def recipient(self) -> str:
        """The bare address of the To line."""
        return _bare_address(self._mail, "To")


def header_in(mail: Message, name: str) -> str:
    """Return a header as people read it."""
    return _decoded(mail[name])


def headers_in(mail: Message) -> list[tuple[str, str]]:
    """Return all headers as people read them, in their order."""
    return [(name, _decoded(value)) for name, value in mail.items()]


def address_in(mail: Message, name: str) -> str:
    """Return the one address of a header, with its display name."""
    display, address = parseaddr(" ".join(mail[name].split()))
    return str(Address(_decoded(display), addr_spec=address))


def _bare_address(mail: Message, name: str) -> str:
    return parseaddr(" ".join(mail[name].split()))[1]


def part_in(mail: Message, subtype: str) -> str:
    """Return the text or the HTML part, with plain line ends."""
    alternatives = (part for part in mail.walk() if part.get_filename() is None)
    wanted = (part for part in alternatives if part.get_content_type() == f"text/{subtype}")
    part = next(wanted, None)
    return part.get_payload(decode=True).decode().replace("\r\n", "\n") if part is not None else ""


def files_in(mail: Message) -> Iterator[Message]:
    """Return the parts that are files."""
    return (part for part in mail.walk() if part.get_filename() is not None)


def _decoded(value: str) -> str:
    """Unfold a header and decode its words; what is no encoded word stays as it is."""
    text = " ".join(value.split())
    return str(make_header(decode_header(text))) if "=?" in text else text
