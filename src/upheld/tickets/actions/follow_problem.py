"""Let the cadence of tickets follow their problem: it is their own again when the problem is solved."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from upheld.policy import Actor
from upheld.tickets import letters
from upheld.tickets.effects import gather
from upheld.tickets.models import Affected, StoryEvent, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen, write_down
from upheld.tickets.problems import DONE
from upheld.tickets.versions import status_in, versions_of

BATCH = 100


@transaction.atomic
def follow_problem(problem_id: int, moment: Moment) -> int:
    """Say in the stories of a problem's tickets, a batch at a time, that it was solved, or is open again; returns how
    many were left behind. Each line stands at the instant at which the problem's status changed."""
    problem = Ticket.objects.get(pk=problem_id)
    solved = problem.status_category in DONE
    rows = Affected.objects.filter(problem_id=problem_id, left_at=None)
    behind = rows.filter(Q(solved_at=None) if solved else Q(solved_at__isnull=False)).order_by("ticket_id")
    ids = list(behind.values_list("ticket_id", flat=True)[:BATCH])
    if not ids:
        return 0
    since = _since(problem)
    pens = {pen.ticket.pk: pen for pen in Pen.on_each(ids, moment)}
    # Asked again under the locks: another worker, or an agent, may have been there.
    batch = list(behind.filter(ticket_id__in=ids))
    for row in batch:
        pens[row.ticket_id].fact(
            "problem_left" if solved else "problem_joined",
            Actor.system,
            at=max(since, row.joined_at),
            number=problem.number,
            because="solved" if solved else "reopened",
        )
        row.solved_at = since if solved else None
    _write(list(pens.values()))
    Affected.objects.bulk_update(batch, ["solved_at"])
    return len(batch)


def _since(problem: Ticket) -> datetime:
    """Since when the problem is solved, or open again: its first status of this kind in a row."""
    policies = versions_of(problem).policies
    solved, since = problem.status_category in DONE, problem.received_at
    moves = StoryEvent.objects.filter(ticket=problem, kind="status").order_by("-at", "-seq")
    for at, to, held_at in moves.values_list("at", "data__to", "data__held_at"):
        if status_in(policies, to).is_done != solved:
            break
        # Behind a consequence of the same instant, the line stands just after it; what counts is when it held.
        since = datetime.fromisoformat(held_at) if held_at else at
    return since


def _write(pens: Sequence[Pen]) -> None:
    settled = [(pen, *pen.settle()) for pen in pens]
    write_down(pens)
    for pen, standing, news in settled:
        gather(pen, standing, news)
    letters.post(pens)
