"""Who sees how a desk kept its promises over all of its tickets, restricted ones too."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.people.actions import name_auditor, strike_auditor
from upheld.people.auditors import auditors_of
from upheld.people.staff import agent_of, working_on
from upheld.web.agent.desk.named import named_rows, naming_history
from upheld.web.agent.desk.sections import Section, chosen_id
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    times = Times(workplace.zone, request.now)
    named = auditors_of(desk)
    taken = {each.agent_id for each in named}
    others = working_on(desk).filter(user__is_active=True).exclude(pk__in=taken)
    return {
        "auditors": named_rows(named, times),
        "others": list(others.order_by("user__name", "pk")),
        "history": naming_history(
            desk, times, named="auditor named", struck="auditor struck", left="named_auditor"
        ),
    }


section = Section("desk_auditors", "web/agent/desk/auditors.html", _context)


@section.deed("name")
def name(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    agent = agent_of(desk, chosen_id(request, "agent"))
    name_auditor(desk.pk, agent.pk, by=workplace.agent, now=request.now)
    return _("%(name)s sees the figures over all tickets of this desk.") % {"name": agent.name}


@section.deed("strike")
def strike(request: HttpRequest, workplace: Workplace, desk: Desk, *, agent_id: int) -> str:
    strike_auditor(desk.pk, agent_id, by=workplace.agent, now=request.now)
    return _("Struck. They see the figures over the tickets that they may read.")
