"""What an agent has begun to write and has not sent."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upheld.tickets.drafts import NOTE, REPLY, SIDE, visible_drafts
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

PAGE_SIZE = 50
_EXCERPT = 200
_KINDS = {
    REPLY: (_("Reply"), "reply"),
    NOTE: (_("Internal note"), "lock"),
    SIDE: (_("Message to somebody else"), "mail"),
}


@require_safe
@for_agents
def drafts(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show one page of drafts, the latest first."""
    found = visible_drafts(workplace.viewer).select_related("ticket").prefetch_related("files")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page", ""))
    times = Times(workplace.zone, request.now)
    rows = [
        {
            "draft": each,
            "kind": _KINDS.get(each.kind, (each.kind, "pencil"))[0],
            "icon": _KINDS.get(each.kind, ("", "pencil"))[1],
            "excerpt": " ".join(each.text.split())[:_EXCERPT],
            "files": len(each.files.all()),
            "at": times.when(each.updated_at),
        }
        for each in page
    ]
    context = {"rows": rows, "page": page, "zone_name": times.zone_name}
    return render(request, "web/agent/composing/drafts.html", context)
