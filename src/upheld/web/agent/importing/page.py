"""Importing customers: choose a file, look at what it would do, confirm.

All is done within the request, so a page takes fewer rows than the command. The file travels with the page that shows
what it would do; nothing of it is kept until somebody confirms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from upheld.desks.models import Desk
from upheld.people.actions import ImportRefused, import_customers
from upheld.people.importing import (
    KINDS,
    Kind,
    Plan,
    SheetRefused,
    Verdict,
    decoded,
    plan_import,
    read_sheet,
    template_of,
)
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.web.agent.acts import typed
from upheld.web.agent.contracts.guard import for_those_who_may
from upheld.web.agent.customers.guard import acting, desks_for
from upheld.web.uploads import left_out, takes_files
from upheld.web.viewer import Workplace

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024 * 1024
MOST_SHOWN = 200
# Colour, icon and words.
VERDICTS: Mapping[Verdict, tuple[str, str, str | Promise]] = {
    Verdict.added: ("met", "circle-plus", gettext_lazy("added")),
    Verdict.changed: ("running", "pencil", gettext_lazy("changed")),
    Verdict.same: ("none", "equal", gettext_lazy("as it is")),
}


@dataclass(frozen=True, slots=True)
class Given:
    """The file that was chosen, or that came along with the page; `seen` is what somebody looked at."""

    desk: Desk
    name: str
    text: str
    seen: str


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_may(Act.import_customers)
def import_page(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    desks = desks_for(workplace, Act.import_customers)
    if request.method != "POST":
        return _choose(request, desks)
    desk = _desk(request, desks)
    try:
        given = _given(request, desk)
        sheet = read_sheet(given.text.encode(), most_rows=MOST_ROWS)
        if not given.seen:
            plan, _importing = plan_import(desk, sheet, request.now)
            return _look(request, given, plan)
        plan = import_customers(
            desk, sheet, name=given.name, by=acting(workplace), now=request.now, seen=given.seen
        )
    except SheetRefused as refused:
        return _choose(request, desks, desk, str(refused))
    except ImportRefused as refused:
        if refused.plan is None:
            return _choose(request, desks, desk, str(refused))
        return _look(request, given, refused.plan, str(refused))
    messages.success(request, _done(plan))
    return redirect("contracts" if plan.kind is Kind.contracts else "customers")


@require_safe
@for_those_who_may(Act.import_customers)
def template(request: HttpRequest, workplace: Workplace, kind: str) -> HttpResponse:
    """A file to fill in."""
    if kind not in list(Kind):
        raise Http404
    answer = HttpResponse(template_of(Kind(kind)).encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _desk(request: HttpRequest, desks: list[Desk]) -> Desk:
    if len(desks) == 1:
        return desks[0]
    found = next((each for each in desks if each.slug == request.POST.get("desk")), None)
    if found is None:
        raise Http404
    return found


def _given(request: HttpRequest, desk: Desk) -> Given:
    """What came along with the page, else the file that was chosen; raises SheetRefused."""
    kept, seen = typed(request, "text"), typed(request, "seen")
    file = request.FILES.get("file")
    if file is None and kept and not left_out(request):
        return Given(desk, one_line(typed(request, "name"), 200), kept, seen)
    if left_out(request) or (file is not None and (file.size or 0) > MOST_BYTES):
        said = {"most": MOST_BYTES // 1024**2}
        raise SheetRefused(_("The file is larger than %(most)s MB. Divide it, or use the command.") % said)
    if file is None:
        raise SheetRefused(_("Choose a file first."))
    return Given(desk, one_line(file.name or "", 200), decoded(file.read()), "")


def _choose(
    request: HttpRequest, desks: list[Desk], desk: Desk | None = None, problem: str = ""
) -> HttpResponse:
    context = {
        "desks": desks if len(desks) > 1 else [],
        "chosen": desk,
        "problem": problem,
        "tables": [(kind.value, table) for kind, table in KINDS.items()],
        "most_rows": f"{MOST_ROWS:,}",
    }
    return render(request, "web/agent/importing/choose.html", context, status=422 if problem else 200)


def _look(request: HttpRequest, given: Given, plan: Plan, problem: str = "") -> HttpResponse:
    shown = [each for each in plan.rows if each.verdict is not Verdict.same or each.remarks]
    context: dict[str, Any] = {
        "given": given,
        "plan": plan,
        "title": KINDS[plan.kind].title,
        "problem": problem,
        "problems": plan.problems[:MOST_SHOWN],
        "more_problems": max(0, len(plan.problems) - MOST_SHOWN),
        "rows": [(each, VERDICTS[each.verdict]) for each in shown[:MOST_SHOWN]],
        "more_rows": max(0, len(shown) - MOST_SHOWN),
        "counts": [(VERDICTS[verdict], count) for verdict, count in plan.counts.items()],
    }
    status = 422 if plan.problems or problem else 200
    return render(request, "web/agent/importing/look.html", context, status=status)


def _done(plan: Plan) -> str:
    said = {verdict.value: count for verdict, count in plan.counts.items()}
    if not plan.changes_anything:
        return _("Everything in the file was there already. Nothing was changed.")
    return _("Imported: %(added)s added, %(changed)s changed, %(same)s as they were.") % said
