"""Two tickets that are one matter: what becomes of promises, people and messages, and how it is taken back."""

import pytest

from harness.cast import LONG_AGO, LOOKING, Cast, at, utc
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Affiliation, Agent, Contact, Organization
from upheld.policy import Metric, Verdict
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    SplitPart,
    add_reader,
    lift_restriction,
    link_tickets,
    merge_tickets,
    receive_message,
    remove_participant,
    reply,
    restrict_ticket,
    set_status,
    settle_ticket,
    split_ticket,
    undo_merge,
    write_note,
)
from upheld.tickets.actions.merging_tickets import plan_merge
from upheld.tickets.models import Merge, Message, Participant, Problem, Ticket, TicketLink
from upheld.tickets.pen import Pen
from upheld.tickets.queries import QueueFilter, counts, queue
from upheld.tickets.ticket_page import ticket_page
from upheld.tickets.visibility import AgentViewer, ContactViewer, LinkViewer, readers_of, visible_tickets

MONDAY = "2026-03-16 09:00"
TEN, ELEVEN, NOON, ONE, TWO = (f"2026-03-16 {hour}:00" for hour in (10, 11, 12, 13, 14))


@pytest.fixture
def head(cast: Cast) -> Contact:
    return find_or_add_contact("head@school.example.org", "Head", LONG_AGO)


@pytest.fixture
def kofi(cast: Cast) -> Contact:
    return find_or_add_contact("kofi@school.example.org", "Kofi", LONG_AGO)


@pytest.fixture
def first(cast: Cast) -> Ticket:
    """Amina's request, which survives."""
    return cast.writes(MONDAY)


@pytest.fixture
def second(cast: Cast, kofi: Contact, head: Contact) -> Ticket:
    """Kofi's request about the same, with the head in copy."""
    return cast.writes(TEN, "The lab laptop is dead", contact=kofi, cc=(head,), text="Nothing happens.")


def merge(cast: Cast, source: Ticket, survivor: Ticket, when: str = NOON, **more: bool) -> Merge:
    row = merge_tickets(source.pk, survivor.number, cast.bob, at(when), **more)
    for each in (source, survivor):
        each.refresh_from_db()
    return row


def undo(cast: Cast, source: Ticket, when: str = TWO) -> None:
    undo_merge(source.pk, cast.bob, at(when))
    source.refresh_from_db()


def clock(ticket: Ticket, metric: Metric, when: str, cycle: int = 1) -> object:
    pen = Pen.on(ticket.pk, at(when))
    return next(each for each in pen.standing().clocks if (each.metric, each.cycle) == (metric, cycle))


def texts(viewer: object, ticket: Ticket, when: str = TWO) -> list[str]:
    page = ticket_page(viewer, ticket.number, utc(when))
    return [each.text for each in page.messages] if page else []


def taking_part(ticket: Ticket) -> set[str]:
    return {each.contact.address for each in ticket.participants.filter(removed_at=None)}


def test_verdicts_stay_and_open_clocks_pass_to_the_survivor(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    reply(second.pk, cast.bob, "We look at it.", at(ELEVEN))
    reply(first.pk, cast.bob, "We look.", at(ELEVEN))
    merge(cast, first, second)
    assert clock(first, Metric.first_response, NOON).verdict is Verdict.met
    solving = clock(first, Metric.resolution, NOON)
    assert solving.verdict is Verdict.transferred
    assert clock(second, Metric.resolution, NOON).due_at == solving.due_at
    assert first.status_category == "closed" and first.wake_at is None and first.next_due_at is None


def test_a_merged_ticket_warns_and_escalates_no_more(cast: Cast, first: Ticket, second: Ticket) -> None:
    merge(cast, second, first)
    sent = Notice.objects.filter(ticket_id=second.pk).count()
    settle_ticket(second.pk, at("2026-06-01 09:00"))
    assert Notice.objects.filter(ticket_id=second.pk).count() == sent
    settle_ticket(first.pk, at("2026-06-01 09:00"))
    assert Notice.objects.filter(ticket_id=first.pk, kind=NoticeKind.BREACH).exists()


def test_it_leaves_the_open_queues_and_its_number_finds_the_survivor(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    viewer = AgentViewer.of(cast.bob)
    merge(cast, second, first)
    assert counts(viewer, utc(NOON))["open"] == 1
    assert [each.number for each in queue(viewer, QueueFilter(), LOOKING).tickets] == [first.number]
    found = queue(viewer, QueueFilter(text=second.number, category="all"), LOOKING).tickets
    assert {each.number for each in found} == {first.number, second.number}


def test_who_takes_part_reads_the_survivor_from_then_on(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact, head: Contact
) -> None:
    reply(first.pk, cast.bob, "Said before.", at(ELEVEN))
    merge(cast, second, first)
    reply(first.pk, cast.bob, "Said after.", at(ONE))
    assert taking_part(first) == {cast.amina.address, kofi.address, head.address}
    assert texts(ContactViewer(kofi.pk), first) == ["Nothing happens.", "Said after."]
    assert texts(ContactViewer(cast.amina.pk), first) == [
        "It shows a black screen.",
        "Said before.",
        "Said after.",
    ]
    assert texts(ContactViewer(cast.amina.pk), second) == []
    to = set(Notice.objects.filter(kind=NoticeKind.REPLY, data__text="Said after.").values_list("to_address"))
    assert to == {(each,) for each in taking_part(first)}


def test_agents_read_both_in_one_thread_and_a_link_opens_its_own_ticket_alone(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact
) -> None:
    write_note(second.pk, cast.bob, "Same as the other.", at(ELEVEN))
    merge(cast, second, first)
    assert texts(AgentViewer.of(cast.bob), first) == [
        "It shows a black screen.",
        "Nothing happens.",
        "Same as the other.",
    ]
    there = first.participants.get(contact=kofi)
    assert texts(LinkViewer(there.pk, first.pk, kofi.pk), first) == []
    own = second.participants.get(contact=kofi)
    link = LinkViewer(own.pk, second.pk, kofi.pk)
    page = ticket_page(link, second.number, utc(TWO))
    assert [each.text for each in page.messages] == ["Nothing happens."]
    assert page.goes_on_in == first


def test_who_was_put_out_of_the_survivor_stays_out_and_is_not_told_where_it_goes_on(
    cast: Cast, second: Ticket, kofi: Contact
) -> None:
    first = cast.writes(MONDAY, cc=(kofi,))
    remove_participant(first.pk, first.participants.get(contact=kofi).pk, cast.bob, at(ELEVEN))
    merge(cast, second, first)
    assert kofi.address not in taking_part(first)
    assert ticket_page(ContactViewer(kofi.pk), second.number, utc(TWO)).goes_on_in is None
    assert not Notice.objects.filter(kind=NoticeKind.MERGED).exists()
    written = cast.answer_of_amina(ONE, "And mine?", contact=kofi)
    message = receive_message(second.pk, written, at(ONE))
    assert (message.ticket, message.released) == (first, False)
    assert "does not take part" in message.held_because


def test_the_requester_is_told_once_where_it_goes_on(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact
) -> None:
    merge(cast, second, first)
    letter = Notice.objects.get(kind=NoticeKind.MERGED)
    assert (letter.to_address, letter.ticket_number) == (kofi.address, first.number)
    assert letter.data["was"] == second.number
    assert not Notice.objects.filter(kind=NoticeKind.STATUS).exists()


def test_what_comes_for_the_merged_one_is_written_on_the_survivor(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact
) -> None:
    third = cast.writes(ELEVEN, "A third")
    merge(cast, second, first)
    merge(cast, first, third, ONE)
    message = receive_message(second.pk, cast.answer_of_amina(TWO, "More.", contact=kofi), at(TWO))
    assert (message.ticket, message.released) == (third, True)
    second.refresh_from_db()
    assert second.status_category == "closed"


def test_a_chain_is_followed_to_its_end_and_never_back(cast: Cast, first: Ticket, second: Ticket) -> None:
    third = cast.writes(ELEVEN, "A third")
    merge(cast, second, first)
    assert merge(cast, third, second, ONE).survivor == first
    with pytest.raises(Refused, match="a part of this ticket already"):
        merge_tickets(first.pk, third.number, cast.bob, at(ONE))
    with pytest.raises(Refused, match="this very ticket"):
        merge_tickets(first.pk, first.number.lower(), cast.bob, at(ONE))
    with pytest.raises(Refused, match="Undo that first"):
        merge_tickets(third.pk, cast.writes(TWO).number, cast.bob, at(TWO))


def test_nothing_is_done_on_a_merged_ticket(cast: Cast, first: Ticket, second: Ticket) -> None:
    merge(cast, second, first)
    for act in (
        lambda: reply(second.pk, cast.bob, "Hello", at(ONE)),
        lambda: write_note(second.pk, cast.bob, "Hm", at(ONE)),
        lambda: set_status(second.pk, cast.bob, "open", at(ONE)),
        lambda: restrict_ticket(second.pk, cast.bob, "Because", at(ONE)),
        lambda: split_ticket(second.pk, cast.bob, [SplitPart("Part")], at(ONE)),
        lambda: link_tickets(second.pk, first.number, cast.bob, at(ONE)),
    ):
        with pytest.raises(Refused, match=f"a part of {first.number} now"):
            act()


def test_undoing_gives_back_clocks_and_people(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact, head: Contact
) -> None:
    due = clock(second, Metric.first_response, ELEVEN).due_at
    merge(cast, second, first)
    written = cast.answer_of_amina(ONE, "Please ask the head.", copies=(head,))
    receive_message(first.pk, written, at(ONE))
    undo(cast, second)
    assert second.merged_into is None and second.status == "open"
    assert clock(second, Metric.first_response, TWO, 2).due_at == due
    assert taking_part(first) == {cast.amina.address, head.address}
    assert texts(ContactViewer(kofi.pk), first) == []
    assert texts(AgentViewer.of(cast.bob), first) == ["It shows a black screen.", "Please ask the head."]
    assert [each.was for each in told(kofi)] == [second.number, ""]
    with pytest.raises(Refused, match="not part of another"):
        undo_merge(second.pk, cast.bob, at(TWO))


class Told:
    def __init__(self, notice: Notice) -> None:
        self.was = notice.data["was"]


def told(contact: Contact) -> list[Told]:
    letters = Notice.objects.filter(kind=NoticeKind.MERGED, to_address=contact.address).order_by("pk")
    return [Told(each) for each in letters]


def test_who_came_with_two_merges_stays_until_both_are_undone(
    cast: Cast, first: Ticket, second: Ticket, head: Contact
) -> None:
    third = cast.writes(ELEVEN, "A third", cc=(head,))
    merge(cast, second, first)
    merge(cast, third, first, ONE)
    undo(cast, second)
    assert head.address in taking_part(first)
    undo(cast, third)
    assert taking_part(first) == {cast.amina.address}
    merge(cast, second, first, "2026-03-16 15:00")
    assert head.address in taking_part(first)


def test_a_merge_is_undone_only_where_the_survivor_is_no_part_itself(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    third = cast.writes(ELEVEN, "A third")
    merge(cast, second, first)
    merge(cast, first, third, ONE)
    with pytest.raises(Refused, match="Undo that first"):
        undo_merge(second.pk, cast.bob, at(TWO))
    undo(cast, first)
    undo(cast, second)
    assert Merge.objects.filter(undone_at=None).count() == 0


def test_organizations_are_crossed_by_leads_alone_and_only_when_that_is_meant(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    organization = Organization.objects.create(desk=cast.desk, name="Hilltop School")
    Ticket.objects.filter(pk=first.pk).update(organization=organization)
    with pytest.raises(NotAllowed):
        merge_tickets(second.pk, first.number, cast.bob, at(NOON), across=True)
    with pytest.raises(Refused, match="different organizations"):
        merge_tickets(second.pk, first.number, cast.lena, at(NOON))
    assert merge_tickets(second.pk, first.number, cast.lena, at(NOON), across=True).survivor == first


def test_who_follows_the_organization_of_the_merged_one_alone_reads_nothing_more(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    organization = Organization.objects.create(desk=cast.desk, name="Hilltop School")
    clerk = find_or_add_contact("clerk@school.example.org", "Clerk", LONG_AGO)
    Affiliation.objects.create(contact=clerk, organization=organization, sees_all=True)
    Ticket.objects.filter(pk=second.pk).update(organization=organization)
    merge_tickets(second.pk, first.number, cast.lena, at(NOON), across=True)
    assert texts(ContactViewer(clerk.pk), second) == ["Nothing happens."]
    page = ticket_page(ContactViewer(clerk.pk), second.number, utc(TWO))
    assert page.goes_on_in is None and first.number not in repr(page.ledgers)


def test_restricted_tickets_are_merged_where_the_same_people_read_them(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    restrict_ticket(first.pk, cast.lena, "About a pupil", at(ELEVEN))
    with pytest.raises(Refused, match="Not the same people"):
        merge(cast, second, first)
    restrict_ticket(second.pk, cast.lena, "About a pupil", at(ELEVEN))
    merge(cast, second, first)
    assert second.merged_into == first


def test_who_reads_a_ticket_reads_its_parts_whatever_is_changed_afterwards(
    cast: Cast, first: Ticket, second: Ticket
) -> None:
    merge(cast, second, first)
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(first.pk, cast.lena, "About a pupil", at(ONE))
    for each in (first, second):
        assert list(readers_of(each)) == [cast.lena]
        assert not visible_tickets(AgentViewer.of(cast.bob)).filter(pk=each.pk).exists()
    add_reader(first.pk, cast.lena, cast.ada, at(ONE))
    assert set(readers_of(second)) == {cast.lena, cast.ada}
    lift_restriction(first.pk, cast.lena, "It is over", at(TWO))
    assert visible_tickets(AgentViewer.of(cast.bob)).count() == 2


def test_a_ticket_that_the_agent_does_not_see_is_none(cast: Cast, first: Ticket, charlie: Agent) -> None:
    hidden = cast.writes(TEN, "Hidden")
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(hidden.pk, cast.lena, "About a pupil", at(ELEVEN))
    with pytest.raises(Refused, match="There is no ticket"):
        merge_tickets(first.pk, hidden.number, cast.bob, at(NOON))
    with pytest.raises(Refused, match="There is no ticket"):
        merge_tickets(first.pk, hidden.number, charlie, at(NOON))


def test_a_problem_and_a_done_survivor_are_refused(cast: Cast, first: Ticket, second: Ticket) -> None:
    set_status(first.pk, cast.bob, "resolved", at(ELEVEN))
    with pytest.raises(Refused, match="is done"):
        merge(cast, second, first)
    Problem.objects.create(ticket=first, **_problem(cast))
    with pytest.raises(Refused, match="A problem is not merged"):
        merge(cast, first, second)


def _problem(cast: Cast) -> dict[str, object]:
    fields = {each.name for each in Problem._meta.get_fields()}
    values: dict[str, object] = {"opened_at": utc(TEN), "opened_by": cast.bob, "at": utc(TEN), "by": cast.bob}
    return {name: value for name, value in values.items() if name in fields}


def test_what_was_split_off_is_put_back_and_each_message_is_told_once(cast: Cast, first: Ticket) -> None:
    (part,) = split_ticket(first.pk, cast.bob, [SplitPart("The printer")], at(ELEVEN))
    write_note(part.pk, cast.bob, "It was the cable.", at(ELEVEN))
    merge(cast, part, first)
    assert texts(AgentViewer.of(cast.bob), first) == ["It shows a black screen.", "It was the cable."]
    assert TicketLink.objects.filter(ticket=first, other=part).exists()


def test_the_plan_says_what_the_merge_then_does(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact, head: Contact
) -> None:
    reply(first.pk, cast.bob, "We look.", at(ELEVEN))
    stored = (Participant.objects.count(), first.story.count(), second.story.count())
    plan = plan_merge(second, first, utc(NOON))
    assert stored == (Participant.objects.count(), first.story.count(), second.story.count())
    assert [each.address for each in plan.joining] == [kofi.address, head.address]
    supposed = {each.metric: each.after and each.after.due_at for each in plan.takes}
    merge(cast, second, first)
    pen = Pen.on(first.pk, at(NOON))
    latest = {each.metric: each for each in pen.standing().clocks}
    assert supposed[Metric.first_response] == latest[Metric.first_response].due_at
    assert supposed[Metric.resolution] == latest[Metric.resolution].due_at


def test_a_late_mail_to_a_merged_ticket_opens_nothing_anew(
    cast: Cast, first: Ticket, second: Ticket, kofi: Contact
) -> None:
    merge(cast, second, first)
    late = "2026-09-01 09:00"
    message = receive_message(second.pk, cast.answer_of_amina(late, "Hello?", contact=kofi), at(late))
    assert message.ticket == first
    assert isinstance(message, Message) and Ticket.objects.count() == 2
