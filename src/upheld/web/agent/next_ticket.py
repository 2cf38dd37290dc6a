"""The list from which a ticket was opened: where the ticket stands in it, and which comes before and after.

The address carries the list alone (`?in=`), never a place in it: that is asked anew, so it is true of the list as it is
now, and a link to a ticket may be passed on.
"""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from upheld.tickets import queries
from upheld.tickets.models import Ticket
from upheld.web.agent.filters import LISTS, Wanted
from upheld.web.viewer import Workplace

WHOLE_QUEUE = "list=open"
LONGEST_LIST = 2000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ticket stands in its list: the addresses of its neighbours, empty where there is none. `position` is None
    where it is not in the list (any more), or too far down to be counted."""

    within: str
    list_url: str
    label: str
    position: int | None
    total: str
    previous: str
    next: str


def name_of(wanted: Wanted) -> str:
    """A list as the links to its tickets carry it."""
    return wanted.query(after="").removeprefix("?") or WHOLE_QUEUE


def list_of(request: HttpRequest) -> str:
    """The list from which the page of this request was opened, as its address says; empty where it says none."""
    given = request.POST.get("in") or request.GET.get("in")
    # A form that was sent knows only the page that it stood on.
    pages = (request.headers.get("HX-Current-URL", ""), request.headers.get("Referer", ""))
    found = given or next(filter(None, map(_list_in, pages)), "")
    return found if len(found) <= LONGEST_LIST else ""


def _list_in(address: str) -> str:
    try:
        return parse_qs(urlsplit(address).query).get("in", [""])[0]
    except ValueError:
        return ""


def ticket_address(number: str, within: str = "") -> str:
    """The address of a ticket, opened from the list `within`."""
    query = f"?{urlencode({'in': within})}" if within else ""
    return reverse("ticket", args=[number]) + query


def list_address(request: HttpRequest) -> str:
    """The list from which a ticket was opened, or the whole queue."""
    within = list_of(request)
    return reverse("queue") + (_wanted(within).query() if within else "")


def next_in_list(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> str | None:
    """Return the address of the ticket that comes after this one in the list from which it was opened; None where it
    was opened from none, or was the last. Best asked before an act that moves the ticket within the list."""
    place = place_in_list(request, workplace, ticket)
    return (place.next or None) if place else None


def place_in_list(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> Place | None:
    """Return where a ticket stands in the list from which it was opened."""
    within = list_of(request)
    if not within:
        return None
    wanted = _wanted(within)
    most = queries.COUNT_BOUND + 1
    narrowed = wanted.filter(workplace, request.now)
    in_order = queries.in_order(workplace.viewer, narrowed, request.now, most)
    numbers = list(in_order.values_list("number", flat=True)[:most])
    at = numbers.index(ticket.number) if ticket.number in numbers else None
    if at is None:
        before, after = "", _after(request, workplace, narrowed, ticket) or next(iter(numbers), "")
    else:
        before, after = numbers[at - 1] if at else "", (numbers[at + 1 : at + 2] or [""])[0]
    return Place(
        within=within,
        list_url=reverse("queue") + wanted.query(),
        label=str(LISTS[wanted.list]),
        position=None if at is None else at + 1,
        total=f"{queries.COUNT_BOUND}+" if len(numbers) > queries.COUNT_BOUND else str(len(numbers)),
        previous=ticket_address(before, within) if before else "",
        next=ticket_address(after, within) if after else "",
    )


def _wanted(within: str) -> Wanted:
    return Wanted.read(QueryDict(within.replace("\0", "")))


def _after(request: HttpRequest, workplace: Workplace, narrowed: queries.QueueFilter, ticket: Ticket) -> str:
    """The number of the ticket that follows where this one would stand if it were in the list."""
    here = queries.cursor_of(ticket, narrowed)
    found = queries.queue(workplace.viewer, narrowed, request.now, after=here, limit=1)
    return found.tickets[0].number if found.tickets else ""
