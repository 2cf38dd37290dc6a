"""Changing the chosen tickets: one press, which may be taken back for a while, and what became of it."""

from collections.abc import Iterable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from upheld.mailboxes.horizon import moment
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.models import Press
from upheld.tickets.presses.bulk import Outcome, outcome_of, payload_of
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.bulk.asked import change_asked, chosen_ids, list_asked, tickets_by_desk
from upheld.web.agent.composing.waiting import note_pressed
from upheld.web.agent.filters import Wanted
from upheld.web.agent.queue import list_again
from upheld.web.viewer import Workplace, for_agents

_NAMED = 5


@require_POST
@for_agents
def change_many(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """Press one change of the chosen tickets. What every ticket would refuse is refused now, and nothing is lost."""
    wanted = list_asked(request)
    try:
        presses = _press(request, workplace, wanted)
    except (actions.Refused, NotAllowed) as problem:
        messages.error(request, str(problem))
        return list_again(request, workplace, wanted, chosen=chosen_ids(request), status=422)
    _tell(request, presses)
    if request.htmx:
        return list_again(request, workplace, wanted)
    return redirect(reverse("queue") + wanted.query())


@require_safe
@for_agents
def outcome(request: HttpRequest, workplace: Workplace, press_id: int) -> HttpResponse:
    """Say how far a change of many has come, and which tickets it could not change, with the reasons."""
    mine = Press.objects.filter(agent=workplace.agent, kind=Press.Kind.BULK)
    press = mine.filter(pk=press_id).first()
    if press is None:
        raise Http404
    found = outcome_of(press)
    seen = visible_tickets(workplace.viewer).filter(number__in=[number for number, _why in found.refused])
    subjects = dict(seen.values_list("number", "subject"))
    refused = [(number, subjects[number], why) for number, why in found.refused if number in subjects]
    return render(
        request, "web/agent/bulk/outcome.html", {"outcome": found, "refused": refused, "press": press}
    )


def _press(request: HttpRequest, workplace: Workplace, wanted: Wanted) -> list[Press]:
    """Store the press, one for each desk whose tickets were chosen."""
    change = change_asked(request, workplace)
    by_desk = tickets_by_desk(request, workplace, wanted)
    if not by_desk:
        raise actions.Refused(_("Choose some tickets first: tick the boxes before them."))
    with transaction.atomic():
        return [
            actions.press(
                workplace.agent,
                desk_id,
                Press.Kind.BULK,
                payload_of(ticket_ids, change),
                moment(desk_id, request.now),
            )
            for desk_id, ticket_ids in by_desk.items()
        ]


def _tell(request: HttpRequest, presses: Iterable[Press]) -> None:
    """What waits says so itself at the foot of the page; what is done already is told."""
    for press in presses:
        if press.state == Press.State.WAITING:
            note_pressed(request)
        else:
            _tell_done(request, outcome_of(press))


def _tell_done(request: HttpRequest, found: Outcome) -> None:
    if found.left:
        note_pressed(request)
    if found.done:
        said = ngettext("%(count)d ticket changed.", "%(count)d tickets changed.", found.done)
        messages.success(request, said % {"count": found.done})
    for number, why in found.refused[:_NAMED]:
        messages.warning(request, _("%(number)s stayed as it was: %(why)s") % {"number": number, "why": why})
    more = len(found.refused) - _NAMED
    if more > 0:
        said = ngettext("%(count)d more stayed as it was.", "%(count)d more stayed as they were.", more)
        messages.warning(request, said % {"count": more})
