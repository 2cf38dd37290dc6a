"""The portals of a desk: the list with its order, and each of them to be added, changed or removed."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upheld.desks.actions import PortalRefused, add_portal, change_portal, move_portal, remove_portal
from upheld.desks.models import Desk, Portal
from upheld.people.models import NamedReader
from upheld.web.agent.desk.guard import administered
from upheld.web.agent.portals.form import PortalForm, filled_from
from upheld.web.agent.portals.guard import for_administrators
from upheld.web.agent.portals.preview import FIELDS, preview_of
from upheld.web.agent.portals.rows import portal_rows, unknown_words
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def portals(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Where somebody administers one desk, its portals; else a choice."""
    desks = administered(workplace)
    if not desks:
        raise Http404
    if len(desks) == 1:
        return redirect("portals_of_desk", desks[0].slug)
    return render(request, "web/agent/portals/desks.html", {"desks": desks})


@require_safe
@for_administrators
def portals_of_desk(request: HttpRequest, desk: Desk, by: str) -> HttpResponse:
    """Every portal, in the order in which customers are offered them."""
    page = {"of_desk": desk, "rows": portal_rows(desk, request.now)}
    return render(request, "web/agent/portals/list.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_portal(request: HttpRequest, desk: Desk, by: str) -> HttpResponse:
    """Add one."""
    if request.method != "POST":
        form = PortalForm(desk=desk, now=request.now, initial={"is_listed": True})
        return _page(request, desk, form, None)

    def add(form: PortalForm) -> Portal:
        return add_portal(desk, form.cleaned_data["slug"], form.values(), by=by, now=request.now)

    return _take(request, desk, None, add)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def one_portal(request: HttpRequest, desk: Desk, by: str, portal_id: int) -> HttpResponse:
    """Change one."""
    portal = _find(desk, portal_id)
    if request.method != "POST":
        form = PortalForm(desk=desk, now=request.now, initial=filled_from(portal))
        return _page(request, desk, form, portal)

    def change(form: PortalForm) -> Portal:
        return change_portal(portal.pk, form.cleaned_data["slug"], form.values(), by=by, now=request.now)

    return _take(request, desk, portal, change)


@require_POST
@for_administrators
def move(request: HttpRequest, desk: Desk, by: str, portal_id: int) -> HttpResponse:
    """One place up or down."""
    portal = _find(desk, portal_id)
    move_portal(portal.pk, up=request.POST.get("to") == "up", by=by, now=request.now)
    return redirect("portals_of_desk", desk.slug)


@require_POST
@for_administrators
def remove(request: HttpRequest, desk: Desk, by: str, portal_id: int) -> HttpResponse:
    """Remove one, when it was said twice."""
    portal = _find(desk, portal_id)
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Say that you are sure, then remove it."))
        return redirect("portal_settings", desk.slug, portal.pk)
    try:
        remove_portal(portal.pk, by=by, now=request.now)
    except PortalRefused as refused:
        messages.error(request, str(refused))
        return redirect("portal_settings", desk.slug, portal.pk)
    messages.success(
        request, _("“%(name)s” is removed. Its address leads nowhere now.") % {"name": portal.name}
    )
    return redirect("portals_of_desk", desk.slug)


def _find(desk: Desk, portal_id: int) -> Portal:
    portal = Portal.objects.select_related("desk", "mailbox").filter(desk=desk, pk=portal_id).first()
    if portal is None:
        raise Http404
    return portal


def _take(
    request: HttpRequest, desk: Desk, portal: Portal | None, do: Callable[[PortalForm], Portal]
) -> HttpResponse:
    """Keep what was filled in; or show how it would look; or say what has to change. What was typed stays."""
    form = PortalForm(request.POST, desk=desk, now=request.now)
    if "try" in request.POST:
        typed = PortalForm(desk=desk, now=request.now, initial=_typed(form))
        return _page(request, desk, typed, portal)
    if not form.is_valid():
        return _page(request, desk, form, portal, status=422)
    try:
        kept = do(form)
    except PortalRefused as refused:
        field = "accent" if refused.field == "look" else refused.field
        form.add_error(field if field in form.fields else None, str(refused))
        return _page(request, desk, form, portal, status=422)
    messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
    return redirect("portal_settings", desk.slug, kept.pk)


def _typed(form: PortalForm) -> dict[str, Any]:
    """What was typed, as it was typed, to be shown again."""
    return {name: form[name].value() for name in form.fields}


def _page(
    request: HttpRequest, desk: Desk, form: PortalForm, portal: Portal | None, status: int = 200
) -> HttpResponse:
    page = {
        "of_desk": desk,
        "form": form,
        "portal_here": portal,
        "preview": preview_of(desk, {name: form[name].value() or "" for name in FIELDS}),
        "unknown": unknown_words(portal, request.now) if portal else [],
        "named_readers": NamedReader.objects.filter(desk=desk).count(),
        "open_mailbox": bool(
            portal and portal.restricted and portal.mailbox and not portal.mailbox.restricted
        ),
    }
    return render(request, "web/agent/portals/one.html", page, status=status)
