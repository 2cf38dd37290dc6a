"""Who may see which mail, coming and going: what every list, count, page and download of mail starts from."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from upheld.mailboxes.models import RawMail
from upheld.notices.models import Notice
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.models import Ticket
from upheld.tickets.visibility import AgentViewer, named_on, open_to


@dataclass(frozen=True, slots=True)
class MachineViewer:
    """Whoever may run commands on this machine, and so owns it: sees the mail of all desks."""


MailViewer = AgentViewer | MachineViewer


def visible_mail(viewer: MailViewer) -> QuerySet[RawMail]:
    """Return the mail that came in and that `viewer` may know of; what came to none of our mailboxes is for
    administrators. What belongs to a restricted ticket is for its readers, and what came to a restricted mailbox and is
    no ticket yet for those whom the desk has named."""
    mails = RawMail.objects.filter(_of_desks(viewer, "mailbox__desk", "mailbox"))
    return mails if isinstance(viewer, MachineViewer) else mails.filter(_open_mail(viewer))


def visible_notices(viewer: MailViewer) -> QuerySet[Notice]:
    """Return what leaves the desk and `viewer` may know of; what is of no desk is for administrators, and what is
    about a restricted ticket for its readers."""
    notices = Notice.objects.filter(_of_desks(viewer, "desk", "desk"))
    if isinstance(viewer, MachineViewer):
        return notices
    return notices.exclude(ticket_id__in=_closed_tickets(viewer).values("pk"))


def is_for_few(mail: RawMail) -> bool:
    """Whether few people may know what a mail says: of its restricted ticket, or of the mailbox to which it came. Ask
    for mails together with their `ticket`, `held_request` and `mailbox`."""
    if mail.ticket is not None:
        return mail.ticket.restricted
    if mail.held_request is not None:
        return mail.held_request.restricted or bool(
            mail.held_request.ticket and mail.held_request.ticket.restricted
        )
    return mail.mailbox is not None and mail.mailbox.restricted


def _open_mail(viewer: AgentViewer) -> Q:
    named = named_on(viewer)
    nothing_yet = Q(ticket=None, held_request=None)
    usual = Q(mailbox=None) | Q(mailbox__restricted=False) | Q(mailbox__desk_id__in=named)
    held = Q(ticket=None, held_request__isnull=False)
    held &= Q(held_request__restricted=False) | Q(held_request__desk_id__in=named)
    # What was held has its ticket once it is admitted, and that may be closed to the agent.
    held &= ~Q(held_request__ticket_id__in=_closed_tickets(viewer).values("pk"))
    # Asked as an exception, since almost every mail is on a ticket that everybody reads.
    on_a_ticket = Q(ticket__isnull=False) & ~Q(ticket_id__in=_closed_tickets(viewer).values("pk"))
    return on_a_ticket | (nothing_yet & usual) | held


def _closed_tickets(viewer: AgentViewer) -> QuerySet[Ticket]:
    """The tickets that are restricted, and of which the agent is no reader; there are few of them."""
    return Ticket.objects.filter(restricted=True).exclude(open_to(viewer))


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
