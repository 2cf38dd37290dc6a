"""campaign-severity: updates every four working hours, a product manager who joins, and an update that "
"is promised."""

from datetime import UTC, datetime

from tour.camera import Camera
from tour.house import House
from tour.life import Life, open_ledger

BEGINS = datetime(2026, 3, 12, 8, 30, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """Thursday 12 March to Monday 16 March 2026."""
    from upheld.tickets.actions import join_ticket, promise_update, set_priority

    life = Life(house, camera, "campaign-severity")
    ticket = life.asks(
        "isla",
        "2026-03-12 09:40",
        "Tonight's campaign cannot be sent",
        "The button “Send” answers “list is locked”. 40,000 readers expect the spring list at eight this "
        "evening.\n\nIsla",
        channel="portal",
        priority="severity_1",
        product="campaigns",
    )
    page = f"/tickets/{ticket.number}/"
    life.takes("nia", "2026-03-12 09:50", ticket)
    life.answers(
        "nia",
        "2026-03-12 10:05",
        ticket,
        "Isla, I see the lock: an import of yesterday never ended, and holds the list. I am looking for "
        "a way to end it "
        "without losing what it brought.\n\nNia",
    )
    life.at("2026-03-12 11:30")
    life.seen_by_agent("1-cadence", "nia", page)
    life.seen_by_customer("2-hears-again", "isla", ticket)
    life.answers(
        "nia",
        "2026-03-12 13:20",
        ticket,
        "Isla, the import cannot be ended from our side without the people who build the lists. I am "
        "asking them now, and you "
        "hear from me this afternoon.\n\nNia",
    )
    life.at("2026-03-12 13:25")
    life.seen_by_agent("3-hand-over", "nia", f"{page}escalation/")
    why = "The helpdesk is unable to resolve the issue: only the product can let go of the list."
    moment = life.at("2026-03-12 13:30")
    join_ticket(ticket.pk, life.agent("nia"), life.agent("oscar"), moment, role="product_manager", reason=why)
    life.done()
    life.answers(
        "oscar",
        "2026-03-12 16:10",
        ticket,
        "Isla, the list is free again, and nothing of the import is lost. Tonight's campaign can go. Why "
        "the import hung we "
        "do not know yet; until then, please import in parts of 10,000.\n\nOscar",
    )
    life.at("2026-03-12 16:20")
    life.seen_by_agent("4-said-before", "nia", page, part="section.properties", before=_choose_severity_3)
    why = "The campaign can be sent; what is left is to find the cause."
    set_priority(ticket.pk, life.agent("nia"), "severity_3", life.at("2026-03-12 16:25"), reason=why)
    promise_update(ticket.pk, life.agent("nia"), life.time("2026-03-13 12:00"), life.at("2026-03-12 16:30"))
    life.done()
    life.at("2026-03-12 16:35")
    life.seen_by_agent("5-promised", "nia", page, dark=True)
    life.answers(
        "nia",
        "2026-03-13 11:15",
        ticket,
        "Isla, the cause is found: a line of the file ended in the middle of a letter with an accent. "
        "The correction is being "
        "tried out and is live on Monday.\n\nNia",
    )
    life.answers(
        "nia",
        "2026-03-16 10:00",
        ticket,
        "Isla, the correction is live. Imports of any size are fine again.\n\nNia",
        "resolved",
    )
    life.seen_by_agent(
        "6-ledger", "nia", page, part="section.clock:has(details[open])", before=open_ledger("Update")
    )
    life.proven(ticket)


def _choose_severity_3(page) -> None:
    page.locator("#side-priority").select_option("severity_3")
    page.locator("#priority-effect li, #priority-effect p").first.wait_for()
