"""Who comes in: everybody who works on the desk of a rota. For others there is none."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from upheld.people.models import Rota
from upheld.people.staff import StaffRefused
from upheld.rules.permissions import Act, NotAllowed, Role, allowed
from upheld.web.agent.acts import typed
from upheld.web.agent.on_call.one import rota_page
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]
Deed = Callable[..., str]


def for_readers_of_the_rota(view: View) -> View:
    """Hand the view a workplace and the rota of the address."""

    @for_agents
    @wraps(view)
    def guarded(
        request: HttpRequest, workplace: Workplace, rota_id: int, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        return view(request, workplace, find_rota(workplace, rota_id), *args, **kwargs)

    return guarded


def find_rota(workplace: Workplace, rota_id: int) -> Rota:
    """The rota, where this agent may see it; otherwise it does not exist."""
    roles = workplace.viewer.roles
    desks = [desk for desk, role in roles.items() if allowed(role, Act.read_rotas)]
    rota = Rota.objects.filter(pk=rota_id, desk__in=desks).select_related("desk").first()
    if rota is None:
        raise Http404
    return rota


def administers(workplace: Workplace, desk_id: int) -> bool:
    """Whether this agent may change the rotas of a desk."""
    return allowed(workplace.viewer.roles.get(desk_id, Role.visitor), Act.administer)


def deed(form: str, *, by_administrators: bool = True) -> Callable[[Deed], View]:
    """Make a view of what a form of a rota's page does. The deed returns what to say when it is done; a refusal shows
    the page again, with what was typed. Where only administrators see the form, for others it does not exist."""

    def make(done: Deed) -> View:
        @require_POST
        @for_readers_of_the_rota
        def view(request: HttpRequest, workplace: Workplace, rota: Rota, **rest: int) -> HttpResponse:
            if by_administrators and not administers(workplace, rota.desk_id):
                raise Http404
            try:
                said = done(request, workplace, rota, **rest)
            except (StaffRefused, NotAllowed) as refused:
                kept = {each: typed(request, each) for each in request.POST}
                status = 403 if isinstance(refused, NotAllowed) else 422
                return rota_page(request, workplace, rota, Unsent(form, str(refused), kept), status)
            messages.success(request, said)
            still = Rota.objects.filter(pk=rota.pk).exists()
            return redirect("rota", rota.pk) if still else redirect("rotas")

        return view

    return make
