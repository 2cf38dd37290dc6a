"""One raw mail becomes a message on a ticket, or is ignored with a reason, or is kept for an administrator."""

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from upheld.mailboxes import duplicates, placing
from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.parsing import ParsedMail
from upheld.mailboxes.pool import ParserPool, Unreadable

ATTEMPTS = 5
# Short, since a mail that waits holds up its desk's clocks: parked after a little more than three minutes.
FIRST_PAUSE = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class UnreadableError(Exception):
    """The mail could not be read within the limits."""


def claim_and_ingest(pool: ParserPool, now: datetime) -> int:
    """Take in the oldest mail that is due and that no other worker holds. Returns how many it took: 1 or 0.

    A mail that fails leaves nothing behind but the note of its failure, and comes again later.
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
        _record_failure(claimed, error, now)
    return 1


def _claim(now: datetime) -> RawMail | None:
    due = RawMail.objects.filter(state=MailState.WAITING, next_try_at__lte=now)
    # The line is sorted by keys alone: the mails themselves may be large, and there may be many.
    keys = due.select_for_update(skip_locked=True).order_by("received_at", "pk").values_list("pk", flat=True)
    key = keys.first()
    return RawMail.objects.select_related("mailbox__desk").get(pk=key) if key is not None else None


def _ingest(raw_mail: RawMail, pool: ParserPool, now: datetime) -> None:
    mail = pool.parse(bytes(raw_mail.raw))
    if isinstance(mail, Unreadable):
        raise UnreadableError(mail.reason)
    outcome = _outcome(raw_mail, mail, now)
    raw_mail.state, raw_mail.reason = outcome.state, outcome.reason
    raw_mail.message = outcome.message
    raw_mail.ticket_id = outcome.message.ticket_id if outcome.message else None
    raw_mail.attempts += 1
    raw_mail.save(update_fields=["state", "reason", "message", "ticket", "attempts"])
    log.info("mail_taken_in", mail=raw_mail.pk, state=outcome.state.value, ticket=raw_mail.ticket_id)


def _outcome(raw_mail: RawMail, mail: ParsedMail, now: datetime) -> placing.Outcome:
    duplicates.wait_for_the_same(raw_mail, mail)
    earlier = duplicates.earlier_message(raw_mail, mail)
    if earlier is not None:
        return placing.Outcome(MailState.TICKETED, f"duplicate of mail {earlier.raw_mail_id}", earlier)
    return placing.place(raw_mail, mail, now)


def _record_failure(raw_mail_id: int, error: Exception, now: datetime) -> None:
    """Note a failure in a transaction of its own; after the last attempt the mail is parked for a person to see."""
    with transaction.atomic():
        waiting = RawMail.objects.select_for_update(of=("self",)).filter(state=MailState.WAITING)
        raw_mail = waiting.filter(pk=raw_mail_id).first()
        if raw_mail is None:
            return
        raw_mail.attempts += 1
        raw_mail.reason = _reason(error)
        if raw_mail.attempts >= ATTEMPTS:
            raw_mail.state = MailState.PARKED
        else:
            raw_mail.next_try_at = now + FIRST_PAUSE * 3 ** (raw_mail.attempts - 1)
        raw_mail.save(update_fields=["attempts", "reason", "state", "next_try_at"])
    log.warning("mail_failed", mail=raw_mail_id, attempts=raw_mail.attempts, reason=raw_mail.reason)


def _reason(error: Exception) -> str:
    """What an administrator reads. An error's own text may quote the mail or the database, so only its name is kept."""
    return (
        str(error)
        if isinstance(error, UnreadableError)
        else f"an error while taking it in: {type(error).__name__}"
    )
