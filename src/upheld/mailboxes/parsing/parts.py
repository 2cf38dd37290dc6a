"""The parts of a mail, found by their boundaries without recursion.

The standard library's parser recurses once a level and keeps every line as an object; both are a stranger's to
choose. Here depth, number of parts and the bytes walked are bounded, and a part is a pair of offsets until it is
wanted.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits, uuencode
from upheld.mailboxes.parsing.base64_text import from_base64, is_in_words
from upheld.mailboxes.parsing.headers import Headers, split
from upheld.mailboxes.parsing.parameters import Value

# A boundary line where the mail does not say what it looks like.
_SOME_BOUNDARY = re.compile(rb"(?:\n|\A)--([^\s-][^\n]{0,199}|-[^\n]{9,199})\n")
_ENCODINGS = frozenset(["", "7bit", "8bit", "binary", "7-bit", "8-bit", "base64", "quoted-printable"])
_UUENCODE = frozenset(["x-uuencode", "uuencode", "x-uue", "uue"])
_QP_PIECE = 4 * 1024 * 1024
_TOO_MANY = "it holds more parts, or deeper ones, than are read"


@dataclass(frozen=True, slots=True)
class Part:
    """One part that holds no others. `inside` names the multiparts around it, outermost first; `groups` numbers
    them."""

    headers: Headers
    content_type: str
    typed: Value
    disposition: str
    file_name: str
    data: bytes
    start: int
    end: int
    inside: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()

    @property
    def charset(self) -> str:
        """The label of its character set."""
        return self.typed["charset"]

    @property
    def transfer_encoding(self) -> str:
        """Its transfer encoding, in lower case."""
        return self.headers.word("content-transfer-encoding").strip("\"'")

    @property
    def falsely_encoded(self) -> bool:
        """Whether it is called base64 and is a text in words."""
        return (
            self.transfer_encoding == "base64"
            and self.content_type.startswith("text/")
            and is_in_words(memoryview(self.data)[self.start : self.end])
        )

    def content(self, limit: int | None = None) -> bytes:
        """The content with its transfer encoding undone; with a limit, that of its first `limit` bytes."""
        end = self.end if limit is None else min(self.end, self.start + limit)
        encoding = self.transfer_encoding
        if encoding == "base64" and not self.falsely_encoded:
            return from_base64(memoryview(self.data)[self.start : end])
        if encoding == "quoted-printable":
            return _from_quoted_printable(self.data, self.start, end)
        encoded = self.data[self.start : end]
        if encoding in _UUENCODE:
            files = uuencode.files(encoded)[1]
            return files[0].content if files else encoded
        return encoded


@dataclass(frozen=True, slots=True)
class _Slice:
    start: int
    end: int
    inside: tuple[str, ...] = ()
    groups: tuple[int, ...] = ()


def parts(data: bytes, defects: list[str]) -> Iterator[Part]:
    """Yield the parts that hold no others, in their order. Line ends are LF already."""
    waiting, seen = [_Slice(0, len(data))], 0
    walked = limits.WALKS * len(data) + limits.WALKED_ANYWAY
    while waiting:
        here = waiting.pop()
        seen += 1
        headers, body = _headers(data, here)
        typed = headers.content_type()
        content_type = _content_type(typed, here)
        found = None
        if content_type.startswith("multipart/"):
            room = limits.PARTS - seen - len(waiting)
            walked -= here.end - body
            if len(here.inside) >= limits.DEPTH or room <= 0 or walked < 0:
                defects.append(_TOO_MANY)
                content_type = "application/octet-stream"
            else:
                inner = _Slice(body, here.end, (*here.inside, content_type), (*here.groups, seen))
                found = _split(data, inner, typed["boundary"], room, defects)
                if found is None:
                    content_type = "text/plain"
                    defects.append("a part that should hold others has no boundary")
        if found is None:
            yield _leaf(headers, typed, content_type, data, body, here, defects)
        else:
            waiting.extend(reversed(found))


def _headers(data: bytes, here: _Slice) -> tuple[Headers, int]:
    end = data.find(b"\n\n", here.start, here.end)
    # Only the header block is copied, never the part.
    until = here.end if end < 0 else end + 2
    headers, length = split(data[here.start : until])
    return headers, here.start + length


def _content_type(typed: Value, here: _Slice) -> str:
    if typed.word.count("/") == 1 and not typed.word.startswith("/") and " " not in typed.word:
        return typed.word[:100]
    if not typed.word and here.inside[-1:] == ("multipart/digest",):
        return "message/rfc822"
    # As programs of long ago wrote it: `text`.
    return "text/html" if typed.word == "html" else "text/plain"


def _split(data: bytes, body: _Slice, boundary: str, room: int, defects: list[str]) -> list[_Slice] | None:
    """Return the slices between the boundary lines, the last one with all that there is no room for; None where
    there is no such line."""
    found = _between(data, body, boundary.rstrip().encode("utf-8", "replace"), room) if boundary else None
    if found is None and (guess := _SOME_BOUNDARY.search(data, max(0, body.start - 1), body.end)):
        found = _between(data, body, guess[1].rstrip(), room)
        if found:
            defects.append("its boundary was guessed")
    return found


def _between(data: bytes, body: _Slice, boundary: bytes, room: int) -> list[_Slice] | None:
    if not boundary or len(boundary) > 200:
        return None
    line = re.compile(rb"\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\n|\Z)")
    found: list[_Slice] = []
    start, closed = -1, False
    # The first boundary may stand right at the beginning: the LF of the empty line before it is taken along.
    for mark in line.finditer(data, max(0, body.start - 1), body.end):
        if start >= 0:
            found.append(_Slice(start, max(start, mark.start()), body.inside, body.groups))
        start, closed = mark.end() + 1, mark[1] is not None
        if closed or len(found) >= room - 1:
            break
    if not closed and 0 <= start < body.end:
        found.append(_Slice(start, body.end, body.inside, body.groups))
    return found or None


def _leaf(
    headers: Headers,
    typed: Value,
    content_type: str,
    data: bytes,
    body: int,
    here: _Slice,
    defects: list[str],
) -> Part:
    disposition = headers.disposition()
    part = Part(
        headers=headers,
        content_type=content_type,
        typed=typed,
        disposition=disposition.word,
        file_name=disposition["filename"].strip() or typed["name"].strip(),
        data=data,
        start=body,
        end=max(body, here.end),
        inside=here.inside,
        groups=here.groups,
    )
    if part.transfer_encoding not in _ENCODINGS | _UUENCODE:
        defects.append(f"a part has an unknown transfer encoding: {part.transfer_encoding[:40]}")
    if part.falsely_encoded:
        defects.append("a part is called base64 and is plain")
    return part


def _from_quoted_printable(data: bytes, start: int, end: int) -> bytes:
    """Undo it in pieces of whole lines: at once, it would take the memory of three copies."""
    pieces: list[bytes] = []
    while start < end:
        cut = data.rfind(b"\n", start, min(start + _QP_PIECE, end)) + 1
        cut = cut or data.find(b"\n", start, end) + 1 or end
        pieces.append(binascii.a2b_qp(memoryview(data)[start:cut]))
        start = cut
    return b"".join(pieces)
