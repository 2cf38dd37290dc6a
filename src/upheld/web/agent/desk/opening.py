"""A further desk: its name, its numbers, its first mailbox and its policy."""

import re
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.clock import zone_names
from upheld.people.actions import open_desk
from upheld.policy import pack, packs
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.about import languages
from upheld.web.agent.desk.guard import for_administrators_of_any
from upheld.web.agent.desk.sections import REFUSALS
from upheld.web.viewer import Workplace

FIELDS = ("name", "slug", "prefix", "zone", "language", "address", "policy")


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators_of_any
def new_desk(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Ask for what a desk needs, and open it."""
    if request.method != "POST":
        usual = {"zone": workplace.zone, "language": workplace.desks[0].language}
        return _form(request, usual)
    given = {name: typed(request, name) for name in FIELDS}
    given["slug"] = given["slug"].strip() or _short(given["name"])
    try:
        desk = open_desk(**given, by=workplace.agent, now=request.now)
    except REFUSALS as refused:
        return _form(request, given, str(refused))
    if given["policy"]:
        messages.success(request, _("%(desk)s is open.") % {"desk": desk.name})
        return redirect("desk", desk.slug)
    said = _("%(desk)s is open. No request becomes a ticket before its policy is published.")
    messages.success(request, said % {"desk": desk.name})
    return redirect("policy_draft", desk.slug, desk.policy_drafts.get().pk)


def _short(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]


def _title(name: str) -> str:
    found = re.search(r"^title: (.+)$", pack(name), re.M)
    return found[1].strip("\"' ") if found else name


def _form(request: HttpRequest, shown: dict[str, Any], problem: str = "") -> HttpResponse:
    context = {
        "shown": shown,
        "problem": problem,
        "zones": sorted(zone_names()),
        "languages": languages(),
        "policies": [(name, _title(name)) for name in packs()],
    }
    return render(request, "web/agent/desk/new.html", context, status=422 if problem else 200)
