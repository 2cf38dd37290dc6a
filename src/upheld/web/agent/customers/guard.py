"""Who comes in: agents who may look up customers on one of their desks; those who may change them, change them. For
others, and for customers of other desks, there is nothing."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from upheld.desks.models import Desk
from upheld.people.models import Contact, Organization
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.customers import desks_knowing, visible_contacts, visible_organizations
from upheld.web.viewer import Workplace, for_agents

View = Callable[..., HttpResponse]


def for_readers_of_customers(view: View) -> View:
    """Hand the view a workplace of somebody who may look up customers."""

    @for_agents
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
        if not desks_for(workplace, Act.read_customers):
            raise Http404
        return view(request, workplace, *args, **kwargs)

    return guarded


def for_changers_of_customers(view: View) -> View:
    """The same for somebody who may change them on a desk at least."""

    @for_readers_of_customers
    @wraps(view)
    def guarded(request: HttpRequest, workplace: Workplace, *args: Any, **kwargs: Any) -> HttpResponse:
        if not desks_for(workplace, Act.change_customers):
            raise Http404
        return view(request, workplace, *args, **kwargs)

    return guarded


def for_contacts_of(act: Act) -> Callable[[View], View]:
    """Hand the view a contact that the agent knows, where they may do `act` on a desk that knows the contact too."""

    def make(view: View) -> View:
        @for_readers_of_customers
        @wraps(view)
        def guarded(
            request: HttpRequest, workplace: Workplace, contact_id: int, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            contact = find_contact(workplace, contact_id)
            if not may_with_contact(workplace, contact, act):
                raise Http404
            return view(request, workplace, contact, *args, **kwargs)

        return guarded

    return make


def for_organizations_of(act: Act) -> Callable[[View], View]:
    """Hand the view an organization on whose desk the agent may do `act`."""

    def make(view: View) -> View:
        @for_readers_of_customers
        @wraps(view)
        def guarded(
            request: HttpRequest, workplace: Workplace, organization_id: int, *args: Any, **kwargs: Any
        ) -> HttpResponse:
            organizations = visible_organizations(workplace.viewer).select_related("desk")
            organization = organizations.filter(pk=organization_id).first()
            if organization is None or not may_on(workplace, organization.desk_id, act):
                raise Http404
            return view(request, workplace, organization, *args, **kwargs)

        return guarded

    return make


def find_contact(workplace: Workplace, contact_id: int) -> Contact:
    """The contact, if the agent knows them."""
    contact = visible_contacts(workplace.viewer).filter(pk=contact_id).first()
    if contact is None:
        raise Http404
    return contact


def may_on(workplace: Workplace, desk_id: int, act: Act) -> bool:
    """Whether this agent may do `act` on a desk."""
    return allowed(workplace.viewer.roles.get(desk_id, Role.visitor), act)


def may_with_contact(workplace: Workplace, contact: Contact, act: Act) -> bool:
    """Whether this agent may do `act` on a desk that knows a contact whom the agent knows."""
    return bool(_common(workplace, contact, act))


def desk_of(workplace: Workplace, contact: Contact, act: Act = Act.change_customers) -> Desk:
    """The desk on which this agent changes a contact, and in whose words."""
    return _common(workplace, contact, act)[0]


def desks_for(workplace: Workplace, act: Act) -> list[Desk]:
    """The desks on which this agent may do `act`."""
    return [desk for desk in workplace.desks if may_on(workplace, desk.pk, act)]


def _common(workplace: Workplace, contact: Contact, act: Act) -> list[Desk]:
    knowing = desks_knowing([contact.pk])
    return [desk for desk in desks_for(workplace, act) if desk.pk in knowing]


def organizations_for(workplace: Workplace, act: Act) -> Iterable[Organization]:
    """The organizations on whose desks this agent may do `act`."""
    desks = [desk.pk for desk in desks_for(workplace, act)]
    return visible_organizations(workplace.viewer).filter(desk_id__in=desks)


def acting(workplace: Workplace) -> str:
    """Who the audit names."""
    return f"{workplace.agent.name} <{workplace.agent.address}>"
