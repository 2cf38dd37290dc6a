"""Up to which instant may the policy's consequences be recorded? Not as far as a mail that nobody has read yet.

Whoever stores a mail holds the mail lock together with all others who store, reads the clock under it, inserts and
commits. Whoever settles clocks takes the same lock alone for a moment. When they get it, every mail whose receipt is
not after their own reading of the clock is committed, so the oldest waiting mail that they then see is the oldest.

So it is with broadcasts: what was told to all at the press of Send counts then, on every ticket, and the worker writes
the copies afterwards. And with whatever an agent pressed and may still take back.

Parked mail holds up nothing, nor does mail that a person asked to be read again: clocks have long passed its receipt,
and must not be seen to go back. If it turns out to be an answer, it is recorded as one that arrived late.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Min, Q

from upheld.mailboxes.models import MailState, RawMail
from upheld.tickets.moment import Moment
from upheld.tickets.pressing import oldest_waiting
from upheld.tickets.problems import BROADCAST_LOCK, oldest_under_way

_A_MICROSECOND = timedelta(microseconds=1)
MAIL_LOCK = 0x75706D61696C  # "upmail": the advisory lock of those who store mail


def moment(
    desk_id: int | None, now: datetime, *, reading: int | None = None, doing: int | None = None
) -> Moment:
    """Return the moment at which a desk's tickets may be settled; for all desks together where `desk_id` is None.

    `now` was read before the call; `reading` is the mail that the caller is just taking in, `doing` the press that is
    just done: they hold up nothing. Inside an open transaction the lock is given back all the same.
    """
    _let_those_who_store_finish()
    waiting = RawMail.objects.filter(state=MailState.WAITING, settled_at=None).exclude(pk=reading)
    if desk_id is not None:
        waiting = waiting.filter(Q(mailbox__desk_id=desk_id) | Q(mailbox=None))
    oldest = (
        waiting.aggregate(oldest=Min("received_at"))["oldest"],
        oldest_under_way(desk_id),
        oldest_waiting(desk_id, doing=doing),
    )
    # Not even at their very instant: what is due then does not happen if they prevent it.
    before = (each - _A_MICROSECOND for each in oldest if each is not None)
    return Moment(at=now, settled_by=min((now, *before)))


def _let_those_who_store_finish() -> None:
    # One statement, so that no error can come between: PostgreSQL works out a select list from left to right.
    locks = [MAIL_LOCK, MAIL_LOCK, BROADCAST_LOCK, BROADCAST_LOCK]
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_lock(%s), pg_advisory_unlock(%s), pg_advisory_lock(%s), pg_advisory_unlock(%s)",
            locks,
        )
