"""What is for few people's eyes: who reads it from its receipt on, who hears of it, what does not happen by itself."""

import pytest

from harness.cast import LONG_AGO, LOOKING, Cast, at, utc
from upheld.desks.models import AuditEntry
from upheld.notices.models import Notice
from upheld.people.models import Affiliation, Agent, Organization, Partnership
from upheld.rules.permissions import NotAllowed, Role
from upheld.tickets.actions import (
    Refused,
    add_reader,
    assign,
    lift_restriction,
    name_reader,
    receive_message,
    reply,
    restrict_ticket,
    set_priority,
    set_status,
    settle_ticket,
    take_out_reader,
    write_note,
)
from upheld.tickets.models import Participant, Ticket
from upheld.tickets.queries import QueueFilter, counts, queue, requests_of
from upheld.tickets.ticket_page import ticket_page
from upheld.tickets.visibility import (
    AgentViewer,
    ContactViewer,
    Sight,
    readers_of,
    role_of,
    sight_of,
    visible_messages,
    visible_tickets,
)

MORNING = "2026-06-01 09:00"
NOW = utc("2026-06-01 10:00")


def sees(agent: Agent, ticket: Ticket) -> bool:
    return visible_tickets(AgentViewer.of(agent)).filter(pk=ticket.pk).exists()


def names(ticket: Ticket) -> list[str]:
    return [each.name for each in readers_of(ticket)]


def told(ticket: Ticket) -> set[tuple[str, str]]:
    rows = Notice.objects.filter(ticket_id=ticket.pk, participant_id=None)
    return set(rows.values_list("kind", "to_address"))


@pytest.fixture
def lena_reads(cast: Cast) -> Cast:
    cast.reads_what_is_restricted(cast.lena)
    return cast


def test_a_restricted_priority_in_the_subject_is_for_the_named_readers_from_receipt(lena_reads: Cast) -> None:
    ticket = lena_reads.writes(MORNING, subject="Safeguarding: a child is in danger")
    assert ticket.restricted
    assert names(ticket) == ["Lena Novak"]
    assert sees(lena_reads.lena, ticket)
    for other in (lena_reads.bob, lena_reads.ada):
        viewer = AgentViewer.of(other)
        assert not sees(other, ticket)
        assert ticket_page(viewer, ticket.number, NOW) is None
        for text in ("", "child", ticket.number):
            assert queue(viewer, QueueFilter(text=text, category="all"), LOOKING).tickets == []
        assert set(counts(viewer, NOW).values()) == {0}


def test_a_restricted_mailbox_restricts_whatever_its_mail_says(lena_reads: Cast) -> None:
    mailbox = lena_reads.desk.mailboxes.get()
    mailbox.restricted = True
    assert lena_reads.writes(MORNING, mailbox=mailbox).restricted
    assert not lena_reads.writes(MORNING).restricted


def test_a_non_reader_can_do_nothing_on_it_though_their_role_would_let_them(lena_reads: Cast) -> None:
    cast, ticket = lena_reads, lena_reads.writes(MORNING, priority="urgent")
    deeds = [
        lambda: reply(ticket.pk, cast.ada, "x", at("2026-06-01 10:00")),
        lambda: write_note(ticket.pk, cast.ada, "x", at("2026-06-01 10:00")),
        lambda: set_status(ticket.pk, cast.ada, "closed", at("2026-06-01 10:00")),
        lambda: set_priority(ticket.pk, cast.ada, "low", at("2026-06-01 10:00"), reason="x"),
        lambda: assign(ticket.pk, cast.ada, cast.ada, at("2026-06-01 10:00")),
        lambda: add_reader(ticket.pk, cast.ada, cast.ada, at("2026-06-01 10:00")),
        lambda: take_out_reader(ticket.pk, cast.ada, cast.lena, at("2026-06-01 10:00")),
        lambda: lift_restriction(ticket.pk, cast.ada, "x", at("2026-06-01 10:00")),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            deed()
    assert names(ticket) == ["Lena Novak"]


def test_without_anybody_named_nobody_reads_it_and_the_administrators_hear_its_number(cast: Cast) -> None:
    cast.reads_what_is_restricted()
    ticket = cast.writes(MORNING, subject="Safeguarding: a child")
    assert names(ticket) == []
    assert told(ticket) == {("restricted", "ada@desk.example.com")}
    assert not any(sees(each, ticket) for each in (cast.bob, cast.lena, cast.ada))
    settle_ticket(ticket.pk, at("2026-06-02 12:00"))
    assert told(ticket) == {("restricted", "ada@desk.example.com")}
    assert Notice.objects.filter(ticket_id=ticket.pk, kind="restricted").count() > 1


def test_who_is_named_first_gets_what_has_waited_and_the_story_says_so(cast: Cast) -> None:
    cast.reads_what_is_restricted()
    ticket = cast.writes(MORNING, priority="urgent")
    moment = at("2026-06-01 10:00")
    assert name_reader(cast.desk.pk, cast.bob.pk, by=cast.ada, moment=moment) == [ticket]
    assert sees(cast.bob, ticket)
    assert not sees(cast.ada, ticket)
    assert name_reader(cast.desk.pk, cast.lena.pk, by=cast.ada, moment=moment) == []
    assert not sees(cast.lena, ticket)
    event = ticket.story.get(kind="readers")
    assert event.data == {"added": ["Bob Tanaka"], "removed": [], "by": "Ada Okafor"}
    entries = AuditEntry.objects.filter(action="reader named")
    assert set(entries.values_list("subject", flat=True)) == {"bob@desk.example.com", "lena@desk.example.com"}
    assert ticket.number not in str(list(AuditEntry.objects.values()))


def test_raising_to_a_restricted_priority_takes_it_out_of_everybody_elses_sight(lena_reads: Cast) -> None:
    cast, ticket = lena_reads, lena_reads.writes(MORNING)
    assign(ticket.pk, cast.bob, cast.bob, at("2026-06-01 09:30"))
    set_priority(ticket.pk, cast.bob, "urgent", at("2026-06-01 10:00"))
    ticket.refresh_from_db()
    assert (ticket.restricted, ticket.assignee) == (True, None)
    assert not sees(cast.bob, ticket)
    set_priority(ticket.pk, cast.lena, "low", at("2026-06-01 11:00"), reason="a false alarm")
    assert not sees(cast.bob, ticket)
    lift_restriction(ticket.pk, cast.lena, "a false alarm", at("2026-06-01 11:30"))
    assert sees(cast.bob, ticket)
    assert ticket.story.get(kind="opened_up").data["reason"] == "a false alarm"


def test_an_agent_may_restrict_what_then_is_not_theirs(lena_reads: Cast) -> None:
    cast, ticket = lena_reads, lena_reads.writes(MORNING)
    with pytest.raises(Refused):
        restrict_ticket(ticket.pk, cast.bob, "  ", at("2026-06-01 09:30"))
    restrict_ticket(ticket.pk, cast.bob, "A name in it", at("2026-06-01 09:30"))
    assert not sees(cast.bob, ticket)
    assert names(ticket) == ["Lena Novak"]


def test_readers_change_and_one_remains(lena_reads: Cast) -> None:
    cast, ticket = lena_reads, lena_reads.writes(MORNING, priority="urgent")
    moment = at("2026-06-01 10:00")
    with pytest.raises(Refused, match="Nobody else"):
        take_out_reader(ticket.pk, cast.lena, cast.lena, moment)
    with pytest.raises(Refused, match="may not read"):
        assign(ticket.pk, cast.lena, cast.bob, moment)
    add_reader(ticket.pk, cast.lena, cast.bob, moment)
    assert ("restricted", "bob@desk.example.com") in told(ticket)
    assign(ticket.pk, cast.lena, cast.bob, moment)
    take_out_reader(ticket.pk, cast.lena, cast.bob, at("2026-06-01 10:30"))
    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert not sees(cast.bob, ticket)
    add_reader(ticket.pk, cast.lena, cast.bob, at("2026-06-01 11:00"))
    assert sees(cast.bob, ticket)


def test_a_reader_of_another_desk_cannot_be_added(lena_reads: Cast, charlie: Agent) -> None:
    ticket = lena_reads.writes(MORNING, priority="urgent")
    with pytest.raises(Refused):
        add_reader(ticket.pk, lena_reads.lena, charlie, at("2026-06-01 10:00"))


def test_a_reader_who_left_the_desk_reads_nothing_more(lena_reads: Cast) -> None:
    ticket = lena_reads.writes(MORNING, priority="urgent")
    lena_reads.lena.memberships.all().delete()
    assert not sees(lena_reads.lena, ticket)
    assert names(ticket) == []


def test_due_times_are_told_to_readers_only(lena_reads: Cast) -> None:
    """Lena, the lead, would hear of it anyway; with Bob as the only reader neither she nor the administrators do."""
    lena_reads.reads_what_is_restricted(lena_reads.bob)
    ticket = lena_reads.writes(MORNING, priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-03 12:00"))
    assert {address for _, address in told(ticket)} == {"bob@desk.example.com"}


def test_what_comes_too_late_to_reopen_it_is_restricted_to_the_same_readers(lena_reads: Cast) -> None:
    cast, ticket = lena_reads, lena_reads.writes(MORNING, priority="urgent")
    add_reader(ticket.pk, cast.lena, cast.bob, at("2026-06-01 09:30"))
    set_status(ticket.pk, cast.lena, "closed", at("2026-06-01 10:00"))
    message = receive_message(ticket.pk, cast.answer_of_amina("2026-12-01 10:00"), at("2026-12-01 10:00"))
    assert message.ticket != ticket
    assert message.ticket.restricted
    assert names(message.ticket) == ["Bob Tanaka", "Lena Novak"]


@pytest.mark.parametrize(("priority", "ends"), [("medium", "closed"), ("urgent", "resolved")])
def test_it_does_not_close_by_itself(lena_reads: Cast, priority: str, ends: str) -> None:
    ticket = lena_reads.writes(MORNING, priority=priority)
    reply(ticket.pk, lena_reads.lena, "Done.", at("2026-06-01 10:00"), status="resolved")
    for day in (3, 8, 20):
        settle_ticket(ticket.pk, at(f"2026-06-{day:02} 10:00"))
    ticket.refresh_from_db()
    assert ticket.status == ends


def test_once_the_restriction_is_lifted_what_ends_it_counts_from_there(lena_reads: Cast) -> None:
    ticket = lena_reads.writes(MORNING, priority="urgent")
    reply(ticket.pk, lena_reads.lena, "Done.", at("2026-06-01 10:00"), status="resolved")
    lift_restriction(ticket.pk, lena_reads.lena, "settled", at("2026-06-15 10:00"))
    settle_ticket(ticket.pk, at("2026-06-18 09:59"))
    ticket.refresh_from_db()
    assert ticket.status == "resolved"
    settle_ticket(ticket.pk, at("2026-06-18 10:00"))
    ticket.refresh_from_db()
    assert ticket.status == "closed"


# Those who follow what others of their organization asked, and partners.


@pytest.fixture
def school(cast: Cast) -> Organization:
    school = Organization.objects.create(desk=cast.desk, name="Ashdown Primary")
    Affiliation.objects.create(contact=cast.amina, organization=school, is_main=True)
    return school


def contact(name: str, organization: Organization, *, sees_all: bool = False) -> ContactViewer:
    from upheld.people.actions import find_or_add_contact

    found = find_or_add_contact(f"{name}@school.example.org", name.title(), LONG_AGO)
    Affiliation.objects.create(contact=found, organization=organization, sees_all=sees_all)
    return ContactViewer(found.pk)


def test_a_grant_shows_the_organizations_requests_and_writes_nothing(
    cast: Cast, school: Organization
) -> None:
    ticket = cast.writes(MORNING, organization=school)
    write_note(ticket.pk, cast.bob, "For us.", at("2026-06-01 09:30"))
    reply(ticket.pk, cast.bob, "For Amina.", at("2026-06-01 09:40"))
    head, colleague = contact("head", school, sees_all=True), contact("cole", school)
    assert not visible_tickets(colleague).exists()
    assert list(visible_tickets(head)) == [ticket]
    assert sight_of(head, ticket) is Sight.organization
    assert role_of(head, ticket) is Role.organization_member
    assert [each.text for each in visible_messages(head, ticket)] == [
        "It shows a black screen.",
        "For Amina.",
    ]
    assert not requests_of(head).exists()
    assert list(requests_of(head, Sight.organization)) == [ticket]
    assert not requests_of(head, Sight.partner).exists()


@pytest.mark.parametrize(("may_act", "role"), [(False, Role.partner), (True, Role.acting_partner)])
def test_a_partners_people_follow_the_customers_requests(
    cast: Cast, school: Organization, may_act: bool, role: Role
) -> None:
    ticket = cast.writes(MORNING, organization=school)
    partner = Organization.objects.create(desk=cast.desk, name="Harbour Partners")
    petra = contact("petra", partner)
    assert not visible_tickets(petra).exists()
    Partnership.objects.create(partner=partner, customer=school, may_act=may_act)
    assert list(requests_of(petra, Sight.partner)) == [ticket]
    assert role_of(petra, ticket) is role


def test_a_restricted_request_is_followed_by_nobody_but_its_participants(
    lena_reads: Cast, school: Organization
) -> None:
    ticket = lena_reads.writes(MORNING, organization=school, priority="urgent")
    partner = Organization.objects.create(desk=lena_reads.desk, name="Harbour Partners")
    Partnership.objects.create(partner=partner, customer=school, may_act=True)
    for viewer in (contact("head", school, sees_all=True), contact("petra", partner)):
        assert not visible_tickets(viewer).exists()
        assert not visible_messages(viewer, ticket).exists()
        assert sight_of(viewer, ticket) is None
        assert role_of(viewer, ticket) is Role.visitor
    assert list(visible_tickets(ContactViewer(lena_reads.amina.pk))) == [ticket]


def test_whoever_was_put_out_has_no_way_back_by_a_grant(cast: Cast, school: Organization) -> None:
    ticket = cast.writes(MORNING, organization=school)
    head = contact("head", school, sees_all=True)
    Participant.objects.create(
        ticket=ticket, contact_id=head.contact_id, sees_from=NOW, removed_at=NOW, joined_by="copy"
    )
    assert not visible_tickets(head).exists()
    assert not visible_messages(head, ticket).exists()
