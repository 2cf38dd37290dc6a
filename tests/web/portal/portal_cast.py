"""What the portal's tests say again and again."""

import re

from upheld.people.models import Contact
from upheld.tickets.keys import link_token
from upheld.tickets.models import Participant, Ticket

HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}'` style=x"


def link(ticket: Ticket, contact: Contact | None = None) -> str:
    """The address that the contact (the requester, when not given) got by mail."""
    wanted = {"contact": contact} if contact else {"is_requester": True}
    return f"/r/{link_token(Participant.objects.get(ticket=ticket, **wanted))}/"


def hidden_fields(page: str) -> dict[str, str]:
    """What a form carries unseen."""
    names = ("csrfmiddlewaretoken", "once")
    found = {name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in names}
    return {name: match[1] for name, match in found.items() if match}
