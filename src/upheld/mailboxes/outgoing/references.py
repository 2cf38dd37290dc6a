"""Which mails came before: the thread as the reader's mail program knows it."""

from collections.abc import Iterable
from datetime import datetime

from upheld.mailboxes.outgoing.headers import message_id
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.held_letters import TO_SENDERS
from upheld.tickets.models import HeldMessage, Message, Participant

_KEPT = 12


def references_of(notice: Notice, participant: Participant | None) -> tuple[str, ...]:
    """Return the Message-IDs of the thread that this reader has, oldest first, bounded; the last one is answered."""
    if notice.kind in TO_SENDERS and notice.ticket_id is None:
        return _bounded([checked for text in _held(notice) if (checked := message_id(text))])
    if notice.ticket_id is None:
        return ()
    known = list(_ours(notice))
    if participant is not None:
        known += _theirs(notice, participant)
    if notice.kind == NoticeKind.SIDE:
        known += _of_side(notice)
    known.sort(key=lambda pair: pair[0])
    ids = dict.fromkeys(checked for _, text in known if (checked := message_id(text)))
    ids.pop(notice.message_id, None)
    return _bounded(list(ids))


def _ours(notice: Notice) -> Iterable[tuple[datetime, str]]:
    """The mails about this ticket that went to the same reader before."""
    earlier = Notice.objects.filter(ticket_id=notice.ticket_id, pk__lt=notice.pk)
    if notice.kind == NoticeKind.SIDE:
        earlier = earlier.filter(kind=NoticeKind.SIDE, data__side=notice.data["side"])
    elif notice.participant_id is None:
        earlier = earlier.filter(participant_id=None, to_address=notice.to_address)
    else:
        earlier = earlier.filter(participant_id=notice.participant_id)
    return earlier.order_by("-pk").values_list("created_at", "message_id")[:_KEPT]


def _theirs(notice: Notice, participant: Participant) -> list[tuple[datetime, str]]:
    """The mails that the desk received and that this participant may read."""
    messages = Message.objects.filter(
        ticket_id=notice.ticket_id,
        released=True,
        side=None,
        at__gte=participant.sees_from,
        at__lte=notice.created_at,
        kind__in=(Message.Kind.CUSTOMER, Message.Kind.THIRD_PARTY),
    ).exclude(message_id="")
    ids = messages.values_list("at", "message_id")
    newest = list(ids.order_by("-at", "-id")[:_KEPT])
    first = list(ids.order_by("at", "id")[:1])
    return first + newest


def _of_side(notice: Notice) -> list[tuple[datetime, str]]:
    """The mails that came in the same side conversation."""
    messages = Message.objects.filter(side_id=notice.data["side"], at__lte=notice.created_at).exclude(
        message_id=""
    )
    return list(messages.order_by("-at", "-id").values_list("at", "message_id")[:_KEPT])


def _held(notice: Notice) -> list[str]:
    """What its sender wrote so far about a request that has no ticket yet."""
    messages = HeldMessage.objects.filter(request_id=notice.data.get("held"), at__lte=notice.created_at)
    return list(messages.exclude(message_id="").order_by("at", "pk").values_list("message_id", flat=True))


def _bounded(ids: list[str]) -> tuple[str, ...]:
    """The first, since programs hang the thread on it, and the newest."""
    return tuple(ids if len(ids) <= _KEPT else [ids[0], *ids[-(_KEPT - 1) :]])
