"""A ticket that begins with the desk: an agent writes to a customer who has not asked."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.desks.models import Desk
from upheld.mailboxes.horizon import moment
from upheld.people.actions import find_or_add_caller
from upheld.people.affiliations import organizations_on
from upheld.people.models import Contact
from upheld.people.refused import CustomerRefused
from upheld.rules.callers import is_placeholder
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused
from upheld.tickets.calls import Opening, Outcome, start_ticket
from upheld.tickets.models import Ticket
from upheld.web.agent.acts import typed
from upheld.web.agent.calls.guard import (
    chosen_contact,
    chosen_desk,
    chosen_organization,
    desks_for,
    document_in_force,
)
from upheld.web.agent.calls.new_call import caller, callers
from upheld.web.uploads import takes_files, uploaded_files
from upheld.web.viewer import Workplace, for_agents


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def new_ticket(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """The form, the search for the customer, and the ticket."""
    desks = desks_for(workplace, Act.start_ticket)
    desk = chosen_desk(request, desks)
    if request.method != "POST" and request.htmx:
        found = callers(request, workplace, desk, "new_ticket")
        return render(request, "web/agent/calls/parts/callers.html", found)
    contact = chosen_contact(request, workplace, desk)
    if request.method != "POST":
        return _page(request, workplace, desks, desk, contact)
    try:
        outcome = _start(request, workplace, desk, contact)
    except (Refused, NotAllowed, CustomerRefused) as problem:
        return _page(request, workplace, desks, desk, contact, str(problem))
    if not isinstance(outcome, Ticket):
        return redirect(f"{reverse('call_taken')}?{urlencode({'held': outcome.pk})}")
    messages.success(request, _("Your message is on its way to the customer."))
    return redirect("ticket", outcome.number)


def _start(request: HttpRequest, workplace: Workplace, desk: Desk, contact: Contact | None) -> Outcome:
    known = {each.id for each in document_in_force(desk, request).products}
    product = typed(request, "product")
    with transaction.atomic():
        who = contact or _new_customer(request)
        if is_placeholder(who.address):
            raise Refused(
                _("This customer has no mail address. Log a call instead, or give them an address.")
            )
        opening = Opening(
            desk=desk,
            contact=who,
            subject=typed(request, "subject"),
            text=typed(request, "text"),
            product=product if product in known else "",
            organization=chosen_organization(request, desk),
            files=uploaded_files(request),
        )
        return start_ticket(opening, workplace.agent, moment(desk.pk, request.now))


def _new_customer(request: HttpRequest) -> Contact:
    address = typed(request, "address")
    if not address.strip():
        raise Refused(_("Write the customer's mail address, or choose a customer."))
    return find_or_add_caller("", typed(request, "name"), request.now, address=address)


def _page(
    request: HttpRequest,
    workplace: Workplace,
    desks: list[Desk],
    desk: Desk,
    contact: Contact | None,
    problem: str = "",
) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    given: dict[str, Any] = {name: typed(request, name) for name in request.POST}
    context = callers(request, workplace, desk, "new_ticket") | {
        "desks": desks,
        "caller": caller(contact) if contact else None,
        "organizations": organizations_on(desk.pk, contact) if contact else [],
        "products": document_in_force(desk, request).products,
        "given": given or ({"address": text} if "@" in text else {"name": text}),
        "problem": problem,
    }
    return render(request, "web/agent/calls/ticket.html", context, status=422 if problem else 200)
