"""Two contacts that are one person: which goes, what moves, and what it shows to whom."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.people.models import Contact
from upheld.rules.permissions import Act
from upheld.tickets.actions import Refused, merge_contacts
from upheld.tickets.actions.merging import Merger, merger
from upheld.tickets.customers import visible_contacts
from upheld.web.agent.acts import typed
from upheld.web.agent.customers.guard import desks_for, for_contacts_of
from upheld.web.viewer import Workplace


@require_http_methods(["GET", "HEAD", "POST"])
@for_contacts_of(Act.merge_contacts)
def merge(request: HttpRequest, workplace: Workplace, kept: Contact) -> HttpResponse:
    """Ask for the duplicate by its address; show what merging moves; do it."""
    address = typed(request, "duplicate") if request.method == "POST" else request.GET.get("duplicate", "")
    address = address.replace("\0", "").strip().lower()[:254]
    if not address:
        return _page(request, kept, address)
    duplicate = visible_contacts(workplace.viewer).filter(address=address).first()
    if duplicate is None:
        return _page(request, kept, address, why=_("Nobody is known by this address. Choose another one."))
    try:
        plan = merger(kept, duplicate, workplace.agent)
    except Refused as problem:
        return _page(request, kept, address, why=str(problem))
    if request.method != "POST":
        return _page(request, kept, address, plan=plan)
    try:
        moments = {desk.pk: moment(desk.pk, request.now) for desk in desks_for(workplace, Act.merge_contacts)}
        confirmed = typed(request, "confirmed") == "yes"
        merge_contacts(kept.pk, duplicate.pk, workplace.agent, moments, now=request.now, confirmed=confirmed)
    except Refused as problem:
        return _page(request, kept, address, plan=plan, why=str(problem))
    said = {"duplicate": duplicate.address, "name": kept}
    messages.success(request, _("%(duplicate)s is an address of %(name)s from now on.") % said)
    return redirect("contact", kept.pk)


def _page(
    request: HttpRequest, kept: Contact, address: str, *, plan: Merger | None = None, why: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "contact": kept,
        "address": address,
        "plan": plan,
        "why": why,
        "moves": _moves(plan) if plan else [],
        "shows": _shows(plan) if plan else [],
    }
    return render(request, "web/agent/customers/merge.html", context, status=422 if why else 200)


def _moves(plan: Merger) -> list[tuple[str, str]]:
    """What moves, each with how much."""
    counted = [
        (_("Requests that the duplicate asked"), plan.asked),
        (_("Requests in which the duplicate takes part otherwise"), plan.follows),
        (_("Requests in which both take part: one part stays"), plan.shared),
        (_("Requests held without a number"), plan.held),
        (_("Contracts that name the duplicate as technical contact"), plan.contracts),
    ]
    rows = [(label, str(count)) for label, count in counted if count]
    if plan.belongs:
        rows.append((_("Organizations"), ", ".join(each.name for each in plan.belongs)))
    if plan.duplicate.phone and not plan.kept.phone:
        rows.append((_("Phone"), plan.duplicate.phone))
    if plan.duplicate.user_id:
        rows.append(
            (_("Sign-in"), _("with %(address)s, as the kept contact") % {"address": plan.duplicate.address})
        )
    return rows


def _shows(plan: Merger) -> list[str]:
    """What somebody reads after this that they could not read before."""
    kept, duplicate, moving = plan.kept.address, plan.duplicate.address, plan.asked + plan.follows
    said = []
    if plan.crosses_organizations:
        words = _(
            "They do not belong to the same organizations, and belong to those of both from now on. "
            "Requests of %(duplicate)s that %(kept)s reads: %(count)s."
        )
        said.append(words % {"kept": kept, "duplicate": duplicate, "count": moving})
    for each in plan.sign_ins:
        words = _("Who signs in with %(address)s reads the requests of both on the portal: %(count)s.")
        said.append(words % {"address": each.address, "count": moving + plan.kept_reads})
    for organization in plan.sees_all:
        words = _("All requests of %(name)s are seen on the portal with either address.")
        said.append(words % {"name": organization.name})
    for organization in plan.differs_in_sees_all:
        words = _("Only one of them may see all requests of %(name)s. What the kept contact may, holds.")
        said.append(words % {"name": organization.name})
    return said
