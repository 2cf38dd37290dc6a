"""A customer says that everything is down: a page that explains, and a button. Looking changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.rules.permissions import Act, allowed
from upheld.tickets.actions import NotHigher, raise_priority
from upheld.tickets.naming import highest_above
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.tickets.visibility import role_of
from upheld.web.portal.by_link import through_link
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.mine import account_door
from upheld.web.portal.one_request import Door


@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def by_link(request: HttpRequest, door: Door) -> HttpResponse:
    """Through the link of a mail."""
    return _answer(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def by_account(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    """From the pages of a signed-in customer."""
    return _answer(request, account_door(contact, number))


def _answer(request: HttpRequest, door: Door) -> HttpResponse:
    page = ticket_page(door.viewer, door.number, request.now)
    if page is None or not allowed(role_of(door.viewer, page.ticket), Act.write_as_customer):
        raise Http404
    if request.method != "POST":
        return _show(request, door, page)
    try:
        raise_priority(page.ticket.pk, door.contact, moment(page.ticket.desk_id, request.now))
    except NotHigher:
        # Somebody else was faster, or the link is old: the page says how it stands.
        return _show(request, door, page, status=409)
    return redirect(f"{door.url}#request")


def _show(request: HttpRequest, door: Door, page: TicketPage, status: int = 200) -> HttpResponse:
    door.note_look(request, page.ticket)
    policy, standing = page.policy, page.standing
    is_done = policy.status(standing.status).is_done
    context = {
        "desk": page.ticket.desk,
        "portal": page.ticket.portal,
        "door": door,
        "ticket": page.ticket,
        "holds": policy.priority(standing.priority),
        "top": None if is_done else highest_above(policy, standing.priority),
        "is_done": is_done,
    }
    return render(request, "portal/urgent.html", context, status=status)
