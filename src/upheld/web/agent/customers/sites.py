"""The places at which an organization uses a product."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upheld.people import actions
from upheld.people.models import Organization, Site
from upheld.people.particulars import SiteParticulars
from upheld.people.refused import CustomerRefused
from upheld.people.vocabulary import Asked, Vocabulary, vocabulary
from upheld.rules.permissions import Act
from upheld.web.agent.customers.entered import Entered, choices, entered
from upheld.web.agent.customers.guard import acting, for_organizations_of
from upheld.web.viewer import Workplace

PARTICULARS = ("name", "address", "region", "product")
_ANSWER = "asked-"


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the policy asks about a product, with the answer so far."""

    asked: Asked
    name: str
    answer: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizations_of(Act.change_customers)
def new_site(request: HttpRequest, workplace: Workplace, found: Organization) -> HttpResponse:
    """Enter a site: what it is first, then what the policy asks about its product."""
    if request.method != "POST":
        return _form(request, found, None, Entered())
    form = _entered(request, vocabulary(found.desk, request.now))
    if "again" in request.POST:
        return _form(request, found, None, form)
    try:
        site = actions.add_site(found.pk, _particulars(form), by=acting(workplace), now=request.now)
    except CustomerRefused as problem:
        return _form(request, found, None, form.refused(problem))
    messages.success(request, _("%(name)s is entered.") % {"name": site.name})
    return redirect("organization", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_organizations_of(Act.change_customers)
def change_site(
    request: HttpRequest, workplace: Workplace, found: Organization, site_id: int
) -> HttpResponse:
    """What is known of a site, in a form."""
    site = _find(found, site_id)
    if request.method != "POST":
        answers = {f"{_ANSWER}{name}": value for name, value in site.fields.items()}
        return _form(
            request, found, site, Entered({name: getattr(site, name) for name in PARTICULARS} | answers)
        )
    form = _entered(request, vocabulary(found.desk, request.now))
    if "again" in request.POST:
        return _form(request, found, site, form)
    try:
        actions.change_site(site.pk, _particulars(form), by=acting(workplace), now=request.now)
    except CustomerRefused as problem:
        return _form(request, found, site, form.refused(problem))
    messages.success(request, _("Saved."))
    return redirect("organization", found.pk)


@require_POST
@for_organizations_of(Act.change_customers)
def remove_site(
    request: HttpRequest, workplace: Workplace, found: Organization, site_id: int
) -> HttpResponse:
    """Take a site off the list."""
    site = _find(found, site_id)
    actions.remove_site(site.pk, by=acting(workplace), now=request.now)
    messages.success(request, _("%(name)s is removed.") % {"name": site.name})
    return redirect("organization", found.pk)


def _find(found: Organization, site_id: int) -> Site:
    site = found.sites.filter(pk=site_id).first()
    if site is None:
        raise Http404
    return site


def _entered(request: HttpRequest, words: Vocabulary) -> Entered:
    return entered(request, (*PARTICULARS, *(f"{_ANSWER}{each.id}" for each in words.asked)))


def _particulars(form: Entered) -> SiteParticulars:
    answers = {
        name.removeprefix(_ANSWER): value for name, value in form.values.items() if name.startswith(_ANSWER)
    }
    return SiteParticulars(**{name: form.values[name] for name in PARTICULARS}, fields=answers)


def _form(request: HttpRequest, found: Organization, site: Site | None, form: Entered) -> HttpResponse:
    words = vocabulary(found.desk, request.now)
    values = form.values
    context: dict[str, Any] = {
        "organization": found,
        "site": site,
        "entered": form,
        "regions": choices(words.regions, values.get("region", ""), _("The organization’s")),
        "products": choices(words.products, values.get("product", ""), _("Not said")),
        "questions": [
            Question(each, f"{_ANSWER}{each.id}", values.get(f"{_ANSWER}{each.id}", ""))
            for each in words.asked_of(values.get("product", ""))
        ],
    }
    return render(request, "web/agent/customers/site.html", context, status=422 if form.why else 200)
