"""A document on its way to being published: written, checked, or thrown away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upheld.desks.actions import DraftRefused, begin_draft, change_draft, discard_draft
from upheld.desks.models import Desk, PolicyDraft
from upheld.policy import Report, check
from upheld.web.agent.acts import typed
from upheld.web.agent.policy.guard import acting, for_publishers
from upheld.web.agent.policy.rows import name_of, places
from upheld.web.agent.policy.versions import in_force
from upheld.web.presenting.times import Times
from upheld.web.uploads import left_out, takes_files
from upheld.web.viewer import Workplace

LARGEST_FILE = 1_000_000


@require_POST
@for_publishers
def change(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """Begin a draft from the version in force."""
    held = in_force(desk, request)
    draft = begin_draft(desk, held, held.source if held else "", by=acting(workplace), now=request.now)
    return redirect("policy_draft", desk.slug, draft.pk)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_publishers
def draft(request: HttpRequest, workplace: Workplace, desk: Desk, draft_id: int) -> HttpResponse:
    """The document in a text area, and what the check says of it."""
    found = find_draft(desk, draft_id)
    if request.method != "POST":
        return render(request, "web/agent/policy/draft.html", _context(request, desk, found))
    try:
        text = _given(request)
        found = change_draft(found.pk, text=text, by=acting(workplace), now=request.now)
    except DraftRefused as refused:
        messages.error(request, str(refused))
        return render(request, "web/agent/policy/draft.html", _context(request, desk, found), status=422)
    if "go_on" in request.POST and check(found.text).ok:
        return redirect("policy_effect", desk.slug, found.pk)
    return redirect("policy_draft", desk.slug, found.pk)


@require_POST
@for_publishers
def discard(request: HttpRequest, workplace: Workplace, desk: Desk, draft_id: int) -> HttpResponse:
    """Throw a draft away."""
    discard_draft(find_draft(desk, draft_id).pk)
    messages.success(request, _("The draft is thrown away. Nothing was published."))
    return redirect("policy", desk.slug)


def find_draft(desk: Desk, draft_id: int) -> PolicyDraft:
    """The draft, if it is one of this desk's."""
    found = PolicyDraft.objects.select_related("based_on").filter(desk=desk, pk=draft_id).first()
    if found is None:
        raise Http404
    return found


def _given(request: HttpRequest) -> str:
    """The text of the file that was chosen, else what was typed."""
    file = request.FILES.get("file")
    if left_out(request):
        raise DraftRefused(_("The file is too large to be a policy document."))
    if file is None:
        return typed(request, "text")
    if file.size is not None and file.size > LARGEST_FILE:
        raise DraftRefused(_("The file is too large to be a policy document."))
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DraftRefused(_("The file is not UTF-8 text. Save it as UTF-8 and choose it again.")) from None


def _context(request: HttpRequest, desk: Desk, found: PolicyDraft) -> dict[str, Any]:
    report = check(found.text) if found.text.strip() else Report((), (), 0, None)
    return {
        "of_desk": desk,
        "draft": found,
        "changed": Times(desk.zone, request.now).when(found.changed_at),
        "changed_by": name_of(found.changed_by),
        "is_empty": not found.text.strip(),
        "is_sound": report.policy is not None and report.ok,
        "problems": places(report.problems, found.text),
        "findings": places(report.findings, found.text),
        "examples_run": report.examples_run,
    }
