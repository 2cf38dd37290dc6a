"""What the worker of a lab has to do at which instants, so that the lab's clock can wait for it."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Min, QuerySet

from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeState, Push
from upheld.tickets.models import HeldRequest, Page, ThirdPartyWait, Ticket

# For how long (of real time) the clock waits for what does not happen, before it goes on without it.
PATIENCE = 15.0
_MOST = 200
_CHANNELS = ("upheld_mail", "upheld_clock", "upheld_notice", "upheld_push")
_Due = tuple[str, int, datetime]


def _sources() -> Iterator[tuple[QuerySet[Any], str]]:
    yield RawMail.objects.filter(state=MailState.WAITING), "next_try_at"
    yield Ticket.objects.all(), "wake_at"
    yield HeldRequest.objects.all(), "wake_at"
    yield Page.objects.filter(ended_at=None), "next_at"
    yield ThirdPartyWait.objects.filter(ended_at=None), "remind_at"
    yield Notice.objects.filter(state=NoticeState.WAITING), "next_try_at"
    yield Push.objects.filter(state=NoticeState.WAITING), "next_try_at"


def next_work(now: datetime) -> datetime | None:
    """Return when the worker has something to do next."""
    return min(filter(None, (_next(rows, field, now) for rows, field in _sources())), default=None)


def _next(rows: QuerySet[Any], field: str, now: datetime) -> datetime | None:
    at: datetime | None = rows.filter(**{f"{field}__gt": now}).aggregate(at=Min(field))["at"]
    return at


class Quiet:
    """Knows whether everything is done that is due. What stays undone too long is waited for no more."""

    def __init__(self) -> None:
        self._given_up: frozenset[_Due] = frozenset()
        self._since: float | None = None

    def reached(self, now: datetime) -> bool:
        """Whether the worker has nothing to do at `now`; if it has, it is told so."""
        due = frozenset(_due(now))
        self._given_up &= due
        if due <= self._given_up:
            self._since = None
            return True
        self._since = self._since or time.monotonic()
        if time.monotonic() - self._since > PATIENCE:
            self._given_up, self._since = due, None
            return True
        with connection.cursor() as cursor:
            for channel in _CHANNELS:
                cursor.execute(f"notify {channel}")
        return False


def _due(now: datetime) -> Iterator[_Due]:
    for rows, field in _sources():
        late = rows.filter(**{f"{field}__lte": now}).order_by(field, "pk")
        for pk, at in late.values_list("pk", field)[:_MOST]:
            yield rows.model.__name__, pk, at
