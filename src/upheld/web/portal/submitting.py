"""Submit a request."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.policy import Metric
from upheld.tickets import acknowledging
from upheld.tickets.actions import open_ticket
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import Ticket
from upheld.web.portal.customer import contact_of
from upheld.web.portal.files import new_files
from upheld.web.portal.forms import RequestForm
from upheld.web.portal.front import address_of
from upheld.web.portal.limits import too_many
from upheld.web.portal.once import one_at_a_time
from upheld.web.portal.policy import Published, published_policy
from upheld.web.portal.presenting.policy import expectations
from upheld.web.portal.presenting.promises import stored_due
from upheld.web.portal.presenting.say import said_at
from upheld.web.portal.receipts import receipt_of, ticket_of
from upheld.web.portal.zones import viewing_zone
from upheld.web.uploads import left_out, takes_files


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """The form, and what becomes of it. Whatever is wrong, what was typed stays."""
    desk = get_object_or_404(Desk, slug=slug)
    published, contact = published_policy(desk, request.now), contact_of(request)
    if published is None:
        return redirect("portal:start", desk.slug)
    if request.method != "POST":
        form = RequestForm(policy=published.policy, known=contact is not None)
        return _page(request, desk, published, contact, form)
    form = RequestForm(
        request.POST,
        request.FILES,
        policy=published.policy,
        known=contact is not None,
        left_out=left_out(request),
    )
    if not form.is_valid():
        return _page(request, desk, published, contact, form, status=422)
    if too_many(_email(form, contact), request.META.get("REMOTE_ADDR", ""), request.now):
        form.add_error(None, _too_many(desk))
        return _page(request, desk, published, contact, form, status=429)
    ticket = _open(form, desk, contact, request.META.get("REMOTE_ADDR", ""), request.now)
    if contact is not None:
        return redirect("portal:request", ticket.number)
    return redirect("portal:sent", desk.slug, receipt_of(ticket))


@require_safe
def sent(request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
    """The number and the promise. The link goes by mail only: a typed address proves nothing about who typed it."""
    ticket = ticket_of(receipt, request.now)
    if ticket is None or ticket.desk.slug != slug:
        raise Http404
    due = stored_due(ticket, Metric.first_response)
    zone = viewing_zone(request, ticket.desk)
    written = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.ACKNOWLEDGEMENT).exists()
    page = {
        "desk": ticket.desk,
        "ticket": ticket,
        "due": said_at(due, zone) if due else None,
        "written": written,
    }
    response = render(request, "portal/sent.html", page)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _page(
    request: HttpRequest,
    desk: Desk,
    published: Published,
    contact: Contact | None,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    page: dict[str, Any] = {
        "desk": desk,
        "contact": contact,
        "form": form,
        "priorities": expectations(published.document, published.policy, request.now).priorities[::-1],
        "chosen": form["priority"].value(),
        "files_lost": bool(request.FILES) and form.is_bound,
    }
    return render(request, "portal/new.html", page, status=status)


def _email(form: RequestForm, contact: Contact | None) -> str:
    return contact.address if contact else form.cleaned_data["email"]


def _too_many(desk: Desk) -> str:
    address = address_of(desk)
    words = _("More requests came from you within an hour than we expect, so this one was not sent.")
    if not address:
        return f"{words} {_('Nothing you typed is lost: try again later.')}"
    advice = _("Nothing you typed is lost: try again later, or write to %(address)s.")
    return f"{words} {advice % {'address': address}}"


def _open(form: RequestForm, desk: Desk, contact: Contact | None, peer: str, now: datetime) -> Ticket:
    typed, network = form.cleaned_data, acknowledging.network_of(peer) or "unknown"
    with one_at_a_time(typed["once"]) as form_id:
        requester = contact or find_or_add_contact(typed["email"], typed["name"], now)
        known = requester.requested_tickets.filter(desk=desk, messages__message_id=form_id).first()
        if known is not None:
            return known
        wanted = NewRequest(
            desk=desk,
            contact=requester,
            subject=typed["subject"],
            text=typed["text"],
            received_at=now,
            channel="portal",
            priority=typed["priority"],
            message_id=form_id,
            files=new_files(typed["files"]),
            asked_from=network,
            confirmed=contact is not None,
            acknowledge=acknowledging.objection(requester.address, network, desk.pk, now) is None,
        )
        return open_ticket(wanted, moment(desk.pk, now))
