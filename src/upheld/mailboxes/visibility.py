"""Who may see which mail, coming and going: what every list, count, page and download of mail starts from."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from upheld.mailboxes.models import RawMail
from upheld.notices.models import Notice
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.visibility import AgentViewer


@dataclass(frozen=True, slots=True)
class MachineViewer:
    """Whoever may run commands on this machine, and so owns it: sees the mail of all desks."""


MailViewer = AgentViewer | MachineViewer


def visible_mail(viewer: MailViewer) -> QuerySet[RawMail]:
    """Return the mail that came in and that `viewer` may know of; what came to none of our mailboxes is for
    administrators."""
    return RawMail.objects.filter(_of_desks(viewer, "mailbox__desk", "mailbox"))


def visible_notices(viewer: MailViewer) -> QuerySet[Notice]:
    """Return what leaves the desk and `viewer` may know of; what is of no desk is for administrators."""
    return Notice.objects.filter(_of_desks(viewer, "desk", "desk"))


def sees_mail(viewer: MailViewer) -> bool:
    """Whether the pages of mail exist for `viewer` at all."""
    return isinstance(viewer, MachineViewer) or bool(desks_read(viewer))


def desks_read(viewer: AgentViewer) -> list[int]:
    """Return the desks whose mail `viewer` may read."""
    return [desk for desk, role in viewer.roles.items() if allowed(role, Act.read_kept_mail)]


def may(viewer: MailViewer, act: Act, desk_id: int | None) -> bool:
    """Whether `viewer` may do `act` with a mail or a notice of this desk; None: of no desk."""
    if isinstance(viewer, MachineViewer):
        return True
    if desk_id is not None:
        return allowed(viewer.roles.get(desk_id, Role.visitor), act)
    return any(allowed(role, Act.administer) and allowed(role, act) for role in viewer.roles.values())


def _of_desks(viewer: MailViewer, desk: str, nowhere: str) -> Q:
    if isinstance(viewer, MachineViewer):
        return Q()
    readable = Q(**{f"{desk}__in": desks_read(viewer)})
    return readable | Q(**{f"{nowhere}__isnull": True}) if may(viewer, Act.read_kept_mail, None) else readable
