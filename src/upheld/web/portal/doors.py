"""From an address to the portal that it names: each is a front door of one desk, for one kind of enquiry."""

from django.db.models import QuerySet
from django.http import Http404

from upheld.desks.models import Desk, Portal


def portal_or_404(slug: str) -> Portal:
    """The portal of this address, with its desk and its mailbox. One that is in no list opens all the same."""
    portal = Portal.objects.select_related("desk", "mailbox").filter(slug=slug).first()
    if portal is None:
        raise Http404
    return portal


def main_door(desk: Desk) -> Portal | None:
    """The portal that people are led to who come by way of the desk; None where the desk has none."""
    return desk.portals.order_by("-is_default", "position", "id").first()


def mail_address(portal: Portal) -> str:
    """The address at which this portal's enquiries are also taken by mail; empty where the desk has none.

    A restricted portal names no mailbox but its own: what is written to another one would be read by everybody. And
    a mailbox for named people is named by no portal whose own it is not.
    """
    if portal.mailbox is not None:
        return portal.mailbox.address
    if portal.restricted:
        return ""
    mailbox = portal.desk.mailboxes.filter(restricted=False).order_by("-is_default", "id").first()
    return mailbox.address if mailbox else ""


def introduction_of(portal: Portal) -> str:
    """What the portal says of itself; the usual one says what its desk does, where nobody wrote anything else."""
    return portal.introduction or (portal.desk.introduction if portal.is_default else "")


def listed_portals() -> QuerySet[Portal]:
    """The portals that are offered to everybody: desk by desk, in the order that the desk gave them."""
    listed = Portal.objects.filter(is_listed=True).select_related("desk")
    return listed.order_by("desk__name", "desk_id", "position", "-is_default", "id")
