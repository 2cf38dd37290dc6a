"""One side conversation, and the form that begins one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from upheld.mailboxes.queries import undelivered
from upheld.rules.permissions import NOT_ON_SPAM, Act
from upheld.rules.third_parties import suggested_status
from upheld.tickets.asides import quotable
from upheld.tickets.drafts import SIDE, draft_of
from upheld.tickets.models import Message, SideConversation, Ticket
from upheld.tickets.third_parties import wait_of
from upheld.tickets.versions import versions_of
from upheld.web.agent.readers.reading import PAGE, note_reading
from upheld.web.agent.side.guard import in_side, on_ticket
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.outgoing import outgoing_rows
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

EXCERPT = 160


@require_safe
@on_ticket
def new_side(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """The form of a new side conversation, with what its writer has begun already."""
    return show_new(request, workplace, ticket, _kept(workplace, ticket))


def show_new(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, unsent: Unsent, status: int = 200
) -> HttpResponse:
    """The form, or the form again with what could not be sent."""
    policies = versions_of(ticket).policies
    policy = next((each for each in reversed(policies) if each.has_status(ticket.status)), policies[-1])
    moves = [policy.status(each) for each in policy.moves(ticket.status)]
    waiting = [each for each in moves if each.category == "waiting"]
    context = _around(request, workplace, ticket, unsent) | {
        "statuses": waiting,
        "suggested": suggested_status(waiting),
        "may_wait": not policy.status(ticket.status).is_done and wait_of(ticket) is None,
    }
    return render(request, "web/agent/side/new.html", context, status=status)


@require_safe
@in_side
def one_side(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, side: SideConversation
) -> HttpResponse:
    return show_one(request, workplace, ticket, side, _kept(workplace, ticket, side))


def show_one(
    request: HttpRequest,
    workplace: Workplace,
    ticket: Ticket,
    side: SideConversation,
    unsent: Unsent,
    status: int = 200,
) -> HttpResponse:
    """The conversation, or the conversation again with what could not be sent."""
    times = Times(workplace.zone, request.now)
    troubled = outgoing_rows(undelivered(ticket.pk), times, workplace.viewer.desk_ids)
    by_message = {each.message_ref: each for each in troubled if each.message_ref is not None}
    messages = side.messages.select_related("agent__user", "contact").prefetch_related("attachments")
    context = _around(request, workplace, ticket, unsent) | {
        "side": side,
        "closed": times.optional(side.closed_at),
        "messages_aside": [
            _said(each, side, times, by_message.get(each.pk)) for each in messages.order_by("at", "id")
        ],
    }
    return render(request, "web/agent/side/one.html", context, status=status)


def _said(message: Message, side: SideConversation, times: Times, trouble: Any) -> dict[str, Any]:
    by_machine = message.kind == Message.Kind.MACHINE
    stranger = message.contact is not None and message.contact.address.lower() != side.address.lower()
    return {
        "message": message,
        "at": times.when(message.at),
        "is_ours": message.agent_id is not None,
        "by_machine": by_machine,
        "address": message.contact.address if message.contact and stranger else "",
        "doubt": message.held_because,
        "trouble": trouble,
    }


def _around(request: HttpRequest, workplace: Workplace, ticket: Ticket, unsent: Unsent) -> dict[str, Any]:
    note_reading(request, workplace, ticket, PAGE)
    times = Times(workplace.zone, request.now)
    draft = draft_of(workplace.agent.pk, ticket.pk, SIDE)
    chosen = (
        set(request.POST.getlist("quoted"))
        if request.method == "POST"
        else set(unsent.typed.get("quoted", ""))
    )
    return {
        "ticket": ticket,
        "unsent": unsent,
        "zone_name": times.zone_name,
        "may_write": ticket.merged_into_id is None
        and not (ticket.is_spam and Act.write_aside in NOT_ON_SPAM),
        "kept_files": list(draft.files.order_by("pk")) if draft else [],
        "quotable": [
            {
                "id": each.pk,
                "author": each.author,
                "at": times.when(each.at),
                "excerpt": " ".join(each.text.split())[:EXCERPT],
                "is_chosen": str(each.pk) in chosen,
            }
            for each in quotable(ticket)
        ],
    }


def _kept(workplace: Workplace, ticket: Ticket, side: SideConversation | None = None) -> Unsent:
    """What the agent was writing, or took back, where it belongs here."""
    draft = draft_of(workplace.agent.pk, ticket.pk, SIDE)
    if draft is None or (draft.data.get("side") or None) != (side.pk if side else None):
        return Unsent()
    typed = {
        name: str(draft.data.get(name) or "") for name in ("address", "name", "subject", "status", "waits")
    }
    return Unsent(form="side-draft", typed={**typed, "text": draft.text})
