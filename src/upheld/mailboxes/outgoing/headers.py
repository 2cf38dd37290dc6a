"""Header lines: ASCII, folded, one line each whatever a name or a subject holds.

They are written here and not by `email.policy`, which wraps a long References line into encoded words (no mail
program then finds the thread) and leaves quoting of names to the moment of folding.
"""

import re
from collections.abc import Iterable
from email.header import Header
from email.utils import quote
from textwrap import wrap

from upheld.rules.one_line import one_line

_LINE = 76
_SUBJECT_LENGTH = 200
_NAME_LENGTH = 80
_ADDRESS = re.compile(r"\A[^\s<>\"(),:;@\\\[\]]+@[^\s<>\"(),:;@\\\[\]]+\Z")
_PHRASE = re.compile(r"\A[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+\Z")
_MESSAGE_ID = re.compile(r"\A<[!-;=?-~]{1,240}@[!-;=?-~]{1,240}>\Z")

Line = tuple[str, str]


class AddressError(ValueError):
    """This is no address that a mail could go to."""


def text_header(name: str, text: str, limit: int = _SUBJECT_LENGTH) -> Line:
    """Return a header of free text, such as the subject."""
    return name, _encoded(one_line(text, limit), len(name) + 2)


def address_header(name: str, display: str, address: str) -> Line:
    """Return a header of one address with its display name."""
    display = one_line(display, _NAME_LENGTH)
    address = mail_address(address)
    if not display:
        return name, address
    return name, f"{_display(display, len(name) + 2)}\r\n <{address}>"


def ids_header(name: str, ids: Iterable[str]) -> Line:
    """Return a header of Message-IDs, one a line, so that none is ever broken."""
    return name, "\r\n ".join(ids)


def message_id(text: str) -> str | None:
    """Return a Message-ID with its brackets, or None for what cannot stand in a header."""
    text = text.strip()
    text = text if text.startswith("<") else f"<{text}>"
    return text if _MESSAGE_ID.match(text) else None


def mail_address(text: str) -> str:
    """Return an address in ASCII; raises AddressError for anything that is not exactly one."""
    local, _, domain = text.strip().rpartition("@")
    try:
        address = f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError as error:
        raise AddressError(f"not a mail address: {text!r}") from error
    if not (address.isascii() and address.isprintable() and _ADDRESS.match(address)):
        raise AddressError(f"not a mail address: {text!r}")
    return address


def write(lines: Iterable[Line]) -> bytes:
    """Return the lines as bytes; refuses one that would smuggle in another header."""
    written = [f"{name}: {value}" for name, value in lines]
    for line in written:
        if re.search(r"\r\n(?! \S)|(?<!\r)\n|\r(?!\n)", line):
            raise ValueError(f"line ends in a header: {line!r}")
    return "".join(f"{line}\r\n" for line in written).encode("ascii")


def _display(display: str, used: int) -> str:
    if not display.isascii() or "=?" in display:
        return _encoded(display, used)
    return display if _PHRASE.match(display) else f'"{quote(display)}"'


def _encoded(text: str, used: int) -> str:
    # An ASCII text that looks like an encoded word would be decoded by the reader, so it is encoded itself.
    if text.isascii() and "=?" not in text:
        return "\r\n ".join(wrap(text, _LINE - used, break_long_words=False, break_on_hyphens=False))
    return Header(text, "utf-8", maxlinelen=_LINE, header_name="x" * (used - 2)).encode(linesep="\r\n")
