"""Mail that came in: the rows of a list, and one mail with all that the desk makes of it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext_lazy

from upheld.mailboxes.ingest import ATTEMPTS, PAUSES
from upheld.mailboxes.models import MailState, RawMail
from upheld.web.presenting.times import Times, When

# After these, mail that cannot be read is tried no more by itself.
MOST_ATTEMPTS = ATTEMPTS + len(PAUSES)


@dataclass(frozen=True, slots=True)
class StateView:
    """How a mail stands, in words with an icon; the colour only underlines."""

    colour: str
    icon: str
    words: str


STATES = {
    MailState.KEPT: ("due-soon", "hand", gettext_lazy("Kept")),
    MailState.PARKED: ("breached", "triangle-alert", gettext_lazy("Could not be read")),
    MailState.WAITING: ("running", "hourglass", gettext_lazy("Not read yet")),
    MailState.IGNORED: ("none", "minus", gettext_lazy("Ignored")),
    MailState.SPAM: ("none", "shield-ban", gettext_lazy("Spam")),
    MailState.TICKETED: ("met", "circle-check", gettext_lazy("On a ticket")),
    MailState.HELD: ("due-soon", "hand", gettext_lazy("Held at intake")),
    MailState.DISCARDED: ("none", "archive", gettext_lazy("Put aside")),
}


@dataclass(frozen=True, slots=True)
class MailRow:
    id: int
    url: str
    received: When
    sender: str
    subject: str
    mailbox: str
    desk: str
    state: StateView
    reason: str
    attempts: int
    next_try: When | None
    ticket: str
    points_at: str
    size: str
    held_url: str


def mail_rows(mails: Iterable[RawMail], times: Times, desks: Collection[int]) -> list[MailRow]:
    """`desks` are those of the reader: a ticket's number is shown where its page would be."""
    return [mail_row(mail, times, desks) for mail in mails]


def mail_row(mail: RawMail, times: Times, desks: Collection[int]) -> MailRow:
    tried = mail.state in (MailState.WAITING, MailState.PARKED)
    ticket = mail.ticket.number if mail.ticket and mail.ticket.desk_id in desks else ""
    return MailRow(
        id=mail.pk,
        url=reverse("one_mail", args=[mail.pk]),
        received=times.when(mail.received_at),
        sender=mail.from_address or mail.envelope_from,
        subject=mail.subject,
        mailbox=mail.mailbox.address if mail.mailbox else mail.envelope_to,
        desk=mail.mailbox.desk.name if mail.mailbox else "",
        state=state_of(mail),
        reason=mail.reason,
        attempts=mail.attempts if tried else 0,
        next_try=times.when(mail.next_try_at) if tried and 0 < mail.attempts < MOST_ATTEMPTS else None,
        ticket=ticket if mail.state == MailState.TICKETED else "",
        points_at=ticket if mail.state != MailState.TICKETED else "",
        size=filesizeformat(mail.size),
        held_url=reverse("held_request", args=[mail.held_request_id]) if mail.held_request_id else "",
    )


def state_of(mail: RawMail) -> StateView:
    colour, icon, words = STATES[MailState(mail.state)]
    return StateView(colour, icon, str(words))


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what is known of a mail; `mark` says whether it is believed, `colour` underlines that."""

    name: str
    values: tuple[str, ...]
    mark: str = ""
    colour: str = "none"
    icon: str = ""
