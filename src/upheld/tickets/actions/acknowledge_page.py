"""Acknowledge a page: somebody has it, and nobody else is called."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import letters, paging
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Page
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def acknowledge_page(page_id: int, agent: Agent, moment: Moment) -> Page:
    """End the pages of its ticket that are under way, and tell the others who were called that this agent has it.

    Returns the page as it is then: of one that somebody else acknowledged, or that nothing calls for any more, it says
    so. Raises NotAllowed.
    """
    page = Page.objects.get(pk=page_id)
    pen = Pen.on(page.ticket_id, moment)
    demand(agent, Act.acknowledge_page, pen.ticket)
    settled, ended = pen.settled_steps(), []
    for each in paging.under_way(page.ticket_id):
        over = paging.why_over(each, pen.ticket, settled, moment.at)
        if over is not None:
            paging.end(each, over.because, over.at)
        else:
            paging.end(each, "acknowledged", moment.at, agent)
            ended.append(each)
    if ended:
        pen.fact("page_acknowledged", Actor.agent, agent=agent)
        standing, news = pen.close()
        letters.tell_page_taken(pen, ended, agent)
        carry_out(pen, standing, news)
    page.refresh_from_db()
    return page
