"""What an agent does about a ticket's intake: each a POST, one action, and the page again."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Ticket, TicketLink
from upheld.tickets.moment import Moment
from upheld.web.agent.acts import act, typed

ITEM = "item-"


@act("information")
def fill_in(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    given = {name.removeprefix(ITEM): typed(request, name) for name in request.POST if name.startswith(ITEM)}
    actions.fill_in_information(ticket.pk, agent, given, moment)
    return _("Filled in.")


@act("information")
def ask(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.ask_information(ticket.pk, agent, moment)
    return _("The customer is asked by mail, with a link where they fill it in.")


@act("waive")
def waive(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.waive_information(ticket.pk, agent, typed(request, "reason"), moment)
    return _("Nobody waits for it any more.")


@act("store")
def store(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    chosen = typed(request, "site")
    site_id = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 else 0
    site = actions.store_information(ticket.pk, site_id, agent, moment)
    return _("Kept at %(site)s: nobody is asked for it again.") % {"site": site.name}


@act("link")
def link(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    made = actions.link_tickets(ticket.pk, typed(request, "number"), agent, moment)
    return _("Linked with %(number)s.") % {"number": made.other.number}


@act("link")
def unlink(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment, *, link_id: int) -> str:
    try:
        other = actions.unlink_tickets(ticket.pk, link_id, agent, moment)
    except TicketLink.DoesNotExist:
        raise Http404 from None
    return _("No longer linked with %(number)s.") % {"number": other.number}


@act("out-of-scope")
def out_of_scope(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    actions.close_out_of_scope(ticket.pk, agent, typed(request, "scope"), typed(request, "text"), moment)
    return _("Closed as out of scope; the customer reads where to turn instead.")
