"""Alerts that would leave one by one at the same moment leave in one mail: nobody reads fifty.

The mail is the first notice's; its `data` names the `together` notices, and each of those names the first one as
`together_with`. They wait, far enough away that nobody sends them, and become sent when the first one does, in its
transaction. Should it never leave - given up, or refused for good - they come up again by themselves and leave alone.
"""

from datetime import datetime, timedelta

from upheld.notices.models import Notice, NoticeKind, NoticeState

LEAST, MOST = 3, 50
WITHIN = timedelta(minutes=1)
_ASIDE = timedelta(days=1)
_ALERTS = (NoticeKind.WARNING, NoticeKind.BREACH, NoticeKind.ESCALATED)


def leaving_with(notice: Notice, now: datetime) -> list[Notice]:
    """Return the alerts, locked, that wait for the same agent and came within the same minute; empty for too few."""
    if notice.kind not in _ALERTS or notice.attempts:
        return []
    others = (
        Notice.objects.filter(
            state=NoticeState.WAITING,
            next_try_at__lte=now,
            kind__in=_ALERTS,
            desk_id=notice.desk_id,
            to_address=notice.to_address,
            rendered=None,
            attempts=0,
            created_at__range=(notice.created_at - WITHIN, notice.created_at + WITHIN),
        )
        .exclude(pk=notice.pk)
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("next_try_at", "id")
    )
    found = list(others[: MOST - 1])
    return found if len(found) + 1 >= LEAST else []


def join(notice: Notice, others: list[Notice], raw: bytes, now: datetime) -> None:
    """Store the one mail with its first notice, and put the others aside."""
    notice.data["together"] = [other.pk for other in others]
    Notice.objects.filter(pk=notice.pk).update(rendered=raw, data=notice.data)
    for other in others:
        other.data["together_with"] = notice.pk
        other.next_try_at = now + _ASIDE
        other.last_error = f"Leaves in one mail with the alert about {notice.ticket_number}."
    Notice.objects.bulk_update(others, ["data", "next_try_at", "last_error"])


def all_sent(notice: Notice, now: datetime) -> None:
    """Mark those that left with a notice."""
    _still_with(notice).update(state=NoticeState.SENT, sent_at=now, last_error="")


def still_waiting(notice: Notice, next_try_at: datetime) -> None:
    """Keep those aside that wait with a notice."""
    _still_with(notice).update(next_try_at=next_try_at + _ASIDE)


def let_go(notice: Notice, now: datetime) -> None:
    """Let those leave alone that would have left with a notice which never will."""
    _still_with(notice).update(next_try_at=now, last_error="")


def _still_with(notice: Notice):  # type: ignore[no-untyped-def]
    ids = notice.data.get("together", [])
    return Notice.objects.filter(pk__in=ids, state=NoticeState.WAITING, data__together_with=notice.pk)
