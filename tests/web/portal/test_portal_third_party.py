"""A customer reads for whom the desk waits: the name and the promise only where an agent said that they may."""

from django.test import Client
from portal_cast import link

from harness.cast import Cast, at, utc
from upheld.tickets.actions import ThirdParty, give_up_third_party, set_status, watch_third_party
from upheld.tickets.models import Ticket

PROMISED = utc("2026-03-18 15:00")
WAITING = "waiting_on_third_party"


def waits(cast: Cast, **said: object) -> Ticket:
    ticket = cast.writes("2026-03-16 08:00")
    noted = ThirdParty(
        name="Heron Displays", reference="INC-4711", note="Jo is slow.", promised_at=PROMISED, **said
    )  # type: ignore[arg-type]
    watch_third_party(ticket.pk, cast.bob, noted, at("2026-03-16 09:00"), status=WAITING)
    return ticket


def test_who_it_is_stays_in_the_desk_unless_an_agent_says_otherwise(
    cast: Cast, noon: object, stranger: Client
) -> None:
    page = stranger.get(link(waits(cast))).content.decode()
    assert "The clock is stopped because somebody else has to do their part first." in page
    assert "we have been waiting for it since" in page
    assert "Monday 16 March 2026, 09:00 (London time, GMT)" in page
    for word in ("Heron", "4711", "Jo is slow", "Wednesday 18 March"):
        assert word not in page


def test_what_an_agent_lets_them_read_is_read(cast: Cast, noon: object, stranger: Client) -> None:
    ticket = waits(cast, tells_name=True, tells_promise=True, reported_by_us=True)
    page = stranger.get(link(ticket)).content.decode()
    assert "We have been waiting for Heron Displays since" in page
    assert "We reported it to them for you." in page
    assert "They promised it by" in page and "Wednesday 18 March 2026, 15:00 (London time, GMT)" in page
    assert "4711" not in page and "Jo is slow" not in page


def test_nothing_is_said_once_it_is_over_or_the_customer_is_waited_for(
    cast: Cast, noon: object, stranger: Client
) -> None:
    ticket = waits(cast, tells_name=True)
    set_status(ticket.pk, cast.bob, "open", at("2026-03-16 09:30"))
    set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-03-16 10:00"))
    assert "Heron" not in stranger.get(link(ticket)).content.decode()
    set_status(ticket.pk, cast.bob, "open", at("2026-03-16 10:30"))
    assert "Heron" in stranger.get(link(ticket)).content.decode()
    give_up_third_party(
        ticket.pk, ticket.third_party_waits.get().pk, cast.bob, "Silence.", at("2026-03-16 11:00")
    )
    assert "Heron" not in stranger.get(link(ticket)).content.decode()
