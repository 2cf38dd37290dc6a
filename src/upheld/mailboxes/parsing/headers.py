"""The header block of a mail or of one of its parts, read line by line with fixed limits."""

import email.errors
import email.header
import email.message
import re
from collections.abc import Iterator
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits
from upheld.mailboxes.parsing.charsets import decode

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,996}>")


@dataclass(frozen=True, slots=True)
class Headers:
    """Header lines in their order: names in lower case, values unfolded and not yet decoded."""

    lines: tuple[tuple[str, str], ...]

    def all(self, name: str, limit: int = limits.HEADER_VALUE) -> list[str]:
        """Every value of a header."""
        return [value[:limit] for known, value in self.lines if known == name]

    def first(self, name: str, limit: int = limits.HEADER_VALUE) -> str:
        """The first value of a header, empty where there is none."""
        return next((value[:limit] for known, value in self.lines if known == name), "")

    def message_ids(self, *names: str) -> list[str]:
        """The ids in angle brackets that the named headers hold."""
        joined = " ".join(value for name in names for value in self.all(name, limits.ADDRESS_HEADER))
        return [found for found in _MESSAGE_ID.findall(joined) if found.isprintable()]

    def content(self) -> email.message.Message:
        """The headers that describe the content, as the standard library's message, which knows RFC 2231."""
        message = email.message.Message()
        for name in ("content-type", "content-disposition"):
            if value := self.first(name, limits.CONTENT_HEADER):
                message[name] = value
        return message


def split(data: bytes) -> tuple[Headers, int]:
    """Return the headers at the start of `data`, whose lines end in LF, and where the body begins."""
    if data.startswith(b"\n"):
        return Headers(()), 1
    end = data.find(b"\n\n")
    block, body = (data, len(data)) if end < 0 else (data[: end + 1], end + 2)
    return Headers(tuple(_unfold(block[: limits.HEADER_BLOCK]))), body


def _unfold(block: bytes) -> Iterator[tuple[str, str]]:
    name, pieces = "", [b""]
    for line in block.split(b"\n")[: limits.HEADER_LINES]:
        if line[:1] in (b" ", b"\t"):
            pieces.append(b" " + line.strip())
            continue
        if name:
            yield name, _text(b"".join(pieces))
        before, colon, after = line.partition(b":")
        # A space before the colon is the old form: some readers take it for the header, so it counts as one.
        name = before.strip().decode("ascii", "replace").lower() if colon else ""
        pieces = [after.strip()]
    if name:
        yield name, _text(b"".join(pieces))


def _text(value: bytes) -> str:
    return decode(value, "utf-8")


def decode_words(value: str) -> str:
    """Return a header's value with its encoded words (RFC 2047) read."""
    if "=?" not in value:
        return value
    try:
        pieces = email.header.decode_header(value)
    except (email.errors.HeaderParseError, ValueError):
        return value
    return "".join(_word(piece, label) for piece, label in pieces)


def _word(piece: bytes | str, label: str | None) -> str:
    if isinstance(piece, str):
        return piece
    # The standard library hands the plain words between encoded ones back in this disguise.
    return decode(piece, label) if label else piece.decode("raw-unicode-escape", "replace")
