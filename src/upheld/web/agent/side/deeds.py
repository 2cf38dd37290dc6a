"""What an agent does with side conversations: each a POST, one press or action, and the page again."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.actions import discard_draft, keep_files, press
from upheld.tickets.drafts import SIDE, draft_of, files_of
from upheld.tickets.models import Press, SideConversation, Ticket
from upheld.web.agent.acts import typed
from upheld.web.agent.side.guard import in_side, on_ticket
from upheld.web.agent.side.pages import show_new, show_one
from upheld.web.agent.unsent import Unsent
from upheld.web.uploads import takes_files, uploaded_files
from upheld.web.viewer import Workplace

_FIELDS = ("address", "name", "subject", "text", "waits", "status")
MOST_QUOTED = 20


@takes_files
@require_POST
@on_ticket
def open_side(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    try:
        waits = typed(request, "waits") == "yes"
        payload = {name: typed(request, name) for name in ("address", "name", "subject", "text")}
        # What is wrong with it is said now, not after the time in which it may be taken back.
        actions.Aside(payload["address"], payload["subject"], payload["name"]).checked()
        _send(
            request,
            workplace,
            ticket,
            payload | {"waits": waits, "status": typed(request, "status") if waits else ""},
        )
    except (actions.Refused, NotAllowed) as problem:
        return show_new(request, workplace, ticket, _unsent(request, problem), _status(problem))
    messages.success(request, _sent(workplace, payload["name"] or payload["address"]))
    return redirect("ticket", ticket.number)


@takes_files
@require_POST
@in_side
def write_side(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, side: SideConversation
) -> HttpResponse:
    try:
        _send(request, workplace, ticket, {"side": side.pk, "text": typed(request, "text")})
    except (actions.Refused, NotAllowed) as problem:
        return show_one(request, workplace, ticket, side, _unsent(request, problem), _status(problem))
    messages.success(request, _sent(workplace, side.name or side.address))
    return redirect("one_side", ticket.number, side.pk)


@require_POST
@in_side
def close_side(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, side: SideConversation
) -> HttpResponse:
    return _turn(request, workplace, ticket, side, closes=True)


@require_POST
@in_side
def reopen_side(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, side: SideConversation
) -> HttpResponse:
    return _turn(request, workplace, ticket, side, closes=False)


def _turn(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, side: SideConversation, *, closes: bool
) -> HttpResponse:
    deed = actions.close_aside if closes else actions.reopen_aside
    try:
        deed(side.pk, workplace.agent, moment(ticket.desk_id, request.now))
    except (actions.Refused, NotAllowed) as problem:
        return show_one(request, workplace, ticket, side, _unsent(request, problem), _status(problem))
    messages.success(request, _("Closed. An answer opens it again.") if closes else _("It is open again."))
    return redirect("one_side", ticket.number, side.pk)


@transaction.atomic
def _send(request: HttpRequest, workplace: Workplace, ticket: Ticket, payload: dict[str, object]) -> Press:
    """Press Send, with the files that were chosen now and those that were kept; the draft is gone."""
    agent, now = workplace.agent, moment(ticket.desk_id, request.now)
    if not str(payload["text"]).strip():
        raise actions.Refused(_("The message is empty. Write something first."))
    if files := uploaded_files(request):
        keep_files(agent, ticket.pk, SIDE, files, request.now)
    quoted = [
        int(each)
        for each in request.POST.getlist("quoted")[:MOST_QUOTED]
        if each.isascii() and each.isdigit()
    ]
    sent = press(
        agent,
        ticket.desk_id,
        Press.Kind.SIDE,
        payload | {"quoted": quoted},
        now,
        ticket_id=ticket.pk,
        files=files_of(draft_of(agent.pk, ticket.pk, SIDE)),
    )
    discard_draft(agent, ticket.pk, SIDE)
    return sent


def _sent(workplace: Workplace, name: str) -> str:
    return _("Your message to %(name)s is on its way. The customer does not learn of it.") % {"name": name}


def _unsent(request: HttpRequest, problem: Exception) -> Unsent:
    kept = {name: typed(request, name) for name in _FIELDS}
    return Unsent(form="side", why=str(problem), typed=kept)


def _status(problem: Exception) -> int:
    return 403 if isinstance(problem, NotAllowed) else 422
