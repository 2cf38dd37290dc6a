"""What an agent notes about third parties and work elsewhere: each a POST, one action, and the page again."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import OutsideWork, ThirdPartyWait, Ticket
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act, typed
from upheld.web.agent.outside.fields import read_third_party
from upheld.web.viewer import workplace_of


@act("third-party")
def watch(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    noted = _noted(request)
    status = typed(request, "status") or None
    wait = actions.watch_third_party(ticket.pk, agent, noted, moment, status=status)
    return _("Noted: it waits for %(name)s, and you are reminded.") % {"name": wait.name}


@act("third-party-change")
def change(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    wait_id = _wait_id(request)
    shown = ThirdPartyWait.objects.filter(ticket=ticket, pk=wait_id).first()
    noted = _noted(request, shown)
    actions.change_third_party(ticket.pk, wait_id, agent, noted, moment)
    return _("Changed.")


@act("works-again")
def works_again(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    text, status = typed(request, "text"), typed(request, "status") or None
    actions.tell_it_works_again(ticket.pk, _wait_id(request), agent, text, moment, status=status)
    return _("It works again, and the customer is told.")


@act("third-party-give-up")
def give_up(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.give_up_third_party(ticket.pk, _wait_id(request), agent, typed(request, "reason"), moment)
    return _("It waits for them no more. The status is as it was.")


@act("outside-work")
def add_work(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    work = actions.add_outside_work(
        ticket.pk,
        agent,
        moment,
        title=typed(request, "title"),
        reference=typed(request, "reference"),
        url=typed(request, "url"),
        state=typed(request, "state"),
    )
    return _("Linked with %(work)s.") % {"work": work}


@act("outside-work-state")
def change_work(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, work_id: int) -> str:
    try:
        work = actions.change_outside_work(ticket.pk, work_id, agent, typed(request, "state"), moment)
    except OutsideWork.DoesNotExist:
        raise Http404 from None
    return _("Noted how %(work)s stands.") % {"work": work}


@act("outside-work-state")
def remove_work(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, work_id: int) -> str:
    try:
        work = actions.remove_outside_work(ticket.pk, work_id, agent, moment)
    except OutsideWork.DoesNotExist:
        raise Http404 from None
    return _("No longer linked with %(work)s.") % {"work": work}


def _noted(request: HttpRequest, shown: ThirdPartyWait | None = None) -> actions.ThirdParty:
    """What was typed, with times in the zone in which the agent reads them."""
    workplace = workplace_of(request)
    assert workplace is not None  # noqa: S101 - nobody else comes here
    return read_third_party(lambda name: typed(request, name), workplace.zone, shown)


def _wait_id(request: HttpRequest) -> int:
    """The wait that the agent had before them; one that is none is over."""
    chosen = typed(request, "wait")
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0
