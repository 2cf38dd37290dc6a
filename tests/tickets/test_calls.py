"""Calls: a number on the telephone, an answer that counts when it was given, and words that stay in the desk."""

from datetime import timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_caller
from upheld.people.models import Agent, Organization
from upheld.people.refused import CustomerRefused
from upheld.policy import Metric, Verdict, pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Refused, log_call, reply
from upheld.tickets.callers import find_callers
from upheld.tickets.calls import Conversation, Opening, Problem, start_ticket, take_call
from upheld.tickets.incoming import Call
from upheld.tickets.letters import current_clock
from upheld.tickets.models import HeldRequest, Message, StoryEvent, Ticket, TicketLink
from upheld.tickets.pen import Pen
from upheld.tickets.visibility import AgentViewer, LinkViewer, visible_messages

NOW = "2026-03-20 10:00"
PRINTER = Problem(summary="No laptop prints.", subject="Printing")


def rang(stated: str = NOW, direction: str = "in") -> Call:
    return Call(direction, utc(stated))


def conversation(cast: Cast, *problems: Problem, call: Call | None = None, **details: object) -> Conversation:
    values: dict[str, object] = {"contact": cast.amina, "channel": "phone"}
    return Conversation(desk=cast.desk, call=call or rang(), problems=problems, **(values | details))  # type: ignore[arg-type]


def first_response(ticket: Ticket, when: str) -> object:
    return current_clock(Pen.on(ticket.pk, at(when)).standing(), Metric.first_response)


def test_a_call_gets_a_number_and_is_the_first_response(cast: Cast) -> None:
    (ticket,) = take_call(conversation(cast, PRINTER), cast.bob, at(NOW))
    assert isinstance(ticket, Ticket)
    assert ticket.number.startswith("SDS-")
    clock = first_response(ticket, NOW)
    assert (clock.verdict, clock.satisfied_at) == (Verdict.met, utc(NOW))
    acknowledged = Notice.objects.get(kind=NoticeKind.ACKNOWLEDGEMENT)
    assert acknowledged.to_address == cast.amina.address


def test_a_call_that_is_entered_within_the_grace_counts_when_it_was_made(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    log_call(ticket.pk, cast.bob, "I rang back.", rang("2026-03-20 09:50", "out"), at(NOW))
    assert first_response(ticket, NOW).satisfied_at == utc("2026-03-20 09:50")


def test_a_call_that_is_entered_late_counts_when_it_is_entered_and_is_listed(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 08:00")
    log_call(ticket.pk, cast.bob, "I rang back.", rang("2026-03-20 09:00", "out"), at(NOW))
    assert first_response(ticket, NOW).satisfied_at == utc(NOW)
    (late,) = Pen.on(ticket.pk, at(NOW)).standing().late_calls
    assert (late.stated_at, late.entered_at) == (utc("2026-03-20 09:00"), utc(NOW))


def test_the_clock_of_a_call_that_is_entered_late_began_when_the_customer_rang(cast: Cast) -> None:
    (ticket,) = take_call(conversation(cast, PRINTER, call=rang("2026-03-20 08:00")), cast.bob, at(NOW))
    assert isinstance(ticket, Ticket)
    assert ticket.received_at == utc("2026-03-20 08:00")
    assert first_response(ticket, NOW).satisfied_at == utc(NOW)


def test_what_was_said_stays_in_the_desk(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    before = Notice.objects.count()
    message = log_call(ticket.pk, cast.bob, "She was angry.", rang("2026-03-20 09:55"), at(NOW))
    assert Notice.objects.count() == before
    participant = ticket.participants.get()
    seen = visible_messages(LinkViewer(participant.pk, ticket.pk, cast.amina.pk), ticket)
    assert message not in seen
    assert message in visible_messages(AgentViewer.of(cast.bob), ticket)
    fact = StoryEvent.objects.get(ticket=ticket, kind="call")
    assert (fact.data["direction"], fact.data["stated_at"]) == ("in", "2026-03-20T09:55:00+00:00")


@pytest.mark.parametrize(
    ("summary", "stated"),
    [("  ", NOW), ("It rang.", "2026-03-20 10:01"), ("It rang.", "2026-01-20 10:00")],
)
def test_a_call_that_says_nothing_or_cannot_have_been_is_refused(
    cast: Cast, summary: str, stated: str
) -> None:
    ticket = cast.writes("2026-01-10 09:00")
    with pytest.raises(Refused):
        log_call(ticket.pk, cast.bob, summary, rang(stated), at(NOW))
    assert not Message.objects.filter(kind=Message.Kind.CALL).exists()


def test_several_problems_in_one_call_become_tickets_that_belong_together(cast: Cast) -> None:
    known = cast.writes("2026-03-20 09:00")
    problems = (
        PRINTER,
        Problem(summary="No sound in the hall.", subject="Sound"),
        Problem(summary="And the laptop still does not start.", ticket=known),
    )
    one, other, old = take_call(conversation(cast, *problems), cast.bob, at(NOW))
    assert old.pk == known.pk
    assert len({one.pk, other.pk, old.pk}) == 3
    (link,) = TicketLink.objects.all()
    assert (link.ticket_id, link.other_id, link.kind) == (one.pk, other.pk, TicketLink.Kind.TOGETHER)
    assert Message.objects.get(ticket=known, kind=Message.Kind.CALL).text.startswith("And the laptop")


def test_a_call_is_entered_whole_or_not_at_all(cast: Cast) -> None:
    with pytest.raises(Refused):
        take_call(conversation(cast, PRINTER, Problem(summary="And that.")), cast.bob, at(NOW))
    assert not Ticket.objects.exists()


def test_what_the_caller_asks_for_is_noted_and_the_criteria_decide(cast: Cast) -> None:
    problem = Problem(
        summary="One key is missing.",
        subject="Key",
        requested="high",
        priority="low",
        because="Nobody waits.",
    )
    (ticket,) = take_call(conversation(cast, problem), cast.bob, at(NOW))
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert (ticket.requested_priority, ticket.priority) == ("high", "low")
    assert StoryEvent.objects.get(ticket=ticket, kind="opened").data["named_by"] == "call"
    assert StoryEvent.objects.get(ticket=ticket, kind="priority").data["reason"] == "Nobody waits."


def test_a_caller_without_an_address_gets_a_number_and_never_a_mail(cast: Cast) -> None:
    caller = find_or_add_caller("+44 (0)20 7946 0018", "Omar", utc(NOW))
    assert caller.address == "caller-442079460018@phone.invalid"
    (ticket,) = take_call(conversation(cast, PRINTER, contact=caller), cast.bob, at(NOW))
    assert isinstance(ticket, Ticket)
    reply(ticket.pk, cast.bob, "It is mended.", at("2026-03-20 11:00"), status="resolved")
    assert not Notice.objects.filter(to_address__endswith=".invalid").exists()
    assert find_or_add_caller("0044 20 7946 0018", "", utc(NOW)) == caller


def test_a_caller_needs_a_number_or_an_address(cast: Cast) -> None:
    for phone in ("", "no digits", "12"):
        with pytest.raises(CustomerRefused):
            find_or_add_caller(phone, "Omar", utc(NOW))
    known = find_or_add_caller("+44 20 7946 0018", "Omar", utc(NOW), address=cast.amina.address)
    assert (known, known.phone_digits) == (cast.amina, "442079460018")


@pytest.mark.parametrize("text", ["+44 20 7946 0018", "020 7946 0018", "amina", "school.example.org", "Hill"])
def test_a_caller_is_found_by_number_name_address_or_organization(cast: Cast, text: str) -> None:
    cast.writes("2026-03-20 09:00")
    find_or_add_caller("+44 20 7946 0018", "", utc(NOW), address=cast.amina.address)
    Organization.objects.create(name="Hill School", desk=cast.desk).contacts.add(cast.amina)
    assert find_callers(AgentViewer.of(cast.bob), cast.desk.pk, text) == [cast.amina]


def test_nobody_finds_the_customers_of_another_desk(cast: Cast, charlie: Agent) -> None:
    cast.writes("2026-03-20 09:00")
    viewer = AgentViewer.of(charlie)
    (own,) = viewer.desk_ids
    assert find_callers(viewer, own, "amina") == []
    assert find_callers(viewer, cast.desk.pk, "amina") == []
    with pytest.raises(NotAllowed):
        take_call(conversation(cast, PRINTER), charlie, at(NOW))


def test_a_call_passes_the_gate_as_every_request(cast: Cast) -> None:
    publish_policy(cast.desk, pack("maintenance-contract"), now=LONG_AGO + timedelta(days=1), by="tests")
    (held,) = take_call(conversation(cast, PRINTER), cast.bob, at(NOW))
    assert isinstance(held, HeldRequest)
    assert not Ticket.objects.exists()


def test_a_ticket_that_begins_with_us_is_mailed_and_owes_no_response_until_the_customer_writes(
    cast: Cast,
) -> None:
    opening = Opening(cast.desk, cast.amina, "Your laptops", "They are recalled.")
    ticket = start_ticket(opening, cast.bob, at(NOW))
    assert isinstance(ticket, Ticket)
    sent = Notice.objects.get(ticket_id=ticket.pk)
    assert (sent.kind, sent.data["text"]) == (NoticeKind.REPLY, "They are recalled.")
    assert first_response(ticket, NOW) is None
