"""Queues that are kept by name: all of them on one page, and the forms that keep, change, move and delete them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upheld.rules.permissions import Act, NotAllowed, allowed
from upheld.rules.queue_query import LONGEST
from upheld.tickets.actions import Refused, change_queue, delete_queue, keep_queue, move_queue
from upheld.tickets.finding import Vocabulary
from upheld.tickets.models import SavedQueue
from upheld.tickets.saved_queues import is_counted, saved_queues
from upheld.web.agent.acts import typed
from upheld.web.agent.filters import Wanted, place_of
from upheld.web.agent.queues.bar import search_bar
from upheld.web.viewer import Workplace, for_agents

PAGE = "web/agent/queues/list.html"
FORM = "web/agent/queues/form.html"


@require_safe
@for_agents
def all_queues(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Show the queues that this agent has, with what they ask for."""
    kept = list(saved_queues(workplace.viewer))
    known = Vocabulary(place_of(workplace, request.now))
    shared = [_row(request, workplace, each, known) for each in kept if each.agent_id is None]
    own = [_row(request, workplace, each, known) for each in kept if each.agent_id is not None]
    groups = [(_("Shared with the desk"), shared), (_("Your own"), own)]
    context = {"groups": [each for each in groups if each[1]], "many_desks": len(workplace.desks) > 1}
    return render(request, PAGE, context)


def _row(request: HttpRequest, workplace: Workplace, each: SavedQueue, known: Vocabulary) -> dict[str, Any]:
    wanted = Wanted(text=each.query)
    search = wanted.search(workplace, request.now, known)
    return {
        **search_bar(wanted, search, known, request.now),
        "queue": each,
        "url": reverse("queue") + wanted.query(),
        "may_change": _may_change(workplace, each),
        "is_counted": is_counted(wanted.asked),
    }


def _may_change(workplace: Workplace, each: SavedQueue) -> bool:
    return each.agent_id is not None or each.desk_id in _shareable(workplace)


def _shareable(workplace: Workplace) -> list[int]:
    roles = workplace.viewer.roles.items()
    return [desk for desk, role in roles if allowed(role, Act.share_workspace)]


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def new_queue(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Ask by what name a search is to be kept, and for whom; and keep it."""
    if request.method != "POST":
        shown = {"name": "", "query": Wanted.read(request.GET).as_query[:LONGEST], "whose": "own"}
        return _form(request, workplace, shown)
    shown = {name: typed(request, name)[: LONGEST + 1] for name in ("name", "query", "whose")}
    shared = shown["whose"].removeprefix("desk-") if shown["whose"].startswith("desk-") else ""
    desk = next((each for each in workplace.desks if each.slug == shared), None)
    if shown["whose"] not in ("", "own") and desk is None:
        raise Http404
    try:
        saved = keep_queue(
            workplace.agent,
            desk or workplace.desks[0],
            shown["name"],
            shown["query"],
            request.now,
            shared=desk is not None,
        )
    except (Refused, NotAllowed) as problem:
        return _form(request, workplace, shown, problem=problem)
    messages.success(request, _("“%(name)s” is among your lists now.") % {"name": saved.name})
    return redirect(reverse("queue") + Wanted(text=saved.query).query())


@require_http_methods(["GET", "HEAD", "POST"])
@for_agents
def one_queue(request: HttpRequest, workplace: Workplace, queue_id: int) -> HttpResponse:
    """Give a queue another name or another query."""
    saved = _found(workplace, queue_id)
    if request.method != "POST":
        return _form(request, workplace, {"name": saved.name, "query": saved.query}, saved)
    shown = {name: typed(request, name)[: LONGEST + 1] for name in ("name", "query")}
    try:
        change_queue(saved.pk, workplace.agent, shown["name"], shown["query"], request.now)
    except (Refused, NotAllowed) as problem:
        return _form(request, workplace, shown, saved, problem)
    messages.success(request, _("Saved."))
    return redirect("queues")


@require_POST
@for_agents
def move(request: HttpRequest, workplace: Workplace, queue_id: int) -> HttpResponse:
    """One place up or down."""
    saved = _found(workplace, queue_id)
    move_queue(saved.pk, workplace.agent, "up" if typed(request, "to") == "up" else "down", request.now)
    return redirect(f"{reverse('queues')}#queue-{saved.pk}")


@require_POST
@for_agents
def delete(request: HttpRequest, workplace: Workplace, queue_id: int) -> HttpResponse:
    """Forget a queue."""
    saved = _found(workplace, queue_id)
    delete_queue(saved.pk, workplace.agent, request.now)
    messages.success(
        request, _("“%(name)s” is deleted. Its tickets are where they were.") % {"name": saved.name}
    )
    return redirect("queues")


def _found(workplace: Workplace, queue_id: int) -> SavedQueue:
    """A queue that this agent may change; for them no other exists."""
    saved = saved_queues(workplace.viewer).filter(pk=queue_id).first()
    if saved is None or not _may_change(workplace, saved):
        raise Http404
    return saved


def _form(
    request: HttpRequest,
    workplace: Workplace,
    shown: dict[str, str],
    saved: SavedQueue | None = None,
    problem: Exception | None = None,
) -> HttpResponse:
    wanted = Wanted(text=" ".join(shown["query"].replace("\0", " ").split()))
    known = Vocabulary(place_of(workplace, request.now))
    shareable = _shareable(workplace)
    context = {
        **search_bar(wanted, wanted.search(workplace, request.now, known), known, request.now),
        "shown": shown,
        "saved": saved,
        "problem": str(problem) if problem else "",
        "desks": [each for each in workplace.desks if each.pk in shareable],
        "longest": LONGEST,
    }
    status = 200 if problem is None else 403 if isinstance(problem, NotAllowed) else 422
    return render(request, FORM, context, status=status)
