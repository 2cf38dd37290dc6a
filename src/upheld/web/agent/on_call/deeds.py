"""What is done to a rota: each a POST and one action."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from upheld.people import actions
from upheld.people.models import Rota
from upheld.people.rotas import staffed
from upheld.people.staff import StaffRefused
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import chosen_id
from upheld.web.agent.on_call.entered import entered_instant, entered_values, refuse_unknown_role
from upheld.web.agent.on_call.guard import deed, for_readers_of_the_rota
from upheld.web.agent.on_call.one import rota_page
from upheld.web.viewer import Workplace

rota = require_safe(for_readers_of_the_rota(rota_page))


@deed("rota")
def change(request: HttpRequest, workplace: Workplace, rota: Rota) -> str:
    values = entered_values(request)
    if values.role != rota.role:
        refuse_unknown_role(rota.desk, values.role, request.now)
    actions.change_rota(rota.pk, values, by=workplace.agent, now=request.now)
    return _("The rota is as you set it.")


@deed("members")
def arrange(request: HttpRequest, workplace: Workplace, rota: Rota) -> str:
    """Somebody comes in, goes out, or changes places with their neighbour."""
    order = [each.pk for each in staffed([rota], request.now)[0].order(request.now)]
    agent_id = chosen_id(request, "agent")
    match typed(request, "what"):
        case "add":
            order.append(agent_id)
        case "out" if agent_id in order:
            order.remove(agent_id)
        case "up" | "down" as way if agent_id in order:
            place = order.index(agent_id)
            other = place + (1 if way == "down" else -1)
            if 0 <= other < len(order):
                order[place], order[other] = order[other], order[place]
        case _:
            raise StaffRefused(_("Choose somebody who works on this desk."))
    actions.arrange_rota(rota.pk, order, by=workplace.agent, now=request.now)
    return _("The order is as you set it. The first has the week that runs now.")


@deed("take", by_administrators=False)
def take(request: HttpRequest, workplace: Workplace, rota: Rota) -> str:
    agent_id = chosen_id(request, "agent") or workplace.agent.pk
    swap = actions.take_shift(
        rota.pk,
        agent_id,
        starts_at=entered_instant(request, "starts", rota.zone),
        ends_at=entered_instant(request, "ends", rota.zone),
        by=workplace.agent,
        now=request.now,
    )
    return _("%(name)s is on call then.") % {"name": swap.agent.name}


@deed("swaps", by_administrators=False)
def give_back(request: HttpRequest, workplace: Workplace, rota: Rota, *, swap_id: int) -> str:
    actions.give_shift_back(rota.pk, swap_id, by=workplace.agent, now=request.now)
    return _("Taken back: whoever's turn it is, is on call again.")


@deed("feed")
def renew_feed(request: HttpRequest, workplace: Workplace, rota: Rota) -> str:
    actions.renew_feed(rota.pk, by=workplace.agent, now=request.now)
    return _("There are new addresses; those that were given out show nothing any more.")


@deed("remove")
def remove(request: HttpRequest, workplace: Workplace, rota: Rota) -> str:
    if typed(request, "sure") != "yes":
        raise StaffRefused(_("Tick that you mean it: its turns and swaps are gone then."))
    actions.remove_rota(rota.pk, by=workplace.agent, now=request.now)
    return _("The rota is given up.")
