"""Who belongs to which organization, and as what."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.desks.models import Desk
from upheld.people.actions import add_contact, affiliate, part
from upheld.people.models import Affiliation, Contact, Organization
from upheld.people.particulars import ContactParticulars
from upheld.people.refused import CustomerRefused
from upheld.rules.permissions import Act
from upheld.tickets.customers import visible_contacts
from upheld.web.agent.acts import typed
from upheld.web.agent.customers.contact import contact_context
from upheld.web.agent.customers.entered import entered
from upheld.web.agent.customers.guard import acting, for_contacts_of, for_organizations_of, organizations_for
from upheld.web.agent.customers.organization import organization_context
from upheld.web.viewer import Workplace

MOST_NAMED = 5


@require_POST
@for_contacts_of(Act.change_customers)
def join(request: HttpRequest, workplace: Workplace, found: Contact) -> HttpResponse:
    """Let a contact belong to an organization, named on their page."""
    form = entered(request, ("organization", "title", "is_main", "sees_all"), "join")
    try:
        organization = organization_named(workplace, form.values["organization"])
        _affiliate(request, workplace, found, organization)
    except CustomerRefused as problem:
        context = contact_context(request, workplace, found, form.refused(problem))
        return render(request, "web/agent/customers/contact.html", context, status=422)
    said = {"name": found, "organization": organization.name}
    messages.success(request, _("%(name)s belongs to %(organization)s.") % said)
    return redirect("contact", found.pk)


@require_POST
@for_organizations_of(Act.change_customers)
def add_person(request: HttpRequest, workplace: Workplace, found: Organization) -> HttpResponse:
    """Let somebody belong to an organization, by their address; who is new is entered."""
    form = entered(request, ("address", "name", "title", "is_main", "sees_all"), "person")
    particulars = ContactParticulars(name=form.values["name"])
    try:
        person, _new = add_contact(
            found.desk, form.values["address"], particulars, by=acting(workplace), now=request.now
        )
        _affiliate(request, workplace, person, found)
    except CustomerRefused as problem:
        context = organization_context(request, workplace, found, form.refused(problem))
        return render(request, "web/agent/customers/organization.html", context, status=422)
    said = {"name": person, "organization": found.name}
    messages.success(request, _("%(name)s belongs to %(organization)s.") % said)
    return redirect("organization", found.pk)


@require_POST
@for_organizations_of(Act.change_customers)
def change_person(
    request: HttpRequest, workplace: Workplace, found: Organization, contact_id: int
) -> HttpResponse:
    """As what somebody belongs to an organization: title, main one, sees all; or that they do no more."""
    affiliation = _find(workplace, found, contact_id)
    if "part" in request.POST:
        part(contact_id, found.pk, by=acting(workplace), now=request.now)
        said = {"name": affiliation.contact, "organization": found.name}
        messages.success(request, _("%(name)s no longer belongs to %(organization)s.") % said)
    else:
        _affiliate(request, workplace, affiliation.contact, found)
        messages.success(request, _("Saved."))
    if (
        typed(request, "back") == "contact"
        and visible_contacts(workplace.viewer).filter(pk=contact_id).exists()
    ):
        return redirect("contact", contact_id)
    return redirect("organization", found.pk)


def organization_named(workplace: Workplace, text: str, desk: Desk | None = None) -> Organization:
    """The organization of this name or reference on a desk where the agent may change customers, or of the only name
    that begins so; raises CustomerRefused for none or several."""
    text = text.strip()
    if not text:
        raise CustomerRefused("organization", _("Write the name of an organization."))
    known = organizations_for(workplace, Act.change_customers).order_by("name", "pk")
    if desk is not None:
        known = known.filter(desk=desk)
    exact = list(known.filter(Q(name__iexact=text) | Q(reference__iexact=text))[: MOST_NAMED + 1])
    found = exact or list(known.filter(name__istartswith=text)[: MOST_NAMED + 1])
    if len(found) == 1:
        return found[0]
    if not found:
        words = _("There is no organization “%(name)s”. Enter it first, or write the name as it is listed.")
        raise CustomerRefused("organization", words % {"name": text[:160]})
    listed = ", ".join(each.name for each in found[:MOST_NAMED])
    words = _("Several organizations fit “%(name)s”: %(listed)s. Write the whole name.")
    raise CustomerRefused("organization", words % {"name": text[:160], "listed": listed})


def _affiliate(
    request: HttpRequest, workplace: Workplace, contact: Contact, organization: Organization
) -> None:
    affiliate(
        contact.pk,
        organization.pk,
        title=typed(request, "title"),
        is_main=typed(request, "is_main") == "yes",
        sees_all=typed(request, "sees_all") == "yes",
        by=acting(workplace),
        now=request.now,
    )


def _find(workplace: Workplace, organization: Organization, contact_id: int) -> Affiliation:
    rows = Affiliation.objects.filter(organization=organization, contact_id=contact_id)
    affiliation = rows.select_related("contact").first()
    if affiliation is None:
        raise Http404
    return affiliation
