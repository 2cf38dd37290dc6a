"""Signing, changing and renewing a contract: one form, with what is wrong beside each field."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld.people.actions import change_contract, renew_contract, sign_contract
from upheld.people.contract_values import ContractOverlaps, ContractRefused, ContractValues, Overlap
from upheld.people.models import Contact, Contract, Organization
from upheld.people.vocabulary import vocabulary
from upheld.rules.permissions import Act
from upheld.web.agent.contracts.entered import Entered, listed_contacts
from upheld.web.agent.contracts.guard import for_contracts, for_those_who_may
from upheld.web.agent.customers.guard import acting, for_organizations_of, organizations_for
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

MOST_FOUND = 30
Write = Callable[[ContractValues, frozenset[int]], Contract]


@require_safe
@for_those_who_may(Act.change_contracts)
def choose(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """With which organization; found by letters of its name or its reference."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:160]
    organizations = organizations_for(workplace, Act.change_contracts)
    named = organizations.filter(name__icontains=text) | organizations.filter(reference__iexact=text)
    found = list(named.select_related("desk").order_by("name", "pk")[: MOST_FOUND + 1])
    context = {
        "text": text,
        "found": found[:MOST_FOUND],
        "more": len(found) > MOST_FOUND,
        "several_desks": len(workplace.desks) > 1,
    }
    return render(request, "web/agent/contracts/choose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizations_of(Act.change_contracts)
def sign(request: HttpRequest, workplace: Workplace, organization: Organization) -> HttpResponse:
    """A new contract."""

    def write(values: ContractValues, overlaps: frozenset[int]) -> Contract:
        return sign_contract(organization, values, overlaps=overlaps, by=acting(workplace), now=request.now)

    page = {
        "heading": _("New contract"),
        "button": _("Enter the contract"),
        "done": _("The contract is entered."),
    }
    return _form(request, organization, page, write, lambda _listed: Entered.empty())


@require_http_methods(["GET", "HEAD", "POST"])
@for_contracts(Act.change_contracts)
def change(request: HttpRequest, workplace: Workplace, contract: Contract) -> HttpResponse:
    """Another reference, term, plan, number of incidents, other technical contacts."""

    def write(values: ContractValues, overlaps: frozenset[int]) -> Contract:
        return change_contract(contract.pk, values, overlaps=overlaps, by=acting(workplace), now=request.now)

    page = {
        "heading": _("Change %(reference)s") % {"reference": contract.reference},
        "button": _("Save"),
        "done": _("The contract is changed. Tickets that were received under it stay as they are."),
        "contract": contract,
    }
    return _form(
        request, contract.organization, page, write, lambda listed: Entered.of(contract, listed), contract
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_contracts(Act.change_contracts)
def renew(request: HttpRequest, workplace: Workplace, contract: Contract) -> HttpResponse:
    """The contract that follows."""

    def write(values: ContractValues, overlaps: frozenset[int]) -> Contract:
        return renew_contract(contract.pk, values, overlaps=overlaps, by=acting(workplace), now=request.now)

    page = {
        "heading": _("Renew %(reference)s") % {"reference": contract.reference},
        "button": _("Enter the renewal"),
        "done": _("The renewal is entered."),
        "contract": contract,
    }
    return _form(
        request,
        contract.organization,
        page,
        write,
        lambda listed: Entered.renewing(contract, listed),
        contract,
    )


def _form(
    request: HttpRequest,
    organization: Organization,
    page: dict[str, Any],
    write: Write,
    begin: Callable[[Sequence[Contact]], Entered],
    held: Contract | None = None,
) -> HttpResponse:
    listed = listed_contacts(organization)
    if request.method != "POST":
        return _page(request, organization, page, begin(listed), listed, held)
    form = Entered.posted(request)
    try:
        contract = write(form.wanted(), form.overlaps)
    except ContractRefused as refused:
        form = form.refused(refused.problems)
        return _page(request, organization, page, form, listed, held, status=422)
    except ContractOverlaps as known:
        form = form.with_overlaps(frozenset(each.other.pk for each in known.overlaps))
        return _page(request, organization, page, form, listed, held, overlaps=known.overlaps, status=422)
    except Contract.DoesNotExist:
        raise Http404 from None
    messages.success(request, page["done"])
    return redirect("contract", contract.pk)


def _page(
    request: HttpRequest,
    organization: Organization,
    page: dict[str, Any],
    form: Entered,
    listed: Sequence[Contact],
    held: Contract | None,
    *,
    overlaps: Sequence[Overlap] = (),
    status: int = 200,
) -> HttpResponse:
    words = vocabulary(organization.desk, request.now)
    times = Times(organization.desk.zone, request.now)
    context = {
        **page,
        "organization": organization,
        "typed": form.values,
        "problems": form.problems,
        "contacts": [(each, each.address in form.contacts) for each in listed],
        "products": _with(words.products, held.product if held else ""),
        "plans": _with(words.plans, held.plan if held else ""),
        "zone_name": times.zone_name,
        "overlaps": [(each, times.when(each.begins_at), times.when(each.ends_at)) for each in overlaps],
    }
    return render(request, "web/agent/contracts/form.html", context, status=status)


def _with(words: Any, held: str) -> dict[str, str]:
    """The words of the policy, and what the contract holds that the policy no longer has."""
    return dict(words) | ({held: held} if held and held not in words else {})
