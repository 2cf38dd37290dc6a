"""Wake the open tickets that a published version takes over, each at its effective instant.

What a version does to a ticket follows from the ticket's story and the versions of its desk, whoever evaluates and
whenever. All that is left to do is to see that somebody does at the instant: some hundreds of tickets a transaction, so
that nobody waits for long, and with a mark of how far we are, so that it goes on where it was killed.
"""

from collections.abc import Callable

from django.db import connection, transaction

from upheld.desks.models import PolicyWithdrawal, Takeover

BATCH = 500

_WAKE = """
with chosen as (
    select id from tickets_ticket
    where desk_id = %(desk)s and id > %(reached)s and status_category not in ('resolved', 'closed')
    order by id limit %(batch)s
    for update
), woken as (
    update tickets_ticket ticket set wake_at = least(wake_at, %(at)s)
    from chosen where ticket.id = chosen.id and (wake_at is null or wake_at > %(at)s)
)
select max(id), count(*) from chosen
"""


def take_over(version_id: int, *, stop: Callable[[], bool] = bool) -> int:
    """Wake the tickets of one version, from where somebody left off; return how many were looked at."""
    looked_at = 0
    while (count := _batch(version_id)) and not stop():
        looked_at += count
    return looked_at


def go_on_with_takeovers(*, stop: Callable[[], bool] = bool) -> None:
    """Finish what others began and did not finish."""
    for version_id in Takeover.objects.filter(done=False).values_list("version_id", flat=True):
        take_over(version_id, stop=stop)


@transaction.atomic
def _batch(version_id: int) -> int:
    """Wake the next tickets; 0 where none is left, or while somebody else is at it."""
    takeover = (
        Takeover.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(version_id=version_id, done=False)
        .select_related("version")
        .defer("version__source", "version__document")
        .first()
    )
    if takeover is None:
        return 0
    version = takeover.version
    values = {
        "desk": version.desk_id,
        "reached": takeover.reached,
        "at": version.effective_from,
        "batch": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WAKE, values)
        last, count = cursor.fetchone()
        if count < BATCH:
            cursor.execute("notify upheld_clock")
    withdrawn = PolicyWithdrawal.objects.filter(version=version).exists()
    takeover.reached, takeover.done = last or takeover.reached, withdrawn or count < BATCH
    takeover.save(update_fields=["reached", "done"])
    return int(count)
