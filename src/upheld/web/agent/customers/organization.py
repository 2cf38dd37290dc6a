"""One organization: its people, domains, sites, partners, contracts and open requests."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.people.models import Organization, Partnership, Site
from upheld.people.vocabulary import Vocabulary, vocabulary
from upheld.rules.permissions import Act
from upheld.tickets.customers import visible_organizations
from upheld.tickets.queries import DONE, NEXT_DUE_FIRST
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.customers.entered import Entered
from upheld.web.agent.customers.guard import for_organizations_of, may_on
from upheld.web.agent.customers.rows import contract_rows, language_name, ticket_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

PEOPLE_A_PAGE = 30
MOST_TICKETS = 20
MOST_SUGGESTED = 200


@require_safe
@for_organizations_of(Act.read_customers)
def organization(request: HttpRequest, workplace: Workplace, found: Organization) -> HttpResponse:
    context = organization_context(request, workplace, found)
    return render(request, "web/agent/customers/organization.html", context)


def organization_context(
    request: HttpRequest, workplace: Workplace, found: Organization, entered: Entered | None = None
) -> dict[str, Any]:
    """All that the page shows, as this agent may see it."""
    times = Times(workplace.zone, request.now)
    words = vocabulary(found.desk, request.now)
    people = found.affiliations.select_related("contact").order_by("contact__name", "contact__address")
    tickets = visible_tickets(workplace.viewer).filter(organization=found, is_spam=False)
    still_open = tickets.exclude(status_category__in=DONE)
    may_change = may_on(workplace, found.desk_id, Act.change_customers)
    return {
        "organization": found,
        "in_short": _in_short(found, words, workplace),
        "people": Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page")),
        "domains": list(found.domains.order_by("domain")),
        "sites": [_site(each, words) for each in found.sites.order_by("name")],
        "partners": _partnerships(found.partners, "partner"),
        "customers_served": _partnerships(found.customers_served, "customer"),
        "contracts": contract_rows(found.contracts.all(), workplace, request.now),
        "tickets": ticket_rows(still_open.order_by(*NEXT_DUE_FIRST)[:MOST_TICKETS], times),
        "open_count": still_open.count(),
        "done_count": tickets.filter(status_category__in=DONE).count(),
        "zone_name": times.zone_name,
        "may_change": may_change,
        "may_change_contracts": may_on(workplace, found.desk_id, Act.change_contracts),
        "others": _others(workplace, found) if may_change else [],
        "entered": entered or Entered(),
    }


def _in_short(found: Organization, words: Vocabulary, workplace: Workplace) -> list[str]:
    letters_in = language_name(found.language)
    said = [
        found.reference,
        words.regions.get(found.region, found.region),
        _("letters in %(language)s") % {"language": letters_in} if letters_in else "",
        found.desk.name if len(workplace.desks) > 1 else "",
    ]
    return [each for each in said if each]


def _site(site: Site, words: Vocabulary) -> dict[str, Any]:
    asked = {each.id: each.label for each in words.asked}
    return {
        "site": site,
        "region": words.regions.get(site.region, site.region),
        "product": words.products.get(site.product, site.product),
        "answers": [(asked.get(name, name), value) for name, value in site.fields.items() if value],
    }


def _partnerships(rows: Any, other: str) -> list[Partnership]:
    return list(rows.select_related(other).order_by(f"{other}__name"))


def _others(workplace: Workplace, found: Organization) -> list[str]:
    others = visible_organizations(workplace.viewer).filter(desk=found.desk_id).exclude(pk=found.pk)
    return list(others.order_by("name").values_list("name", flat=True)[:MOST_SUGGESTED])
