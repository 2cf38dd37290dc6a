"""What changes who reads a ticket: each a POST and one action, then the page again. Whoever reads it no more is led to
the queue."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from upheld.mailboxes.horizon import moment
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import colleague, typed
from upheld.web.agent.readers.page import find_ticket, readers_context
from upheld.web.agent.readers.reading import READERS, note_reading
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents

Deed = Callable[[HttpRequest, Agent, Ticket, Moment], str]
View = Callable[..., HttpResponse]


def deed(form: str) -> Callable[[Deed], View]:
    """Make a view of a deed, which returns what to say when it is done; a refusal keeps what was typed."""

    def make(done: Deed) -> View:
        @require_POST
        @for_agents
        def view(request: HttpRequest, workplace: Workplace, number: str, **rest: int) -> HttpResponse:
            ticket = find_ticket(workplace, number)
            try:
                said = done(request, workplace.agent, ticket, moment(ticket.desk_id, request.now), **rest)
            except (actions.Refused, NotAllowed) as problem:
                return _refused(request, workplace, ticket, form, problem)
            messages.success(request, said)
            if not visible_tickets(workplace.viewer).filter(pk=ticket.pk).exists():
                return redirect("queue")
            return redirect("readers", ticket.number)

        return view

    return make


def _refused(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, form: str, problem: Exception
) -> HttpResponse:
    note_reading(request, workplace, ticket, READERS)
    kept = {name: typed(request, name)[:500] for name in ("reason", "agent")}
    messages.error(request, str(problem))
    unsent = Unsent(form=form, why=str(problem), typed=kept)
    context = readers_context(request, workplace, ticket, unsent)
    status = 403 if isinstance(problem, NotAllowed) else 422
    return render(request, "web/agent/readers.html", context, status=status)


@deed("restrict")
def restrict(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.restrict_ticket(ticket.pk, agent, typed(request, "reason"), moment)
    return _("%(number)s is restricted: from now on only the desk's named readers see it.") % {
        "number": ticket.number
    }


@deed("add")
def add(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    chosen = colleague(ticket, typed(request, "agent"))
    if chosen is None:
        raise actions.Refused(_("Choose somebody first."))
    actions.add_reader(ticket.pk, agent, chosen, moment)
    return _("%(name)s can read this ticket now, and is told so.") % {"name": chosen}


@deed("take-out")
def take_out(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, agent_id: int) -> str:
    chosen = colleague(ticket, str(agent_id))
    if chosen is None:
        raise actions.Refused(_("Choose one of the desk's agents."))
    actions.take_out_reader(ticket.pk, agent, chosen, moment)
    return _("%(name)s can read %(number)s no more.") % {"name": chosen, "number": ticket.number}


@deed("lift")
def lift(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.lift_restriction(ticket.pk, agent, typed(request, "reason"), moment)
    return _("The restriction is lifted: everybody on the desk reads this ticket again.")
