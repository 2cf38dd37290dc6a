"""Who comes in: who may look up customers sees the contracts of those desks, and who may change contracts there changes
them. For others there is nothing."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.people.models import Contract
from upheld.rules.permissions import Act
from upheld.web.agent.customers.guard import desks_for, may_on
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def for_those_who_may(act: Act) -> Callable[[View], View]:
    """Hand the view a workplace of somebody who may do `act` on one of their desks at least."""

    def make(view: View) -> View:
        @for_agents
        @wraps(view)
        def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
            if not desks_for(workplace, act):
                raise Http404
            return view(request, workplace, *args, **kwargs)

        return guarded

    return make


def for_contracts(act: Act) -> Callable[[View], View]:
    """Hand the view a workplace and a contract on whose desk somebody may do `act`."""

    def make(view: View) -> View:
        @for_agents
        @wraps(view)
        def guarded(
            request: HttpRequest, workplace: Workplace, contract_id: int, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            found = Contract.objects.select_related("desk", "organization__desk").filter(pk=contract_id)
            contract = found.first()
            if contract is None or not may_on(workplace, contract.desk_id, act):
                raise Http404
            return view(request, workplace, contract, *args, **kwargs)

        return guarded

    return make
