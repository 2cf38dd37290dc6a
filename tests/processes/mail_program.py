"""A customer's mail program: it writes mails, answers mails as such programs do, and hands them over by SMTP."""

import smtplib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, localtime, make_msgid

from outbox_pages import SentMail


@dataclass(frozen=True)
class File:
    """A file to go with a mail."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class MailProgram:
    """One person's, set up to send through the desk's own listener."""

    name: str
    address: str
    smtp_port: int

    def write(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        html: str = "",
        files: tuple[File, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> EmailMessage:
        """Send a new mail; with HTML it is an alternative to the text."""
        mail = self._mail(to, subject, text, html)
        for file in files:
            main, _, sub = file.content_type.partition("/")
            mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
        for name, value in (headers or {}).items():
            mail[name] = value
        return self.send(mail, to)

    def answer(self, letter: SentMail, text: str, *, to: str = "") -> EmailMessage:
        """Answer a letter of the desk's: to its Reply-To, in its thread, with what it said quoted below."""
        quoted = "\n".join(f"> {line}" for line in letter.text.splitlines())
        to = to or letter.reply_to
        mail = self._mail(
            to, letter.subject, f"{text}\n\nOn Mon, 16 Mar 2026 at 09:12, Help <{to}> wrote:\n{quoted}\n"
        )
        mail["In-Reply-To"] = letter.header("Message-ID")
        mail["References"] = f"{letter.header('References')} {letter.header('Message-ID')}".strip()
        return self.send(mail, to)

    def send(self, mail: EmailMessage, to: str) -> EmailMessage:
        """Hand a mail over as it is."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as desk:
            refused = desk.sendmail(self.address, [to], mail.as_bytes(policy=SMTP))
        assert not refused
        return mail

    def _mail(self, to: str, subject: str, text: str, html: str = "") -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = formataddr((self.name, self.address))
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(localtime())
        mail["Message-ID"] = make_msgid(domain=self.address.partition("@")[2])
        mail.set_content(text)
        if html:
            mail.add_alternative(html, subtype="html")
        return mail
