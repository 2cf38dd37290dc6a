"""Submit a request."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from upheld.desks.models import Portal
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import Metric
from upheld.tickets.links import reported_together
from upheld.tickets.models import HeldRequest, Ticket
from upheld.web.portal import typed_request
from upheld.web.portal.customer import contact_of
from upheld.web.portal.doors import mail_address, portal_or_404
from upheld.web.portal.limits import too_many
from upheld.web.portal.policy import published_policy
from upheld.web.portal.presenting.contact import not_here
from upheld.web.portal.presenting.levels_to_choose import levels_to_choose
from upheld.web.portal.presenting.promises import stored_due
from upheld.web.portal.presenting.say import said_at
from upheld.web.portal.receipts import receipt_of, ticket_of
from upheld.web.portal.taking_in import take_in_all
from upheld.web.portal.typed_request import Place, Typed, heading, place_of
from upheld.web.portal.zones import viewing_zone
from upheld.web.uploads import takes_files


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """What it is about, the form, and what becomes of it. Whatever is wrong, what was typed stays."""
    portal = portal_or_404(slug)
    published, contact = published_policy(portal.desk, request.now), contact_of(request)
    if published is None:
        return redirect("portal:start", portal.slug)
    given: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    place = place_of(portal, published, contact, given)
    if request.method != "POST":
        if place.subject.is_asked and not place.subject.is_chosen:
            return _choose(request, place, problem=bool(request.GET))
        return _page(request, typed_request.empty(place))
    if do := request.POST.get("do", ""):
        return _page(request, typed_request.changed(place, request.POST, do))
    return _send(request, typed_request.sent(place, request))


def _send(request: HttpRequest, typed: Typed) -> HttpResponse:
    place, peer = typed.place, request.META.get("REMOTE_ADDR", "")
    if not typed.is_valid() or not place.subject.is_chosen:
        return _page(request, typed, status=422)
    if too_many(_email(typed), peer, request.now):
        typed.form.add_error(None, _too_many(place.portal))
        return _page(request, typed, status=429)
    taken_in = take_in_all(typed, peer, request.now)
    tickets = [each for each in taken_in if isinstance(each, Ticket)]
    held = [each for each in taken_in if isinstance(each, HeldRequest)]
    if not tickets:
        return redirect("portal:held", place.portal.slug)
    if held:
        words = ngettext(
            "One of your problems has no number yet: a person looks at it first. Nothing of it is lost.",
            "%(count)d of your problems have no number yet: a person looks at them first. Nothing of them is lost.",
            len(held),
        )
        messages.warning(request, words % {"count": len(held)})
    if place.contact is not None:
        return redirect("portal:request", tickets[0].number)
    return redirect("portal:sent", place.portal.slug, receipt_of(tickets[0]))


@require_safe
def sent(request: HttpRequest, slug: str, receipt: str) -> HttpResponse:
    """The number and the promise. The link goes by mail only: a typed address proves nothing about who typed it."""
    portal, ticket = portal_or_404(slug), ticket_of(receipt, request.now)
    if ticket is None or ticket.desk_id != portal.desk_id:
        raise Http404
    zone = viewing_zone(request, ticket.desk)
    written = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.ACKNOWLEDGEMENT).exists()
    due = stored_due(ticket, Metric.first_response)
    page = {
        "desk": ticket.desk,
        "portal": portal,
        "ticket": ticket,
        "due": said_at(due, zone) if due else None,
        "others": [(each, _said_due(each, zone)) for each in reported_together(ticket)],
        "written": written,
    }
    response = render(request, "portal/sent.html", page)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _said_due(ticket: Ticket, zone: str) -> Any:
    due = stored_due(ticket, Metric.first_response)
    return said_at(due, zone) if due else None


def _choose(request: HttpRequest, place: Place, *, problem: bool) -> HttpResponse:
    page = {
        "desk": place.portal.desk,
        "portal": place.portal,
        "subject": place.subject,
        "problem": problem,
        "not_here": not_here(place.published.document),
    }
    return render(request, "portal/new_about.html", page)


def _page(request: HttpRequest, typed: Typed, status: int = 200) -> HttpResponse:
    place = typed.place
    document, policy = place.published.document, place.published.policy
    zone = viewing_zone(request, place.portal.desk, place.contact)
    several = len(typed.problems) > 1
    page: dict[str, Any] = {
        "desk": place.portal.desk,
        "portal": place.portal,
        "contact": place.contact,
        "subject": place.subject,
        "form": typed.form,
        "problems": [
            (number, heading(number) if several else "", each)
            for number, each in enumerate(typed.problems, start=1)
        ],
        "typed": typed,
        "has_errors": typed.was_sent and status != 200,
        "priorities": levels_to_choose(document, policy, request.now, zone, mail_address(place.portal)),
        "not_here": not_here(document),
        "files_lost": bool(request.FILES),
    }
    return render(request, "portal/new.html", page, status=status)


def _email(typed: Typed) -> str:
    contact = typed.place.contact
    return contact.address if contact else typed.form.cleaned_data["email"]


def _too_many(portal: Portal) -> str:
    address = mail_address(portal)
    words = _("More requests came from you within an hour than we expect, so this one was not sent.")
    if not address:
        return f"{words} {_('Nothing you typed is lost: try again later.')}"
    advice = _("Nothing you typed is lost: try again later, or write to %(address)s.")
    return f"{words} {advice % {'address': address}}"
