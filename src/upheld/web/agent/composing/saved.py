"""Saved replies: chosen while one writes, and kept in order on a page of their own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from upheld.desks.models import Desk
from upheld.mailboxes.filling_in import fill_in
from upheld.rules.permissions import Act, NotAllowed, Role, allowed
from upheld.rules.placeholders import PLACEHOLDERS, left_in
from upheld.tickets import actions
from upheld.tickets.drafts import NOTE, REPLY
from upheld.tickets.models import SavedReply, Ticket
from upheld.tickets.saved_replies import MOST_OFFERED, saved_replies
from upheld.web.agent.acts import typed
from upheld.web.agent.composing.deeds import on_ticket, page_with_text
from upheld.web.agent.desk.guard import administered, for_desks_where
from upheld.web.agent.desk.sections import rail, read_id
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

_EXCERPT = 90
_for_the_desk = for_desks_where(Act.write_note)


@require_http_methods(["GET", "HEAD", "POST"])
@on_ticket
def offered_replies(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Offer what is saved, or one of them filled in. A script asks by GET; a form brings along what is written, and
    gets a page to choose on, and then the ticket's page with the text put in."""
    found = saved_replies(workplace.agent, ticket.desk_id)
    wanted = (request.POST if request.method == "POST" else request.GET).get("saved", "")
    if request.method != "POST":
        return JsonResponse(
            _one(found.filter(pk=read_id(wanted)).first(), ticket, workplace) if wanted else _all(found)
        )
    kind, text = NOTE if typed(request, "kind") == NOTE else REPLY, typed(request, "text")
    if wanted:
        chosen = found.filter(pk=read_id(wanted)).first()
        if chosen is None:
            raise Http404
        text = "\n\n".join(filter(None, (text.rstrip(), fill_in(chosen.text, ticket, workplace.agent))))
        return page_with_text(request, workplace, ticket, kind, text)
    context = {
        "ticket": ticket,
        "rows": [(each, fill_in(each.text, ticket, workplace.agent)) for each in found[:MOST_OFFERED]],
        "kind": kind,
        "given": {"text": text, "status": typed(request, "status"), "seen": typed(request, "seen")},
        "kept": request.POST.getlist("kept"),
    }
    return render(request, "web/agent/composing/choose_reply.html", context)


def _all(found: Any) -> dict[str, Any]:
    return {
        "replies": [
            {"id": each.pk, "name": each.name, "about": " ".join(each.text.split())[:_EXCERPT]}
            for each in found[:MOST_OFFERED]
        ]
    }


def _one(chosen: SavedReply | None, ticket: Ticket, workplace: Workplace) -> dict[str, Any]:
    if chosen is None:
        raise Http404
    text = fill_in(chosen.text, ticket, workplace.agent)
    return {"text": text, "gaps": left_in(text)}


@require_safe
@_for_the_desk
def desk_replies(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """Show an agent's own saved replies and the desk's."""
    return _page(request, workplace, desk)


@require_POST
@_for_the_desk
def save_reply(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """Keep a new one, or a changed one."""
    given = typed(request, "reply")
    changes = saved_replies(workplace.agent, desk.pk).filter(pk=read_id(given)).first() if given else None
    if given and changes is None:
        raise Http404
    try:
        kept = actions.save_reply(
            workplace.agent,
            desk.pk,
            typed(request, "name"),
            typed(request, "text"),
            request.now,
            shared=typed(request, "shared") == "yes",
            changes=changes,
        )
    except (actions.Refused, NotAllowed) as problem:
        kept_words = {name: typed(request, name) for name in ("name", "text", "shared")}
        unsent = Unsent(form=f"reply-{changes.pk}" if changes else "new", why=str(problem), typed=kept_words)
        status = 403 if isinstance(problem, NotAllowed) else 422
        return _page(request, workplace, desk, unsent, status=status)
    messages.success(request, _("Saved: “%(name)s”.") % {"name": kept.name})
    return redirect("desk_replies", desk.slug)


@require_POST
@_for_the_desk
def remove_reply(request: HttpRequest, workplace: Workplace, desk: Desk) -> HttpResponse:
    """Remove one."""
    row = saved_replies(workplace.agent, desk.pk).filter(pk=read_id(typed(request, "reply"))).first()
    if row is None:
        messages.info(request, _("That one is gone already."))
        return redirect("desk_replies", desk.slug)
    try:
        actions.remove_saved_reply(workplace.agent, row, request.now)
    except (actions.Refused, NotAllowed) as problem:
        return _page(request, workplace, desk, Unsent(form=f"reply-{row.pk}", why=str(problem)), status=403)
    messages.success(request, _("Removed: “%(name)s”.") % {"name": row.name})
    return redirect("desk_replies", desk.slug)


def _page(
    request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent | None = None, status: int = 200
) -> HttpResponse:
    shares = allowed(workplace.viewer.roles.get(desk.pk, Role.visitor), Act.share_workspace)
    rows, times = (
        list(saved_replies(workplace.agent, desk.pk)[:MOST_OFFERED]),
        Times(workplace.zone, request.now),
    )
    context = {
        "of_desk": desk,
        "rail": rail(desk, "desk_replies") if desk in administered(workplace) else [],
        "unsent": unsent or Unsent(),
        "own": [(each, times.when(each.changed_at)) for each in rows if each.agent_id is not None],
        "shared": [(each, times.when(each.changed_at)) for each in rows if each.agent_id is None],
        "may_share": shares,
        "placeholders": [("{{" + name + "}}", _(meaning)) for name, meaning in PLACEHOLDERS.items()],
        "other_desks": [each for each in workplace.desks if each != desk],
    }
    return render(request, "web/agent/composing/replies.html", context, status=status)
