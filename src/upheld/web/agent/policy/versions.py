"""The versions of a desk's policy: what holds, what is still to come, what was."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.desks.actions import PublicationRefused, begin_draft, withdraw_policy
from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled, installed_zone_data
from upheld.desks.policy_documents import document_of
from upheld.tickets.queries import open_tickets_by_version
from upheld.web.agent.policy.differences import differences, in_words
from upheld.web.agent.policy.guard import acting, for_agents_of_the_desk, for_publishers, may_publish
from upheld.web.agent.policy.rows import closed_days, name_of, version_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents


@require_safe
@for_agents
def policies(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Where there is one desk, its policy; else a choice."""
    if len(workplace.desks) == 1:
        return redirect("policy", workplace.desks[0].slug)
    in_force = {each.desk_id: each for each in PolicyVersion.objects.filter(pk__in=workplace.version_ids)}
    desks = [(desk, in_force.get(desk.pk)) for desk in workplace.desks]
    return render(request, "web/agent/policy/desks.html", {"desks": desks})


@require_safe
@for_agents_of_the_desk
def policy(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """What holds now, and every version."""
    times = Times(desk.zone, request.now)
    rows = version_rows(desk, request.now, times, open_tickets_by_version(workplace.viewer, desk.pk))
    current = next((row for row in rows if row.state == "in force"), None)
    publishes = may_publish(workplace, desk)
    context: dict[str, Any] = {
        "of_desk": desk,
        "rows": rows,
        "current": current,
        "policy": compiled(current.id) if current else None,
        "to_come": [row for row in reversed(rows) if row.state == "to come"],
        "may_publish": publishes,
        "zone_name": times.zone_name,
        "other_zone_data": _other_zone_data(current.zone_data if current else "") if publishes else "",
        "drafts": _drafts(desk, times) if publishes else [],
    }
    return render(request, "web/agent/policy/policy.html", context)


def _drafts(desk: Desk, times: Times) -> list[dict[str, Any]]:
    drafts = (
        desk.policy_drafts.select_related("based_on").defer("text", "effect").order_by("-changed_at", "-pk")
    )
    return [
        {
            "id": each.pk,
            "remark": each.remark,
            "based_on": each.based_on.number if each.based_on else None,
            "changed": times.when(each.changed_at),
            "by": name_of(each.changed_by),
        }
        for each in drafts[:50]
    ]


def _other_zone_data(published_with: str) -> str:
    installed = installed_zone_data()
    return installed if published_with and published_with != installed else ""


@require_safe
@for_agents_of_the_desk
def version(request: HttpRequest, workplace: Workplace, desk: Desk, number: int) -> HttpResponse:
    """One version: who published it and how, what it changed, its closed days, its document."""
    found = _found(desk, number)
    times = Times(desk.zone, request.now)
    rows = version_rows(desk, request.now, times, open_tickets_by_version(workplace.viewer, desk.pk))
    before = desk.policy_versions.filter(number__lt=number).order_by("-number").first()
    context = {
        "of_desk": desk,
        "row": next(row for row in rows if row.number == number),
        "before": before,
        "lines": differences(before.source, found.source) if before else [],
        "told": in_words(document_of(before.pk), document_of(found.pk)) if before else [],
        "closed_days": closed_days(compiled(found.pk), request.now),
        "source": found.source.splitlines(),
        "may_publish": may_publish(workplace, desk),
        "zone_name": times.zone_name,
    }
    return render(request, "web/agent/policy/version.html", context)


@require_safe
@for_agents_of_the_desk
def source(request: HttpRequest, workplace: Workplace, desk: Desk, number: int) -> HttpResponse:
    """The document of a version, as a file."""
    found = _found(desk, number)
    answer = HttpResponse(found.source, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{desk.slug}-{found.number}.yaml"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
@for_publishers
def again(request: HttpRequest, workplace: Workplace, desk: Desk, number: int) -> HttpResponse:
    """Begin a draft from a former version, to go back to it."""
    found = _found(desk, number)
    held = in_force(desk, request)
    draft = begin_draft(
        desk,
        held,
        found.source,
        remark=_("Version %(number)s again") % {"number": number},
        by=acting(workplace),
        now=request.now,
    )
    return redirect("policy_effect", desk.slug, draft.pk)


@require_POST
@for_publishers
def withdraw(request: HttpRequest, workplace: Workplace, desk: Desk, number: int) -> HttpResponse:
    """Withdraw a version that has not taken effect yet."""
    try:
        withdraw_policy(_found(desk, number), by=acting(workplace), now=request.now)
    except PublicationRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Version %(number)s is withdrawn.") % {"number": number})
    return redirect("policy", desk.slug)


def in_force(desk: Desk, request: HttpRequest) -> PolicyVersion | None:
    """The version in force, with its document."""
    return PolicyVersion.objects.filter(desk=desk).in_force(request.now).first()


def _found(desk: Desk, number: int) -> PolicyVersion:
    found = desk.policy_versions.filter(number=number).first()
    if found is None:
        raise Http404
    return found
