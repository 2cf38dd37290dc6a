"""Mails that are small to send, and large to read for whoever unpacks, recurses or believes what is told."""

from __future__ import annotations

import base64
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

MEGABYTE = 1024 * 1024
HEAD = b"From: Amina Yusuf <amina@school.example.org>\r\nTo: support@desk.example.com\r\nSubject: Look at this\r\n"


def attached(name: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """A mail with one file."""
    encoded = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nLook at this.\r\n"
        + f'--b\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename="{name}"\r\n'.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + encoded
        + b"--b--\r\n"
    )


def zipped(name: str, content: bytes, copies: int = 1) -> bytes:
    """An archive that holds the same content several times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(copies):
            # Without the time, so that it is the same archive whenever it is made.
            archive.writestr(zipfile.ZipInfo(f"{number}/{name}"), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def nested_archives() -> bytes:
    """Archives of archives: a few kilobytes that would be 160 GB."""
    packed = zipped("zeroes", b"\0" * (10 * MEGABYTE))
    for _ in range(3):
        packed = zipped("inner.zip", packed, copies=25)
    return packed


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large; its data are a row."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def gif(width: int, height: int, frames: int = 1) -> bytes:
    """A picture of so many frames, each of which says it is so large."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0, 0, 0) + frame * frames + b";"


def jpeg(width: int, height: int) -> bytes:
    return b"\xff\xd8\xff\xc2" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0" + b"\xff\xd9"


def webp(width: int, height: int) -> bytes:
    canvas = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + canvas


def _nested(kind: bytes, times: int) -> bytes:
    opened = b"".join(
        b"Content-Type: multipart/%s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, level, level)
        for level in range(times)
    )
    return HEAD + opened + b"\r\ninnermost\r\n"


def _forwarded(times: int) -> bytes:
    return (
        HEAD
        + b"Content-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\nSubject: on\r\n" * times
        + b"\r\nx\r\n"
    )


def _flat(times: int) -> bytes:
    part = b"--b\r\nContent-Type: text/plain; name=a.txt\r\n\r\nx\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * times + b"--b--\r\n"


def _continued(times: int) -> bytes:
    pieces = b"".join(b"; filename*%d*=%%41" % number for number in range(times))
    body = b"--b\r\nContent-Disposition: attachment" + pieces + b"\r\n\r\nx\r\n--b--\r\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body


def _to(recipients: bytes) -> bytes:
    return HEAD.replace(b"support@desk.example.com", recipients) + b"\r\nHello\r\n"


ARCHIVES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "an archive of archives": lambda: ("photos.zip", nested_archives()),
    "200 MB of zeroes": lambda: ("log.gz", gzip.compress(bytes(200 * MEGABYTE), 1, mtime=0)),
    "a document": lambda: ("letter.docx", zipped("word/document.xml", b"<w:p>" * (20 * MEGABYTE))),
    "a table": lambda: ("table.xlsx", zipped("xl/sharedStrings.xml", b"<si>" * (20 * MEGABYTE))),
    "an archive that tells false sizes": lambda: (
        "a.zip",
        zipped("x", b"x").replace(b"\1\0\0\0", b"\xff\xff\xff\x7f"),
    ),
}

PICTURES: dict[str, Callable[[], tuple[str, bytes]]] = {
    "a PNG of 65,000 by 65,000": lambda: ("a.png", png(65_000, 65_000)),
    "a PNG of 2,147,483,647 by 1": lambda: ("b.png", png(2**31 - 1, 1)),
    "a GIF of 65,535 by 65,535": lambda: ("c.gif", gif(65_535, 65_535)),
    "a JPEG of 65,000 by 65,000": lambda: ("d.jpg", jpeg(65_000, 65_000)),
    "a WebP of 16,384 by 16,384": lambda: ("e.webp", webp(16_384, 16_384)),
    "a GIF of 50,000 frames": lambda: ("f.gif", gif(1, 1, frames=50_000)),
    "a GIF whose 500 frames are 3,000 by 3,000": lambda: ("g.gif", gif(3_000, 3_000, frames=500)),
}

MAILS: dict[str, Callable[[], bytes]] = {
    "10,000 parts": lambda: _flat(10_000),
    "1,000 parts within each other": lambda: _nested(b"mixed", 1_000),
    "1,000 alternatives within each other": lambda: _nested(b"alternative", 1_000),
    "1,000 forwarded mails within each other": lambda: _forwarded(1_000),
    "20,000 recipients": lambda: _to(b", ".join(b"a%d@b.example" % number for number in range(20_000))),
    "20,000 recipients in groups": lambda: _to(b"g:a@b.example;, " * 20_000),
    "a header line of a megabyte": lambda: HEAD + b"X-Long: " + b"x" * MEGABYTE + b"\r\n\r\nHello\r\n",
    "a subject of a megabyte": lambda: HEAD.replace(b"Look", b"Look" * (MEGABYTE // 4)) + b"\r\nHello\r\n",
    "100,000 headers": lambda: HEAD + b"X-One: more\r\n" * 100_000 + b"\r\nHello\r\n",
    "100,000 continued lines": lambda: HEAD + b"X-Folded: a\r\n" + b" a\r\n" * 100_000 + b"\r\nHello\r\n",
    "a file name in 20,000 pieces": lambda: _continued(20_000),
    "encoded words without end": lambda: (
        HEAD + b"X: y\r\nSubject: " + b"=?utf-8?q?" * 50_000 + b"\r\n\r\nHello\r\n"
    ),
    "encoded words one after the other": lambda: (
        HEAD + b"Subject: " + b"=?utf-8?b?4oKs?= " * 50_000 + b"\r\n\r\nHello\r\n"
    ),
    "base64 of blank lines": lambda: (
        HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"\r\n" * (3 * MEGABYTE) + b"SGVsbG8=\r\n"
    ),
    "soft line breaks": lambda: (
        HEAD
        + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + b"=\r\n" * (2 * MEGABYTE)
        + b"Hello\r\n"
    ),
    "comments within each other": lambda: (
        HEAD.replace(b"Amina Yusuf", b"(" * 50_000 + b")" * 50_000) + b"\r\nHello\r\n"
    ),
    "comments that never end": lambda: _to(b"(" * 100_000 + b" a@b.example"),
    "quoted names that never end": lambda: _to(b'"a\\' * 50_000),
    "a boundary that is everywhere": lambda: (
        HEAD + b'Content-Type: multipart/mixed; boundary="-"\r\n\r\n' + b"---\r\n" * 500_000
    ),
    "a boundary of a megabyte": lambda: (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="'
        + b"b" * MEGABYTE
        + b'"\r\n\r\n--b\r\n\r\nHello\r\n'
    ),
    "no boundary": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=\r\n\r\n" + b"--\r\n\r\nx\r\n" * 100_000
    ),
    "a piece of a mail": lambda: (
        HEAD
        + b'Content-Type: message/partial; id="x@y"; number=1; total=1000000\r\n\r\n'
        + HEAD
        + b"\r\nHello\r\n"
    ),
    "a mail that lies elsewhere": lambda: (
        HEAD
        + b'Content-Type: message/external-body; access-type=URL; URL="http://elsewhere.example/"\r\n\r\n'
        + b"Content-Type: text/plain\r\n\r\n"
    ),
    "HTML of 300,000 elements within each other": lambda: (
        HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><b>" * 150_000 + b"Hello\r\n"
    ),
    "letters with a million marks": lambda: (
        HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\na" + "\u0301".encode() * MEGABYTE + b"\r\n"
    ),
    "ligatures that grow": lambda: (
        HEAD + b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + "\ufdfa".encode() * 300_000 + b"\r\n"
    ),
    "2 MB on one line": lambda: HEAD + b"\r\n" + b"x" * (2 * MEGABYTE) + b"\r\n",
    "a file in the text that never ends": lambda: (
        HEAD + b"\r\nbegin 644 a.zip\r\n" + (b"M" + b"!" * 60 + b"\r\n") * 100_000
    ),
}
