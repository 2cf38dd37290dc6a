"""school-devices: a question that is forgotten, a ticket that closes by itself and opens again, a "
"provider to wait for."""

from datetime import UTC, datetime

from tour.camera import Camera
from tour.house import House
from tour.life import Life, open_ledger

BEGINS = datetime(2026, 3, 12, 8, 0, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """Thursday 12 March to Thursday 19 March 2026."""
    from upheld.tickets.actions import ThirdParty, tell_it_works_again, watch_third_party
    from upheld.tickets.models import ThirdPartyWait

    life = Life(house, camera, "school-devices")
    ticket = life.asks(
        "hannah",
        "2026-03-12 09:10",
        "Tablets lose the network in the new building",
        "Good morning,\n\nsince Monday the tablets of year 4 drop out of the network whenever we are in "
        "the new building. In "
        "the old one they work all day. Lessons there begin at eleven.\n\nHannah Okafor",
        priority="high",
    )
    life.takes("callum", "2026-03-12 09:40", ticket)
    life.answers(
        "callum",
        "2026-03-12 10:05",
        ticket,
        "Hello Hannah,\n\nin which rooms does it happen, and does the name of the network on the tablets "
        "change when they "
        "drop out?\n\nCallum",
        "waiting_on_customer",
    )
    page = f"/tickets/{ticket.number}/"
    life.at("2026-03-12 10:10")
    life.seen_by_agent("1-waiting", "callum", page)
    life.seen_by_agent("1-comes-by-itself", "callum", page, part="section.coming")
    life.at("2026-03-13 11:00")
    life.seen_by_customer("2-reminded", "hannah", ticket)
    life.at("2026-03-16 11:00")
    life.seen_by_customer("3-closed", "hannah", ticket, dark=True)
    life.writes(
        "hannah",
        "2026-03-17 08:20",
        ticket,
        "Sorry, we were on a school trip. It is every room on the upper floor. The name does not change, "
        "but the tablets say "
        "“no internet”.",
    )
    waits_for = ThirdParty(
        name="Kettle Connect",
        reference="KC-88213",
        note="They exchange the switch of the upper floor.",
        promised_at=life.time("2026-03-18 12:00"),
        reported_by_us=True,
        tells_name=True,
        tells_promise=True,
    )
    moment = life.at("2026-03-17 09:15")
    watch_third_party(ticket.pk, life.agent("callum"), waits_for, moment, status="waiting_on_third_party")
    life.answers(
        "callum",
        "2026-03-17 09:20",
        ticket,
        "Hello Hannah,\n\nthe switch of the upper floor is broken. I have reported it to Kettle Connect, "
        "who run it; they "
        "exchange it by tomorrow noon. I watch it and tell you.\n\nCallum",
    )
    life.at("2026-03-17 09:30")
    life.seen_by_agent("4-third-party", "callum", page)
    life.seen_by_agent("4-outside", "callum", page, part="section.outside")
    wait = ThirdPartyWait.objects.get(ticket=ticket, ended_at=None)
    tell_it_works_again(
        ticket.pk,
        wait.pk,
        life.agent("callum"),
        "Hello Hannah,\n\nthe new switch is in, and our own tablet has been online upstairs for an "
        "hour.\n\nCallum",
        life.at("2026-03-18 10:40"),
        status="resolved",
    )
    life.at("2026-03-19 09:00")
    life.seen_by_customer("5-works", "hannah", ticket)
    _it_works(life, ticket)
    life.seen_by_agent(
        "6-ledger", "callum", page, part="section.clock:has(details[open])", before=open_ledger("Resolution")
    )
    life.proven(ticket)


def _it_works(life: Life, ticket) -> None:
    from upheld.tickets.actions import confirm_solution

    confirm_solution(ticket.pk, life.cast.contacts["hannah"], life.at("2026-03-19 09:05"))
    life.done()
