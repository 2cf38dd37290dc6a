"""What the list of portals shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.desks.models import Desk, Portal
from upheld.desks.portals import Choosable, choosable
from upheld.web.portal.doors import mail_address


@dataclass(frozen=True, slots=True)
class PortalRow:
    """One portal. `is_first` and `is_last` say where it cannot be moved."""

    id: int
    slug: str
    name: str
    enquiry: str
    address: str
    about: str
    is_default: bool
    is_listed: bool
    restricted: bool
    unknown: Sequence[str]
    is_first: bool
    is_last: bool


def portal_rows(desk: Desk, now: datetime) -> list[PortalRow]:
    """The portals of a desk, in their order."""
    portals = list(desk.portals.select_related("desk", "mailbox").order_by("position", "-is_default", "id"))
    known = choosable(desk, now)
    return [
        PortalRow(
            id=each.pk,
            slug=each.slug,
            name=each.name,
            enquiry=each.enquiry,
            address=mail_address(each),
            about=_about(each, known),
            is_default=each.is_default,
            is_listed=each.is_listed,
            restricted=each.restricted,
            unknown=_unknown(each, known),
            is_first=place == 0,
            is_last=place == len(portals) - 1,
        )
        for place, each in enumerate(portals)
    ]


def unknown_words(portal: Portal, now: datetime) -> list[str]:
    """Sentences about products and kinds of request that the policy knew once, with those that it knows now."""
    return _unknown(portal, choosable(portal.desk, now))


def _about(portal: Portal, known: Choosable) -> str:
    labels = [known.products.get(each, each) for each in portal.products]
    labels += [known.request_types.get(each, each) for each in portal.request_types]
    return ", ".join(labels)


def _unknown(portal: Portal, known: Choosable) -> list[str]:
    told = []
    for chosen, options in ((portal.products, known.products), (portal.request_types, known.request_types)):
        lost = [each for each in chosen if each not in options]
        if lost:
            words = _("The policy in force does not know %(lost)s. It knows: %(known)s.")
            told.append(words % {"lost": ", ".join(lost), "known": ", ".join(options) or "–"})
    return told
