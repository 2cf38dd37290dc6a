"""The demo's mail in trouble: raw mails that the desk takes in as it takes in all others."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from string import Template
from typing import Any

import yaml

from upheld.clock import Calendar
from upheld.desks.models import Desk
from upheld.lab.cast import Cast
from upheld.lab.script import FOLDER
from upheld.lab.times import instant
from upheld.mailboxes.accept import store
from upheld.mailboxes.ingest import claim_and_ingest
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail, parse
from upheld.mailboxes.pool import Unreadable
from upheld.mailboxes.releasing import discard
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.keys import agent_token, bounce_token, reply_token
from upheld.tickets.models import Participant, Ticket

_PEER = "192.0.2.25"


@dataclass(frozen=True, slots=True)
class _Letter:
    """One mail as it is written in `stories/mail.yaml`, at its instant."""

    at: datetime
    told: Mapping[str, Any]


class _OwnMail:
    """Reads what this file feeds it. These mails are ours, so no process of their own is started for them.

    What is `unreadable` here is read without trouble by the desk's own readers, once somebody asks them to.
    """

    def __init__(self) -> None:
        self.unreadable = ""

    def parse(self, raw: bytes) -> ParsedMail | Unreadable:
        """Read a mail; of one that is unreadable its head alone."""
        return Unreadable(self.unreadable) if self.unreadable and raw.strip().count(b"\n\n") else parse(raw)


def deliver_mail(desk: Desk, cast: Cast, calendar: Calendar, now: datetime) -> None:
    """Take all of it in, the oldest first."""
    reader = _OwnMail()
    with _quietly():
        for letter in sorted(_letters(now, calendar), key=lambda letter: letter.at):
            mail = _taken(desk, cast, letter)
            reader.unreadable = letter.told.get("unreadable", "")
            _read(mail, reader, letter.at if reader.unreadable else now)
            if aside := letter.told.get("put_aside"):
                discard(mail.pk, cast.agents[aside["by"]], aside["reason"], now)


@contextmanager
def _quietly() -> Iterator[None]:
    """What fails here is meant to: whoever starts a demo need not be warned of it."""
    log = logging.getLogger("upheld.mailboxes")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)


def _letters(now: datetime, calendar: Calendar) -> Iterator[_Letter]:
    text = FOLDER.joinpath("mail.yaml").read_text(encoding="utf-8")
    for told in yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # noqa: S506
        yield _Letter(instant(told["at"], now, now, calendar, by_agent=False), told)


def _read(mail: RawMail, reader: _OwnMail, at: datetime) -> None:
    """Let a worker try until it has nothing more to do."""
    while True:
        while claim_and_ingest(reader, at):  # type: ignore[arg-type]
            pass
        mail.refresh_from_db(fields=["state", "next_try_at"])
        gone_by = mail.next_try_at <= at
        if mail.state not in (MailState.WAITING, MailState.PARKED) or gone_by:
            return
        at = mail.next_try_at


def _taken(desk: Desk, cast: Cast, letter: _Letter) -> RawMail:
    values = _values(desk, cast, letter.told) | {"date": format_datetime(letter.at)}
    raw = Template(letter.told["raw"]).substitute(values).encode()
    sender = "<>" if letter.told.get("bounced") else ""
    return store(
        raw,
        way="smtp",
        mailbox=desk.mailboxes.get(is_default=True),
        envelope_from=sender,
        envelope_to=values["to"],
        peer=_PEER,
        read_clock=lambda: letter.at,
    )


def _values(desk: Desk, cast: Cast, told: Mapping[str, Any]) -> dict[str, str]:
    """What the text of a mail may name."""
    support = desk.mailboxes.get(is_default=True).address
    if "about" not in told:
        return {"support": support, "to": support}
    ticket = Ticket.objects.get(desk=desk, subject=told["about"])
    values = {"support": support, "to": support, "number": ticket.number}
    if who := told.get("token_of"):
        participant = Participant.objects.get(ticket=ticket, contact=cast.contacts[who])
        values["to"] = _plus(support, reply_token(participant))
    if who := told.get("answer_of"):
        values["to"] = _plus(support, agent_token(cast.agents[who].pk, ticket.pk))
    if told.get("bounced"):
        notice = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.REPLY).latest("pk")
        values |= {"recipient": notice.to_address, "message_id": notice.message_id}
        values["to"] = _plus(support, bounce_token(notice.pk))
    return values


def _plus(address: str, part: str) -> str:
    local, _, domain = address.partition("@")
    return f"{local}+{part}@{domain}"
