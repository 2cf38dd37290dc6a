"""Entering an organization, and changing what is known of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upheld.desks.models import Desk
from upheld.people import actions
from upheld.people.models import Organization, Partnership
from upheld.people.particulars import OrganizationParticulars
from upheld.people.refused import CustomerRefused, DomainTaken
from upheld.rules.permissions import Act
from upheld.tickets.customers import visible_organizations
from upheld.web.agent.acts import typed
from upheld.web.agent.customers.affiliations import organization_named
from upheld.web.agent.customers.contact_forms import words_of_form
from upheld.web.agent.customers.entered import Choice, Entered, entered
from upheld.web.agent.customers.guard import (
    acting,
    desks_for,
    for_changers_of_customers,
    for_organizations_of,
)
from upheld.web.agent.customers.organization import organization_context
from upheld.web.viewer import Workplace

PARTICULARS = ("name", "reference", "region", "language", "notes")


@require_http_methods(["GET", "HEAD", "POST"])
@for_changers_of_customers
def new_organization(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Enter an organization."""
    desks = desks_for(workplace, Act.change_customers)
    if request.method != "POST":
        return _form(request, None, Entered({"name": request.GET.get("name", "")[:160]}), desks, desks[0])
    form = entered(request, ("desk", *PARTICULARS))
    desk = next((each for each in desks if str(each.pk) == form.values["desk"]), desks[0])
    try:
        found = actions.add_organization(desk, _particulars(form), by=acting(workplace), now=request.now)
    except CustomerRefused as problem:
        return _form(request, None, form.refused(problem), desks, desk)
    messages.success(request, _("%(name)s is entered.") % {"name": found.name})
    return redirect("organization", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizations_of(Act.change_customers)
def change(request: HttpRequest, workplace: Workplace, found: Organization) -> HttpResponse:
    """What is known of an organization, in a form."""
    if request.method != "POST":
        stored = Entered({name: getattr(found, name) for name in PARTICULARS})
        return _form(request, found, stored, [found.desk], found.desk)
    form = entered(request, PARTICULARS)
    try:
        actions.change_organization(found.pk, _particulars(form), by=acting(workplace), now=request.now)
    except CustomerRefused as problem:
        return _form(request, found, form.refused(problem), [found.desk], found.desk)
    messages.success(request, _("Saved."))
    return redirect("organization", found.pk)


@require_POST
@for_organizations_of(Act.change_customers)
def add_domain(request: HttpRequest, workplace: Workplace, found: Organization) -> HttpResponse:
    """A mail domain whose senders belong to the organization."""

    def add(form: Entered) -> str:
        try:
            domain = actions.add_domain(
                found.pk, form.values["domain"], by=acting(workplace), now=request.now
            )
        except DomainTaken as taken:
            owner = visible_organizations(workplace.viewer).filter(pk=taken.organization_id).first()
            if owner is None:
                raise
            words = _("This domain belongs to %(name)s. Remove it there first.") % {"name": owner.name}
            raise CustomerRefused("domain", words) from None
        return _("Who writes from %(domain)s belongs to %(name)s.") % {
            "domain": domain.domain,
            "name": found.name,
        }

    return _on_its_page(request, workplace, found, entered(request, ("domain",), "domain"), add)


@require_POST
@for_organizations_of(Act.change_customers)
def remove_domain(
    request: HttpRequest, workplace: Workplace, found: Organization, domain_id: int
) -> HttpResponse:
    """Take a domain away."""
    if not found.domains.filter(pk=domain_id).exists():
        raise Http404
    actions.remove_domain(domain_id, by=acting(workplace), now=request.now)
    messages.success(request, _("The domain is removed."))
    return redirect("organization", found.pk)


@require_POST
@for_organizations_of(Act.change_customers)
def add_partner(request: HttpRequest, workplace: Workplace, found: Organization) -> HttpResponse:
    """A solution partner that follows the organization's requests, or acts for it."""

    def add(form: Entered) -> str:
        partner = organization_named(workplace, form.values["organization"], found.desk)
        actions.begin_partnership(
            partner.pk,
            found.pk,
            may_act=form.values["may_act"] == "yes",
            by=acting(workplace),
            now=request.now,
        )
        return _("%(partner)s is a partner for %(name)s.") % {"partner": partner.name, "name": found.name}

    form = entered(request, ("organization", "may_act"), "partner")
    return _on_its_page(request, workplace, found, form, add)


@require_POST
@for_organizations_of(Act.change_customers)
def change_partner(
    request: HttpRequest, workplace: Workplace, found: Organization, partnership_id: int
) -> HttpResponse:
    """What a partner may do, or that they are none any more."""
    partnership = Partnership.objects.filter(customer=found, pk=partnership_id).first()
    if partnership is None:
        raise Http404
    by, may_act = acting(workplace), typed(request, "may_act") == "yes"
    if "end" in request.POST:
        actions.end_partnership(partnership.pk, by=by, now=request.now)
        messages.success(request, _("The partnership is ended."))
    else:
        actions.begin_partnership(partnership.partner_id, found.pk, may_act=may_act, by=by, now=request.now)
        messages.success(request, _("Saved."))
    return redirect("organization", found.pk)


def _on_its_page(
    request: HttpRequest,
    workplace: Workplace,
    found: Organization,
    form: Entered,
    act: Callable[[Entered], str],
) -> HttpResponse:
    """Do what a form on the organization's page asks, or show the page with what was typed and why not."""
    try:
        said = act(form)
    except CustomerRefused as problem:
        refused = form.refused(problem)
        context = organization_context(request, workplace, found, refused)
        return render(request, "web/agent/customers/organization.html", context, status=422)
    messages.success(request, said)
    return redirect("organization", found.pk)


def _particulars(form: Entered) -> OrganizationParticulars:
    return OrganizationParticulars(**{name: form.values[name] for name in PARTICULARS})


def _form(
    request: HttpRequest, found: Organization | None, form: Entered, desks: list[Desk], desk: Desk
) -> HttpResponse:
    context: dict[str, Any] = {
        "organization": found,
        "entered": form,
        "desks": [Choice(str(each.pk), each.name, each == desk) for each in desks],
        **words_of_form(request, form, desk),
    }
    return render(
        request, "web/agent/customers/organization_form.html", context, status=422 if form.why else 200
    )
