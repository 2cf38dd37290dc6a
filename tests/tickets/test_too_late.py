"""A ticket reopens within the time that its policy sets; what comes later is a new ticket that follows it."""

from datetime import timedelta

import pytest

from harness.cast import Cast, at, utc
from upheld.tickets import actions
from upheld.tickets.actions.refused import Refused
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment


@pytest.fixture
def closed(cast: Cast) -> Ticket:
    """Amina's request, resolved on 3 March and closed by itself three days later."""
    ticket = cast.writes("2026-03-02 09:00")
    actions.reply(ticket.pk, cast.bob, "Solved.", at("2026-03-03 09:00"), status="resolved")
    actions.settle_ticket(ticket.pk, at("2026-03-10 09:00"))
    ticket.refresh_from_db()
    assert ticket.status == "closed"
    return ticket


def test_within_the_time_it_reopens(cast: Cast, closed: Ticket) -> None:
    actions.receive_message(closed.pk, cast.answer_of_amina("2026-04-04 09:00"), at("2026-04-04 09:00"))
    closed.refresh_from_db()
    assert closed.status == "open"
    assert Ticket.objects.count() == 1


def test_later_a_new_ticket_follows_it(cast: Cast, closed: Ticket) -> None:
    message = actions.receive_message(
        closed.pk, cast.answer_of_amina("2026-06-04 09:00", "It is back."), at("2026-06-04 09:00")
    )
    new = message.ticket
    assert (new.follows, new.subject, new.requester) == (closed, closed.subject, cast.amina)
    assert new.status == "open"
    assert new.next_due_at is not None
    assert closed.messages.count() == 2
    closed.refresh_from_db()
    assert closed.status == "closed"


def test_mere_thanks_open_nothing(cast: Cast, closed: Ticket) -> None:
    thanks = cast.answer_of_amina("2026-06-04 09:00", "Thanks!", thanks=True)
    assert actions.receive_message(closed.pk, thanks, at("2026-06-04 09:00")).ticket == closed
    assert Ticket.objects.count() == 1


def test_an_agent_is_told_that_it_is_too_late(cast: Cast, closed: Ticket) -> None:
    moment = Moment.exactly(utc("2026-03-06 09:00") + timedelta(days=40))
    with pytest.raises(Refused, match="new ticket"):
        actions.set_status(closed.pk, cast.bob, "open", moment)
