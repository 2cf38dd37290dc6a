"""How a mail and what was read of it pass between the worker and a parser child: lengths first, then bytes.

An answer is one line of JSON and, behind it, the contents of the files. Nothing of it is code.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime

from upheld.mailboxes.parsing.mail import Bounce, MailFile, ParsedMail

LENGTH = struct.Struct(">Q")
READY = b"R"
_TUPLES = ("to", "cc", "delivered_to", "in_reply_to", "references", "authentication", "our_marks", "defects")


def pack(mail: ParsedMail) -> Iterator[bytes]:
    """Yield the bytes of an answer."""
    values = asdict(replace(mail, attachments=()))
    values["date"] = mail.date.isoformat() if mail.date else None
    values["attachments"] = [
        {"name": file.name, "content_type": file.content_type, "size": file.size}
        | {"content_id": file.content_id, "inline": file.inline}
        for file in mail.attachments
    ]
    text = json.dumps(values).encode()
    yield LENGTH.pack(LENGTH.size + len(text) + sum(file.size for file in mail.attachments))
    yield LENGTH.pack(len(text))
    yield text
    for file in mail.attachments:
        yield file.content


def unpack(answer: bytes | bytearray) -> ParsedMail:
    """Return the mail that an answer holds, without the length before it."""
    whole = memoryview(answer)
    (length,) = LENGTH.unpack(whole[: LENGTH.size])
    at = LENGTH.size + length
    values = json.loads(bytes(whole[LENGTH.size : at]))
    files = []
    for described in values.pop("attachments"):
        size = described.pop("size")
        files.append(MailFile(content=bytes(whole[at : at + size]), **described))
        at += size
    if at != len(whole):
        raise ValueError("an answer of the parser has the wrong length")
    date, bounce = values.pop("date"), values.pop("bounce")
    tuples = {name: tuple(values.pop(name)) for name in _TUPLES}
    return ParsedMail(
        **values,
        **tuples,
        bounce=Bounce(**bounce) if bounce else None,
        date=datetime.fromisoformat(date) if date else None,
        attachments=tuple(files),
    )
