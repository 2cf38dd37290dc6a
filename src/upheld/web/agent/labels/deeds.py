"""What agents do with tags and fields on a ticket: each a POST, one action, and the page again."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.desk_labels import visible_tags
from upheld.tickets.models import CustomField, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.acts import act, typed
from upheld.web.viewer import Workplace, for_agents

MOST_OFFERED = 500


@act("tag")
def tag(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    names = [each for each in typed(request, "tags").split(",") if each.strip()]
    if not names:
        raise actions.Refused(_("Write a tag first; several with commas between them."))
    new = actions.tag_ticket(ticket.pk, agent, names, moment)
    return _("Tagged: %(names)s.") % {"names": ", ".join(new)} if new else _("It has these tags already.")


@act("tag")
def untag(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    gone = actions.untag_ticket(ticket.pk, agent, [typed(request, "tag")], moment)
    return _("Taken off: %(names)s.") % {"names": ", ".join(gone)} if gone else _("It has no such tag.")


@act("own-fields")
def own_fields(request: HttpRequest, agent: Agent, ticket: Ticket, moment: Moment) -> str:
    """Those that the form had: what it did not have stays as it is."""
    fields = CustomField.objects.filter(desk=ticket.desk_id, retired_at=None).order_by("position", "pk")
    with transaction.atomic():
        for each in fields:
            if f"own-{each.key}" in request.POST:
                actions.set_custom(ticket.pk, agent, each.key, typed(request, f"own-{each.key}"), moment)
    return _("Saved.")


@require_safe
@for_agents
def known_tags(request: HttpRequest, workplace: Workplace, number: str) -> HttpResponse:
    """The tags of the ticket's desk, for the field to complete."""
    ticket = visible_tickets(workplace.viewer).filter(number=number.upper()).first()
    if ticket is None:
        raise Http404
    names = visible_tags(workplace.viewer, ticket.desk_id).values_list("name", flat=True)[:MOST_OFFERED]
    return render(request, "web/agent/labels/known.html", {"names": names})
