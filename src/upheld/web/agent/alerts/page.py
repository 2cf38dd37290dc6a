"""What an agent was told: everything, the newest first; and that they have read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from upheld.mailboxes.queries import Place
from upheld.notices.actions import read_alert, read_all_alerts
from upheld.notices.models import Alert
from upheld.tickets.alerting import over, unread_alerts, visible_alerts
from upheld.tickets.visibility import AgentViewer, visible_tickets
from upheld.web.presenting.alerts import KINDS, AboutTickets, days
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

PAGE_SIZE = 50
_LISTS: dict[str, str | Promise] = {
    "": gettext_lazy("All"),
    "unread": gettext_lazy("Unread"),
    **{kind.value: label for kind, label in KINDS.items()},
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which alerts somebody wants to see: all, the unread, or those of a kind; from a place on."""

    list: str = ""
    after: Place | None = None

    @classmethod
    def of(cls, asked: QueryDict) -> "Wanted":
        wanted = asked.get("list", "")
        return cls(wanted if wanted in _LISTS else "", Place.parse(asked.get("after", "")))

    def url(self, after: Place | None = None) -> str:
        asked = QueryDict(mutable=True)
        if self.list:
            asked["list"] = self.list
        if after is not None:
            asked["after"] = after.text()
        return reverse("alerts") + (f"?{asked.urlencode()}" if asked else "")


@require_safe
@for_agents
def alerts(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show one page of alerts."""
    wanted = Wanted.of(request.GET)
    found = list(_alerts(workplace.viewer, wanted)[: PAGE_SIZE + 1])
    shown, times = found[:PAGE_SIZE], Times(workplace.zone, request.now)
    last = shown[-1] if len(found) > PAGE_SIZE else None
    context: dict[str, Any] = {
        "days": days(shown, about(workplace.viewer, shown), times, workplace.zone),
        "lists": [
            {"url": Wanted(name).url(), "label": label, "is_current": name == wanted.list}
            for name, label in _LISTS.items()
        ],
        "wanted": wanted,
        "list_label": _("Alerts") if not wanted.list else _LISTS[wanted.list],
        "some_unread": unread_alerts(workplace.viewer).exists(),
        "zone_name": times.zone_name,
        "here": wanted.url(wanted.after),
        "first_page": wanted.url() if wanted.after else "",
        "next_page": wanted.url(Place(last.created_at, last.pk)) if last else "",
    }
    return render(request, "web/agent/alerts/list.html", context)


@require_POST
@for_agents
def read(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Note that one alert, or all of them, were read."""
    if note_read(request, workplace) == "all":
        messages.success(request, _("All are marked as read."))
    return redirect(Wanted.of(request.POST).url(Place.parse(request.POST.get("after", ""))))


def note_read(request: HttpRequest, workplace: Workplace) -> str:
    """Note that the alert was read of which a form speaks, or all of them; return what it speaks of."""
    asked = request.POST.get("alert", "")
    if asked.isdecimal() and len(asked) < 19:
        read_alert(workplace.agent.pk, int(asked), request.now)
    elif asked == "all":
        read_all_alerts(workplace.agent.pk, request.now)
    return asked


def _alerts(viewer: AgentViewer, wanted: Wanted) -> QuerySet[Alert]:
    found = visible_alerts(viewer)
    if wanted.list == "unread":
        found = found.filter(read_at=None)
    elif wanted.list:
        found = found.filter(kind=wanted.list)
    if (place := wanted.after) is not None:
        earlier = Q(created_at__lt=place.at) | Q(created_at=place.at, pk__lt=place.key)
        # The first condition is within the second; by it the index knows where to start.
        found = found.filter(Q(created_at__lte=place.at) & earlier)
    return found.order_by("-created_at", "-pk")


def about(viewer: AgentViewer, shown: Sequence[Alert]) -> AboutTickets:
    """Return what is asked of the alerts' tickets before they are shown."""
    ids = {each.ticket_id for each in shown if each.ticket_id}
    rows = list(visible_tickets(viewer).filter(pk__in=ids).values_list("pk", "subject", "restricted"))
    seen = {pk for pk, _subject, _restricted in rows}
    return AboutTickets(
        subjects={pk: subject for pk, subject, restricted in rows if not restricted},
        restricted=frozenset({pk for pk, _subject, restricted in rows if restricted} | (ids - seen)),
        over=over(shown),
    )
