"""Files in the middle of a text, as mail carried them before MIME: from `begin 644 name` to `end`.

Only what is a whole and faultless file is taken out; a text that merely looks like one stays a text.
"""

import binascii
import re
from dataclasses import dataclass

_BEGIN = re.compile(rb"(?:\A|\n)begin [0-7]{3,4} ([^\n]{1,255})\n")
_MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class UuFile:
    name: bytes
    content: bytes


def files(data: bytes) -> tuple[bytes, list[UuFile]]:
    """Return the text without its files, and the files. Each line is looked at once."""
    kept: list[bytes] = []
    found: list[UuFile] = []
    at = 0
    searched = 0
    while len(found) < _MOST_FILES and (begin := _BEGIN.search(data, searched)):
        content, searched = _content(data, begin.end())
        if content is None:
            searched -= 1  # the LF before the next `begin`
            continue
        kept.append(data[at : begin.start()])
        found.append(UuFile(begin[1].strip(), content))
        at = searched
    return b"".join([*kept, data[at:]]) if found else data, found


def _content(data: bytes, at: int) -> tuple[bytes | None, int]:
    """The content of the file whose lines begin at `at`, None where a line is faulty; and where to go on."""
    pieces: list[bytes] = []
    while True:
        end = data.find(b"\n", at)
        line = data[at:] if end < 0 else data[at:end]
        if line.rstrip() == b"end" and len(pieces) > 1 and not pieces[-1]:
            return b"".join(pieces), len(data) if end < 0 else end
        piece = _line(line)
        if piece is None or end < 0 or (pieces and not pieces[-1]):
            return None, at
        pieces.append(piece)
        at = end + 1


def _line(line: bytes) -> bytes | None:
    """The bytes of one line; None where it is none of such a file."""
    if not line:
        return b""  # a space, which stands for nothing more, got lost
    if len(line) > 90:
        return None
    length = (line[0] - 32) & 63
    needed = (length + 2) // 3 * 4
    letters = line[1:].rstrip(b"\n")
    # Spaces at the end, which stand for zeroes, get lost on the way; some programs add a letter of their own.
    if len(letters) > needed + 2 or (length == 0 and letters.strip(b" `")):
        return None
    try:
        return binascii.a2b_uu(line[:1] + letters[:needed])
    except binascii.Error:
        return None
