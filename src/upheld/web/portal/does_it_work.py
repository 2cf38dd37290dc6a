"""Does it work? Two pages with a button each, to which the mails about a solution lead. Looking changes nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.rules.permissions import Act, allowed
from upheld.tickets.actions import NotAskedError, confirm_solution, receive_message
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import HeldRequest, Message
from upheld.tickets.solving import asks_whether_it_works
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.tickets.visibility import role_of
from upheld.web.portal.by_link import through_link
from upheld.web.portal.customer import for_contacts
from upheld.web.portal.doors import main_door
from upheld.web.portal.forms import BrokenForm
from upheld.web.portal.mine import account_door
from upheld.web.portal.once import one_at_a_time
from upheld.web.portal.one_request import Door, to_held
from upheld.web.portal.presenting.say import said_at
from upheld.web.portal.zones import viewing_zone


@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def works_by_link(request: HttpRequest, door: Door) -> HttpResponse:
    return _works(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def works_by_account(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    return _works(request, account_door(contact, number))


@require_http_methods(["GET", "HEAD", "POST"])
@through_link
def broken_by_link(request: HttpRequest, door: Door) -> HttpResponse:
    return _broken(request, door)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts
def broken_by_account(request: HttpRequest, contact: Contact, number: str) -> HttpResponse:
    return _broken(request, account_door(contact, number))


def _works(request: HttpRequest, door: Door) -> HttpResponse:
    page = _page(request, door)
    if request.method != "POST":
        return _show(request, door, page, "portal/works.html")
    try:
        confirm_solution(page.ticket.pk, door.contact, moment(page.ticket.desk_id, request.now))
    except NotAskedError:
        # Somebody pressed before, or it is open again: the page says how it stands.
        return _show(request, door, page, "portal/works.html", status=409)
    return redirect(f"{door.url}#request")


def _broken(request: HttpRequest, door: Door) -> HttpResponse:
    page = _page(request, door)
    if request.method != "POST":
        return _show(request, door, page, "portal/still_broken.html", BrokenForm())
    form = BrokenForm(request.POST)
    if not form.is_valid():
        return _show(request, door, page, "portal/still_broken.html", form, status=422)
    with one_at_a_time(form.cleaned_data["once"]) as form_id:
        known = page.ticket.messages.filter(message_id=form_id, contact=door.contact).first()
        if known is not None:
            return redirect(f"{door.url}#message-{known.pk}")
        # Looked at again: another press may have been faster.
        page = _page(request, door)
        if not page.takes_replies or not page.policy.status(page.standing.status).is_done:
            return _show(request, door, page, "portal/still_broken.html", form, status=409)
        arrived = _reopen(request, door, page, form.cleaned_data["text"], form_id)
    return (
        to_held(request, page)
        if isinstance(arrived, HeldRequest)
        else redirect(f"{door.url}#message-{arrived.pk}")
    )


def _reopen(
    request: HttpRequest, door: Door, page: TicketPage, words: str, form_id: str
) -> Message | HeldRequest:
    incoming = Incoming(
        kind=Message.Kind.CUSTOMER,
        contact=door.contact,
        text=words.strip() or _("It is still broken."),
        received_at=request.now,
        channel="portal",
        message_id=form_id,
        confirmed=True,
    )
    return receive_message(page.ticket.pk, incoming, moment(page.ticket.desk_id, request.now))


def _page(request: HttpRequest, door: Door) -> TicketPage:
    page = ticket_page(door.viewer, door.number, request.now)
    if page is None or not allowed(role_of(door.viewer, page.ticket), Act.write_as_customer):
        raise Http404
    return page


def _show(
    request: HttpRequest,
    door: Door,
    page: TicketPage,
    template: str,
    form: BrokenForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    door.note_look(request, page.ticket)
    policy, now = page.policy, page.policy.status(page.standing.status)
    zone = viewing_zone(request, page.ticket.desk, door.contact)
    context = {
        "desk": page.ticket.desk,
        "portal": page.ticket.portal or main_door(page.ticket.desk),
        "door": door,
        "ticket": page.ticket,
        "form": form,
        "status": now,
        "closing": policy.closing_status,
        "asks": asks_whether_it_works(policy, now),
        "takes_replies": page.takes_replies,
        "reopens_until": said_at(page.ahead.reopens_until, zone) if page.ahead.reopens_until else None,
    }
    return render(request, template, context, status=status)
