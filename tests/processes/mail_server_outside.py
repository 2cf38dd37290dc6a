"""The mail server to which a desk hands what it sends: a real one, which keeps what it was given."""

from __future__ import annotations

import logging
from collections import defaultdict
from email import message_from_bytes
from email.message import Message

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from harness.desk import free_ports


class MailServerOutside:
    """Takes every mail. `copies` has each Message-ID with the bytes of every copy that came."""

    def __init__(self) -> None:
        self.copies: dict[str, list[bytes]] = defaultdict(list)
        (self.port,) = free_ports(1)
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> MailServerOutside:
        logging.getLogger("mail.log").setLevel(logging.ERROR)  # it would log every line of every conversation
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.copies[str(message_from_bytes(content)["Message-ID"]).strip()].append(content)
        return "250 OK"

    def acknowledgements(self) -> list[Message]:
        """One of each acknowledgement, however often it came."""
        mails = [message_from_bytes(copies[0]) for copies in self.copies.values()]
        return [mail for mail in mails if mail["Auto-Submitted"] == "auto-replied"]
