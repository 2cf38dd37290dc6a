"""One contract: its term to the second, what of it is used, who may ask under it, and what was done with it."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upheld.desks.models import AuditEntry
from upheld.people.actions import cancel_contract
from upheld.people.contract_lists import ContractState, state_of
from upheld.people.contract_values import ContractRefused, document_in_force, overlapping, overlaps_of
from upheld.people.contracts import reminds_at, renewals_of, term
from upheld.people.models import Contract
from upheld.rules.permissions import Act
from upheld.tickets.incidents import tickets_under
from upheld.web.agent.acts import typed
from upheld.web.agent.contracts.guard import for_contracts
from upheld.web.agent.contracts.history import history
from upheld.web.agent.contracts.rows import contract_rows, sees_exactly
from upheld.web.agent.customers.guard import acting, may_on
from upheld.web.agent.policy.rows import day_words
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

PAGE_SIZE = 25
MOST_ENTRIES = 200


@require_safe
@for_contracts(Act.read_customers)
def contract(request: HttpRequest, workplace: Workplace, contract: Contract) -> HttpResponse:
    """The page of a contract."""
    return render(request, "web/agent/contracts/contract.html", _context(request, workplace, contract))


@require_http_methods(["GET", "HEAD", "POST"])
@for_contracts(Act.change_contracts)
def end(request: HttpRequest, workplace: Workplace, contract: Contract) -> HttpResponse:
    """Ask how a contract is to end before its last day, and end it."""
    form: dict[str, Any] = {"when": "now"}
    if request.method == "POST":
        form = {name: typed(request, name) for name in ("when", "last_day", "reason")}
        try:
            cancel_contract(
                contract.pk,
                last_day=_last_day(form),
                reason=form["reason"],
                by=acting(workplace),
                now=request.now,
            )
        except ContractRefused as refused:
            form["problem"] = str(refused)
        else:
            messages.success(request, _("The contract ends earlier. What was received before stays covered."))
            return redirect("contract", contract.pk)
    context = {
        "contract": contract,
        "typed": form,
        "last_day": day_words(contract.ends_on, year=True),
        "has_ended": term(contract)[1] <= request.now,
    }
    status = 422 if form.get("problem") else 200
    return render(request, "web/agent/contracts/end.html", context, status=status)


def _last_day(form: dict[str, Any]) -> date | None:
    if form["when"] != "day":
        return None
    try:
        return date.fromisoformat(form["last_day"])
    except ValueError:
        raise ContractRefused({"last_day": _("Choose a day.")}) from None


def _context(request: HttpRequest, workplace: Workplace, contract: Contract) -> dict[str, Any]:
    now = request.now
    times = Times(contract.desk.zone, now)
    renewals = list(renewals_of(contract))
    renewed = {contract.pk} if renewals else set()
    starts_at, ends_at = term(contract)
    seen = tickets_under(workplace.viewer, contract)
    page = Paginator(seen, PAGE_SIZE).get_page(request.GET.get("page"))
    row = contract_rows([contract], renewed, workplace, now)[0]
    changes = may_on(workplace, contract.desk_id, Act.change_contracts)
    return {
        "contract": contract,
        "row": row,
        "zone_name": times.zone_name,
        "starts": times.when(starts_at),
        "ends": times.when(ends_at),
        "cancelled": contract.cancelled_at is not None,
        "reminded": times.when(reminds_at(contract)),
        "is_reminded": contract.cancelled_at is None
        and not renewals
        and row.state is not ContractState.ended,
        "renewals": renewals,
        "overlaps": _overlaps(contract, now) if row.state is not ContractState.ended else [],
        "technical_contacts": contract.technical_contacts.order_by("name", "address"),
        "page": page,
        "tickets": [(each, times.when(each.received_at)) for each in page.object_list],
        "unseen": row.used - page.paginator.count if sees_exactly(workplace, contract) else 0,
        "may_change": changes,
        "history": history(contract, _entries(contract), times) if changes else [],
    }


def _overlaps(contract: Contract, now: datetime) -> list[Any]:
    others = overlapping(contract.organization, contract, contract)
    found = overlaps_of(contract, others, document_in_force(contract.desk, now))
    return [each for each in found if state_of(each.other, now, renewed=False) is not ContractState.ended]


def _entries(contract: Contract) -> QuerySet[AuditEntry]:
    own = Q(data__contract=contract.pk) | Q(data__contracts__contains=[contract.pk])
    entries = AuditEntry.objects.filter(own, desk_id=contract.desk_id)
    return entries.order_by("-at", "-pk")[:MOST_ENTRIES]
