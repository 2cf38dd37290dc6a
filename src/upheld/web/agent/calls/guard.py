"""On which desk an agent enters something for others; whoever may not do it anywhere finds no such page."""

from django.http import Http404, HttpRequest

from upheld.desks.models import Desk
from upheld.desks.policies import NoPolicyInForce, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.models import Contact, Organization
from upheld.policy.document import Document
from upheld.rules.permissions import Act, allowed
from upheld.tickets.callers import known_on
from upheld.web.viewer import Workplace


def desks_for(workplace: Workplace, act: Act) -> list[Desk]:
    """Return the desks on which the agent may do this."""
    desks = [each for each in workplace.desks if allowed(workplace.viewer.roles[each.pk], act)]
    if not desks:
        raise Http404
    return desks


def chosen_desk(request: HttpRequest, desks: list[Desk]) -> Desk:
    """Return the desk that the address or the form names; the first where it names none."""
    slug = request.POST.get("desk") or request.GET.get("desk")
    desk = next((each for each in desks if each.slug == slug), None) if slug else desks[0]
    if desk is None:
        raise Http404
    return desk


def document_in_force(desk: Desk, request: HttpRequest) -> Document:
    """Return the desk's policy; a desk without one takes nothing in."""
    try:
        return document_of(version_in_force(desk, request.now).pk)
    except NoPolicyInForce:
        raise Http404 from None


def chosen_contact(request: HttpRequest, workplace: Workplace, desk: Desk) -> Contact | None:
    """Return the customer who was chosen, as far as the agent may know them; None where nobody was."""
    text = request.POST.get("contact") or request.GET.get("contact") or ""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Http404
    contact = known_on(workplace.viewer, desk.pk).filter(pk=int(text)).first()
    if contact is None:
        raise Http404
    return contact


def chosen_organization(request: HttpRequest, desk: Desk) -> Organization | None:
    """Return the organization that the agent states, if they state one of the desk's."""
    text = request.POST.get("organization", "")
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        return None
    return Organization.objects.filter(desk=desk, pk=int(text)).first()
