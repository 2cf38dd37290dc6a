"""One raw mail becomes a message on a ticket, or is ignored with a reason, or is kept for an administrator."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from upheld.mailboxes import as_values, placing, raw_bytes
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail, limits
from upheld.mailboxes.parsing.reading import with_line_feeds
from upheld.mailboxes.pool import ParserPool, Unreadable

ATTEMPTS = 5
# Short, since a mail that waits holds up its desk's clocks: parked after a little more than three minutes.
FIRST_PAUSE = timedelta(seconds=5)
# Between the attempts of a parked mail. It holds up nothing; a new version may well read it.
PAUSES = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 48, 96))
COLUMNS = ("state", "reason", "message", "ticket", "held_request", "from_address", "subject")

log = structlog.get_logger(__name__)


class UnreadableError(Exception):
    """The mail could not be read within the limits."""


def claim_and_ingest(pool: ParserPool, now: datetime) -> int:
    """Take in the oldest mail that is due and that no other worker holds. Returns how many it took: 1 or 0.

    A mail that fails leaves nothing behind but the note of its failure, and comes again later; parked mail, which holds
    up no clock, only when nothing else is due.
    """
    claimed: int | None = None
    try:
        with transaction.atomic():
            raw_mail = _claim(now)
            if raw_mail is None:
                return 0
            claimed = raw_mail.pk
            _ingest(raw_mail, pool, now)
    except Exception as error:
        if claimed is None:
            raise
        _record_failure(claimed, error, pool, now)
    return 1


def _claim(now: datetime) -> RawMail | None:
    due = RawMail.objects.filter(next_try_at__lte=now)
    in_line = due.filter(state=MailState.WAITING).order_by("received_at", "pk")
    again = due.filter(state=MailState.PARKED, attempts__lt=ATTEMPTS + len(PAUSES)).order_by("next_try_at")
    # The line is sorted by keys alone: the mails themselves may be large, and there may be many.
    for line in (in_line, again):
        key = line.select_for_update(skip_locked=True).values_list("pk", flat=True).first()
        if key is not None:
            mail = RawMail.objects.select_related("mailbox__desk").defer("raw").get(pk=key)
            mail.raw = raw_bytes.read(key)
            return mail
    return None


def _ingest(raw_mail: RawMail, pool: ParserPool, now: datetime) -> None:
    mail = pool.parse(bytes(raw_mail.raw))
    if isinstance(mail, Unreadable):
        raise UnreadableError(mail.reason)
    record(raw_mail, mail, placing.place(raw_mail, mail, now))
    raw_mail.attempts += 1
    raw_mail.save(update_fields=["attempts", *COLUMNS])
    log.info("mail_taken_in", mail=raw_mail.pk, state=raw_mail.state, ticket=raw_mail.ticket_id)


def record(raw_mail: RawMail, mail: ParsedMail, outcome: placing.Outcome) -> None:
    """Keep with the raw mail what became of it. The caller saves `COLUMNS`."""
    as_values.note(raw_mail, mail)
    raw_mail.state, raw_mail.reason = outcome.state, outcome.reason
    raw_mail.message = outcome.message
    raw_mail.held_request = outcome.held_request
    raw_mail.ticket_id = outcome.message.ticket_id if outcome.message else outcome.ticket_id


def _record_failure(raw_mail_id: int, error: Exception, pool: ParserPool, now: datetime) -> None:
    """Note a failure in a transaction of its own; after the last attempt the mail is parked, and tried again by itself
    after growing pauses. What a person asked to be read again is parked at once."""
    with transaction.atomic():
        open_ = RawMail.objects.filter(pk=raw_mail_id, state__in=(MailState.WAITING, MailState.PARKED))
        raw_mail = open_.select_for_update(of=("self",)).first()
        if raw_mail is None:
            return
        if raw_mail.state == MailState.WAITING and raw_mail.settled_at is not None:
            raw_mail.attempts = max(raw_mail.attempts, ATTEMPTS - 1)
        raw_mail.attempts += 1
        raw_mail.reason = _reason(error)
        if raw_mail.attempts >= ATTEMPTS:
            raw_mail.state = MailState.PARKED
            pause = PAUSES[min(raw_mail.attempts - ATTEMPTS, len(PAUSES) - 1)]
        else:
            pause = FIRST_PAUSE * 3 ** (raw_mail.attempts - 1)
        raw_mail.next_try_at = now + pause
        if raw_mail.state == MailState.PARKED and not raw_mail.from_address:
            _note_head(raw_mail, pool)
        raw_mail.save(update_fields=["attempts", "next_try_at", *COLUMNS])
    log.warning("mail_failed", mail=raw_mail_id, attempts=raw_mail.attempts, reason=raw_mail.reason)


def _note_head(raw_mail: RawMail, pool: ParserPool) -> None:
    """Whoever looks at a parked mail wants to know whose it is: the head alone may well be read."""
    raw = bytes(raw_mail.raw[: limits.HEADER_BLOCK])
    mail = pool.parse(with_line_feeds(raw).partition(b"\n\n")[0] + b"\n\n")
    if not isinstance(mail, Unreadable):
        as_values.note(raw_mail, mail)


def _reason(error: Exception) -> str:
    """What an administrator reads. An error's own text may quote the mail or the database, so only its name is kept."""
    return (
        str(error)
        if isinstance(error, UnreadableError)
        else f"an error while taking it in: {type(error).__name__}"
    )
