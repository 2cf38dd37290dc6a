"""Who changed what on a desk, the newest first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from upheld.desks.models import AuditEntry, Desk
from upheld.mailboxes.queries import Place
from upheld.people.staff import working_on
from upheld.tickets.visibility import AgentViewer, named_on
from upheld.web.agent.desk.sections import Section
from upheld.web.agent.policy.rows import name_of
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.audit import action_words, details
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

PAGE_SIZE = 50


def entries_of(desk: Desk, viewer: AgentViewer) -> QuerySet[AuditEntry]:
    """The changes of a desk, and those of its staff's accounts that were made on no desk; what was decided about a
    restricted request for its named readers only."""
    staff = working_on(desk).values("user__email")
    entries = AuditEntry.objects.filter(Q(desk=desk) | Q(desk=None, subject__in=staff))
    if named_on(viewer).filter(desk=desk).exists():
        return entries
    return entries.exclude(data__contains={"restricted": True}, subject__startswith="held request ")


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    every = entries_of(desk, workplace.viewer)
    wanted = {name: request.GET.get(name, "").replace("\0", "")[:254] for name in ("action", "actor")}
    narrowed = every.filter(**{name: value for name, value in wanted.items() if value})
    after = Place.parse(request.GET.get("after", ""))
    if after is not None:
        page = narrowed.filter(Q(at__lt=after.at) | Q(at=after.at, pk__lt=after.key))
    else:
        page = narrowed
    rows = list(page.order_by("-at", "-pk")[: PAGE_SIZE + 1])
    times = Times(workplace.zone, request.now)
    kept = {name: value for name, value in wanted.items() if value}
    return {
        "entries": [_row(each, times) for each in rows[:PAGE_SIZE]],
        "actions": sorted(
            ((each, action_words(each)) for each in _distinct(every, "action")), key=lambda pair: pair[1]
        ),
        "actors": [(each, name_of(each)) for each in sorted(_distinct(every, "actor"))],
        "wanted": wanted,
        "is_narrowed": bool(kept),
        "zone_name": times.zone_name,
        "first_page": "?" + urlencode(kept) if after else "",
        "next_page": "?" + urlencode({**kept, "after": _place(rows[PAGE_SIZE - 1])})
        if len(rows) > PAGE_SIZE
        else "",
    }


def _place(entry: AuditEntry) -> str:
    return Place(entry.at, entry.pk).text()


def _distinct(entries: QuerySet[AuditEntry], column: str) -> list[str]:
    return list(entries.order_by().values_list(column, flat=True).distinct())


def _row(entry: AuditEntry, times: Times) -> dict[str, Any]:
    return {
        "at": times.when(entry.at),
        "by": name_of(entry.actor),
        "words": action_words(entry.action),
        "subject": entry.subject,
        "details": details(entry.data, times),
    }


section = Section("desk_audit", "web/agent/desk/audit.html", _context)
