"""What the composer does before anything is sent: keep a draft, take files, show how it will read, fill in a text."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from upheld.mailboxes.outgoing.markdown import to_html
from upheld.rules.permissions import Act, NotAllowed, allowed
from upheld.rules.placeholders import left_in
from upheld.tickets import actions
from upheld.tickets.drafts import KINDS, NOTE, REPLY
from upheld.tickets.mentioning import mentionable
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import role_of, visible_tickets
from upheld.web.agent.acts import typed
from upheld.web.agent.composing.panel import file_row
from upheld.web.agent.ticket import ticket_context
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.uploads import takes_files, uploaded_files
from upheld.web.viewer import Workplace, for_agents

LONGEST_PREVIEW = 100_000
View = Callable[..., HttpResponse]


def on_ticket(view: View) -> View:
    """Hand the view a ticket on which the agent may write; absent and forbidden look alike."""

    @for_agents
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
        tickets = visible_tickets(workplace.viewer).select_related("desk", "requester", "organization")
        ticket = tickets.filter(number=number.upper()).first()
        if ticket is None or not allowed(role_of(workplace.viewer, ticket), Act.write_note):
            raise Http404
        return view(request, workplace, ticket)

    return guarded


def _refused(problem: Exception) -> JsonResponse:
    return JsonResponse({"problem": str(problem)}, status=403 if isinstance(problem, NotAllowed) else 422)


@require_POST
@on_ticket
def keep_draft(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Keep what is being written, for a script that says so every few seconds. An empty text without files is none."""
    kind, text = typed(request, "kind"), typed(request, "text")
    data = {"status": typed(request, "status")[:80]} if kind == REPLY else {}
    try:
        kept = actions.keep_draft(
            workplace.agent,
            ticket.pk,
            kind,
            text,
            request.now,
            data=data,
            seen=_instant(request.POST.get("was", "")),
        )
        if not text.strip() and not kept.draft.files.exists():
            actions.discard_draft(workplace.agent, ticket.pk, kind)
            return _kept(request, ticket, {"was": "", "said": ""})
    except (actions.Refused, NotAllowed) as problem:
        return _refused(problem)
    at = Times(workplace.zone, request.now).when(request.now).text
    said = _("Kept %(time)s.") % {"time": at}
    if kept.elsewhere:
        said += " " + _("You are writing this in another window too: what is written last stays.")
    return _kept(request, ticket, {"was": request.now.isoformat(), "said": said})


def _kept(request: HttpRequest, ticket: Ticket, answer: dict[str, str]) -> HttpResponse:
    """The answer for a script, or the page again for a form that was sent without one."""
    if typed(request, "answer") == "json":
        return JsonResponse(answer)
    if answer["said"]:
        messages.success(request, answer["said"])
    return redirect(reverse("ticket", args=[ticket.number]) + "#composer")


@require_POST
@on_ticket
def discard_draft(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Throw a draft away."""
    kind = typed(request, "kind")
    if kind in KINDS:
        actions.discard_draft(workplace.agent, ticket.pk, kind)
    if typed(request, "answer") == "json":
        return JsonResponse({})
    messages.success(request, _("The draft is thrown away."))
    if request.POST.get("back") == "drafts":
        return redirect("drafts")
    return redirect(reverse("ticket", args=[ticket.number]) + "#composer")


@takes_files
@require_POST
@on_ticket
def add_files(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Take files for what is being written, and say under which ids they are kept."""
    try:
        kept = actions.keep_files(
            workplace.agent, ticket.pk, typed(request, "kind"), uploaded_files(request), request.now
        )
    except (actions.Refused, NotAllowed) as problem:
        return _refused(problem)
    rows = [file_row(each) for each in kept]
    return JsonResponse(
        {
            "files": [
                {"id": each.id, "name": each.name, "size": each.size, "bytes": each.bytes} for each in rows
            ]
        }
    )


@require_POST
@on_ticket
def remove_file(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Remove a file of what is being written; another's is as good as none."""
    file_id = typed(request, "file")
    if file_id.isascii() and file_id.isdigit() and len(file_id) < 18:
        actions.remove_draft_file(workplace.agent, int(file_id))
    return JsonResponse({})


@require_POST
@on_ticket
def preview(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Show what is being written as the mail will show it: by itself for a script, else on the ticket's page."""
    kind = NOTE if typed(request, "kind") == NOTE else REPLY
    text = typed(request, "text")
    shown: dict[str, Any] = {
        "of": kind,
        "html": to_html(text[:LONGEST_PREVIEW], styled=False) if text.strip() else "",
        "gaps": left_in(text),
        "signature": workplace.agent.signature or workplace.agent.name if kind == REPLY else "",
    }
    if request.htmx:
        return render(request, "web/agent/composing/preview.html", {"preview": shown})
    return _page_with(request, workplace, ticket, kind, {"preview": shown})


@require_safe
@on_ticket
def people(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Say who can be named in a note on this ticket: those who may read it."""
    names = [each.name for each in mentionable(ticket) if each.pk != workplace.agent.pk]
    return JsonResponse({"people": names})


def page_with_text(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, kind: str, text: str
) -> HttpResponse:
    """The ticket's page with this text in the composer."""
    return _page_with(request, workplace, ticket, kind, {}, text=text)


def _page_with(
    request: HttpRequest,
    workplace: Workplace,
    ticket: Ticket,
    kind: str,
    more: dict[str, Any],
    text: str | None = None,
) -> HttpResponse:
    kept = {name: typed(request, name) for name in request.POST if name != "csrfmiddlewaretoken"}
    if text is not None:
        kept["text"] = text
    context = ticket_context(request, workplace, ticket.number, Unsent(form=kind, typed=kept))
    return render(request, "web/agent/ticket.html", context | more)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else None
