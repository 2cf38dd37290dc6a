"""The desks to which the corpus is sent, and a ticket for each mail that speaks of one.

Amina asked, her head teacher was in copy, Ida was too and has been put out since; Bob answered. Mallory has a ticket
of his own. Otto once worked here. On the desk `support` nobody is believed about domains; the desk `checked`
believes its own mail server, mx.checked.example.com.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from corpus.expected import CorpusMail
from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk, Mailbox
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import add_agent, find_or_add_contact
from upheld.people.models import Affiliation, Agent, Membership, NamedReader, Organization
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.tickets import actions
from upheld.tickets.incoming import NewRequest
from upheld.tickets.keys import agent_token, bounce_token, link_token, new_message_id, reply_token
from upheld.tickets.models import Participant, Ticket
from upheld.tickets.moment import Moment

AMINA, HEAD, IDA = "amina@school.example.org", "head@school.example.org", "ida@school.example.org"
MALLORY = "mallory@evil.example.net"
BOB, LENA, OTTO = "bob@desk.example.com", "lena@desk.example.com", "otto@desk.example.com"
PEOPLE = frozenset([AMINA, HEAD, IDA, MALLORY, BOB, LENA])
CHECKER = "mx.checked.example.com"


@dataclass
class Story:
    """A ticket of which one mail speaks: what the mail is filled with, and what stands there before it comes."""

    ticket_id: int
    reply_notice_id: int
    values: dict[str, str] = field(default_factory=dict)
    messages: int = 0


@dataclass
class World:
    """The desks by name, and a ticket of Mallory's on each."""

    now: datetime
    desks: dict[str, Desk]
    mallory: dict[str, Ticket]
    agents: dict[str, Agent]


def build(now: datetime) -> World:
    """Make desks and people, before any mail came."""
    long_ago = now - timedelta(days=30)
    desks = {
        "support": _desk("support", "SDS", "support@desk.example.com", long_ago),
        "checked": _desk("checked", "CHK", "help@checked.example.com", long_ago),
    }
    Mailbox.objects.filter(desk=desks["checked"]).update(checked_by=CHECKER)
    Mailbox.objects.create(
        desk=desks["support"], address="team@desk.example.com", name="Team list", is_list=True
    )
    agents: dict[str, Agent] = {}
    for desk in desks.values():
        for address, role in ((BOB, Role.agent), (LENA, Role.lead), (OTTO, Role.agent)):
            name = address.partition("@")[0].title()
            agents[address] = add_agent(desk, address=address, name=name, role=role, by="tests", now=long_ago)
            named = {"agent": agents[address], "added_at": long_ago, "added_by": "tests"}
            NamedReader.objects.create(desk=desk, **named)
    Membership.objects.filter(agent=agents[OTTO]).delete()
    mallory = {name: _open(desk, MALLORY, "Mine", now, first_id="") for name, desk in desks.items()}
    school = Organization.objects.create(name="School and partners", desk=desks["support"])
    for address in (AMINA, "omar@partner.example.net"):
        contact = find_or_add_contact(address, "", long_ago)
        Affiliation.objects.create(contact=contact, organization=school, is_main=True)
    return World(now, desks, mallory, agents)


def _desk(slug: str, prefix: str, address: str, long_ago: datetime) -> Desk:
    desk = create_desk(
        slug=slug, name=f"Desk {slug}", prefix=prefix, zone="Europe/London", address=address, by="tests",
        now=long_ago,
    )  # fmt: skip
    publish_policy(desk, pack("school-devices"), now=long_ago, by="tests")
    return desk


def _open(
    desk: Desk, address: str, subject: str, now: datetime, *, first_id: str, copies: tuple[str, ...] = ()
) -> Ticket:
    # Two hours ago, so that the limit of acknowledgements in an hour counts none of these.
    at = now - timedelta(hours=2)
    request = NewRequest(
        desk=desk,
        contact=find_or_add_contact(address, address.partition("@")[0].title(), at),
        subject=subject,
        text="It shows a black screen.",
        received_at=at,
        channel="email",
        cc=tuple(find_or_add_contact(copy, copy.partition("@")[0].title(), at) for copy in copies),
        message_id=first_id,
    )
    return actions.open_ticket(request, Moment.exactly(at))


def tell(world: World, mail: CorpusMail) -> Story:
    """Make the ticket of which a mail speaks."""
    desk = world.desks[mail.expected.desk]
    foreign = world.mallory["checked" if mail.expected.desk == "support" else "support"]
    subject = "Safeguarding: a laptop" if mail.expected.restricted else "Laptop will not start"
    first_id = f"<first-{mail.name.replace('/', '-')}@school.example.org>"
    ticket = _open(desk, AMINA, subject, world.now, first_id=first_id, copies=(HEAD, IDA))
    at = world.now - timedelta(minutes=100)
    actions.assign(ticket.pk, world.agents[LENA], world.agents[BOB], Moment.exactly(at))
    actions.reply(ticket.pk, world.agents[BOB], "Hold the power key for ten seconds.", Moment.exactly(at))
    amina, head, ida = (_participant(ticket, address) for address in (AMINA, HEAD, IDA))
    ended = reply_token(amina)
    ida_token = reply_token(ida)
    amina.key_serial = 2
    amina.save(update_fields=["key_serial"])
    ida.removed_at = at
    ida.save(update_fields=["removed_at"])
    token = reply_token(amina)
    values = {
        "number": ticket.number,
        "small_number": ticket.number.lower(),
        "second_number": world.mallory[mail.expected.desk].number,
        "foreign_number": foreign.number,
        "absent_number": f"{desk.number_prefix}-999999",
        "first_id": first_id,
        "ack_id": _notice(ticket, NoticeKind.ACKNOWLEDGEMENT, AMINA).message_id,
        "reply_id": _notice(ticket, NoticeKind.REPLY, AMINA).message_id,
        "head_reply_id": _notice(ticket, NoticeKind.REPLY, HEAD).message_id,
        "foreign_id": new_message_id(foreign.pk, "support@desk.example.com"),
        "forged_id": f"<u.{ticket.pk}.abcdefgh12345678.abcdefghabcdefgh@desk.example.com>",
        "bounce_address": _plus(desk, bounce_token(_notice(ticket, NoticeKind.REPLY, AMINA).pk)),
        "head_bounce_address": _plus(desk, bounce_token(_notice(ticket, NoticeKind.REPLY, HEAD).pk)),
        "amina_reply": _plus(desk, token),
        "head_reply": _plus(desk, reply_token(head)),
        "ida_reply": _plus(desk, ida_token),
        "ended_reply": _plus(desk, ended),
        "mallory_reply": _plus(desk, reply_token(world.mallory[mail.expected.desk].participants.get())),
        "foreign_reply": _plus(desk, reply_token(foreign.participants.get())),
        "forged_reply": _plus(desk, token[:-1] + ("b" if token[-1] == "a" else "a")),
        "link_address": _plus(desk, link_token(amina)),
        "bob_reply": _plus(desk, agent_token(world.agents[BOB].pk, ticket.pk)),
        "lena_reply": _plus(desk, agent_token(world.agents[LENA].pk, ticket.pk)),
        "otto_reply": _plus(desk, agent_token(world.agents[OTTO].pk, ticket.pk)),
    }
    reply = _notice(ticket, NoticeKind.REPLY, HEAD if _speaks_of_head(mail) else AMINA)
    return Story(ticket.pk, reply.pk, values, ticket.messages.count())


def _speaks_of_head(mail: CorpusMail) -> bool:
    return b"{head_reply_id}" in mail.stored or "{head_bounce_address}" in mail.expected.envelope_to


def _participant(ticket: Ticket, address: str) -> Participant:
    return Participant.objects.get(ticket=ticket, contact__address=address)


def _notice(ticket: Ticket, kind: NoticeKind, address: str) -> Notice:
    return Notice.objects.get(ticket_id=ticket.pk, kind=kind, to_address=address)


def _plus(desk: Desk, token: str) -> str:
    address = desk.mailboxes.get(is_default=True).address
    local, _, domain = address.partition("@")
    return f"{local}+{token}@{domain}"
