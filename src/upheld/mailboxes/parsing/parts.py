"""The parts of a mail, found by their boundaries in one walk over the bytes.

The standard library's parser recurses once a level and keeps every line as an object; both are a stranger's to
choose. Here depth and number of parts are bounded, and a part is a pair of offsets until it is wanted.
"""

import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from upheld.mailboxes.parsing import limits
from upheld.mailboxes.parsing.headers import Headers, split

_BASE64 = bytes.maketrans(b"-_", b"+/")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part that holds no others. `inside` names the multiparts around it, outermost first."""

    headers: Headers
    content_type: str
    charset: str
    disposition: str
    file_name: str
    encoded: bytes
    inside: tuple[str, ...]

    def content(self, limit: int | None = None) -> bytes:
        """The content with its transfer encoding undone; with a limit, that of its first `limit` bytes."""
        encoded = self.encoded if limit is None else self.encoded[:limit]
        encoding = self.headers.first("content-transfer-encoding", 40).strip().lower()
        if encoding == "base64":
            return _from_base64(encoded)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(encoded)
        return encoded


@dataclass(frozen=True, slots=True)
class _Slice:
    start: int
    end: int
    inside: tuple[str, ...]


def parts(data: bytes, defects: list[str]) -> Iterator[Part]:
    """Yield the parts that hold no others, in their order. Line ends are LF already."""
    waiting, seen = [_Slice(0, len(data), ())], 0
    while waiting:
        here = waiting.pop()
        seen += 1
        headers, body = _headers(data, here)
        content = headers.content()
        content_type = _content_type(content, here)
        found = None
        if content_type.startswith("multipart/"):
            if len(here.inside) >= limits.DEPTH or seen + len(waiting) >= limits.PARTS:
                defects.append("it holds more parts, or deeper ones, than are read")
                yield _leaf(headers, content, "application/octet-stream", data[body : here.end], here.inside)
                continue
            room = limits.PARTS - seen - len(waiting)
            found = _split(data, _Slice(body, here.end, (*here.inside, content_type)), content, room)
            if found is None:
                content_type = "text/plain"
                defects.append("a part that should hold others has no boundary")
        if found is None:
            yield _leaf(headers, content, content_type, data[body : here.end], here.inside)
        else:
            waiting.extend(reversed(found))


def _headers(data: bytes, here: _Slice) -> tuple[Headers, int]:
    end = data.find(b"\n\n", here.start, here.end)
    # Only the header block is copied, never the part.
    until = here.end if end < 0 else end + 2
    headers, length = split(data[here.start : until])
    return headers, here.start + length


def _content_type(content: Message, here: _Slice) -> str:
    if "content-type" not in content and here.inside[-1:] == ("multipart/digest",):
        return "message/rfc822"
    return content.get_content_type()[:100]


def _split(data: bytes, body: _Slice, content: Message, room: int) -> list[_Slice] | None:
    """Return the slices between the boundary lines, the last one with all that there is no room for; None where
    there is no such line."""
    boundary = content.get_boundary()
    if not boundary or len(boundary) > 200:
        return None
    mark = b"\n--" + boundary.encode("utf-8", "replace")
    found: list[_Slice] = []
    start = -1
    at = data.find(mark, max(0, body.start - 1), body.end)
    while at >= 0 and len(found) < room - 1:
        after = at + len(mark)
        line_end = data.find(b"\n", after, body.end)
        line_end = body.end if line_end < 0 else line_end
        rest = data[after : min(line_end, after + 80)].strip()
        if rest in (b"", b"--"):
            if start >= 0:
                found.append(_Slice(start, max(start, at), body.inside))
            start = line_end + 1 if rest == b"" else -1
            if rest:
                return found
        at = data.find(mark, max(line_end, after), body.end)
    if 0 <= start < body.end:
        found.append(_Slice(start, body.end, body.inside))
    return found or None


def _leaf(
    headers: Headers, content: Message, content_type: str, encoded: bytes, inside: tuple[str, ...]
) -> Part:
    return Part(
        headers=headers,
        content_type=content_type,
        charset=str(content.get_content_charset("") or ""),
        disposition=str(content.get_content_disposition() or ""),
        file_name=content.get_filename("") or "",
        encoded=encoded,
        inside=inside,
    )


def _from_base64(encoded: bytes) -> bytes:
    try:
        return binascii.a2b_base64(encoded)
    except binascii.Error:
        letters = encoded.translate(_BASE64).translate(None, _NOT_BASE64)
        whole = len(letters) - (1 if len(letters) % 4 == 1 else 0)
        return binascii.a2b_base64(letters[:whole] + b"=" * (-whole % 4))
