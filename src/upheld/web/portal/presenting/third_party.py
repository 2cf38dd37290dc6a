"""For whom the desk waits, as far as the customer may read it."""

from dataclasses import dataclass

from upheld.tickets.third_parties import told_to_customer
from upheld.tickets.ticket_page import TicketPage
from upheld.web.portal.presenting.say import said_at
from upheld.web.presenting.times import When


@dataclass(frozen=True, slots=True)
class ThirdPartyTold:
    """Without a `name` it is just somebody else. `promised` is by when they said that it will be done."""

    name: str
    since: When
    promised: When | None
    reported: bool


def third_party_told(page: TicketPage, zone: str) -> ThirdPartyTold | None:
    """Return for whom the desk waits, with every time in `zone`; None where it waits for nobody."""
    if not page.ticket.has_third_party:
        return None
    told = told_to_customer(page.ticket, page.policy.status(page.standing.status))
    if told is None:
        return None
    return ThirdPartyTold(
        name=told.name,
        since=said_at(told.since, zone),
        promised=said_at(told.promised_at, zone) if told.promised_at else None,
        reported=told.reported,
    )
