"""Press something that may be taken back for a while; take it back, or let it happen at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.models import DraftFile, Press
from upheld.tickets.moment import Moment
from upheld.tickets.pressing import deed_of, waiting
from upheld.tickets.problems import BROADCAST_LOCK

MOST_TRIES = 5


@transaction.atomic
def press(
    agent: Agent,
    desk_id: int,
    kind: str,
    payload: Mapping[str, Any],
    moment: Moment,
    *,
    ticket_id: int | None = None,
    files: Sequence[DraftFile] = (),
) -> Press:
    """Store what an agent pressed at `moment`. It happens after their own `undo_seconds`, at once where those are none.

    Raises NotAllowed or Refused for what would be refused now anyway.
    """
    # Whoever settles clocks waits until this row can be seen, as they wait for mail.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock_shared(%s)", [BROADCAST_LOCK])
    wait = timedelta(seconds=min(agent.undo_seconds, settings.LONGEST_UNDO))
    row = Press.objects.create(
        agent=agent,
        desk_id=desk_id,
        ticket_id=ticket_id,
        kind=kind,
        payload=dict(payload),
        pressed_at=moment.at,
        leaves_at=moment.at + wait,
    )
    DraftFile.objects.filter(pk__in=[each.pk for each in files], agent=agent).update(press=row, draft=None)
    if wait:
        deed_of(row).check(row, moment)
        _wake()
    else:
        _do(row, moment)
    return row


def take_back(press_id: int, agent: Agent, now: datetime) -> Press:
    """Undo a press of the agent's own that has not happened yet; what it says is a draft again. Raises Refused where it
    has happened."""
    with transaction.atomic():
        row = _own(press_id, agent)
        row.state, row.done_at = Press.State.UNDONE, now
        row.save(update_fields=["state", "done_at"])
        _give_back(row, now)
        _wake_clocks()
    return row


def hurry(press_id: int, agent: Agent, now: datetime) -> Press:
    """Let a press of the agent's own happen now. Raises Refused where it has happened, or was taken back."""
    with transaction.atomic():
        row = _own(press_id, agent)
        row.leaves_at = now
        row.save(update_fields=["leaves_at"])
        _wake()
    return row


@transaction.atomic
def do_press(press_id: int, moment: Moment, now: datetime) -> bool:
    """Do a press whose time has come, at `moment`, which is its own; return whether it still waited. One that is
    refused is kept with the reason, its words become a draft again, and its agent is told."""
    row = waiting().select_for_update(of=("self",)).select_related("agent__user").filter(pk=press_id).first()
    if row is None:
        return False
    try:
        with transaction.atomic():
            deed_of(row).do(row, moment)
    except (Refused, NotAllowed) as problem:
        _give_up(row, str(problem), now)
    else:
        row.state, row.done_at = Press.State.DONE, now
        row.save(update_fields=["state", "done_at"])
    return True


@transaction.atomic
def count_failure(press_id: int, now: datetime) -> None:
    """Note that doing a press failed for a fault of the program; after a few times it is given up, with its reason."""
    row = waiting().select_for_update(of=("self",)).select_related("agent__user").filter(pk=press_id).first()
    if row is None:
        return
    row.tries += 1
    row.save(update_fields=["tries"])
    if row.tries >= MOST_TRIES:
        _give_up(
            row,
            "It could not be done because of a fault of the program. Its log says more; try it again.",
            now,
        )


def _give_up(row: Press, why: str, now: datetime) -> None:
    row.state, row.why, row.done_at = Press.State.REFUSED, why[:500], now
    row.save(update_fields=["state", "why", "done_at"])
    _give_back(row, now)
    letters.tell_not_done(row, now)


def _give_back(row: Press, now: datetime) -> None:
    """What somebody wrote is a draft of theirs again; other presses hold nothing that could be lost."""
    deed = deed_of(row)
    if hasattr(deed, "give_back"):
        deed.give_back(row, now)


def _do(row: Press, moment: Moment) -> None:
    deed_of(row).do(row, moment)
    row.state, row.done_at = Press.State.DONE, moment.at
    row.save(update_fields=["state", "done_at"])


def _own(press_id: int, agent: Agent) -> Press:
    row = Press.objects.select_for_update(of=("self",)).filter(pk=press_id, agent=agent).first()
    if row is None or row.state != Press.State.WAITING:
        raise Refused("It is too late for that: it has happened already.")
    return row


def _wake() -> None:
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_press")


def _wake_clocks() -> None:
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_clock")
