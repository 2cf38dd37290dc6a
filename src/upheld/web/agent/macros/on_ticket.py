"""A macro on a ticket: looked at first, with what it would change, and then run."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.mailboxes.filling_in import fill_in
from upheld.mailboxes.horizon import moment
from upheld.rules.macro_steps import in_order
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.macros import macros_for
from upheld.tickets.models import Macro, Press, Ticket
from upheld.tickets.presses.macro import try_steps
from upheld.tickets.supposing import suppose_all
from upheld.tickets.ticket_page import TicketPage, ticket_page
from upheld.web.agent.acts import typed
from upheld.web.agent.composing.deeds import on_ticket
from upheld.web.agent.composing.sending import after_sending
from upheld.web.agent.composing.waiting import note_pressed
from upheld.web.agent.desk.sections import read_id
from upheld.web.agent.life.effects import Effect, clocks_of, coming, status_effect
from upheld.web.agent.macros.words import Step, Wording
from upheld.web.agent.triage.moves import moves
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

_TEXTS = ("note", "reply")


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as the preview says it; `why` it cannot be done now, where it cannot."""

    words: str
    why: str


@require_POST
@on_ticket
def look(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Show what a macro would do to this ticket; nothing is changed."""
    macro = _chosen(request, workplace, ticket)
    if macro is None:
        messages.info(request, _("Choose a macro first."))
        return redirect("ticket", ticket.number)
    steps = [_filled(each, ticket, workplace) for each in macro.steps]
    return _preview(request, workplace, ticket, macro, steps)


@require_POST
@on_ticket
def run(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> HttpResponse:
    """Press the steps as they were looked at, with the texts as they were changed there."""
    macro = _chosen(request, workplace, ticket)
    if macro is None:
        messages.info(request, _("That macro is gone. Choose another one."))
        return redirect("ticket", ticket.number)
    steps = [dict(each) | _rewritten(request, each) for each in macro.steps]
    steps = [each for each in steps if each["do"] not in _TEXTS or each["to"].strip()]
    seen = request.POST.get("changed", "")
    if seen != macro.changed_at.isoformat():
        changed = _("The macro was changed meanwhile. Look at it once more.")
        return _preview(request, workplace, ticket, macro, steps, problem=changed, status=422)
    try:
        pressed = actions.press(
            workplace.agent,
            ticket.desk_id,
            Press.Kind.MACRO,
            {"name": macro.name, "steps": steps},
            moment(ticket.desk_id, request.now),
            ticket_id=ticket.pk,
        )
    except (actions.Refused, NotAllowed) as problem:
        status = 403 if isinstance(problem, NotAllowed) else 422
        return _preview(request, workplace, ticket, macro, steps, problem=str(problem), status=status)
    note_pressed(request)
    if pressed.state == Press.State.DONE:
        messages.success(request, _("“%(name)s” is done.") % {"name": macro.name})
    return redirect(after_sending(request, workplace, ticket) or reverse("ticket", args=[ticket.number]))


def _chosen(request: HttpRequest, workplace: Workplace, ticket: Ticket) -> Macro | None:
    wanted = read_id(typed(request, "macro"))
    return macros_for(workplace.agent.pk, ticket.desk_id).filter(pk=wanted).first()


def _filled(step: Step, ticket: Ticket, workplace: Workplace) -> dict[str, Any]:
    if step["do"] not in _TEXTS:
        return dict(step)
    return dict(step) | {"to": fill_in(step["to"], ticket, workplace.agent)}


def _rewritten(request: HttpRequest, step: Step) -> dict[str, Any]:
    return {"to": typed(request, step["do"])} if step["do"] in _TEXTS else {}


def _preview(
    request: HttpRequest,
    workplace: Workplace,
    ticket: Ticket,
    macro: Macro,
    steps: Sequence[Step],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    page = ticket_page(workplace.viewer, ticket.number, request.now)
    if page is None:
        raise Http404
    times = Times(workplace.zone, request.now)
    ordered = in_order(steps)
    wording = Wording(ticket.desk, page.policy, ordered)
    tried = try_steps(ordered, ticket.pk, workplace.agent, moment(ticket.desk_id, request.now))
    context = {
        "ticket": page.ticket,
        "macro": macro,
        "changed": macro.changed_at.isoformat(),
        "steps": [StepView(wording.one(step), why) for step, why in zip(ordered, tried, strict=True)],
        "stuck": any(why for step, why in zip(ordered, tried, strict=True) if step["do"] not in _TEXTS),
        "texts": [(step["do"], step["to"]) for step in ordered if step["do"] in _TEXTS],
        "effect": _effect(page, ordered, times),
        "problem": problem,
    }
    return render(request, "web/agent/macros/preview.html", context, status=status)


def _effect(page: TicketPage, steps: Sequence[Step], times: Times) -> Effect | None:
    """What the steps together do to the clocks, and what the customer reads; None where they do neither."""
    by_kind = {each["do"]: each for each in steps}
    status = str(by_kind.get("status", {}).get("to", ""))
    priority = str(by_kind.get("priority", {}).get("to", ""))
    status = status if status in page.policy.moves(page.standing.status) else ""
    priority = priority if page.policy.has_priority(priority) else ""
    replies = "reply" in by_kind
    if not (status or priority or replies):
        return None
    course = suppose_all(
        page.ticket, times.now, priority=priority or None, status=status or None, reply=replies
    )
    read = status_effect(page, status, times.now, times, reply=replies).customer if status or replies else ()
    return Effect(
        of="macro",
        chosen=status,
        moves=moves(course.promised, times),
        comes=coming(course.ahead, page.policy, times),
        customer=read,
        clocks=clocks_of(page.policy, page.policy.status(course.standing.status)),
        zone=times.zone_name,
    )
