"""maintenance-contract: held without a contract, admitted, a ladder of managers, a second level, and "
"two cases in one."""

from datetime import UTC, datetime

from tour.camera import Camera
from tour.house import House
from tour.life import Life, open_ledger

BEGINS = datetime(2026, 3, 12, 13, 0, tzinfo=UTC)


def play(house: House, camera: Camera) -> None:
    """Thursday 12 March 2026, by the clocks of Los Angeles."""
    from upheld.tickets.actions import Goal, acknowledge_page, admit_request, hand_over, merge_tickets
    from upheld.tickets.models import Page

    life = Life(house, camera, "maintenance-contract")
    held = life.asks(
        "nora",
        "2026-03-12 06:40",
        "System down: no calls are recorded since the power cut",
        "Good morning,\n\nsince the power cut this morning call tracking records nothing. The server is "
        "up, the line to the "
        "exchange too. We must record by law.\n\nNora Finch, Marigold Insurance",
        priority="level_1",
        product="call_tracking",
    )
    life.at("2026-03-12 06:50")
    life.seen_by_agent("1-held", "lucia", f"/held/{held.pk}/")
    life.mail_seen("2-told", "n.finch@marigold.example.org", "held")
    ticket = _admit(
        life, held, "2026-03-12 07:00", "Renewal M-09921 is signed and on its way to us.", admit_request
    )
    page = f"/tickets/{ticket.number}/"
    acknowledge_page(Page.objects.get(ticket=ticket).pk, life.agent("lucia"), life.at("2026-03-12 07:02"))
    goal = Goal(tier="first", agent=life.agent("hank"))
    hand_over(ticket.pk, life.agent("lucia"), goal, "Hank knows the recorder.", life.at("2026-03-12 07:05"))
    life.answers(
        "hank",
        "2026-03-12 07:20",
        ticket,
        "Nora,\n\nafter a power cut the recorder waits for the exchange to say its name. Please restart "
        "the service CallTrack, "
        "and tell me what its log says.\n\nHank",
    )
    again = life.asks(
        "nora",
        "2026-03-12 08:10",
        "Recorder says “no trunk”",
        "I restarted it as you said. The log says “no trunk found”, every ten seconds.",
        priority="level_1",
        product="call_tracking",
    )
    part = _admit(life, again, "2026-03-12 08:20", "The same house, the same renewal.", admit_request)
    life.at("2026-03-12 08:22")
    life.seen_by_agent("3-merge", "hank", f"/tickets/{part.number}/merge/?into={ticket.number}")
    merge_tickets(part.pk, ticket.number, life.agent("hank"), life.at("2026-03-12 08:25"))
    goal = Goal(tier="second", by="to_second_level")
    why = "What is known does not solve the case: the trunk is there, and the recorder does not see it."
    hand_over(ticket.pk, life.agent("hank"), goal, why, life.at("2026-03-12 08:40"))
    life.takes("lucia", "2026-03-12 08:50", ticket)
    life.answers(
        "lucia",
        "2026-03-12 09:10",
        ticket,
        "Nora,\n\nthe exchange came up with a new name after the power cut. I have entered it; please "
        "make a call and look "
        "whether it is there.\n\nLucia",
    )
    life.at("2026-03-12 11:10")
    life.seen_by_agent("4-ladder", "lucia", page, part="#together", before=_open_all("#together details"))
    life.seen_by_agent("5-merged", "lucia", page, dark=True)
    life.writes(
        "nora",
        "2026-03-12 11:40",
        ticket,
        "It records again, and the calls of the morning are there from nine on. Thank you!",
    )
    life.answers(
        "lucia",
        "2026-03-12 12:05",
        ticket,
        "Nora,\n\nthen I close this. Good luck with the report.\n\nLucia",
        "solved",
    )
    life.seen_by_agent("6-tiers", "lucia", "/desk/tiers/")
    life.seen_by_customer("7-solved", "nora", ticket)
    life.seen_by_agent(
        "8-ledger",
        "lucia",
        page,
        part="section.clock:has(details[open])",
        before=open_ledger("First response"),
    )
    life.proven(ticket)


def _admit(life: Life, held, when: str, why: str, admit_request):
    ticket = admit_request(held.pk, life.agent("lucia"), life.at(when), reason=why)
    life.done()
    return ticket


def _open_all(selector: str):
    return lambda page: page.evaluate(
        "each => document.querySelectorAll(each).forEach(one => one.open = true)", selector
    )
