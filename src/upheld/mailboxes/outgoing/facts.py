"""What a mail needs to know beside its notice: who sends it, where answers go, what came before."""

from dataclasses import dataclass

from django.conf import settings

from upheld.desks.models import Desk, Mailbox
from upheld.mailboxes.outgoing.references import references_of
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Membership
from upheld.tickets.keys import link_token, reply_token
from upheld.tickets.models import Participant

TO_AGENTS = frozenset({NoticeKind.ASSIGNED, NoticeKind.CUSTOMER_WROTE, NoticeKind.WARNING, NoticeKind.BREACH})
_LOCAL_PART_LIMIT = 64


class UndeliverableError(Exception):
    """The mail has become pointless or forbidden since its cause; it is never tried again."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`link` opens the ticket for the reader: a participant's signed link, or an agent's page."""

    sender_name: str
    sender_address: str
    reply_to: str | None
    desk_slug: str
    zone: str
    link: str
    references: tuple[str, ...]


def gather(notice: Notice) -> Facts:
    """Look up what the mail of a notice needs; raises UndeliverableError when its reader may not have it any more."""
    participant = _participant(notice)
    _refuse_former_agent(notice)
    desk = notice.desk
    mailbox = _mailbox(desk)
    address = mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
    return Facts(
        sender_name=(mailbox.name if mailbox else "") or (desk.name if desk else ""),
        sender_address=address,
        reply_to=_reply_to(address, participant) if mailbox and participant else None,
        desk_slug=desk.slug if desk else "",
        zone=notice.data.get("zone") or (desk.zone if desk else "UTC"),
        link=_link(notice, participant),
        references=references_of(notice, participant),
    )


def _participant(notice: Notice) -> Participant | None:
    if notice.participant_id is None:
        return None
    participant = Participant.objects.filter(pk=notice.participant_id, removed_at=None).first()
    if participant is None:
        raise UndeliverableError("the recipient no longer takes part in the ticket")
    return participant


def _refuse_former_agent(notice: Notice) -> None:
    if notice.kind not in TO_AGENTS:
        return
    agents = Membership.objects.filter(
        agent__user__email=notice.to_address.lower(), agent__user__is_active=True
    )
    if not agents.filter(desk_id=notice.desk_id).exists():
        raise UndeliverableError("the agent no longer works on the desk")


def _mailbox(desk: Desk | None) -> Mailbox | None:
    return desk.mailboxes.order_by("-is_default", "id").first() if desk else None


def _reply_to(address: str, participant: Participant) -> str:
    local, _, domain = address.rpartition("@")
    local = f"{local}+{reply_token(participant)}"
    return f"{local}@{domain}" if len(local) <= _LOCAL_PART_LIMIT else address


def _link(notice: Notice, participant: Participant | None) -> str:
    if participant is not None:
        return f"{settings.UPHELD_URL}/r/{link_token(participant)}/"
    if notice.ticket_number and notice.kind in TO_AGENTS:
        return f"{settings.UPHELD_URL}/tickets/{notice.ticket_number}/"
    return ""
