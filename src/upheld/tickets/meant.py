"""A few tickets, customers and organizations that somebody may mean by what they have typed so far: fast, and no more
than fits below a field."""

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet
from django.db.models.functions import Length, Lower

from upheld.desks.models import Desk
from upheld.people.models import Contact, Organization
from upheld.tickets.customers import known_among, visible_organizations
from upheld.tickets.models import Ticket
from upheld.tickets.search import holding, holding_on_the_way, is_common, number_in
from upheld.tickets.visibility import AgentViewer, visible_tickets

LONGEST = 100
# A single letter is in everything.
SHORTEST = 2
# Of so many who fit by name, those are shown whom the agent may know.
LOOKED_AT = 200


def tickets_meant(viewer: AgentViewer, text: str, most: int) -> list[Ticket]:
    """Return the tickets that bear the number, with or without its letters; else those that hold the words, the latest
    first. Spam is found by its number only."""
    tickets = visible_tickets(viewer).select_related("requester")
    if numbers := _numbers(viewer, text):
        return list(tickets.filter(number__in=numbers).order_by("pk")[:most])
    if len(text) < SHORTEST:
        return []
    tickets = tickets.filter(is_spam=False)
    if is_common(viewer, text):
        return list(tickets.filter(holding_on_the_way(viewer, text)).order_by("-updated_at", "-pk")[:most])
    found = tickets.filter(holding(viewer, text, "search_text__vector")).values_list("pk", "updated_at")
    latest = sorted(found, key=lambda each: (each[1], each[0]), reverse=True)[:most]
    return in_this_order(tickets, [pk for pk, _updated in latest])


def in_this_order(tickets: QuerySet[Ticket], ids: Sequence[int]) -> list[Ticket]:
    """Return these tickets, as far as there are any, in the order of their ids here."""
    found = tickets.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def tickets_looked_at(viewer: AgentViewer, most: int) -> list[Ticket]:
    """Return the tickets that the agent looked at, the latest first."""
    looked = visible_tickets(viewer).filter(looks__agent_id=viewer.agent_id).select_related("requester")
    return list(looked.order_by("-looks__at", "-pk")[:most])


def contacts_meant(viewer: AgentViewer, text: str, most: int) -> list[Contact]:
    """Return contacts whom the agent may know, by name or address."""
    if len(text) < SHORTEST:
        return []
    fits = Contact.objects.filter(_named(text) | Q(address__istartswith=text), merged_into=None)
    # The shortest name that fits is the one that was typed most of.
    near = fits.order_by(Length("name"), "pk").values_list("pk", flat=True)[:LOOKED_AT]
    known = Contact.objects.filter(pk__in=known_among(viewer, list(near)))
    return list(known.order_by(Lower("name"), "pk")[:most])


def organizations_meant(viewer: AgentViewer, text: str, most: int) -> list[Organization]:
    """Return organizations of the agent's desks by name or reference."""
    if len(text) < SHORTEST:
        return []
    fits = visible_organizations(viewer).filter(_named(text) | Q(reference__istartswith=text))
    return list(fits.order_by(Lower("name"), "pk")[:most])


def _named(text: str) -> Q:
    """Whose name, or a further word of it, begins so."""
    return Q(name__istartswith=text) | Q(name__icontains=f" {text}")


def _numbers(viewer: AgentViewer, text: str) -> Iterable[str]:
    if number := number_in(text):
        return [number]
    digits = text.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 18):
        return []
    prefixes = Desk.objects.filter(pk__in=viewer.desk_ids).values_list("number_prefix", flat=True)
    return [f"{prefix}-{digits}" for prefix in prefixes]
