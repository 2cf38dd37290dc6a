"""How the customers of a lab write: by SMTP to the desk's own listener, answering the mails that the desk sent them."""

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from urllib.parse import urlsplit

from django.conf import settings

from upheld.lab.life.world import SUPPORT_ADDRESS
from upheld.mailboxes.outgoing.reading import outbox_mail
from upheld.notices.models import Notice, NoticeState
from upheld.tickets.models import Ticket

_SECONDS = 10.0
_ANSWERED_BY = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - where to visit, not to listen


def mail_id(number: int) -> str:
    """Return the Message-ID of the mail, or the name of the form, by which a request is made."""
    return f"<request.{number}@lab.example.org>"


def write_first(name: str, address: str, subject: str, text: str, number: int, now: datetime) -> None:
    """Make a request by mail."""
    mail = _mail(name, address, SUPPORT_ADDRESS, subject, text, now)
    mail["Message-ID"] = mail_id(number)
    _send(mail, address, SUPPORT_ADDRESS)


def write_again(name: str, address: str, ticket: Ticket, text: str, now: datetime) -> None:
    """Answer the last mail that the desk sent about a ticket; without one, name its number."""
    last = _last_letter(ticket, address)
    headers = {key.lower(): value for key, value in last.headers} if last else {}
    to = headers.get("reply-to", SUPPORT_ADDRESS).rpartition("<")[2].strip("<> ")
    mail = _mail(name, address, to, f"Re: {last.subject if last else f'[{ticket.number}]'}", text, now)
    mail["Message-ID"] = f"<{ticket.pk}.{int(now.timestamp())}.{address}>"
    if known := headers.get("message-id"):
        mail["In-Reply-To"] = mail["References"] = known
    _send(mail, address, to)


def _last_letter(ticket: Ticket, address: str):  # type: ignore[no-untyped-def]
    sent = Notice.objects.filter(ticket_id=ticket.pk, to_address=address, state=NoticeState.SENT)
    last = sent.exclude(rendered=None).order_by("-pk").values_list("pk", flat=True).first()
    return outbox_mail(last) if last else None


def _mail(name: str, address: str, to: str, subject: str, text: str, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = formataddr((name, address)), to, subject
    mail["Date"] = format_datetime(now)
    mail.set_content(text)
    return mail


def _send(mail: EmailMessage, sender: str, to: str) -> None:
    listener = urlsplit(f"//{settings.SMTP_ADDRESS}")
    host = listener.hostname or ""
    with smtplib.SMTP(_ANSWERED_BY.get(host, host), listener.port or 25, timeout=_SECONDS) as desk:
        desk.send_message(mail, sender, [to])
