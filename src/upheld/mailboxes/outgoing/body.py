"""The MIME body: text and HTML as alternatives, files after them, seven bits throughout."""

import hashlib
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP

from upheld.mailboxes.outgoing.files import File


def body(text: str, html: str, files: Sequence[File], seed: str) -> bytes:
    """Return the MIME headers and the body; the same arguments give the same bytes."""
    message = EmailMessage(policy=SMTP)
    message.set_content(_writable(text), cte="quoted-printable")
    message.add_alternative(_writable(html), subtype="html", cte="quoted-printable")
    for file in files:
        main, _, sub = file.content_type.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    for place, part in enumerate(each for each in message.walk() if each.is_multipart()):
        part.set_boundary(f"=_{place}_{hashlib.sha256(seed.encode()).hexdigest()[:40]}")
    return message.as_bytes()


def _writable(text: str) -> str:
    """Without halves of characters, which no charset can write: a mail with one could never leave."""
    return text.encode("utf-8", "replace").decode()
