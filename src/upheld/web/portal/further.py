"""The path of a customer who is not satisfied: which level comes next, and a button that takes the request there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.rules.permissions import Act, allowed
from upheld.tickets.actions import Refused, take_complaint
from upheld.tickets.complaints import complaints_of, path_of
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.portal.by_link import through_link
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.doors import main_door
from upheld.web.portal.mine import account_door
from upheld.web.portal.one_request import Door
from upheld.web.portal.presenting.path import customers_path
from upheld.web.portal.zones import viewing_zone


@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def by_link(request: HttpRequest, door: Door) -> HttpResponse:
    return _answer(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def by_account(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    return _answer(request, account_door(contact, number))


def _answer(request: HttpRequest, door: Door) -> HttpResponse:
    ticket = visible_tickets(door.viewer).select_related("desk", "portal").filter(number=door.number).first()
    if ticket is None or not allowed(role_of(door.viewer, ticket), Act.take_complaint):
        raise Http404
    if not path_of(ticket):
        raise Http404
    door.note_look(request, ticket)
    if request.method != "POST":
        return _page(request, door, ticket)
    words, seen = request.POST.get("words", "")[:5000], request.POST.get("level", "")
    try:
        take_complaint(
            ticket.pk,
            door.contact,
            words,
            moment(ticket.desk_id, request.now),
            expected=int(seen) if seen.isdecimal() and len(seen) < 4 else None,
        )
    except Refused as problem:
        return _page(request, door, ticket, words=words, chosen=seen, problem=str(problem), status=422)
    return redirect(f"{door.url}#further")


def _page(
    request: HttpRequest,
    door: Door,
    ticket: Ticket,
    *,
    words: str = "",
    chosen: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    zone = viewing_zone(request, ticket.desk, door.contact)
    path = customers_path(ticket, complaints_of(ticket, request.now), zone)
    page = {
        "desk": ticket.desk,
        "portal": ticket.portal or main_door(ticket.desk),
        "door": door,
        "ticket": ticket,
        "path": path,
        "choices": [each.level for each in path if each.may_turn],
        "chosen": chosen,
        "words": words,
        "problem": problem,
    }
    return render(request, "portal/further.html", page, status=status)
