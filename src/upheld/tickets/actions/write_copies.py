"""Write the copies of broadcasts into the threads of their tickets."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction

from upheld.policy import Actor, Consequence, Standing
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.set_status import record_status
from upheld.tickets.effects import gather
from upheld.tickets.models import BroadcastCopy, Message, Participant
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen, write_down
from upheld.tickets.problems import BROADCAST
from upheld.tickets.search_text import add_words


class _Written(NamedTuple):
    pen: Pen
    copy: BroadcastCopy
    message: Message
    standing: Standing
    news: list[Consequence]
    sets_status: bool


@transaction.atomic
def write_copies(copy_ids: Sequence[int], moment: Moment) -> int:
    """Write copies, each as a reply of who sent the broadcast, at the press of Send; returns how many. One that is
    written already, or that another worker writes, is left alone. Where one fails, none is written."""
    open_copies = BroadcastCopy.objects.filter(pk__in=copy_ids, done_at=None).order_by("ticket_id", "pk")
    copies = list(
        open_copies.select_for_update(of=("self",), skip_locked=True).select_related(
            "broadcast__agent__user", "broadcast__problem__ticket"
        )
    )
    if not copies:
        return 0
    pens = {pen.ticket.pk: pen for pen in Pen.on_each([each.ticket_id for each in copies], moment)}
    _remember_participants(list(pens.values()))
    live = [each for each in copies if pens[each.ticket_id].ticket.merged_into_id is None]
    messages = Message.objects.bulk_create(_message(each) for each in live)
    written = [
        _write(pens[copy.ticket_id], copy, message) for copy, message in zip(live, messages, strict=True)
    ]
    _leave_out(copies, live)
    write_down([each.pen for each in written])
    for each in written:
        gather(each.pen, each.standing, each.news)
        told = each.pen.policy.status(each.copy.broadcast.resolves) if each.sets_status else None
        letters.send_reply(each.pen, each.message, status=told, standing=each.standing)
        add_words(each.pen.ticket, each.message.text)
    letters.post([each.pen for each in written])
    for copy in copies:
        copy.done_at = moment.at
    BroadcastCopy.objects.bulk_update(copies, ["message", "done_at", "left_out"])
    return len(copies)


def _remember_participants(pens: Sequence[Pen]) -> None:
    """Ask once who takes part, for all of them."""
    found: dict[int, list[Participant]] = {pen.ticket.pk: [] for pen in pens}
    rows = Participant.objects.filter(ticket_id__in=found, removed_at=None).select_related("contact")
    for row in rows.order_by("-is_requester", "id"):
        found[row.ticket_id].append(row)
    for pen in pens:
        pen.circle.remember(pen.ticket, found[pen.ticket.pk])


def _message(copy: BroadcastCopy) -> Message:
    sent = copy.broadcast
    return Message(
        ticket_id=copy.ticket_id,
        kind=Message.Kind.REPLY,
        at=sent.at,
        agent=sent.agent,
        channel=BROADCAST,
        text=sent.text,
    )


def _write(pen: Pen, copy: BroadcastCopy, message: Message) -> _Written:
    sent = copy.broadcast
    before = pen.standing().status
    pen.fact(
        "message",
        Actor.agent,
        at=sent.at,
        agent=sent.agent,
        message=message,
        direction="out",
        public=True,
        automatic=False,
        channel=BROADCAST,
        number=sent.problem.ticket.number,
    )
    sets_status = False
    if sent.resolves and before != sent.resolves:
        try:
            record_status(pen, sent.agent, sent.resolves, reason="", at=sent.at)
            sets_status = True
        except Refused as why:
            copy.left_out = str(why)[:200]
    copy.message = message
    standing, news = pen.settle()
    return _Written(pen, copy, message, standing, news, sets_status)


def _leave_out(copies: Sequence[BroadcastCopy], live: Sequence[BroadcastCopy]) -> None:
    """What became a part of another ticket meanwhile is told there."""
    for copy in copies:
        if copy not in live:
            copy.left_out = "merged"
