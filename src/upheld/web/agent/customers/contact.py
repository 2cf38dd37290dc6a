"""One contact: who they are, where they belong, what they asked."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from upheld.people.models import Affiliation, Contact, Contract
from upheld.people.vocabulary import vocabulary
from upheld.rules.permissions import Act
from upheld.tickets.customers import visible_contacts, visible_organizations
from upheld.tickets.visibility import visible_held_requests, visible_tickets
from upheld.web.agent.customers.entered import Entered
from upheld.web.agent.customers.guard import (
    find_contact,
    for_readers_of_customers,
    may_on,
    may_with_contact,
    organizations_for,
)
from upheld.web.agent.customers.rows import contract_rows, language_name, ticket_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

A_PAGE = 20
MOST_DUPLICATES = 5
MOST_SUGGESTED = 200


@require_safe
@for_readers_of_customers
def contact(request: HttpRequest, workplace: Workplace, contact_id: int) -> HttpResponse:
    merged = Contact.objects.filter(pk=contact_id).exclude(merged_into=None).first()
    if merged is not None:
        return redirect("contact", find_contact(workplace, merged.merged_into_id or 0).pk)
    found = find_contact(workplace, contact_id)
    return render(request, "web/agent/customers/contact.html", contact_context(request, workplace, found))


def contact_context(
    request: HttpRequest, workplace: Workplace, found: Contact, entered: Entered | None = None
) -> dict[str, Any]:
    """All that the page shows, as this agent may see it."""
    times = Times(workplace.zone, request.now)
    tickets = visible_tickets(workplace.viewer).filter(
        Q(participants__contact=found, participants__removed_at=None), is_spam=False
    )
    pages = Paginator(tickets.order_by("-updated_at", "-pk"), A_PAGE).get_page(request.GET.get("page"))
    may_change = may_with_contact(workplace, found, Act.change_customers)
    may_merge = may_with_contact(workplace, found, Act.merge_contacts)
    affiliations = _affiliations(workplace, found)
    return {
        "contact": found,
        "region": _region(request, workplace, found) if found.region else "",
        "letters_in": language_name(found.language),
        "confirmed": times.optional(found.confirmed_at),
        "duplicates": list(found.duplicates.order_by("address")),
        "affiliations": affiliations,
        "several": len(affiliations) > 1,
        "tickets": ticket_rows(pages.object_list, times, found.pk),
        "held": visible_held_requests(workplace.viewer).filter(contact=found, state="held").count(),
        "pages": pages,
        "contracts": contract_rows(
            Contract.objects.filter(technical_contacts=found).filter(
                organization__in=visible_organizations(workplace.viewer)
            ),
            workplace,
            request.now,
        ),
        "zone_name": times.zone_name,
        "may_change": may_change,
        "may_merge": may_merge,
        "alike": _alike(workplace, found) if may_merge else [],
        "known_organizations": _names(workplace) if may_change else [],
        "entered": entered or Entered(),
    }


def _region(request: HttpRequest, workplace: Workplace, found: Contact) -> str:
    for desk in workplace.desks:
        if label := vocabulary(desk, request.now).regions.get(found.region):
            return label
    return found.region


def _affiliations(workplace: Workplace, found: Contact) -> list[dict[str, Any]]:
    rows = found.affiliations.filter(organization__in=visible_organizations(workplace.viewer))
    listed: list[Affiliation] = list(
        rows.select_related("organization__desk").order_by("-is_main", "organization__name", "pk")
    )
    return [
        {
            "affiliation": each,
            "may_change": may_on(workplace, each.organization.desk_id, Act.change_customers),
        }
        for each in listed
    ]


def _names(workplace: Workplace) -> list[str]:
    """Names to choose from while one types; whoever has more writes on."""
    organizations = organizations_for(workplace, Act.change_customers)
    return sorted({each.name for each in organizations.order_by("name")[:MOST_SUGGESTED]})


def _alike(workplace: Workplace, found: Contact) -> list[Contact]:
    """Who may be the same person: of the same name in the same organization, or at the same phone."""
    same = Q()
    if found.name:
        theirs = found.affiliations.values("organization_id")
        same |= Q(name__iexact=found.name, affiliations__organization__in=theirs)
    if found.phone_digits:
        same |= Q(phone_digits=found.phone_digits)
    if not same:
        return []
    alike = Contact.objects.filter(same).exclude(pk=found.pk).values("pk")
    return list(
        visible_contacts(workplace.viewer).filter(pk__in=alike).order_by("name", "pk")[:MOST_DUPLICATES]
    )
