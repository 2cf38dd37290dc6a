"""A time that the policy leaves to the agent: promised, shown, kept, broken - a clock like every other."""

from datetime import timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import ClockStanding, Metric, Standing, pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Refused,
    log_call,
    promise_update,
    reply,
    set_priority,
    set_status,
    settle_ticket,
)
from upheld.tickets.incoming import Call
from upheld.tickets.letters import current_clock
from upheld.tickets.models import StoryEvent, Ticket

CALL = "2026-03-16 14:00"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Severity 3: updates are discretionary. Bob answered at eleven."""
    publish_policy(cast.desk, pack("campaign-severity"), now=LONG_AGO + timedelta(days=1), by="tests")
    ticket = cast.writes("2026-03-16 10:00")
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-16 11:00"))
    return ticket


def update_of(ticket: Ticket) -> ClockStanding | None:
    return current_clock(Standing.from_json(Ticket.objects.get(pk=ticket.pk).standing), Metric.update)


def promise(cast: Cast, ticket: Ticket, due: str, now: str = "2026-03-16 12:00") -> Ticket:
    return promise_update(ticket.pk, cast.bob, utc(due), at(now))


def test_a_promised_time_is_due_like_every_other(cast: Cast, ticket: Ticket) -> None:
    assert update_of(ticket) is None
    told = promise(cast, ticket, "2026-03-16 15:00")
    clock = update_of(ticket)
    assert (clock.due_at, told.next_due_at) == (utc("2026-03-16 15:00"), utc("2026-03-16 15:00"))
    assert StoryEvent.objects.get(ticket=ticket, kind="promised").agent == cast.bob


def test_a_reply_keeps_it_and_says_by_when_the_next_comes_only_where_one_is_promised(
    cast: Cast, ticket: Ticket
) -> None:
    promise(cast, ticket, "2026-03-16 15:00")
    reply(ticket.pk, cast.bob, "It is the certificate.", at("2026-03-16 14:59"))
    clock = update_of(ticket)
    assert (clock.verdict, clock.satisfied_at) == ("met", utc("2026-03-16 14:59"))
    mail = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.REPLY).latest("id")
    assert mail.data["update_due"] is None


def test_a_logged_call_keeps_it(cast: Cast, ticket: Ticket) -> None:
    promise(cast, ticket, "2026-03-16 15:00")
    log_call(ticket.pk, cast.bob, "Told her how it stands.", Call("out", utc(CALL)), at(CALL))
    assert update_of(ticket).verdict == "met"


def test_a_broken_promise_warns_before_and_is_stamped_with_its_time(cast: Cast, ticket: Ticket) -> None:
    promise(cast, ticket, "2026-03-16 15:00")
    settle_ticket(ticket.pk, at("2026-03-16 18:00"))
    breach = StoryEvent.objects.get(ticket=ticket, kind="verdict", data__metric="update")
    assert (breach.data["verdict"], breach.at) == ("breached", utc("2026-03-16 15:00"))
    assert StoryEvent.objects.filter(ticket=ticket, kind="warned", data__metric="update").exists()
    # The next one is promised anew.
    promise(cast, ticket, "2026-03-17 12:00", now="2026-03-16 18:30")
    assert update_of(ticket).due_at == utc("2026-03-17 12:00")


def test_another_promise_takes_the_place_of_one_that_is_not_broken(cast: Cast, ticket: Ticket) -> None:
    promise(cast, ticket, "2026-03-16 15:00")
    promise(cast, ticket, "2026-03-17 12:00", now="2026-03-16 13:00")
    assert update_of(ticket).due_at == utc("2026-03-17 12:00")
    settle_ticket(ticket.pk, at("2026-03-16 18:00"))
    assert not StoryEvent.objects.filter(ticket=ticket, kind="verdict", data__metric="update").exists()


@pytest.mark.parametrize(
    ("due", "why"), [("2026-03-16 12:00", "is over"), ("2027-06-01 12:00", "more than a year")]
)
def test_a_time_that_cannot_be_promised_is_refused(cast: Cast, ticket: Ticket, due: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        promise(cast, ticket, due)
    assert not StoryEvent.objects.filter(ticket=ticket, kind="promised").exists()


def test_where_the_policy_has_its_own_time_or_the_clock_stands_nothing_is_promised(
    cast: Cast, ticket: Ticket
) -> None:
    set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-03-16 12:10"))
    with pytest.raises(Refused, match="left to promise"):
        promise(cast, ticket, "2026-03-17 12:00", now="2026-03-16 12:20")
    set_status(ticket.pk, cast.bob, "open", at("2026-03-16 12:30"))
    set_priority(ticket.pk, cast.bob, "severity_2", at("2026-03-16 12:40"))
    with pytest.raises(Refused, match="left to promise"):
        promise(cast, ticket, "2026-03-17 12:00", now="2026-03-16 12:50")


def test_an_agent_of_another_desk_promises_nothing(ticket: Ticket, charlie) -> None:
    with pytest.raises(NotAllowed):
        promise_update(ticket.pk, charlie, utc("2026-03-16 15:00"), at("2026-03-16 12:00"))
