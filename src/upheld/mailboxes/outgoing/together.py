"""Alerts that wait for the same agent leave in one mail: nobody reads fifty.

How fast they leave is a rule (`rules.alert_pace`): after three alone within a minute, or several together, what comes
waits for a minute and leaves together. A page waits for nothing. What is over before it could leave is left out.

The mail is the first notice's; each of the others names it as `together_with`. They wait, far enough away that nobody
sends them, and become sent when the first one does, in its transaction. Should it never leave - given up, or refused
for good - they come up again by themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from upheld.notices.models import AlertPace, Notice, NoticeKind, NoticeState
from upheld.rules.alert_pace import Pace, leave_together
from upheld.tickets.alerting import over

# One mail tells of no more; the rest leaves a minute later.
MOST = 5000
TOGETHER = "together"
_WITH = "together_with"
_ASIDE = timedelta(days=1)
_ALERTS = (
    NoticeKind.WARNING,
    NoticeKind.BREACH,
    NoticeKind.ESCALATED,
    NoticeKind.THIRD_PARTY,
    NoticeKind.HELD_ALERT,
    NoticeKind.PAGED,
)


@dataclass(frozen=True, slots=True)
class Going:
    """What is to be made of an alert now: nothing where it `stays`, one mail with `others`, or one alone."""

    stays: bool = False
    others: tuple[Notice, ...] = ()


def is_alert(notice: Notice) -> bool:
    """Whether a notice is one of those that leave together, and was never tried."""
    return notice.kind in _ALERTS and not notice.attempts


def hold_pace(notice: Notice) -> None:
    """Let whoever sends others to the same agent wait here until the caller's transaction ends."""
    _locked_pace(notice)


def going(notice: Notice, now: datetime) -> Going:
    """Decide about a locked alert whose pace is held, and about all that wait with it."""
    pace, waiting = _pace(_locked_pace(notice)), [notice, *_waiting_with(notice, now)]
    if rests := pace.rests_until(now):
        put_off = [each.pk for each in waiting if not _is_page(each)]
        Notice.objects.filter(pk__in=put_off).update(next_try_at=rests)
        waiting = [each for each in waiting if _is_page(each)]
    waiting = _without_what_is_over(waiting)
    if all(each.pk != notice.pk for each in waiting):
        return Going(stays=True)
    if not leave_together(len(waiting)):
        return Going()
    return Going(others=tuple(each for each in waiting if each.pk != notice.pk))


def note_leaving(notice: Notice, now: datetime, *, together: bool) -> None:
    """Keep that a mail to the agent was made, for the pace of those that follow."""
    row = _locked_pace(notice)
    pace = _pace(row).after(now, together=together)
    row.left_at, row.was_together = [each.isoformat() for each in pace.left_at], pace.was_together
    row.save(update_fields=["left_at", "was_together"])


def join(notice: Notice, others: Sequence[Notice], raw: bytes, now: datetime) -> None:
    """Store the one mail with its first notice, and put the others aside."""
    notice.data[TOGETHER] = len(others)
    Notice.objects.filter(pk=notice.pk).update(rendered=raw, data=notice.data)
    said = f"Leaves in one mail with the alert about {notice.ticket_number or 'a held request'}."
    with connection.cursor() as cursor:
        cursor.execute(
            "update notices_notice set data = data || jsonb_build_object(%s, %s::bigint), next_try_at = %s,"
            " last_error = %s where id = any(%s)",
            [_WITH, notice.pk, now + _ASIDE, said, [each.pk for each in others]],
        )


def all_sent(notice: Notice, now: datetime) -> None:
    """Mark those that left with a notice."""
    _still_with(notice).update(state=NoticeState.SENT, sent_at=now, last_error="")


def still_waiting(notice: Notice, next_try_at: datetime) -> None:
    """Keep those aside that wait with a notice."""
    _still_with(notice).update(next_try_at=next_try_at + _ASIDE)


def let_go(notice: Notice, now: datetime) -> None:
    """Let those leave that would have left with a notice which never will: at once, since nothing left."""
    if _still_with(notice).update(next_try_at=now, last_error=""):
        AlertPace.objects.filter(desk_id=notice.desk_id, to_address=notice.to_address).delete()


def leave_out(notices: Iterable[Notice], why: str) -> None:
    """Send these no more: what they tell of is over."""
    ids = [each.pk for each in notices]
    Notice.objects.filter(pk__in=ids).update(state=NoticeState.LEFT_OUT, last_error=f"Left out: {why}.")


def _without_what_is_over(notices: Sequence[Notice]) -> list[Notice]:
    found = over(notices)
    by_reason: defaultdict[str, list[Notice]] = defaultdict(list)
    for each in notices:
        if each.pk in found:
            by_reason[found[each.pk].value].append(each)
    for why, some in by_reason.items():
        leave_out(some, why)
    return [each for each in notices if each.pk not in found]


def _waiting_with(notice: Notice, now: datetime) -> list[Notice]:
    """The alerts, locked, that wait for the same agent on the same desk and were never tried."""
    waiting = Notice.objects.filter(
        state=NoticeState.WAITING,
        next_try_at__lte=now,
        kind__in=_ALERTS,
        desk_id=notice.desk_id,
        to_address=notice.to_address,
        rendered=None,
        attempts=0,
    ).exclude(pk=notice.pk)
    # Not skipping what is locked: another sender that just looks at one has it for a moment only.
    locked = waiting.select_for_update(of=("self",)).order_by("next_try_at", "id")
    return list(locked.defer("rendered")[: MOST - 1])


def _locked_pace(notice: Notice) -> AlertPace:
    place = {"desk_id": notice.desk_id, "to_address": notice.to_address}
    AlertPace.objects.bulk_create([AlertPace(**place)], ignore_conflicts=True)
    return AlertPace.objects.select_for_update(of=("self",)).get(**place)


def _pace(row: AlertPace) -> Pace:
    return Pace(tuple(map(datetime.fromisoformat, row.left_at)), row.was_together)


def _is_page(notice: Notice) -> bool:
    return notice.kind == NoticeKind.PAGED or bool(notice.data.get("page"))


def _still_with(notice: Notice) -> QuerySet[Notice]:
    if TOGETHER not in notice.data:
        return Notice.objects.none()
    waiting = Notice.objects.filter(state=NoticeState.WAITING, data__has_key=_WITH)
    return waiting.filter(**{f"data__{_WITH}": notice.pk})
