"""What a mail says, once read."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file that came with a mail. `name` is what the sender called it, cleaned; it is only ever shown."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a mail did not arrive, or not yet. What the report does not say is empty.

    `status` is an enhanced status code such as `5.1.1`; `final` says that nothing will be tried again.
    """

    recipient: str = ""
    status: str = ""
    original_message_id: str = ""
    final: bool = True


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A mail as a value: clean text everywhere, every part of it bounded.

    `sender_certain` is False where two readers could see two senders, `sender_doubt` says why. `machine` is the
    reason why the mail counts as automatic, None for a person's; `from_list` is the reason why it counts as a mailing
    list's, which some mailboxes welcome. `authentication` holds the values of the Authentication-Results headers,
    topmost first: claims, until the mailbox says whose are believed. `body_html` is as it came: it is made safe when
    it is shown, so that a better sanitiser helps old mail too.
    """

    from_address: str = ""
    from_name: str = ""
    sender_certain: bool = False
    sender_doubt: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    body_text: str = ""
    new_text: str = ""
    quoted_text: str = ""
    body_html: str = ""
    attachments: tuple[MailFile, ...] = ()
    machine: str | None = None
    from_list: str | None = None
    bounce: Bounce | None = None
    authentication: tuple[str, ...] = ()
    our_marks: tuple[str, ...] = ()
    defects: tuple[str, ...] = ()
