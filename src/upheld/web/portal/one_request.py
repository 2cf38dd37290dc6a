"""The page of one request, whichever way its customer came to it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.tickets.actions import receive_message
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import Attachment, Message
from upheld.tickets.queries import TicketPage, ticket_page
from upheld.tickets.visibility import ContactViewer, LinkViewer
from upheld.web.portal.files import new_files
from upheld.web.portal.forms import ReplyForm
from upheld.web.portal.once import one_at_a_time
from upheld.web.portal.presenting.request_page import request_page
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


def answer(request: HttpRequest, door: Door) -> HttpResponse:
    """Show the request, or take a reply to it."""
    page = ticket_page(door.viewer, door.number, request.now)
    if page is None:
        raise Http404
    if request.method == "POST":
        return _take_reply(request, door, page)
    return _show(request, door, page, ReplyForm())


def _take_reply(request: HttpRequest, door: Door, page: TicketPage) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES, left_out=left_out(request))
    if not form.is_valid() or not page.takes_replies:
        return _show(request, door, page, form, status=422)
    message = _receive(request, door, page, form)
    if not request.htmx:
        return redirect(f"{door.url}#message-{message.pk}")
    page = ticket_page(door.viewer, door.number, request.now)
    if page is None:
        raise Http404
    return _show(request, door, page, ReplyForm(), arrived=message)


def _receive(request: HttpRequest, door: Door, page: TicketPage, form: ReplyForm) -> Message:
    typed = form.cleaned_data
    with one_at_a_time(typed["once"]) as form_id:
        known = page.ticket.messages.filter(message_id=form_id, contact=door.contact).first()
        if known is not None:
            return known
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
    zone = viewing_zone(request, page.ticket.desk, door.contact)
    context = {
        "desk": page.ticket.desk,
        "door": door,
        "page": request_page(page, door.contact.pk, zone, door.file_url),
        "form": form,
        "files_lost": form.is_bound and bool(request.FILES),
        "arrived": arrived,
    }
    template = "portal/parts/request.html" if request.htmx else "portal/request.html"
    return render(request, template, context, status=status)
