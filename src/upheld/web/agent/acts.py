"""What an agent does on a ticket: each a POST, one action, and the page again - or back with what was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from upheld.mailboxes.horizon import moment
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.composing.sending import (
    after_sending,
    chosen_files,
    sent_words,
    stop_if_written_meanwhile,
)
from upheld.web.agent.composing.waiting import note_pressed
from upheld.web.agent.next_ticket import list_of, ticket_address
from upheld.web.agent.ticket import ticket_context
from upheld.web.agent.unsent import Unsent
from upheld.web.uploads import takes_files
from upheld.web.viewer import Workplace, for_agents

Deed = Callable[[HttpRequest, Agent, Ticket, Moment], str]
View = Callable[..., HttpResponse]
GoesOn = Callable[[HttpRequest, Workplace, Ticket], str]


def act(form: str, *, goes_on: GoesOn | None = None) -> Callable[[Deed], View]:
    """Make a view of a deed. The deed returns what to say when it is done; a refusal keeps what was typed. `goes_on`
    says at which address the agent goes on; it is asked before the deed, which may move the ticket in its list."""

    def make(deed: Deed) -> View:
        @require_POST
        @for_agents
        def view(request: HttpRequest, workplace: Workplace, number: str, **rest: int) -> HttpResponse:
            ticket = _find(workplace, number)
            elsewhere = goes_on(request, workplace, ticket) if goes_on else ""
            try:
                said = deed(request, workplace.agent, ticket, moment(ticket.desk_id, request.now), **rest)
            except (actions.Refused, NotAllowed) as problem:
                return _refused(request, workplace, ticket, form, problem)
            if said:
                messages.success(request, said)
            if elsewhere:
                return HttpResponseClientRedirect(elsewhere) if request.htmx else redirect(elsewhere)
            return _done(request, workplace, ticket, form)

        return view

    return make


def _find(workplace: Workplace, number: str) -> Ticket:
    ticket = visible_tickets(workplace.viewer).filter(number=number.upper()).first()
    if ticket is None:
        raise Http404
    return ticket


def _done(request: HttpRequest, workplace: Workplace, ticket: Ticket, form: str) -> HttpResponse:
    if not visible_tickets(workplace.viewer).filter(pk=ticket.pk).exists():
        return _restricted_by_it(request)
    if not request.htmx:
        return redirect(ticket_address(ticket.number, list_of(request)))
    return _answer(request, workplace, ticket, Unsent(form=form), status=200)


def _restricted_by_it(request: HttpRequest) -> HttpResponse:
    """What an agent did may take the ticket out of their own sight; the page that they came from is gone."""
    messages.info(request, _("The ticket is restricted now: only those see it who were named for that."))
    return HttpResponseClientRedirect(reverse("queue")) if request.htmx else redirect("queue")


def _refused(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, form: str, problem: Exception
) -> HttpResponse:
    kept = {name: typed(request, name) for name in request.POST if name != "csrfmiddlewaretoken"}
    unsent = Unsent(form=form, why=str(problem), typed=kept)
    messages.error(request, str(problem))
    if request.htmx:
        return _answer(request, workplace, ticket, unsent, status=422)
    context = ticket_context(request, workplace, ticket.number, unsent)
    status = 403 if isinstance(problem, NotAllowed) else 422
    return render(request, "web/agent/ticket.html", context, status=status)


def _answer(
    request: HttpRequest, workplace: Workplace, ticket: Ticket, unsent: Unsent, status: int
) -> HttpResponse:
    """The parts of the page that changed, each to be put in its own place."""
    context = ticket_context(request, workplace, ticket.number, unsent)
    return render(request, "web/agent/ticket_answer.html", context | {"out_of_band": True}, status=status)


def typed(request: HttpRequest, name: str) -> str:
    """What somebody typed, with plain line ends and without what no text can hold."""
    return request.POST.get(name, "").replace("\r\n", "\n").replace("\0", "")


@takes_files
@act("reply", goes_on=after_sending)
def reply(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    text, status = typed(request, "text"), typed(request, "then") or typed(request, "status")
    files = chosen_files(request, agent, ticket, "reply", moment)
    stop_if_written_meanwhile(request, agent, ticket)
    press = actions.send_reply(ticket, agent, text, moment, status=status, file_ids=files)
    waits = press.state == press.State.WAITING
    if waits:
        note_pressed(request)
    return sent_words(waits=waits)


@takes_files
@act("note")
def note(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    files = chosen_files(request, agent, ticket, "note", moment)
    actions.add_note(ticket, agent, typed(request, "text"), moment, file_ids=files)
    return _("Note added. Only agents can read it.")


@act("status")
def status(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    chosen = typed(request, "status")
    if not chosen:
        raise actions.Refused(_("Choose a status first."))
    actions.set_status(ticket.pk, agent, chosen, moment)
    return _("Status set.")


@act("priority")
def priority(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    chosen, reason = typed(request, "priority"), typed(request, "reason")
    told = typed(request, "tell") == "yes"
    actions.set_priority(ticket.pk, agent, chosen, moment, reason=reason, tell_reason=told)
    return _("Priority set; the due times follow it.")


@act("assignee")
def assignee(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    chosen = colleague(ticket, typed(request, "assignee"))
    actions.assign(ticket.pk, agent, chosen, moment)
    return _("Assigned to %(name)s.") % {"name": chosen} if chosen else _("Nobody is assigned now.")


def colleague(ticket: Ticket, chosen: str) -> Agent | None:
    """The agent of this ticket's desk with that id; an id from elsewhere is as good as none."""
    if not chosen:
        return None
    colleagues = Agent.objects.filter(memberships__desk=ticket.desk_id).select_related("user")
    found = (
        colleagues.filter(pk=chosen).first()
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 18
        else None
    )
    if found is None:
        raise actions.Refused(_("Choose one of the desk's agents."))
    return found


@act("complaint")
def complaint(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    seen = typed(request, "level")
    expected = int(seen) if seen.isdecimal() and len(seen) < 4 else None
    actions.take_complaint(ticket.pk, agent, typed(request, "words"), moment, expected=expected)
    return _("Taken further; who answers there is told.")


@act("release")
def release(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, message_id: int) -> str:
    if not ticket.messages.filter(pk=message_id).exists():
        raise Http404
    join = typed(request, "join") == "yes"
    message = actions.release_message(message_id, agent, moment, join=join)
    if join:
        return _("Released; %(name)s takes part from now on.") % {"name": message.contact}
    return _("The customer can read this message now.")


@act("put-out")
def put_out(
    request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, participant_id: int
) -> str:
    if not ticket.participants.filter(pk=participant_id).exists():
        raise Http404
    participant = actions.remove_participant(ticket.pk, participant_id, agent, moment)
    return _("%(name)s is put out: their links and reply addresses are dead.") % {"name": participant.contact}
