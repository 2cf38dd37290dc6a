"""Why somebody sees a request that is not theirs, told to them on its page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Follower:
    """Who asked, why this reader sees it, and whether they may write."""

    asked_by: str
    why: str
    may_write: bool


def follower(role: Role, ticket: Ticket) -> Follower | None:
    """What to tell a reader of this role; None to those who take part."""
    if role is Role.participant or ticket.organization is None:
        return None
    words = (
        _("You see it because you may follow all requests of %(organization)s.")
        if role is Role.organization_member
        else _("You see it because you serve %(organization)s as a partner.")
    )
    return Follower(
        asked_by=ticket.requester.name or _("Somebody without a name"),
        why=words % {"organization": ticket.organization},
        may_write=allowed(role, Act.write_as_customer),
    )
