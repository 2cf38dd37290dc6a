"""Entering a contact, and changing what is known of them."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.clock import zone_names
from upheld.desks.models import Desk
from upheld.mailboxes.outgoing.languages import LANGUAGES
from upheld.people.actions import add_contact, affiliate, change_contact
from upheld.people.models import Contact
from upheld.people.particulars import ContactParticulars
from upheld.people.refused import AddressTaken, CustomerRefused
from upheld.people.vocabulary import vocabulary
from upheld.rules.permissions import Act
from upheld.tickets.actions import Refused, change_address
from upheld.tickets.customers import visible_contacts
from upheld.web.agent.customers.affiliations import organization_named
from upheld.web.agent.customers.entered import Choice, Entered, choices, entered
from upheld.web.agent.customers.guard import (
    acting,
    desk_of,
    desks_for,
    for_changers_of_customers,
    for_contacts_of,
)
from upheld.web.viewer import Workplace

PARTICULARS = ("name", "zone", "phone", "region", "language", "notes")


@require_http_methods(["GET", "HEAD", "POST"])
@for_changers_of_customers
def new_contact(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Enter somebody before, or without, any request of theirs."""
    desks = desks_for(workplace, Act.change_customers)
    if request.method != "POST":
        values = {
            name: request.GET.get(name, "")[:200] for name in ("address", "name", "phone", "organization")
        }
        return _form(request, None, Entered(values), desks, desks[0])
    form = entered(request, ("desk", "address", "organization", *PARTICULARS))
    desk = next((each for each in desks if str(each.pk) == form.values["desk"]), desks[0])
    try:
        found, is_new = _enter(request, workplace, desk, form)
    except CustomerRefused as problem:
        return _form(request, None, form.refused(problem), desks, desk, status=422)
    said = (
        _("%(name)s is entered.")
        if is_new
        else _("%(name)s was known already. What was missing is filled in.")
    )
    messages.success(request, said % {"name": found})
    return redirect("contact", found.pk)


def _enter(request: HttpRequest, workplace: Workplace, desk: Desk, form: Entered) -> tuple[Contact, bool]:
    by = acting(workplace)
    name = form.values["organization"].strip()
    organization = organization_named(workplace, name, desk) if name else None
    found, is_new = add_contact(
        desk, form.values["address"], _particulars(form.values), by=by, now=request.now
    )
    if organization is not None:
        affiliate(found.pk, organization.pk, by=by, now=request.now)
    return found, is_new


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts_of(Act.change_customers)
def change(request: HttpRequest, workplace: Workplace, found: Contact) -> HttpResponse:
    """What is known of a contact, in a form."""
    desk = desk_of(workplace, found)
    if request.method != "POST":
        stored = Entered({name: getattr(found, name) for name in PARTICULARS})
        return _form(request, found, stored, [desk], desk)
    form = entered(request, PARTICULARS)
    try:
        change_contact(found.pk, _particulars(form.values), desk=desk, by=acting(workplace), now=request.now)
    except CustomerRefused as problem:
        return _form(request, found, form.refused(problem), [desk], desk, status=422)
    messages.success(request, _("Saved."))
    return redirect("contact", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts_of(Act.change_customers)
def address(request: HttpRequest, workplace: Workplace, found: Contact) -> HttpResponse:
    """Another address for a contact."""
    if request.method != "POST":
        return _address_form(request, workplace, found, Entered({"address": found.mail_address}))
    form = entered(request, ("address",))
    desk = desk_of(workplace, found)
    try:
        change_address(found.pk, form.values["address"], workplace.agent, desk=desk, now=request.now)
    except AddressTaken as problem:
        return _address_form(request, workplace, found, form.refused(problem), problem.contact_id)
    except (CustomerRefused, Refused) as problem:
        return _address_form(request, workplace, found, form.refused(problem))
    messages.success(request, _("The address is changed. Links to the old one are dead."))
    return redirect("contact", found.pk)


def _address_form(
    request: HttpRequest, workplace: Workplace, found: Contact, form: Entered, other_id: int | None = None
) -> HttpResponse:
    known = visible_contacts(workplace.viewer)
    other = known.filter(pk=other_id).exclude(pk=found.pk).first() if other_id else None
    context = {"contact": found, "entered": form, "other": other}
    status = 422 if form.why else 200
    return render(request, "web/agent/customers/address.html", context, status=status)


def _particulars(values: Mapping[str, str]) -> ContactParticulars:
    return ContactParticulars(**{name: values[name] for name in PARTICULARS})


def _form(
    request: HttpRequest,
    found: Contact | None,
    form: Entered,
    desks: list[Desk],
    desk: Desk,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "contact": found,
        "entered": form,
        "desks": [Choice(str(each.pk), each.name, each == desk) for each in desks],
        "zones": zone_names(),
        **words_of_form(request, form, desk),
    }
    return render(request, "web/agent/customers/contact_form.html", context, status=status)


def words_of_form(request: HttpRequest, form: Entered, desk: Desk) -> dict[str, Any]:
    """What can be chosen as region and language."""
    known = vocabulary(desk, request.now).regions
    return {
        "regions": choices(known, form.values.get("region", ""), _("Not said")),
        "languages": choices(LANGUAGES, form.values.get("language", ""), _("The desk’s")),
    }
