"""What the ticket page shows of whether the ticket is spam."""

from dataclasses import dataclass, field

from upheld.mailboxes.models import SenderRule
from upheld.people.models import Contact
from upheld.rules.callers import is_placeholder
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class Panel:
    """`address` and `domain` are the sender's, about whom a rule may be made; empty for somebody without an address.
    `rules` are those that were made with this ticket."""

    address: str
    domain: str
    rules: list[str] = field(default_factory=list)


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Panel:
    """Return what `web/agent/spam/panel.html` shows."""
    ticket = page.ticket
    address, domain = sender_of(ticket.requester)
    if not ticket.is_spam:
        return Panel(address, domain)
    rules = SenderRule.objects.filter(ticket=ticket).order_by("pk").values_list("sender", flat=True)
    return Panel(address, domain, list(rules))


def sender_of(contact: Contact) -> tuple[str, str]:
    """The address of a contact and its domain, as rules about senders name them."""
    if is_placeholder(contact.address):
        return "", ""
    return contact.address.lower(), f"@{contact.address.lower().rpartition('@')[2]}"
