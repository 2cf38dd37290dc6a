"""One mail read as the desk reads it, whatever its bytes are, within two seconds and 256 MB.

A child does the reading. This process keeps nothing but the first bytes of the mail, ends the child when its time is
over, and then tells what the head alone says. Nothing here needs Django, a database or a data directory.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import struct
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from upheld.mailboxes.parsing import ParsedMail, limits, parse
from upheld.mailboxes.parsing.reading import read_head, with_line_feeds

BYTES = 50 * 1024 * 1024
# Counted from the start of the program: what it took to load is part of what its caller waits for.
READING_SECONDS = 0.9
SECONDS = 1.4
LEAST_SECONDS = 0.2
MEMORY = 256 * 1024 * 1024
# What this process may come to need for the answer, and a margin.
_OWN_MEMORY = 36 * 1024 * 1024
_LEAST_MEMORY = 32 * 1024 * 1024
_CPU_SECONDS = 3
_CHUNK = 1024 * 1024
_LENGTH = struct.Struct(">Q")
# A chunk of the answer that is none: the child has nothing more to say.
_LONGEST_ANSWER = 40 * 1024 * 1024

TOO_LARGE = f"only its first {BYTES // 1024**2} MB are read"
TOO_SLOW = "its bytes did not come in time; only those that came are read"
CUT_OFF = "it takes too much time or memory to read; only its head is read"
NOT_SANITISED = "its HTML could not be made safe in time"


def read(source: int) -> bytes:
    """Return what the mail in the file descriptor `source` says, as JSON."""
    started = _started()
    reading_until = _from(started, READING_SECONDS)
    pieces, defect = _taken(source, limits.HEADER_BLOCK, reading_until)
    head = b"".join(pieces)
    mouth, ear = os.pipe()
    child = os.fork()
    if child == 0:
        _live_as_child(source, head, defect, reading_until, ear)
    os.close(ear)
    try:
        answer = _last_answer(mouth, _from(started, SECONDS))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(mouth)
    return answer or as_json(read_head(head, "the mail could not be read in full", CUT_OFF))


def _started() -> float:
    """When this process was started, on the monotonic clock."""
    with contextlib.suppress(OSError, ValueError, IndexError, AttributeError):
        fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        ago = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
        if 0 <= ago < 60:
            return time.monotonic() - ago
    return time.monotonic() - time.process_time()


def _from(started: float, seconds: float) -> float:
    return max(started + seconds, time.monotonic() + LEAST_SECONDS)


def _taken(source: int, limit: int, until: float) -> tuple[list[bytes], str]:
    """Read at most `limit` bytes, as long as there is time; say why it is not all of them."""
    pieces: list[bytes] = []
    while limit > 0:
        if not select.select([source], [], [], max(0.0, until - time.monotonic()))[0]:
            return pieces, TOO_SLOW
        piece = os.read(source, min(_CHUNK, limit))
        if not piece:
            return pieces, ""
        pieces.append(piece)
        limit -= len(piece)
    return pieces, TOO_LARGE


def _live_as_child(source: int, head: bytes, defect: str, until: float, ear: int) -> None:
    """Read the mail, answer, and end without any of the tidying up that is the parent's."""
    with contextlib.suppress(BaseException):
        _limit()
        pieces = [head]
        if defect == TOO_LARGE:
            rest, defect = _taken(source, BYTES - len(head), until)
            pieces += rest
            del rest
        if defect == TOO_LARGE and not os.read(source, 1):
            defect = ""
        _answer(parse(_joined(pieces)), defect, ear)
    os._exit(0)


def _joined(pieces: list[bytes]) -> bytes:
    """Put a mail together with its line ends made even, so that its bytes as they came are held nowhere."""
    held = b""
    for number, piece in enumerate(pieces):
        whole = held + piece
        # A line end may be cut in two.
        held = next((end for end in (b"\r\r", b"\r") if whole.endswith(end)), b"")
        pieces[number] = with_line_feeds(whole[: len(whole) - len(held)])
    pieces.append(with_line_feeds(held))
    data = b"".join(pieces)
    pieces.clear()
    return data


def _limit() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    with contextlib.suppress(OSError, ValueError):
        mapped, resident = (
            int(pages) * resource.getpagesize() for pages in Path("/proc/self/statm").read_text().split()[:2]
        )
        # Both processes hold what was loaded so far; what the child takes beyond that is bounded.
        most = mapped + max(_LEAST_MEMORY, MEMORY - _OWN_MEMORY - 2 * resident)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _answer(mail: ParsedMail, defect: str, ear: int) -> None:
    """Answer without the HTML first: the sanitiser may take the time or the memory that is left."""
    defects = [defect, *mail.defects] if defect else [*mail.defects]
    values = values_of(mail)
    if mail.body_html:
        _say(ear, _dumped(values | {"defects": [*defects, NOT_SANITISED]}))
        from upheld.web.sanitising import clean

        values["body_html"] = clean(mail.body_html)
    _say(ear, _dumped(values | {"defects": defects}))


def _say(ear: int, answer: bytes) -> None:
    view = memoryview(_LENGTH.pack(len(answer)) + answer)
    while view:
        view = view[os.write(ear, view[:_CHUNK]) :]


def _last_answer(mouth: int, until: float) -> bytes:
    """The last answer of the child that came whole and in time; empty where none did."""
    answer, data = b"", bytearray()
    while True:
        if not select.select([mouth], [], [], max(0.0, until - time.monotonic()))[0]:
            return answer
        piece = os.read(mouth, _CHUNK)
        data += piece
        length = _LENGTH.unpack_from(data)[0] if len(data) >= _LENGTH.size else None
        if length is not None and len(data) >= _LENGTH.size + length:
            answer = bytes(data[_LENGTH.size : _LENGTH.size + length])
            del data[: _LENGTH.size + length]
        if not piece or len(data) > _LONGEST_ANSWER:
            return answer


def as_json(mail: ParsedMail) -> bytes:
    """Return what is printed of a mail."""
    return _dumped(values_of(mail))


def values_of(mail: ParsedMail) -> dict[str, Any]:
    """What is printed of a mail, still without its HTML."""
    bounce = mail.bounce
    return {
        "from": mail.from_address,
        "from_name": mail.from_name,
        "sender_certain": mail.sender_certain,
        "sender_doubt": mail.sender_doubt,
        "to": list(mail.to),
        "cc": list(mail.cc),
        "subject": mail.subject,
        "date": _utc(mail.date),
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "body_text": mail.body_text,
        "new_text": mail.new_text,
        "body_html": "",
        "attachments": [
            {
                "filename": file.name,
                "content_type": file.content_type,
                "size": file.size,
                "inline": file.inline,
            }
            for file in mail.attachments
        ],
        "auto_reply": mail.machine or mail.from_list,
        "bounce": bounce
        and {
            "recipient": bounce.recipient,
            "status": bounce.status,
            "original_message_id": bounce.original_message_id,
            "final": bounce.final,
        },
        "defects": list(mail.defects),
    }


def _utc(date: datetime | None) -> str | None:
    return date.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z" if date else None


def _dumped(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
