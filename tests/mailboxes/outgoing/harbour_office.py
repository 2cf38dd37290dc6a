"""A small cast: Alice wrote to Harbour Support, Priya and Omar answer; each test says what else is the case."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from upheld.desks.actions import publish_policy
from upheld.desks.models import Desk, Mailbox
from upheld.mailboxes.outgoing.facts import TO_AGENTS
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice
from upheld.people.models import Agent, Contact, Membership, User
from upheld.policy import pack
from upheld.tickets.keys import new_message_id
from upheld.tickets.models import Message, Participant, Reader, Ticket

NOW = datetime(2026, 3, 24, 9, 20, 30, tzinfo=UTC)


@dataclass
class Office:
    """One desk with one ticket."""

    desk: Desk
    mailbox: Mailbox
    ticket: Ticket
    alice: Participant
    _numbers: itertools.count = field(default_factory=lambda: itertools.count(1))

    def notice(self, kind: str, data: dict | None = None, **changes: object) -> Notice:
        number = next(self._numbers)
        values = {
            "desk": self.desk,
            "kind": kind,
            "key": f"test:{number}",
            "ticket_id": self.ticket.pk,
            "ticket_number": self.ticket.number,
            "participant_id": self.alice.pk,
            "to_address": "alice@reader.example",
            "to_name": "Alice Archer",
            "message_id": new_message_id(self.ticket.pk, self.mailbox.address),
            "data": {
                "subject": self.ticket.subject,
                "zone": "Europe/London",
                "confirmed": True,
                **(data or {}),
            },
            "next_try_at": NOW,
            "created_at": NOW,
        }
        if kind in TO_AGENTS:
            values["to_address"] = "priya@desk.example"
        if kind == "digest":
            values["ticket_id"], values["ticket_number"] = None, ""
            values["data"] = {**self.morning(), **values["data"]}
        return Notice.objects.create(**{**values, **changes})

    def morning(self) -> dict:
        """What a morning mail holds: the one ticket, overdue."""
        item = {"ticket": self.ticket.pk, "number": self.ticket.number, "subject": self.ticket.subject}
        item |= {"due": "2026-03-31T12:20:00+00:00", "since": "2026-03-24T09:00:00+00:00"}
        lists = {"overdue": [item], "today": [], "answer": []}
        return {"desks": [{"desk": self.desk.pk, "name": self.desk.name, "lists": lists, "more": {}}]}

    def restrict(self) -> None:
        """Make the ticket one of those whose words stay on their page; Priya reads it."""
        Ticket.objects.filter(pk=self.ticket.pk).update(restricted=True)
        priya = Agent.objects.get(user__email="priya@desk.example")
        Reader.objects.create(ticket=self.ticket, agent=priya, added_at=NOW, added_by="tests")

    def to_agent(self, kind: str, data: dict | None = None, **changes: object) -> Notice:
        priya = {"participant_id": None, "to_address": "priya@desk.example", "to_name": "Priya"}
        return self.notice(kind, data, **{**priya, **changes})

    def wrote(self, message_id: str, **changes: object) -> Message:
        values = {"kind": "customer", "at": NOW, "channel": "email", "text": "It is broken."}
        return Message.objects.create(ticket=self.ticket, message_id=message_id, **{**values, **changes})


def open_office() -> Office:
    desk = Desk.objects.create(
        slug="harbour", name="Harbour Support", number_prefix="SDS", zone="Europe/London", created_at=NOW
    )
    for address in ("priya@desk.example", "omar@desk.example"):
        agent = Agent.objects.create(user=User.objects.create_user(address))
        Membership.objects.create(agent=agent, desk=desk, role="agent")
    mailbox = Mailbox.objects.create(desk=desk, address="support@harbour.example", is_default=True)
    version = publish_policy(desk, pack("school-devices"), now=NOW, by="tests")
    contact = Contact.objects.create(address="alice@reader.example", name="Alice Archer", created_at=NOW)
    ticket = Ticket.objects.create(
        desk=desk,
        number="SDS-1042",
        subject="Printer on fire",
        channel="email",
        requester=contact,
        policy_version=version,
        received_at=NOW,
        updated_at=NOW,
        status="open",
        status_category="open",
        priority="medium",
        priority_rank=2,
    )
    alice = Participant.objects.create(ticket=ticket, contact=contact, is_requester=True, sees_from=NOW)
    return Office(desk, mailbox, ticket, alice)


def read(notice: Notice) -> EmailMessage:
    """The mail of a notice as a mail program reads it."""
    return message_from_bytes(render(notice), policy=SMTP)


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(("html",)).get_content()
