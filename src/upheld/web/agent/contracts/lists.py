"""The list of contracts: in force, ending soon, to come, ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Exists
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk
from upheld.people.contract_lists import ContractFilter, ContractState, contracts_on, renewals
from upheld.people.vocabulary import vocabulary
from upheld.rules.permissions import Act
from upheld.web.agent.contracts.guard import for_those_who_may
from upheld.web.agent.contracts.rows import STATES, contract_rows
from upheld.web.agent.customers.guard import desks_for
from upheld.web.viewer import Workplace

PAGE_SIZE = 50


@require_safe
@for_those_who_may(Act.read_customers)
def contracts(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    desks = desks_for(workplace, Act.read_customers)
    chosen = [each for each in desks if each.slug == request.GET.get("desk")] or desks
    wanted = _wanted(request)
    found = contracts_on(chosen, wanted, request.now).annotate(is_renewed=Exists(renewals()))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    listed = list(page.object_list)
    renewed = {each.pk for each in listed if each.is_renewed}
    context = {
        "rows": contract_rows(listed, renewed, workplace, request.now),
        "page": page,
        "wanted": wanted,
        "text": wanted.organization,
        "narrowed": bool(wanted.organization.strip())
        or wanted.product is not None
        or wanted.plan is not None,
        "desk_slug": chosen[0].slug if len(chosen) == 1 and len(desks) > 1 else "",
        "desks": desks if len(desks) > 1 else [],
        "states": _states(request, chosen, wanted, request.now),
        "may_change": bool(desks_for(workplace, Act.change_contracts)),
        "may_import": bool(desks_for(workplace, Act.import_customers)),
        "next_page": _url(request, page=page.next_page_number()) if page.has_next() else "",
        "first_page": _url(request, page="") if page.number > 1 else "",
        **_choices(chosen, request.now),
    }
    return render(request, "web/agent/contracts/list.html", context)


def _wanted(request: HttpRequest) -> ContractFilter:
    asked = request.GET.get("state", ContractState.in_force.value)
    state = None if asked == "all" else next((each for each in ContractState if each == asked), None)
    if state is None and asked != "all":
        state = ContractState.in_force
    return ContractFilter(
        state=state,
        organization=request.GET.get("q", "").replace("\0", "")[:200],
        product=_chosen(request, "product"),
        plan=_chosen(request, "plan"),
    )


def _chosen(request: HttpRequest, name: str) -> str | None:
    """None for all; a dash for those without any."""
    value = request.GET.get(name, "").replace("\0", "")
    return None if not value else "" if value == "-" else value


def _states(
    request: HttpRequest, desks: Sequence[Desk], wanted: ContractFilter, now: datetime
) -> list[dict[str, Any]]:
    """The lists with how many are on each, as far as they are narrowed otherwise."""
    rest = {"organization": wanted.organization, "product": wanted.product, "plan": wanted.plan}
    tabs = [
        {
            "words": STATES[state][2],
            "count": contracts_on(desks, ContractFilter(state=state, **rest), now).count(),
            "url": _url(request, state=state.value, page=""),
            "current": state is wanted.state,
            "is_soon": state is ContractState.ending,
        }
        for state in ContractState
    ]
    everything = contracts_on(desks, ContractFilter(**rest), now).count()
    url = _url(request, state="all", page="")
    tabs.append({"words": _("All"), "count": everything, "url": url, "current": wanted.state is None})
    return tabs


def _choices(desks: Sequence[Desk], now: datetime) -> dict[str, dict[str, str]]:
    products: dict[str, str] = {}
    plans: dict[str, str] = {}
    for desk in desks:
        words = vocabulary(desk, now)
        products.update(words.products)
        plans.update(words.plans)
    return {"products": products, "plans": plans}


def _url(request: HttpRequest, **changes: object) -> str:
    """This list with something changed."""
    kept = {
        name: value
        for name in ("state", "q", "product", "plan", "desk", "page")
        if (value := request.GET.get(name, ""))
    }
    kept.update({name: str(value) for name, value in changes.items()})
    return "?" + urlencode({name: value for name, value in kept.items() if value})
