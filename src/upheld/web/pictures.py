"""Pictures that strangers sent: shown only where the bytes are what a browser draws, and no larger than it should draw.

Nothing is decoded here: kind and size are read from the first bytes, and a browser does the rest in its own cage.
"""

import struct
from base64 import b64encode
from collections.abc import Iterable

from django.core.files.storage import default_storage

from upheld.tickets.models import Attachment, HeldFile

LARGEST_FILE = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
# What one formatted mail may bring within it; the others are still its files.
MOST_WITHIN = 24 * 1024 * 1024
DRAWN = ("image/png", "image/jpeg", "image/gif", "image/webp")

_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LOOKED_AT = 256 * 1024


def picture_kind(content: bytes) -> str:
    """Return as what a browser may draw these bytes; empty where they are no picture, or one that is too large."""
    for kind, size in (("png", _png), ("gif", _gif), ("webp", _webp), ("jpeg", _jpeg)):
        try:
            found = size(content)
        except (struct.error, IndexError):
            continue
        if found is not None:
            width, height = found
            fits = 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS
            return f"image/{kind}" if fits else ""
    return ""


def read_picture(file: Attachment | HeldFile) -> tuple[str, bytes] | None:
    """Return kind and bytes of a stored picture; None where it is none that may be drawn."""
    if file.size > LARGEST_FILE:
        return None
    try:
        with default_storage.open(file.stored_as) as stored:
            content = stored.read()
    except FileNotFoundError:
        return None
    kind = picture_kind(content)
    return (kind, content) if kind else None


def pictures_within(files: Iterable[Attachment | HeldFile]) -> dict[str, str]:
    """Return the pictures of a message by content id, as addresses that hold the picture itself: nothing is fetched for
    them, so nobody sees one who may not see the message."""
    found: dict[str, str] = {}
    left = MOST_WITHIN
    for file in files:
        if not file.content_id or file.size > left:
            continue
        picture = read_picture(file)
        if picture is not None:
            left -= file.size
            kind, content = picture
            found[file.content_id.strip("<> ")] = f"data:{kind};base64,{b64encode(content).decode()}"
    return found


def _png(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        return None
    return struct.unpack(">II", content[16:24])


def _gif(content: bytes) -> tuple[int, int] | None:
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        return None
    return struct.unpack("<HH", content[6:10])


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    match content[12:16]:
        case b"VP8X":
            return int.from_bytes(content[24:27], "little") + 1, int.from_bytes(content[27:30], "little") + 1
        case b"VP8L":
            bits = int.from_bytes(content[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            width, height = struct.unpack("<HH", content[26:30])
            return width & 0x3FFF, height & 0x3FFF
    return 0, 0


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if content[:3] != b"\xff\xd8\xff":
        return None
    at = 2
    while at < min(len(content), _LOOKED_AT) - 9:
        if content[at] != 0xFF:
            return 0, 0
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return 0, 0
