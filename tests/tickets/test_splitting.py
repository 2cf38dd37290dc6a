"""Several problems came as one: tickets of their own, from the receipt of what was said; and tickets that belong
together."""

import pytest

from harness.asking import mails
from harness.cast import LONG_AGO, Cast, at, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, Contact, Organization
from upheld.policy import Metric, Verdict
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    SplitPart,
    close_out_of_scope,
    link_tickets,
    receive_message,
    remove_participant,
    reply,
    set_priority,
    split_ticket,
    unlink_tickets,
    write_note,
)
from upheld.tickets.incoming import NewFile
from upheld.tickets.links import linked_tickets, siblings
from upheld.tickets.models import Attachment, InformationAsked, Message, Participant, Ticket, TicketLink
from upheld.tickets.pen import Pen
from upheld.tickets.restricting import add_readers
from upheld.tickets.visibility import AgentViewer, ContactViewer, visible_messages

MONDAY = "2026-03-16 09:00"


def clocks(ticket: Ticket, when: str) -> dict[Metric, object]:
    return {each.metric: each for each in Pen.on(ticket.pk, at(when)).standing().clocks}


@pytest.fixture
def head(cast: Cast) -> Contact:
    return find_or_add_contact("head@school.example.org", "", LONG_AGO)


@pytest.fixture
def talk(cast: Cast, head: Contact) -> Ticket:
    """A ticket with a second problem in a later mail."""
    ticket = cast.writes(MONDAY, cc=(head,))
    second = cast.answer_of_amina(
        "2026-03-16 10:00",
        "And the printer jams.",
        files=(NewFile("jam.jpg", "image/jpeg", b"x"),),
        message_id="<second@school.example.org>",
    )
    receive_message(ticket.pk, second, at("2026-03-16 10:00"))
    return ticket


def split_off(cast: Cast, ticket: Ticket, when: str = "2026-03-16 12:00", **part: object) -> Ticket:
    (new,) = split_ticket(
        ticket.pk, cast.bob, [SplitPart(**({"subject": "The printer jams"} | part))], at(when)
    )
    return new


def second_of(ticket: Ticket) -> Message:
    return ticket.messages.get(text="And the printer jams.")


def test_clocks_start_at_the_receipt_of_the_earliest_message_that_came_over(cast: Cast, talk: Ticket) -> None:
    new = split_off(cast, talk, message_ids=(second_of(talk).pk,))
    assert new.received_at == utc("2026-03-16 10:00")
    assert clocks(new, "2026-03-16 12:00")[Metric.first_response].due_at == utc("2026-03-18 15:00")
    assert new.story.order_by("seq").first().data["split_from"] == talk.number


def test_messages_are_copied_with_their_files_and_stay_where_they_were(cast: Cast, talk: Ticket) -> None:
    new = split_off(cast, talk, message_ids=(second_of(talk).pk,))
    copy = new.messages.get()
    assert (copy.text, copy.message_id, copy.contact) == ("And the printer jams.", "", cast.amina)
    assert copy.attachments.get().stored_as == second_of(talk).attachments.get().stored_as
    assert talk.messages.count() == 2
    assert Attachment.objects.count() == 2


def test_who_takes_part_takes_part_in_both_and_who_was_put_out_in_neither(
    cast: Cast, talk: Ticket, head: Contact
) -> None:
    remove_participant(talk.pk, talk.participants.get(contact=head).pk, cast.bob, at("2026-03-16 11:00"))
    new = split_off(cast, talk)
    assert new.requester == cast.amina
    assert Participant.objects.get(ticket=new, contact=head).removed_at is not None


def test_who_joined_later_does_not_see_the_past_of_the_new_ticket(cast: Cast, head: Contact) -> None:
    ticket = cast.writes(MONDAY)
    receive_message(
        ticket.pk, cast.answer_of_amina("2026-03-16 11:00", copies=(head,)), at("2026-03-16 11:00")
    )
    new = split_off(cast, ticket)
    assert not visible_messages(ContactViewer(head.pk), new).exists()


def test_an_answer_that_comes_over_has_met_the_response_there(cast: Cast, talk: Ticket) -> None:
    answer = reply(talk.pk, cast.bob, "Open the tray.", at("2026-03-16 10:30"))
    new = split_off(cast, talk, message_ids=(second_of(talk).pk, answer.pk))
    assert clocks(new, "2026-03-16 12:00")[Metric.first_response].verdict is Verdict.met
    alone = split_off(cast, talk, message_ids=(second_of(talk).pk,))
    assert clocks(alone, "2026-03-16 12:00")[Metric.first_response].verdict is None


def test_the_priority_is_that_of_the_receipt(cast: Cast, talk: Ticket) -> None:
    set_priority(talk.pk, cast.bob, "high", at("2026-03-16 11:00"))
    assert split_off(cast, talk, message_ids=(second_of(talk).pk,)).priority == "medium"


def test_one_mail_with_several_problems_becomes_several_tickets_from_its_receipt(
    cast: Cast, talk: Ticket
) -> None:
    parts = [SplitPart("Printer", note="See the second paragraph."), SplitPart("Projector")]
    printer, projector = split_ticket(talk.pk, cast.bob, parts, at("2026-03-16 12:00"))
    assert {printer.received_at, projector.received_at} == {utc(MONDAY)}
    assert printer.messages.get(kind=Message.Kind.NOTE).text == "See the second paragraph."
    assert {each.ticket for each in linked_tickets(AgentViewer.of(cast.bob), talk)} == {printer, projector}
    assert {each.pk for each in siblings(cast.amina.pk, printer)} == {talk.pk, projector.pk}


def test_a_note_comes_over_to_nobody(cast: Cast, talk: Ticket) -> None:
    note = write_note(talk.pk, cast.bob, "Rude.", at("2026-03-16 10:30"))
    with pytest.raises(Refused, match="nothing that the customer said"):
        split_off(cast, talk, message_ids=(note.pk,))


def test_a_message_of_another_ticket_comes_over_to_nobody(cast: Cast, talk: Ticket) -> None:
    other = cast.writes("2026-03-16 09:30")
    with pytest.raises(Refused, match="nothing that the customer said"):
        split_off(cast, talk, message_ids=(other.messages.get().pk,))
    assert Ticket.objects.count() == 2


def test_without_a_subject_nothing_is_split_at_all(cast: Cast, talk: Ticket) -> None:
    with pytest.raises(Refused, match="subject"):
        split_ticket(talk.pk, cast.bob, [SplitPart("Printer"), SplitPart(" ")], at("2026-03-16 12:00"))
    assert Ticket.objects.count() == 1


def test_what_is_split_off_a_restricted_ticket_is_restricted_with_the_same_readers(
    cast: Cast, talk: Ticket
) -> None:
    add_readers(talk, [cast.bob], by="tests", now=LONG_AGO)
    Ticket.objects.filter(pk=talk.pk).update(restricted=True)
    new = split_off(cast, talk)
    assert new.restricted
    assert [each.agent for each in new.readers.filter(removed_at=None)] == [cast.bob]
    with pytest.raises(NotAllowed):
        split_ticket(new.pk, cast.lena, [SplitPart("x")], at("2026-03-16 12:10"))


def test_the_promise_is_that_of_the_gate_at_the_receipt(asking: Cast, school: Organization) -> None:
    ticket = mails(asking, MONDAY, product="laptop", information={"school": "x", "serial": "y"})
    new = split_off(asking, ticket)
    assert (new.organization, new.product) == (school, "laptop")


def test_nobody_is_asked_twice_for_what_one_mail_lacked(asking: Cast) -> None:
    ticket = mails(asking, MONDAY)
    new = split_off(asking, ticket)
    assert not InformationAsked.objects.filter(ticket=new).exists()


def test_tickets_are_linked_once_by_somebody_who_sees_both(cast: Cast, talk: Ticket, charlie: Agent) -> None:
    other = cast.writes("2026-03-16 09:30")
    link = link_tickets(talk.pk, other.number.lower(), cast.bob, at("2026-03-16 12:00"))
    with pytest.raises(Refused, match="already"):
        link_tickets(other.pk, talk.number, cast.bob, at("2026-03-16 12:00"))
    with pytest.raises(Refused, match="very ticket"):
        link_tickets(talk.pk, talk.number, cast.bob, at("2026-03-16 12:00"))
    with pytest.raises(Refused, match="no ticket"):
        link_tickets(talk.pk, talk.number, charlie, at("2026-03-16 12:00"))
    assert siblings(cast.amina.pk, talk) == []
    assert unlink_tickets(talk.pk, link.pk, cast.bob, at("2026-03-16 12:10")) == other
    assert not TicketLink.objects.exists()


def test_a_ticket_that_nobody_may_see_is_in_no_list_of_linked_ones(cast: Cast, talk: Ticket) -> None:
    other = cast.writes("2026-03-16 09:30")
    link_tickets(talk.pk, other.number, cast.bob, at("2026-03-16 12:00"))
    Ticket.objects.filter(pk=other.pk).update(restricted=True)
    assert linked_tickets(AgentViewer.of(cast.ada), talk) == []
    with pytest.raises(Refused, match="no ticket"):
        link_tickets(talk.pk, other.number, cast.ada, at("2026-03-16 12:00"))


def test_what_was_split_off_stays_linked(cast: Cast, talk: Ticket) -> None:
    split_off(cast, talk)
    with pytest.raises(Refused, match="one request"):
        unlink_tickets(talk.pk, TicketLink.objects.get().pk, cast.bob, at("2026-03-16 12:10"))


def test_out_of_scope_is_closed_without_credit_or_blame(cast: Cast, talk: Ticket) -> None:
    message = close_out_of_scope(
        talk.pk, cast.bob, "physical_damage", "Ask your insurer.", at("2026-03-16 12:00")
    )
    talk.refresh_from_db()
    assert (talk.status_category, message.kind, message.is_public) == ("closed", Message.Kind.REPLY, True)
    verdicts = {each.verdict for each in clocks(talk, "2026-03-17 12:00").values()}
    assert verdicts == {Verdict.excluded}
    with pytest.raises(Refused, match="closed already"):
        close_out_of_scope(talk.pk, cast.bob, "physical_damage", "Again.", at("2026-03-16 12:10"))


@pytest.mark.parametrize(("scope", "text"), [("physical_damage", " "), ("weather", "No.")])
def test_out_of_scope_needs_words_and_an_entry_of_the_policy(
    cast: Cast, talk: Ticket, scope: str, text: str
) -> None:
    with pytest.raises(Refused):
        close_out_of_scope(talk.pk, cast.bob, scope, text, at("2026-03-16 12:00"))
    talk.refresh_from_db()
    assert talk.status_category == "open"
