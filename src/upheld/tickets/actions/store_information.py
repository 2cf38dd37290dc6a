"""Let the site know what a customer told with a ticket, so that nobody is asked for it again."""

from django.db import transaction

from upheld.desks import audit
from upheld.people.models import Agent, Site
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets import information
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def store_information(ticket_id: int, site_id: int, agent: Agent, moment: Moment) -> Site:
    """Keep what was given with a ticket at a site of its organization, which becomes the ticket's.

    What belongs to one kind of request, such as how to reproduce a fault, is not kept. Raises NotAllowed, or Refused
    for a site of somebody else and where there is nothing to keep.
    """
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_customers, pen.ticket)
    site = _site(pen.ticket, site_id)
    lasting = information.lasting(information.answers(pen.ticket))
    if not lasting:
        raise Refused("Nothing was given that a site could keep.")
    site.fields = {**site.fields, **lasting}
    site.save(update_fields=["fields"])
    pen.ticket.site = site
    pen.ticket.save(update_fields=["site"])
    pen.fact("information_stored", Actor.agent, agent=agent, site=site.name, items=list(lasting))
    audit.record(
        at=moment.at,
        actor=f"{agent.name} <{agent.address}>",
        action="site changed",
        subject=f"{site.organization}: {site.name}",
        desk=pen.ticket.desk,
        fields=list(lasting),
        ticket=pen.ticket.number,
    )
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return site


def _site(ticket: Ticket, site_id: int) -> Site:
    sites = Site.objects.select_for_update(of=("self",)).select_related("organization")
    site = sites.filter(pk=site_id, organization_id=ticket.organization_id).first()
    if site is None:
        raise Refused("Choose a site of the organization for which the ticket was received.")
    return site
