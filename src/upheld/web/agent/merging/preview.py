"""The page that says what merging two tickets would do, and does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upheld.mailboxes.horizon import moment
from upheld.policy import Metric, Verdict
from upheld.rules.permissions import Act, NotAllowed, Role, allowed
from upheld.tickets.actions import Refused, merge_tickets
from upheld.tickets.actions.merging_tickets import MergePlan, destination, plan_merge
from upheld.tickets.models import Ticket
from upheld.tickets.supposing import Promised
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.readers.reading import PAGE, note_reading
from upheld.web.agent.triage.moves import Move, moves
from upheld.web.presenting.times import Times
from upheld.web.presenting.words import METRICS
from upheld.web.viewer import Workplace, for_agents

LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """What the page says of a plan: what becomes of each ticket's promises, and who learns of what."""

    plan: MergePlan
    gives: Sequence[Move]
    takes: Sequence[Move]
    told: str


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def merge(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """Ask into which ticket; show what that would do; do it."""
    tickets = visible_tickets(workplace.viewer).select_related("desk", "requester", "organization")
    ticket = tickets.filter(number=number.upper()).first()
    role = role_of(workplace.viewer, ticket) if ticket else Role.visitor
    if ticket is None or not allowed(role, Act.merge_tickets):
        raise Http404
    note_reading(request, workplace, ticket, PAGE)
    given = typed(request, "into") if request.method == "POST" else request.GET.get("into", "")
    into = given.replace("\0", "").strip()[:LONGEST_NUMBER]
    if not into:
        return _page(request, ticket, into)
    try:
        survivor = destination(ticket.pk, into, workplace.agent)
        plan = plan_merge(ticket, survivor, request.now)
    except Refused as problem:
        return _page(request, ticket, into, why=str(problem))
    if plan.crosses and not allowed(role, Act.merge_across):
        words = _("They belong to different organizations. A team lead can merge them; you can link them.")
        return _page(request, ticket, into, why=words)
    note_reading(request, workplace, survivor, PAGE)
    seen = _seen(plan, Times(workplace.zone, request.now))
    if request.method != "POST":
        return _page(request, ticket, into, seen)
    try:
        now, across = moment(ticket.desk_id, request.now), typed(request, "across") == "yes"
        row = merge_tickets(ticket.pk, survivor.number, workplace.agent, now, across=across)
    except (Refused, NotAllowed) as problem:
        return _page(request, ticket, into, seen, why=str(problem))
    said = {"number": ticket.number, "into": row.survivor.number}
    messages.success(request, _("%(number)s is a part of %(into)s now.") % said)
    return redirect("ticket", row.survivor.number)


def _page(
    request: HttpRequest, ticket: Ticket, into: str, seen: Seen | None = None, *, why: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"ticket": ticket, "into": into, "seen": seen, "why": why}
    return render(request, "web/agent/merging/merge.html", context, status=422 if why else 200)


def _seen(plan: MergePlan, times: Times) -> Seen:
    return Seen(
        plan=plan,
        gives=[_given(each, plan, times) for each in plan.gives if each.before is not None],
        takes=moves(plan.takes, times),
        told=_told(plan),
    )


def _given(promised: Promised, plan: MergePlan, times: Times) -> Move:
    """What becomes of a promise of the ticket that is merged."""
    clock, metric = promised.before, str(METRICS[promised.metric])
    assert clock is not None  # noqa: S101 - chosen by it
    said = {
        "number": plan.survivor.number,
        "due": times.when(clock.due_at).text if clock.due_at else _("once its clock runs again"),
    }
    if clock.verdict is Verdict.breached:
        return Move(metric, _("is breached, and that stays on record here"), False)
    if promised.metric is Metric.update:
        return Move(metric, _("ends; %(number)s has its own") % said, True)
    return Move(metric, _("passes to %(number)s, still due %(due)s") % said, True)


def _told(plan: MergePlan) -> str:
    """Who gets a mail because of the merge."""
    asked = plan.source.requester
    if asked in plan.kept_out:
        return _("Nobody is told by mail.")
    said = {"name": str(asked), "old": plan.source.number, "new": plan.survivor.number}
    return _("%(name)s is told by mail that %(old)s goes on as %(new)s.") % said
