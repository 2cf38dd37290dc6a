"""What a mail needs to know beside its notice: who sends it, where answers go, what came before, how it looks."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.conf import settings

from upheld.desks.models import Desk, Mailbox
from upheld.mailboxes.outgoing.envelope import plus
from upheld.mailboxes.outgoing.languages import language_of_letters, language_of_reader
from upheld.mailboxes.outgoing.looks import Look, look_of
from upheld.mailboxes.outgoing.references import references_of
from upheld.mailboxes.outgoing.unsubscribing import unsubscribe_token
from upheld.mailboxes.outgoing.words import Words, words_of
from upheld.notices.models import Alert, Notice, NoticeKind
from upheld.people.models import Agent, Membership
from upheld.rules.callers import is_placeholder
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.held_letters import TO_SENDERS
from upheld.tickets.keys import agent_token, link_token, reply_token, side_token
from upheld.tickets.models import Participant, SideConversation, Ticket
from upheld.tickets.visibility import AgentViewer, visible_tickets

TO_AGENTS = frozenset(
    {
        NoticeKind.ASSIGNED,
        NoticeKind.CUSTOMER_WROTE,
        NoticeKind.WARNING,
        NoticeKind.BREACH,
        NoticeKind.ESCALATED,
        NoticeKind.RAISED,
        NoticeKind.BOUNCED,
        NoticeKind.ANSWER_KEPT,
        NoticeKind.HELD_ALERT,
        NoticeKind.CONTRACT_ENDING,
        NoticeKind.DIGEST,
        NoticeKind.RESTRICTED,
        NoticeKind.THIRD_PARTY,
        NoticeKind.PAGED,
        NoticeKind.HANDED_OVER,
        NoticeKind.JOINED,
        NoticeKind.MENTIONED,
        NoticeKind.NOT_DONE,
        NoticeKind.SNOOZE_OVER,
        NoticeKind.SIDE_ANSWERED,
    }
)
ANSWERED_BY_MAIL = frozenset({NoticeKind.ASSIGNED, NoticeKind.CUSTOMER_WROTE})


class UndeliverableError(Exception):
    """The mail has become pointless or forbidden since its cause; it is never tried again."""


@dataclass(frozen=True, slots=True)
class Facts:
    """`link` opens the ticket for the reader: a participant's signed link, or an agent's page. `reply_to` is an
    address that only this reader got. Of the tickets in `restricted`, a mail to agents says the number only; of those
    in `hidden`, which its reader may no longer see, nothing at all.
    `desk_ids` are those on which the agent works to whom a mail about several desks goes."""

    sender_name: str
    sender_address: str
    reply_to: str | None
    desk_slug: str
    zone: str
    link: str
    references: tuple[str, ...]
    language: str = "en"
    look: Look = field(default_factory=Look)
    footer: str = ""
    participant: Participant | None = None
    restricted: frozenset[int] = frozenset()
    hidden: frozenset[int] = frozenset()
    words: Words | None = None
    desk_ids: frozenset[int] = frozenset()
    unsubscribe: str = ""
    reads_kept_mail: bool = False


def gather(notice: Notice, others: Collection[Notice] = ()) -> Facts:
    """Look up what the mail of a notice needs; raises UndeliverableError when its reader may not have it any more.

    `others` are notices to the same agent on the same desk that leave in the same mail.
    """
    participant = _participant(notice)
    membership = _membership(notice)
    agent = membership.agent if membership else None
    desk = notice.desk
    mailbox = _mailbox(desk)
    address = mailbox.address if mailbox else settings.DEFAULT_FROM_EMAIL
    tickets = set().union(*map(_ticket_ids, (notice, *others)))
    restricted = restricted_among(tickets) if agent else frozenset()
    is_restricted = notice.ticket_id in restricted
    return Facts(
        sender_name=(mailbox.name if mailbox else "") or (desk.name if desk else ""),
        sender_address=address,
        reply_to=_reply_to(notice, mailbox, participant, agent),
        desk_slug=desk.slug if desk else "",
        zone=notice.data.get("zone") or (desk.zone if desk else "UTC"),
        link=link_of(notice, participant),
        references=references_of(notice, participant),
        language=language_of_letters(
            (language_of_reader(participant, desk) if participant and desk else "")
            or (desk.language if desk else str(notice.data.get("language", "")))
        ),
        look=look_of(desk),
        footer=desk.mail_footer if desk and (participant or notice.kind in TO_SENDERS) else "",
        participant=participant,
        restricted=restricted,
        hidden=hidden_from(agent, restricted) if agent else frozenset(),
        words=words_of(notice) if agent and not is_restricted else None,
        desk_ids=_desk_ids(agent) if agent and notice.kind == NoticeKind.DIGEST else frozenset(),
        unsubscribe=_unsubscribe(agent) if agent and notice.kind == NoticeKind.DIGEST else "",
        reads_kept_mail=bool(membership and allowed(Role(membership.role), Act.read_kept_mail)),
    )


def check_reader(notice: Notice) -> None:
    """Raise UndeliverableError where the reader of a notice may not have its mail any more."""
    _participant(notice)
    _membership(notice)


def restricted_among(ticket_ids: Collection[int]) -> frozenset[int]:
    """Return which of these tickets are restricted as they are now: their words stay on their pages."""
    if not ticket_ids:
        return frozenset()
    tickets = Ticket.objects.filter(pk__in=ticket_ids, restricted=True)
    return frozenset(tickets.values_list("pk", flat=True))


def hidden_from(agent: Agent, restricted: Collection[int]) -> frozenset[int]:
    """Return which of these restricted tickets an agent may not read now."""
    if not restricted:
        return frozenset()
    readable = visible_tickets(AgentViewer.of(agent)).filter(pk__in=restricted)
    return frozenset(restricted) - set(readable.values_list("pk", flat=True))


def ticket_page(number: str) -> str:
    """Return the address of a ticket's page for agents."""
    return f"{settings.UPHELD_URL}/tickets/{number}/"


def _participant(notice: Notice) -> Participant | None:
    if is_placeholder(notice.to_address):
        raise UndeliverableError("the recipient has no mail address")
    if notice.participant_id is None or notice.kind in TO_AGENTS:
        return None
    active = Participant.objects.filter(pk=notice.participant_id, removed_at=None)
    participant = active.select_related("contact").first()
    if participant is None:
        raise UndeliverableError("the recipient no longer takes part in the ticket")
    return participant


def _membership(notice: Notice) -> Membership | None:
    """As what the agent works on the desk to whom the notice goes; rights may have been withdrawn since its cause."""
    if notice.kind not in TO_AGENTS:
        return None
    memberships = Membership.objects.filter(
        agent__user__email=notice.to_address.lower(), agent__user__is_active=True, desk_id=notice.desk_id
    )
    membership = memberships.select_related("agent").first()
    if membership is None:
        raise UndeliverableError("the agent no longer works on the desk")
    if notice.kind == NoticeKind.DIGEST and not membership.agent.wants_digest:
        raise UndeliverableError("the agent no longer wants the morning mail")
    about = [] if says_no_more_than_the_number(notice) or not notice.ticket_id else [notice.ticket_id]
    if hidden_from(membership.agent, restricted_among(about)):
        raise UndeliverableError("the agent may not read the ticket")
    return membership


def says_no_more_than_the_number(notice: Notice | Alert) -> bool:
    """Whether the notice is for somebody who may not read its ticket, and leads nowhere."""
    return notice.kind == NoticeKind.RESTRICTED and bool(notice.data.get("waits"))


def _mailbox(desk: Desk | None) -> Mailbox | None:
    return desk.mailboxes.order_by("-is_default", "id").first() if desk else None


def _reply_to(
    notice: Notice, mailbox: Mailbox | None, participant: Participant | None, agent: Agent | None
) -> str | None:
    if mailbox is None:
        return None
    if participant is not None:
        return plus(mailbox.address, reply_token(participant)) or mailbox.address
    if notice.kind == NoticeKind.SIDE:
        side = SideConversation.objects.get(pk=notice.data["side"])
        return plus(mailbox.address, side_token(side)) or mailbox.address
    # Without a name that vouches for senders no agent's answer would be believed, so none is asked for.
    if agent is None or not mailbox.checked_by or notice.kind not in ANSWERED_BY_MAIL or not notice.ticket_id:
        return None
    return plus(mailbox.address, agent_token(agent.pk, notice.ticket_id))


def link_of(notice: Notice | Alert, participant: Participant | None = None) -> str:
    """Return the address that a notice opens for its reader; empty where it leads nowhere."""
    if participant is not None:
        return f"{settings.UPHELD_URL}/r/{link_token(participant)}/"
    if notice.ticket_number and notice.kind in TO_AGENTS and not says_no_more_than_the_number(notice):
        return ticket_page(notice.ticket_number)
    if notice.kind == NoticeKind.HELD_ALERT and not notice.data.get("nobody_reads"):
        return f"{settings.UPHELD_URL}/held/{int(notice.data['held'])}/"
    return ""


def _ticket_ids(notice: Notice) -> set[int]:
    if notice.kind == NoticeKind.DIGEST:
        return {
            item["ticket"]
            for desk in notice.data["desks"]
            for items in desk["lists"].values()
            for item in items
        }
    return {notice.ticket_id} if notice.ticket_id else set()


def _desk_ids(agent: Agent) -> frozenset[int]:
    return frozenset(Membership.objects.filter(agent=agent).values_list("desk_id", flat=True))


def _unsubscribe(agent: Agent) -> str:
    return f"{settings.UPHELD_URL}/unsubscribe/{unsubscribe_token(agent.pk)}/"
