"""Sending: a waiting notice is rendered once, handed to the way out, and marked.

At least once, with one Message-ID: the bytes are committed before the first attempt, and a row is marked as sent only
after somebody took them. A row stays locked while its mail is handed over, so several senders never send the same
one at once and a slow peer holds up one of them only.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import structlog
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from upheld.mailboxes.outgoing import together
from upheld.mailboxes.outgoing.envelope import envelope_senders
from upheld.mailboxes.outgoing.facts import UndeliverableError, check_reader
from upheld.mailboxes.outgoing.failures import Blame, blame, reason, wait_after
from upheld.mailboxes.outgoing.render import render
from upheld.mailboxes.outgoing.smtp import hand_over
from upheld.mailboxes.outgoing.stored_mail import StoredMail
from upheld.notices.models import Notice, NoticeState
from upheld.tickets.alerting import over

_OUTBOX = "upheld.mailboxes.outbox.OutboxBackend"
_REST = timedelta(seconds=15)
_log = structlog.get_logger(__name__)


def configured() -> bool:
    """Whether mail can leave at all. Without a mail server only the demo, which says so, counts as one."""
    return bool(settings.DEMO) or settings.EMAIL_BACKEND != _OUTBOX


def send_next(now: datetime) -> bool:
    """Try the next waiting notice; return whether there was one."""
    with Sender() as sender:
        return sender.send_next(now)


def send_batch(now: datetime, limit: int) -> int:
    """Try up to `limit` waiting notices over one connection; return how many were tried."""
    with Sender() as sender:
        return next((tried for tried in range(limit) if not sender.send_next(now)), limit)


class Sender:
    """One way out, kept open from mail to mail. Not to be shared between threads."""

    def __init__(self) -> None:
        self._way: BaseEmailBackend | None = None
        self._rests_until: datetime | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send_next(self, now: datetime) -> bool:
        """Try the next waiting notice; return whether there was one. After a failure of the way out, rest a little."""
        if not configured() or (self._rests_until and now < self._rests_until):
            return False
        notice_id = _render_next(now)
        if notice_id is None:
            return False
        with transaction.atomic():
            notice = _claim(now).filter(pk=notice_id).first()
            if notice is not None and notice.rendered is not None:
                self._attempt(notice, now)
        return True

    def close(self) -> None:
        """End the connection; whatever goes wrong with that harms nobody."""
        way, self._way = self._way, None
        if way is not None:
            with suppress(Exception):
                way.close()

    def _attempt(self, notice: Notice, now: datetime) -> None:
        try:
            self._hand_over(notice)
        except Exception as error:
            self.close()
            fault = blame(error)
            if fault is Blame.way:
                self._rests_until = now + _REST
            _failed(notice, error, now)
        else:
            _sent(notice, now)

    def _hand_over(self, notice: Notice) -> None:
        if self._way is None:
            way = get_connection()
            way.open()
            self._way = way
        mail = StoredMail(bytes(notice.rendered))
        if isinstance(self._way, EmailBackend) and self._way.connection is not None:
            hand_over(self._way.connection, mail, envelope_senders(notice, mail.sender))
        elif not self._way.send_messages([mail]):
            raise RuntimeError("the mail backend did not take the mail")


def _claim(now: datetime):  # type: ignore[no-untyped-def]
    waiting = Notice.objects.filter(state=NoticeState.WAITING, next_try_at__lte=now)
    return waiting.select_for_update(skip_locked=True, of=("self",))


def _render_next(now: datetime) -> int | None:
    """Choose the next waiting notice and see to it that its bytes are stored, in a transaction of its own."""
    with transaction.atomic():
        notice = _claim(now).order_by("next_try_at", "id").first()
        if notice is None:
            return None
        is_alert = notice.rendered is None and together.is_alert(notice)
        if notice.rendered is not None:
            _look_again(notice, now)
        elif not is_alert:
            _render_alone(notice, now)
    if is_alert:
        _render_next_alert(notice, now)
    return notice.pk


def _look_again(notice: Notice, now: datetime) -> None:
    """Days may lie between two attempts: somebody may have been put out, or what is told may be over."""
    try:
        check_reader(notice)
    except UndeliverableError as error:
        _failed(notice, error, now)
        return
    if together.TOGETHER not in notice.data and (found := over([notice])):
        together.leave_out([notice], found[notice.pk].value)


def _render_next_alert(seen: Notice, now: datetime) -> None:
    """Lock the agent's pace and only then the alert: who held an alert while waiting for the pace would keep it from
    leaving with the others, and it would wait for a minute more."""
    with transaction.atomic():
        together.hold_pace(seen)
        notice = _claim(now).filter(pk=seen.pk, rendered=None).first()
        if notice is not None:
            _render_alert(notice, now)


def _render_alert(notice: Notice, now: datetime) -> None:
    going = together.going(notice, now)
    if going.stays:
        return
    is_together = bool(going.others) and _rendered_together(notice, going.others, now)
    if is_together or _render_alone(notice, now):
        together.note_leaving(notice, now, together=is_together)


def _render_alone(notice: Notice, now: datetime) -> bool:
    try:
        with transaction.atomic():
            raw = render(notice)
    except Exception as error:
        _failed(notice, error, now)
        return False
    Notice.objects.filter(pk=notice.pk).update(rendered=raw)
    return True


def _rendered_together(notice: Notice, others: Sequence[Notice], now: datetime) -> bool:
    """Whether the notice was rendered as one mail with others. One of them that cannot be must not stop the rest."""
    try:
        with transaction.atomic():
            together.join(notice, others, render(notice, others), now)
    except (OperationalError, InterfaceError):
        # The database is away, which says nothing about the mail.
        raise
    except Exception:
        _log.exception("notices could not leave together", notice=notice.pk)
        return False
    return True


def _sent(notice: Notice, now: datetime) -> None:
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.SENT, sent_at=now, attempts=F("attempts") + 1, last_error=""
    )
    together.all_sent(notice, now)
    _log.info("notice sent", notice=notice.pk, kind=notice.kind, ticket=notice.ticket_id)


def _failed(notice: Notice, error: Exception, now: datetime) -> None:
    attempts = notice.attempts + 1
    wait = None if blame(error) is Blame.mail else wait_after(attempts, notice.pk)
    change = {"state": NoticeState.FAILED} if wait is None else {"next_try_at": now + wait}
    Notice.objects.filter(pk=notice.pk).update(attempts=attempts, last_error=reason(error), **change)
    if wait is None:
        together.let_go(notice, now)
    else:
        together.still_waiting(notice, now + wait)
    _log.warning(
        "notice failed" if wait is None else "notice postponed",
        notice=notice.pk,
        kind=notice.kind,
        ticket=notice.ticket_id,
        attempts=attempts,
        error=type(error).__name__,
    )
