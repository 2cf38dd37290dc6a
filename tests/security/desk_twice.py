"""A desk on which everything exists twice, for everybody and for few, and one browser for each kind of person.
What an address needs is looked up here by the name of its placeholder."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.test import Client

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions.draft_policy import begin_draft
from upheld.desks.models import Desk, Portal
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.outgoing.unsubscribing import unsubscribe_token
from upheld.notices.models import Notice
from upheld.people import models as people
from upheld.people.actions import add_agent, find_or_add_contact
from upheld.rules.permissions import Role
from upheld.tickets import actions
from upheld.tickets.file_links import file_token
from upheld.tickets.files import keep_files
from upheld.tickets.incoming import Incoming, NewFile
from upheld.tickets.keys import feed_token, link_token, page_token
from upheld.tickets.models import HeldFile, HeldMessage, HeldRequest, Message, Page, Ticket, TicketLink
from upheld.web.agent.policy.seen import look
from upheld.web.portal.receipts import receipt_of

NOW = utc("2026-03-20 09:45")
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
# The head of a picture of one point, by which it is known.
PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\2\0\0\0"
RAW = b"From: amina@school.example.org\r\nTo: support@desk.example.com\r\nSubject: x\r\n"
RAW += b"Content-Type: text/html\r\n\r\n<p>Hello</p>\r\n"
ORDINARY, RESTRICTED = "ordinary", "restricted"


@dataclass
class DeskTwice:
    """`clients` are the browsers by the kind of person, `values` the parts of addresses by ordinary and restricted."""

    desk: Desk
    clients: dict[str, Client] = field(default_factory=dict)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)


def build(cast: Cast, charlie: people.Agent, kinds: tuple[str, ...] = (ORDINARY, RESTRICTED)) -> DeskTwice:
    """Make the desk. Rita reads what is restricted as an ordinary agent, Rosa as one who leads."""
    world, desk = DeskTwice(cast.desk), cast.desk
    hired = {"desk": desk, "by": "tests", "now": LONG_AGO}
    rita = add_agent(address="rita@desk.example.com", name="Rita", role=Role.agent, **hired)
    rosa = add_agent(address="rosa@desk.example.com", name="Rosa", role=Role.lead, **hired)
    cast.reads_what_is_restricted(rita, rosa)
    school = people.Organization.objects.create(desk=desk, name="Ashdown Primary")
    helpers = people.Organization.objects.create(desk=desk, name="Harbour Partners")
    for organization, contact, grant in (
        (school, cast.amina, False),
        (school, find_or_add_contact("head@school.example.org", "Head", LONG_AGO), True),
        (helpers, find_or_add_contact("petra@partner.example.net", "Petra", LONG_AGO), False),
    ):
        people.Affiliation.objects.create(contact=contact, organization=organization, sees_all=grant)
        contact.user = people.User.objects.create_user(contact.address, "correct horse battery", contact.name)
        contact.save(update_fields=["user"])
    partnership = people.Partnership.objects.create(partner=helpers, customer=school, may_act=True)
    contacts = people.Contact.objects.in_bulk(
        ["amina@school.example.org", "head@school.example.org", "petra@partner.example.net"],
        field_name="address",
    )
    users = {
        "agent": cast.bob.user,
        "lead": cast.lena.user,
        "administrator": cast.ada.user,
        "another desk's administrator": charlie.user,
        "reader": rita.user,
        "reading lead": rosa.user,
        "participant": contacts["amina@school.example.org"].user,
        "organization member": contacts["head@school.example.org"].user,
        "acting partner": contacts["petra@partner.example.net"].user,
    }
    world.clients = {"visitor": Client(), **{name: _entered(user) for name, user in users.items()}}
    shared = _shared(cast, school, partnership)
    for kind in kinds:
        world.values[kind] = shared | make(cast, kind)
    return world


def _entered(user: people.User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def make(cast: Cast, kind: str) -> dict[str, Any]:
    """Make a ticket of that kind, with everything that belongs to it."""
    few, school = kind == RESTRICTED, cast.desk.organizations.get(name="Ashdown Primary")
    rita = people.Agent.objects.get(user__email="rita@desk.example.com")
    files = (NewFile("a.txt", "text/plain", b"a"),)
    ticket = cast.writes(
        "2026-03-20 09:00",
        priority="urgent" if few else "medium",
        organization=school,
        html="<p>x</p>",
        files=files,
        cc=(find_or_add_contact("cole@school.example.org", "Cole", LONG_AGO),),
    )
    writer = rita if few else cast.bob
    other = cast.writes("2026-03-20 09:05", priority="urgent" if few else "medium", organization=school)
    link = TicketLink.objects.create(ticket=ticket, other=other, at=NOW)
    held_message = Incoming(
        kind=Message.Kind.THIRD_PARTY, contact=None, text="held", received_at=NOW, channel="email"
    )
    held = actions.receive_message(ticket.pk, held_message, at("2026-03-20 09:10"))
    actions.write_note(ticket.pk, writer, "for us", at("2026-03-20 09:20"))
    message = ticket.messages.exclude(html="").get()
    attachment = message.attachments.get()
    keep_files(message, (NewFile("a.png", "image/png", PICTURE),))
    participant = ticket.participants.get(is_requester=True)
    mail = RawMail.objects.create(
        mailbox=cast.desk.mailboxes.get(is_default=True),
        received_at=NOW,
        way="smtp",
        raw=RAW + kind.encode(),
        digest=f"{few:064}",
        state=MailState.KEPT,
        next_try_at=NOW,
        ticket=ticket,
    )
    notice = Notice.objects.create(
        desk=cast.desk,
        kind="reply",
        key=f"twice:{kind}",
        ticket_id=ticket.pk,
        ticket_number=ticket.number,
        to_address="amina@school.example.org",
        message_id=f"<{kind}@desk.example.com>",
        state="failed",
        next_try_at=NOW,
        created_at=NOW,
    )
    request = HeldRequest.objects.create(
        desk=cast.desk,
        contact=cast.amina,
        received_at=NOW,
        channel="email",
        subject="held",
        because="no contract",
        restricted=few,
    )
    words = HeldMessage.objects.create(request=request, at=NOW, channel="email", text="x", html="<p>x</p>")
    file = HeldFile.objects.create(
        message=words, name="a.txt", content_type="text/plain", size=1, digest="0" * 64,
        stored_as=attachment.stored_as,
    )  # fmt: skip
    work = actions.add_outside_work(ticket.pk, writer, at("2026-03-20 09:30"), title="x")
    to = actions.Aside("service@supplier.example.net", "x")
    side = actions.open_aside(ticket.pk, writer, to, "x", at("2026-03-20 09:31"))
    problem = _problem(cast, writer, ticket)
    of_problem = (
        "affected_tickets",
        "describe_workaround",
        "set_problem_status",
        "broadcast",
        "solve_problem",
    )
    token = link_token(participant)
    page = Page.objects.create(ticket=ticket, key="x", role="on_call", metric="resolution", begun_at=NOW)
    page.calls.create(place=0, agent=writer, at=NOW)
    return {
        **{f"{name}.number": problem.number for name in (*of_problem, "leave_problem")},
        "leave_problem.ticket": ticket.number,
        "ticket": ticket,
        "number": ticket.number,
        "message_id": message.pk,
        "release_message.message_id": held.pk,
        "formatted_held.message_id": words.pk,
        "participant_id": ticket.participants.get(is_requester=False).pk,
        "attachment_id": attachment.pk,
        "file_picture.attachment_id": message.attachments.get(name="a.png").pk,
        "name": "a.txt",
        "link_id": link.pk,
        "work_id": work.pk,
        "side_id": side.pk,
        "mail_id": mail.pk,
        "notice_id": notice.pk,
        "held_id": request.pk,
        "file_id": file.pk,
        "page_id": page.pk,
        "page.token": page_token(page.pk, writer.pk),
        "token": token,
        "portal:large_file.token": file_token(participant, attachment.pk, NOW + timedelta(days=30)),
        "receipt": receipt_of(ticket),
    }


def _problem(cast: Cast, writer: people.Agent, ticket: Ticket) -> Ticket:
    """A problem that the ticket has: one is known to everybody on the desk, whoever has it besides."""
    known = Ticket.objects.filter(desk=cast.desk, problem__isnull=False).first()
    if known is not None:
        actions.join_problem(known.pk, writer, [ticket.pk], at("2026-03-20 09:34"))
        return known
    problem = actions.open_problem(cast.desk, writer, "x", "", at("2026-03-20 09:32"), tickets=[ticket.pk])
    actions.describe_workaround(problem.pk, writer, "y", at("2026-03-20 09:33"))
    return problem


def _shared(cast: Cast, school: people.Organization, partnership: people.Partnership) -> dict[str, Any]:
    desk = cast.desk
    version = desk.policy_versions.get()
    portal = Portal.objects.create(desk=desk, slug="second", name="Second door")
    holder = people.RoleHolder.objects.create(desk=desk, agent=cast.bob, role="support_manager")
    absence = people.Absence.objects.create(
        agent=cast.bob, starts_at=NOW + timedelta(days=1), ends_at=NOW + timedelta(days=2)
    )
    contract = people.Contract.objects.create(
        desk=desk, organization=school, reference="C-1", starts_on=NOW.date(), ends_on=NOW.date()
    )
    domain = people.OrganizationDomain.objects.create(
        desk=desk, organization=school, domain="school.example.org"
    )
    rota = people.Rota.objects.create(
        desk=desk, name="Nights", role="on_call", zone="UTC", starts_on=NOW.date(), hand_over_at=NOW.time()
    )
    swap = rota.swaps.create(
        agent=cast.lena, starts_at=NOW, ends_at=NOW + timedelta(days=1), made_at=NOW, made_by="tests"
    )
    field = desk.custom_fields.create(key="x", label="X", kind="text")
    return {
        # Nobody pressed it.
        "take_back.press_id": 1,
        "hurry.press_id": 1,
        "many_outcome.press_id": 1,
        "tag_id": desk.tags.create(name="x").pk,
        "change_own_field.field_id": field.pk,
        "move_own_field.field_id": field.pk,
        "retire_own_field.field_id": field.pk,
        "bring_back_own_field.field_id": field.pk,
        "rule_id": desk.sender_rules.create(sender="@offers.example.net", made_at=NOW).pk,
        # One of the desk's.
        "queue_id": desk.saved_queues.create(name="Overdue", query="is:overdue", made_at=NOW).pk,
        "rota_id": rota.pk,
        "swap_id": swap.pk,
        "rota_feed.token": feed_token(rota),
        "own_rota_feed.token": feed_token(rota, cast.bob.pk),
        "own_rota_feed.agent_id": cast.bob.pk,
        "slug": desk.slug,
        "version_number": version.number,
        "draft_id": look(begin_draft(desk, version, version.source, by="tests", now=NOW), NOW).pk,
        "mode": "carry",
        "contact_id": cast.amina.pk,
        "organization_id": school.pk,
        "domain_id": domain.pk,
        "partnership_id": partnership.pk,
        "site_id": people.Site.objects.create(organization=school, name="Main").pk,
        "contract_id": contract.pk,
        "kind": "organizations",
        "agent_id": cast.bob.pk,
        "team_id": people.Team.objects.create(desk=desk, name="Devices").pk,
        "holder_id": holder.pk,
        "address_id": people.AlertAddress.objects.create(
            agent=cast.bob, label="Phone", scheme="ntfy", added_at=NOW
        ).pk,
        "absence_id": absence.pk,
        "mailbox_id": desk.mailboxes.get(is_default=True).pk,
        "portal_id": portal.pk,
        "macro_id": desk.macros.create(name="Tag it", steps=[{"do": "tag", "to": ["x"]}], changed_at=NOW).pk,
        "provider": "generic",
        "digest": "0",
        "stylesheet.digest": "0" * 12,
        "unsubscribe.token": unsubscribe_token(cast.bob.pk),
        "uidb36": "1",
        "key": "x-y",
    }
