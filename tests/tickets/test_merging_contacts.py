"""Two contacts that are one person: what moves, what ends, and that nobody reads more without having been asked."""

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.models import AuditEntry
from upheld.people.actions import (
    add_agent,
    add_contact,
    add_domain,
    add_organization,
    affiliate,
    find_or_add_contact,
    open_account,
)
from upheld.people.models import Affiliation, Agent, Contact, Contract, Organization
from upheld.people.particulars import ContactParticulars, OrganizationParticulars
from upheld.rules.permissions import Role
from upheld.rules.tokens import Purpose
from upheld.tickets.actions import Refused, change_address, merge_contacts, remove_participant
from upheld.tickets.actions.merging import merger
from upheld.tickets.customers import visible_contacts
from upheld.tickets.keys import link_token, participant_by, reply_token
from upheld.tickets.models import Participant, Reader, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer, ContactViewer, visible_tickets

NOW = utc("2026-03-20 16:30")


@pytest.fixture
def other(cast: Cast) -> Contact:
    """Amina's other address, which the desk took for somebody else."""
    contact, _new = add_contact(
        cast.desk, "amina.y@mail.example", ContactParticulars(name="A. Yusuf"), by="tests", now=LONG_AGO
    )
    add_contact(cast.desk, cast.amina.address, ContactParticulars(), by="tests", now=LONG_AGO)
    return contact


def merge(cast: Cast, kept: Contact, duplicate: Contact, agent: Agent | None = None, **how: bool) -> Contact:
    moments = {cast.desk.pk: Moment.exactly(NOW)}
    return merge_contacts(kept.pk, duplicate.pk, agent or cast.lena, moments, now=NOW, **how)


def part_of(ticket: Ticket, contact: Contact) -> Participant:
    return ticket.participants.select_related("contact").get(contact=contact)


def joins(ticket: Ticket, contact: Contact, since: str) -> Participant:
    return Participant.objects.create(ticket=ticket, contact=contact, joined_by="copy", sees_from=utc(since))


def readable(contact: Contact) -> set[str]:
    return set(visible_tickets(ContactViewer(contact.pk)).values_list("number", flat=True))


def organization(cast: Cast, name: str) -> Organization:
    return add_organization(cast.desk, OrganizationParticulars(name), by="tests", now=LONG_AGO)


# What moves.


def test_requests_move_and_what_was_mailed_to_the_duplicate_goes_on_working(
    cast: Cast, other: Contact
) -> None:
    ticket = cast.writes("2026-03-20 09:00", contact=other)
    part = part_of(ticket, other)
    link, token = link_token(part), reply_token(part)
    before = Ticket.objects.get(pk=ticket.pk).updated_at
    plan = merger(cast.amina, other, cast.lena)
    assert (plan.asked, plan.follows, plan.shared, plan.needs_confirmation) == (1, 0, 0, False)
    merge(cast, cast.amina, other)
    ticket.refresh_from_db()
    assert ticket.requester == cast.amina
    assert ticket.updated_at == before
    assert readable(cast.amina) == {ticket.number}
    assert readable(other) == set()
    for purpose, text in ((Purpose.link, link), (Purpose.reply, token)):
        found = participant_by(purpose, text)
        assert found is not None
        assert found.contact == cast.amina
    assert ticket.messages.get().contact == cast.amina
    line = ticket.story.get(kind="contact_merged")
    assert (line.agent, line.data["duplicate"]) == (cast.lena, "amina.y@mail.example")
    entry = AuditEntry.objects.get(action="contacts merged")
    assert (entry.subject, entry.data["duplicate"]) == ("amina@school.example.org", "amina.y@mail.example")


def test_of_two_parts_in_one_request_the_requesters_wins_and_the_other_ends_safely(
    cast: Cast, other: Contact
) -> None:
    ticket = cast.writes("2026-03-20 09:00", contact=other)
    own, theirs = joins(ticket, cast.amina, "2026-03-20 12:00"), part_of(ticket, other)
    token_of_own, link_of_theirs, token_of_theirs = reply_token(own), link_token(theirs), reply_token(theirs)
    assert merger(cast.amina, other, cast.lena).shared == 1
    merge(cast, cast.amina, other)
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.is_requester, own.removed_at, own.sees_from) == (True, None, utc("2026-03-20 09:00"))
    assert (theirs.is_requester, theirs.removed_at, theirs.contact) == (False, NOW, other)
    assert participant_by(Purpose.reply, token_of_own) == own
    assert participant_by(Purpose.link, link_of_theirs) is None
    assert participant_by(Purpose.reply, token_of_theirs) is None
    ticket.refresh_from_db()
    assert ticket.requester == cast.amina


def test_where_neither_asked_the_kept_part_is_not_widened(cast: Cast, other: Contact) -> None:
    noor = find_or_add_contact("noor@school.example.org", "Noor", LONG_AGO)
    ticket = cast.writes("2026-03-20 09:00", contact=noor)
    joins(ticket, other, "2026-03-20 10:00")
    own = joins(ticket, cast.amina, "2026-03-20 12:00")
    merge(cast, cast.amina, other)
    own.refresh_from_db()
    assert own.sees_from == utc("2026-03-20 12:00")
    assert part_of(ticket, other).removed_at == NOW


def test_who_was_put_out_stays_out(cast: Cast, other: Contact) -> None:
    noor = find_or_add_contact("noor@school.example.org", "Noor", LONG_AGO)
    here, there = (cast.writes("2026-03-20 09:00", contact=noor) for _each in range(2))
    out = joins(here, cast.amina, "2026-03-20 09:30")
    joins(here, other, "2026-03-20 09:30")
    gone = joins(there, other, "2026-03-20 09:30")
    for part in (out, gone):
        remove_participant(part.ticket_id, part.pk, cast.bob, at("2026-03-20 10:00"))
    merge(cast, cast.amina, other)
    assert readable(cast.amina) == set()
    assert part_of(there, cast.amina).removed_at == utc("2026-03-20 10:00")


def test_organizations_contracts_and_what_is_missing_move(cast: Cast, other: Contact) -> None:
    mills, harbour = organization(cast, "River Mills"), organization(cast, "Harbour Office")
    by = {"by": "tests", "now": LONG_AGO}
    affiliate(cast.amina.pk, mills.pk, title="Clerk", **by)
    affiliate(other.pk, mills.pk, title="Other", sees_all=True, **by)
    affiliate(other.pk, harbour.pk, is_main=True, **by)
    contract = Contract.objects.create(
        desk=cast.desk, organization=mills, reference="C1", starts_on="2026-01-01", ends_on="2026-12-31"
    )
    contract.technical_contacts.add(other)
    Contact.objects.filter(pk=other.pk).update(phone="+44 1", phone_digits="441", notes="Calls at night.")
    plan = merger(cast.amina, other, cast.lena)
    assert plan.belongs == (harbour,)
    assert plan.contracts == 1
    assert plan.differs_in_sees_all == (mills,)
    assert plan.sees_all == ()
    kept = merge(cast, cast.amina, other, confirmed=True)
    rows = Affiliation.objects.filter(contact=kept).order_by("pk")
    assert [(each.organization, each.title, each.is_main, each.sees_all) for each in rows] == [
        (mills, "Clerk", True, False),
        (harbour, "", False, False),
    ]
    assert list(contract.technical_contacts.all()) == [kept]
    kept.refresh_from_db()
    assert (kept.name, kept.phone_digits, kept.notes) == ("Amina Yusuf", "441", "Calls at night.")
    assert not Affiliation.objects.filter(contact=other).exists()


def test_mail_from_any_address_that_was_ever_merged_is_the_kept_contacts(cast: Cast, other: Contact) -> None:
    third, _new = add_contact(cast.desk, "ay@old.example", ContactParticulars(), by="tests", now=LONG_AGO)
    merge(cast, other, third)
    merge(cast, cast.amina, other)
    for address in ("ay@old.example", "amina.y@mail.example", "amina@school.example.org"):
        assert find_or_add_contact(address, "Whoever", NOW) == cast.amina
    known = visible_contacts(AgentViewer.of(cast.lena))
    assert cast.amina in known
    assert other not in known
    with pytest.raises(Contact.DoesNotExist):
        merge(cast, other, cast.amina)


# What has to be said first.


def test_different_organizations_are_merged_only_when_that_is_confirmed(cast: Cast, other: Contact) -> None:
    ticket = cast.writes("2026-03-20 09:00", contact=other)
    affiliate(other.pk, organization(cast, "Harbour Office").pk, by="tests", now=LONG_AGO)
    assert merger(cast.amina, other, cast.lena).crosses_organizations
    with pytest.raises(Refused, match="confirm"):
        merge(cast, cast.amina, other)
    assert readable(cast.amina) == set()
    assert Contact.objects.get(pk=other.pk).merged_into is None
    merge(cast, cast.amina, other, confirmed=True)
    assert readable(cast.amina) == {ticket.number}


def test_who_belongs_by_their_mail_domain_belongs_to_another_organization(cast: Cast, other: Contact) -> None:
    mills = organization(cast, "River Mills")
    assert not merger(cast.amina, other, cast.lena).crosses_organizations
    add_domain(mills.pk, "school.example.org", by="tests", now=LONG_AGO)
    assert merger(cast.amina, other, cast.lena).crosses_organizations


def test_a_sign_in_is_merged_only_when_that_is_confirmed(cast: Cast, other: Contact) -> None:
    cast.writes("2026-03-20 09:00", contact=other)
    open_account(cast.amina.address)
    cast.amina.refresh_from_db()
    assert merger(cast.amina, other, cast.lena).sign_ins == (cast.amina,)
    with pytest.raises(Refused, match="confirm"):
        merge(cast, cast.amina, other)
    merge(cast, cast.amina, other, confirmed=True)
    assert Contact.objects.get(pk=other.pk).merged_into == cast.amina


# Who may.


def test_agents_do_not_merge_and_nobody_merges_whom_they_do_not_know(
    cast: Cast, charlie: Agent, other: Contact
) -> None:
    with pytest.raises(Refused):
        merge(cast, cast.amina, other, cast.bob)
    with pytest.raises(Contact.DoesNotExist):
        merge(cast, cast.amina, other, charlie)
    with pytest.raises(Refused):
        merge(cast, cast.amina, cast.amina)


def test_a_contact_of_another_desk_is_merged_by_nobody_without_rights_there(
    cast: Cast, charlie: Agent, other: Contact
) -> None:
    desk = charlie.memberships.get().desk
    add_contact(desk, other.address, ContactParticulars(), by="tests", now=LONG_AGO)
    with pytest.raises(Refused) as elsewhere:
        merge(cast, cast.amina, other, confirmed=True)
    add_agent(desk, address=cast.lena.address, name="Lena", role=Role.lead, by="tests", now=LONG_AGO)
    assert "request" not in str(elsewhere.value)
    merge(cast, cast.amina, other)


@pytest.mark.parametrize("hidden_is_the_duplicates", [True, False])
def test_a_restricted_request_of_only_one_of_them_refuses_without_being_told(
    cast: Cast, charlie: Agent, other: Contact, hidden_is_the_duplicates: bool
) -> None:
    kept, duplicate = cast.amina, other
    author = duplicate if hidden_is_the_duplicates else kept
    ticket = cast.writes("2026-03-20 09:00", contact=author, restricted=True)
    Reader.objects.filter(ticket=ticket).delete()
    with pytest.raises(Refused) as restricted:
        merge(cast, kept, duplicate, confirmed=True)
    with pytest.raises(Refused) as in_preview:
        merger(kept, duplicate, cast.lena)
    third = find_or_add_contact("third@school.example.org", "", LONG_AGO)
    for desk in (cast.desk, charlie.memberships.get().desk):
        add_contact(desk, third.address, ContactParticulars(), by="tests", now=LONG_AGO)
    with pytest.raises(Refused) as elsewhere:
        merge(cast, third, duplicate if not hidden_is_the_duplicates else kept, confirmed=True)
    assert str(restricted.value) == str(in_preview.value) == str(elsewhere.value)
    Reader.objects.create(ticket=ticket, agent=cast.lena, added_at=LONG_AGO)
    merge(cast, kept, duplicate, confirmed=True)
    assert Contact.objects.get(pk=duplicate.pk).merged_into == kept


def test_counts_of_a_preview_hold_nothing_that_the_agent_may_not_see(cast: Cast, other: Contact) -> None:
    ticket = cast.writes("2026-03-20 09:00", contact=other, restricted=True)
    Reader.objects.filter(ticket=ticket).delete()
    joins(ticket, cast.amina, "2026-03-20 09:30")
    plan = merger(cast.amina, other, cast.lena)
    assert (plan.asked, plan.shared, plan.kept_reads) == (0, 0, 0)
    merge(cast, cast.amina, other)
    ticket.refresh_from_db()
    assert ticket.requester == cast.amina


# Another address.


def test_with_another_address_the_links_to_the_old_one_are_dead(cast: Cast, other: Contact) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    link = link_token(part_of(ticket, cast.amina))
    change_address(cast.amina.pk, "amina@new.example", cast.lena, desk=cast.desk, now=NOW)
    assert participant_by(Purpose.link, link) is None
    assert participant_by(Purpose.link, link_token(part_of(ticket, cast.amina))) is not None


def test_nobody_moves_an_address_to_read_what_they_may_not(
    cast: Cast, charlie: Agent, other: Contact
) -> None:
    ticket = cast.writes("2026-03-20 09:00", restricted=True)
    Reader.objects.filter(ticket=ticket).delete()
    change = {"desk": cast.desk, "now": NOW}
    with pytest.raises(Refused):
        change_address(cast.amina.pk, "lena@home.example", cast.lena, **change)
    with pytest.raises(Refused):
        change_address(other.pk, "bob@home.example", cast.bob, **change)
    with pytest.raises(Contact.DoesNotExist):
        change_address(other.pk, "charlie@home.example", charlie, **change)
    assert change_address(other.pk, "amina@home.example", cast.lena, **change).address == "amina@home.example"
