"""success-plans: a case on which several work at once, work in another program, and a customer's way to "
"the top."""

from datetime import UTC, datetime

from tour.camera import Camera
from tour.house import House
from tour.life import Life, open_ledger

BEGINS = datetime(2026, 3, 12, 7, 30, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """Thursday 12 March to Thursday 19 March 2026."""
    from upheld.tickets.actions import (
        add_outside_work,
        change_outside_work,
        join_ticket,
        set_status,
        take_complaint,
    )

    life = Life(house, camera, "success-plans")
    ticket = life.asks(
        "miriam",
        "2026-03-12 09:00",
        "The same invoice is numbered twice",
        "Invoice 2026-1184 exists twice, with two amounts. Our auditors come at the end of the "
        "month.\n\nMiriam Weidner",
        channel="portal",
        priority="high",
        reason="bug",
    )
    page = f"/tickets/{ticket.number}/"
    life.takes("jonas", "2026-03-12 09:30", ticket)
    life.answers(
        "jonas",
        "2026-03-12 10:30",
        ticket,
        "Dear Ms Weidner,\n\nI have found both invoices. They were written in the same second, from two "
        "places. I am looking "
        "into how that could get past the lock.\n\nJonas Reuter",
        "in_progress",
    )
    why = "The case is difficult: the lock itself has to change, and that concerns every customer."
    moment = life.at("2026-03-12 11:00")
    join_ticket(
        ticket.pk, life.agent("jonas"), life.agent("malik"), moment, role="product_manager", reason=why
    )
    set_status(ticket.pk, life.agent("jonas"), "in_development", life.at("2026-03-12 11:05"))
    work = add_outside_work(
        ticket.pk,
        life.agent("malik"),
        life.at("2026-03-12 14:00"),
        title="Lock of invoice numbers fails within one second",
        reference="TL-4471",
        url="https://issues.tannenberg.example.com/TL-4471",
        state="under_way",
    )
    life.at("2026-03-12 14:10")
    life.seen_by_agent("1-side-by-side", "jonas", page)
    life.seen_by_agent("2-together", "jonas", page, part="#together")
    life.seen_by_agent("3-outside-work", "jonas", page, part="section.outside")
    life.at("2026-03-16 10:00")
    life.seen_by_customer("4-path", "miriam", ticket, "further/")
    words = (
        "Since Thursday I have heard nothing. I need to know whether this is solved before the auditors come."
    )
    take_complaint(ticket.pk, life.cast.contacts["miriam"], words, life.at("2026-03-16 10:00"))
    life.at("2026-03-17 10:30")
    life.seen_by_agent("5-silent", "leonie", page, part='section[aria-labelledby="path-title"]')
    take_complaint(ticket.pk, life.cast.contacts["miriam"], "Nobody called.", life.at("2026-03-17 11:00"))
    life.answers(
        "katrin",
        "2026-03-17 13:10",
        ticket,
        "Dear Ms Weidner,\n\nyou should have heard from us on Monday, and I am sorry that you did not. "
        "The new lock is being "
        "tried out today. On Wednesday it is with you, and Mr Reuter takes the double number out "
        "together with you.\n\n"
        "Katrin Vogel",
    )
    life.seen_by_customer("6-answered", "miriam", ticket, dark=True, part="#further", height=740)
    change_outside_work(ticket.pk, work.pk, life.agent("malik"), "done", life.at("2026-03-18 09:30"))
    life.answers(
        "jonas",
        "2026-03-18 10:40",
        ticket,
        "Dear Ms Weidner,\n\nthe new lock is live, and invoice 2026-1184 is there once, with the right "
        "amount. Thank you for "
        "going through it with me.\n\nJonas Reuter",
        "resolved",
    )
    life.at("2026-03-19 09:00")
    life.seen_by_agent(
        "7-ledger",
        "jonas",
        page,
        part="section.clock:has(details[open])",
        before=open_ledger("First response"),
    )
    life.proven(ticket)
