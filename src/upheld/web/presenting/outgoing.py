"""Mail that does not leave or did not arrive, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.mailboxes.queries import GIVEN_UP
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.rules.one_line import one_line
from upheld.web.presenting.times import Times, When

KINDS = {
    NoticeKind.ACKNOWLEDGEMENT: gettext_lazy("Acknowledgement"),
    NoticeKind.REPLY: gettext_lazy("Reply"),
    NoticeKind.STATUS: gettext_lazy("Change of status"),
    NoticeKind.REMINDER: gettext_lazy("Reminder"),
    NoticeKind.INFORMATION: gettext_lazy("Question for information"),
    NoticeKind.ASSIGNED: gettext_lazy("Assignment"),
    NoticeKind.CUSTOMER_WROTE: gettext_lazy("The customer wrote"),
    NoticeKind.WARNING: gettext_lazy("Warning"),
    NoticeKind.BREACH: gettext_lazy("Missed target"),
    NoticeKind.ESCALATED: gettext_lazy("Escalation"),
    NoticeKind.MENTIONED: gettext_lazy("Named in a note"),
    NoticeKind.NOT_DONE: gettext_lazy("Could not be done"),
    NoticeKind.RAISED: gettext_lazy("Raised by the customer"),
    NoticeKind.ACCOUNT: gettext_lazy("Sign-in"),
    NoticeKind.BOUNCED: gettext_lazy("A mail did not arrive"),
    NoticeKind.ANSWER_KEPT: gettext_lazy("An answer was kept"),
    NoticeKind.HELD: gettext_lazy("Request held"),
    NoticeKind.HELD_DECLINED: gettext_lazy("Request declined"),
    NoticeKind.HELD_ALERT: gettext_lazy("A held request waits"),
    NoticeKind.DIGEST: gettext_lazy("Digest"),
    NoticeKind.RESTRICTED: gettext_lazy("A restricted ticket"),
    NoticeKind.MERGED: gettext_lazy("Merged, or no longer"),
    NoticeKind.SIDE: gettext_lazy("Side conversation"),
    NoticeKind.SIDE_ANSWERED: gettext_lazy("Answer in a side conversation"),
}
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class OutgoingRow:
    """One mail in trouble; `colour` and `icon` never say more than `words` do."""

    id: int
    to: str
    subject: str
    kind: str
    ticket: str
    written: When
    attempts: int
    next_try: When | None
    reason: str
    colour: str
    icon: str
    words: str
    given_up_by: str
    given_up: When | None
    desk_id: int | None
    message_ref: int | None
    about_customer: bool


def outgoing_rows(notices: Iterable[Notice], times: Times, desks: Collection[int]) -> list[OutgoingRow]:
    """`desks` are those of the reader: a ticket's number is shown where its page would be."""
    return [outgoing_row(notice, times, desks) for notice in notices]


def outgoing_row(notice: Notice, times: Times, desks: Collection[int]) -> OutgoingRow:
    waits = notice.state == NoticeState.WAITING
    given_up = notice.data.get(GIVEN_UP) or {}
    colour, icon, words = _how(notice)
    return OutgoingRow(
        id=notice.pk,
        to=notice.to_address,
        subject=str(notice.data.get("subject", "")),
        kind=str(KINDS.get(NoticeKind(notice.kind), notice.kind)),
        ticket=notice.ticket_number if notice.desk_id in desks else "",
        written=times.when(notice.created_at),
        attempts=notice.attempts,
        next_try=times.when(notice.next_try_at) if waits else None,
        reason=one_line(notice.last_error, _LONGEST_REASON) or _("no reason was given"),
        colour=colour,
        icon=icon,
        words=words,
        given_up_by=given_up.get("by", ""),
        given_up=times.when(datetime.fromisoformat(given_up["at"])) if given_up else None,
        desk_id=notice.desk_id,
        message_ref=notice.message_ref,
        about_customer=notice.participant_id is not None,
    )


def _how(notice: Notice) -> tuple[str, str, str]:
    match notice.state:
        case NoticeState.WAITING:
            return "due-soon", "hourglass", _("Not sent yet")
        case NoticeState.BOUNCED:
            return "breached", "mail-x", _("Came back")
        case NoticeState.LEFT_OUT:
            return "none", "mail-minus", _("Left out")
    return "breached", "mail-x", _("Not delivered")
