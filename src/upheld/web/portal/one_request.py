"""The page of one request, whichever way its customer came to it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.actions import receive_message
from upheld.tickets.incoming import Incoming
from upheld.tickets.merged import goes_on_in
from upheld.tickets.models import Attachment, HeldMessage, HeldRequest, Message, Ticket
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.tickets.visibility import ContactViewer, LinkViewer, role_of
from upheld.web.portal.doors import main_door
from upheld.web.portal.files import new_files
from upheld.web.portal.forms import ReplyForm
from upheld.web.portal.once import one_at_a_time
from upheld.web.portal.presenting.beside import beside
from upheld.web.portal.presenting.follower import follower
from upheld.web.portal.presenting.path import customers_path
from upheld.web.portal.presenting.request_page import request_page
from upheld.web.portal.presenting.third_party import third_party_told
from upheld.web.portal.reading import PAGE, PAGE_BY_LINK, noting
from upheld.web.portal.zones import viewing_zone
from upheld.web.uploads import left_out


@dataclass(frozen=True, slots=True)
class Door:
    """By which way a customer comes to one request: a signed link, or their account."""

    viewer: LinkViewer | ContactViewer
    contact: Contact
    number: str
    url: str
    file_url: Callable[[Attachment], str]
    by_link: bool

    def note_look(self, request: HttpRequest, ticket: Ticket) -> None:
        """Write down that this contact is about to be shown a page about a restricted request."""
        noting(request, self.contact.pk, PAGE_BY_LINK if self.by_link else PAGE)(ticket)


def answer(request: HttpRequest, door: Door) -> HttpResponse:
    """Show the request, or take a reply to it."""
    page = ticket_page(door.viewer, door.number, request.now)
    if page is None:
        raise Http404
    if request.method == "POST":
        if not allowed(role_of(door.viewer, page.ticket), Act.write_as_customer):
            raise Http404
        return _take_reply(request, door, page)
    return _show(request, door, page, ReplyForm())


def _take_reply(request: HttpRequest, door: Door, page: TicketPage) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES, left_out=left_out(request))
    if not form.is_valid() or not page.takes_replies:
        return _show(request, door, page, form, status=422)
    message = _receive(request, door, page, form)
    if isinstance(message, HeldRequest):
        return to_held(request, page)
    if page.goes_on_in is not None and message.ticket_id == page.goes_on_in.pk and not door.by_link:
        return _to_where_it_goes_on(request, page.goes_on_in, message)
    # What arrived elsewhere stands on no page that this link opens, so it is said here that it did.
    if not request.htmx and message.ticket_id == page.ticket.pk:
        return redirect(f"{door.url}#message-{message.pk}")
    page = ticket_page(door.viewer, door.number, request.now)
    if page is None:
        raise Http404
    return _show(request, door, page, ReplyForm(), arrived=message)


def _to_where_it_goes_on(request: HttpRequest, ticket: Ticket, message: Message) -> HttpResponse:
    address = f"{reverse('portal:request', args=[ticket.number])}#message-{message.pk}"
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def to_held(request: HttpRequest, page: TicketPage) -> HttpResponse:
    """It came too late to reopen the ticket, and gets no number of its own yet."""
    portal = page.ticket.portal or main_door(page.ticket.desk)
    address = reverse("portal:held", args=[portal.slug]) if portal else reverse("portal:desks")
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _receive(request: HttpRequest, door: Door, page: TicketPage, form: ReplyForm) -> Message | HeldRequest:
    typed = form.cleaned_data
    with one_at_a_time(typed["once"]) as form_id:
        places = (page.ticket.pk, goes_on_in(page.ticket.pk))
        known = Message.objects.filter(ticket__in=places, message_id=form_id, contact=door.contact).first()
        if known is not None:
            return known
        kept = HeldMessage.objects.filter(message_id=form_id, request__contact=door.contact)
        if (held := kept.select_related("request").first()) is not None:
            return held.request
        incoming = Incoming(
            kind=Message.Kind.CUSTOMER,
            contact=door.contact,
            text=typed["text"],
            received_at=request.now,
            channel="portal",
            files=new_files(typed["files"]),
            message_id=form_id,
            confirmed=True,
        )
        return receive_message(page.ticket.pk, incoming, moment(page.ticket.desk_id, request.now))


def _show(
    request: HttpRequest,
    door: Door,
    page: TicketPage,
    form: ReplyForm,
    *,
    status: int = 200,
    arrived: Message | None = None,
) -> HttpResponse:
    door.note_look(request, page.ticket)
    zone = viewing_zone(request, page.ticket.desk, door.contact)
    # Whoever comes by a link takes part, else it would have opened nothing.
    role = Role.participant if door.by_link else role_of(door.viewer, page.ticket)
    may_write = page.takes_replies and allowed(role, Act.write_as_customer)
    is_merged = page.ticket.merged_into_id is not None
    context = {
        "portal": page.ticket.portal or main_door(page.ticket.desk),
        "desk": page.ticket.desk,
        "door": door,
        "page": request_page(page, door.contact.pk, zone, door.file_url),
        "form": form,
        "files_lost": form.is_bound and bool(request.FILES),
        "arrived": arrived,
        "third_party": third_party_told(page, zone),
        "path": [] if is_merged else customers_path(page.ticket, page.complaints, zone),
        "goes_on_in": page.goes_on_in,
        "follower": follower(role, page.ticket),
        "may_write": may_write,
        "beside": beside(page.ticket, door.contact.pk, door.url, may_write=may_write and not is_merged),
    }
    template = "portal/parts/request.html" if request.htmx else "portal/request.html"
    return render(request, template, context, status=status)
