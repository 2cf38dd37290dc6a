"""The macros of a desk: the agent's own, and those that everybody there has."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upheld.desks.models import Desk
from upheld.desks.policies import compiled, version_in_force
from upheld.people.models import Agent, Team
from upheld.policy import Policy
from upheld.rules.macro_steps import faults
from upheld.rules.permissions import Act, NotAllowed, Role, allowed
from upheld.rules.placeholders import PLACEHOLDERS
from upheld.tickets import actions
from upheld.tickets.macros import known_on, macros_for
from upheld.tickets.models import CustomField, Macro
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.guard import administered, for_desks_where
from upheld.web.agent.desk.sections import rail
from upheld.web.agent.macros.typed_steps import form_values, read_steps
from upheld.web.agent.macros.words import Wording
from upheld.web.viewer import Workplace

MOST_SHOWN = 400
_for_the_desk = for_desks_where(Act.write_note)


@require_safe
@_for_the_desk
def desk_macros(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """Show the macros that the agent can run on a desk, in words; one that cannot be run any more says why."""
    policy = _policy(desk, request)
    rows = list(macros_for(workplace.agent.pk, desk.pk)[:MOST_SHOWN])
    wording = Wording(desk, policy, [step for row in rows for step in row.steps])
    known = known_on(desk, policy)
    shown = [(row, wording.all(row.steps), faults(row.steps, known)) for row in rows]
    context = _around(workplace, desk) | {
        "own": [each for each in shown if each[0].agent_id is not None],
        "shared": [each for each in shown if each[0].agent_id is None],
        "other_desks": [each for each in workplace.desks if each != desk],
    }
    return render(request, "web/agent/macros/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_the_desk
def new_macro(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """A form for a new one. One that is copied (`?from=`) fills it."""
    if request.method == "POST":
        return _save(request, workplace, desk, None)
    wanted = request.GET.get("from", "")
    copied = (
        macros_for(workplace.agent.pk, desk.pk).filter(pk=int(wanted)).first() if _is_id(wanted) else None
    )
    values = (
        form_values(copied.steps) | {"name": _("Copy of %(name)s") % {"name": copied.name}} if copied else {}
    )
    return _form(request, workplace, desk, None, values)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_the_desk
def one_macro(request: HttpRequest, workplace: Workplace, desk: Desk, macro_id: int) -> HttpResponse:
    """One of them, to be changed."""
    macro = _macro(workplace, desk, macro_id)
    if request.method == "POST":
        return _save(request, workplace, desk, macro)
    values = form_values(macro.steps) | {"name": macro.name, "shared": "" if macro.agent_id else "yes"}
    wrong = faults(macro.steps, known_on(desk, _policy(desk, request)))
    return _form(request, workplace, desk, macro, values, problem=" ".join(each.words for each in wrong))


@require_POST
@_for_the_desk
def remove_macro(request: HttpRequest, workplace: Workplace, desk: Desk, macro_id: int) -> HttpResponse:
    """Remove one."""
    macro = _macro(workplace, desk, macro_id)
    try:
        actions.remove_macro(workplace.agent, macro, request.now)
    except (actions.Refused, NotAllowed) as problem:
        return _form(
            request,
            workplace,
            desk,
            macro,
            form_values(macro.steps) | {"name": macro.name},
            str(problem),
            403,
        )
    messages.success(request, _("Removed: “%(name)s”.") % {"name": macro.name})
    return redirect("desk_macros", desk.slug)


def _save(request: HttpRequest, workplace: Workplace, desk: Desk, changes: Macro | None) -> HttpResponse:
    known = known_on(desk, _policy(desk, request))
    try:
        kept = actions.save_macro(
            workplace.agent,
            desk.pk,
            typed(request, "name"),
            read_steps(request.POST),
            known,
            request.now,
            shared=typed(request, "shared") == "yes",
            changes=changes,
        )
    except (actions.Refused, NotAllowed) as problem:
        values = {name: typed(request, name) for name in request.POST}
        status = 403 if isinstance(problem, NotAllowed) else 422
        return _form(request, workplace, desk, changes, values, str(problem), status)
    messages.success(request, _("Saved: “%(name)s”.") % {"name": kept.name})
    return redirect("desk_macros", desk.slug)


def _form(
    request: HttpRequest,
    workplace: Workplace,
    desk: Desk,
    macro: Macro | None,
    values: dict[str, str],
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    policy = _policy(desk, request)
    colleagues = Agent.objects.filter(memberships__desk=desk, user__is_active=True).select_related("user")
    fields = CustomField.objects.filter(desk=desk, retired_at=None).order_by("position", "pk")
    context = _around(workplace, desk) | {
        "macro": macro,
        "values": values,
        "problem": problem,
        "statuses": [(each.id, each.label) for each in policy.statuses],
        "priorities": [(each.id, each.label) for each in policy.priorities],
        "colleagues": [(str(each.pk), each.name) for each in colleagues.order_by("user__name", "pk")],
        "teams": [
            (str(each.pk), each.name) for each in Team.objects.filter(desk=desk).order_by("name", "pk")
        ],
        "fields": [(f"field-{each.key}", each.label, values.get(f"field-{each.key}", "")) for each in fields],
        "placeholders": [("{{" + name + "}}", _(meaning)) for name, meaning in PLACEHOLDERS.items()],
    }
    return render(request, "web/agent/macros/form.html", context, status=status)


def _around(workplace: Workplace, desk: Desk) -> dict[str, Any]:
    return {
        "of_desk": desk,
        "rail": rail(desk, "desk_macros") if desk in administered(workplace) else [],
        "may_share": allowed(workplace.viewer.roles.get(desk.pk, Role.visitor), Act.share_workspace),
    }


def _macro(workplace: Workplace, desk: Desk, macro_id: int) -> Macro:
    macro = macros_for(workplace.agent.pk, desk.pk).filter(pk=macro_id).first()
    if macro is None:
        raise Http404
    return macro


def _policy(desk: Desk, request: HttpRequest) -> Policy:
    return compiled(version_in_force(desk, request.now).pk)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18
