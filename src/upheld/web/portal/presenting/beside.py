"""What stands beside a request on its customer's page: what it lacks, and what was reported together with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from upheld.tickets import information
from upheld.tickets.links import siblings
from upheld.tickets.models import InformationAsked, Ticket


@dataclass(frozen=True, slots=True)
class Beside:
    """`lacks` are labels of the policy, `url` is where to fill them in; empty where nobody was asked. The siblings are
    those in which the customer takes part."""

    lacks: Sequence[str]
    url: str
    siblings: Sequence[Ticket]


def beside(ticket: Ticket, contact_id: int, url: str, *, may_write: bool) -> Beside:
    """Return what to show beside a request whose page has the address `url`."""
    lacks = [each.part.label for each in information.answers(ticket) if each.is_missing] if may_write else []
    still_asked = InformationAsked.objects.filter(ticket=ticket, ended_because__in=("", "replied"))
    return Beside(
        lacks=lacks if lacks and still_asked.exists() else [],
        url=f"{url}information/",
        siblings=siblings(contact_id, ticket),
    )
