"""What an agent notes of a third party, and what of it cannot be kept."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from upheld.tickets.actions.refused import Refused
from upheld.tickets.models import ThirdPartyWait, Ticket

NAME, REFERENCE, ADDRESS, NOTE = 160, 80, 500, 500


@dataclass(frozen=True, slots=True)
class ThirdParty:
    """Whom a ticket waits for, as an agent notes it. Without `remind_at` the desk is reminded as promised, else on the
    next business day. `tells_name` and `tells_promise` let the customer read the name, and by when it was promised."""

    name: str
    reference: str = ""
    url: str = ""
    note: str = ""
    promised_at: datetime | None = None
    remind_at: datetime | None = None
    reported_by_us: bool = False
    tells_name: bool = False
    tells_promise: bool = False

    def checked(self) -> "ThirdParty":
        """The same without blanks around; raises Refused for what cannot be kept."""
        name = " ".join(self.name.split())
        if not name:
            raise Refused("Say whom the ticket waits for: the name of a company, a service or a person.")
        if len(name) > NAME or len(self.reference.strip()) > REFERENCE or len(self.note.strip()) > NOTE:
            raise Refused(
                f"That is too long. A name has up to {NAME} letters, a reference {REFERENCE}, a note {NOTE}."
            )
        return ThirdParty(
            name=name,
            reference=" ".join(self.reference.split()),
            url=web_address(self.url),
            note=self.note.strip(),
            promised_at=self.promised_at,
            remind_at=self.remind_at,
            reported_by_us=self.reported_by_us,
            tells_name=self.tells_name,
            tells_promise=self.tells_promise,
        )


def web_address(text: str) -> str:
    """Return an address that a browser may open, or nothing; raises Refused for every other kind."""
    address = text.strip()
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        known = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if (
        not known
        or len(address) > ADDRESS
        or any(each.isspace() or not each.isprintable() for each in address)
    ):
        raise Refused(
            "That is no address of the web. Write it whole, as https://status.example.com/4711, or leave it out."
        )
    return address


def open_wait(ticket: Ticket, wait_id: int) -> ThirdPartyWait:
    """Return the wait of a locked ticket that an agent has before them; raises Refused where it is over."""
    found = (
        ThirdPartyWait.objects.select_for_update().filter(ticket=ticket, pk=wait_id, ended_at=None).first()
    )
    if found is None:
        raise Refused("This ticket waits for nobody like that any more. Look at it again.")
    return found
