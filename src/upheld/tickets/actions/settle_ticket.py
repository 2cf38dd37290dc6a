"""Bring tickets up to now: record what their policies made happen meanwhile."""

from collections.abc import Sequence

from django.db import transaction

from upheld.policy import Consequence
from upheld.tickets import letters
from upheld.tickets.effects import carry_out, gather
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen, write_down


@transaction.atomic
def settle_ticket(ticket_id: int, moment: Moment) -> list[Consequence]:
    """Record and carry out the consequences that held by `moment.settled_by`, each once; return the new ones.

    Each is stamped with the instant at which it held, so that it does not matter when, or how often, this runs.
    """
    pen = Pen.on(ticket_id, moment)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return news


@transaction.atomic
def settle_tickets(ticket_ids: Sequence[int], moment: Moment) -> None:
    """Do for many tickets at once what `settle_ticket` does for one; where one fails, all are left as they were."""
    pens = Pen.on_each(ticket_ids, moment)
    settled = [(pen, *pen.settle()) for pen in pens]
    write_down(pens)
    for pen, standing, news in settled:
        gather(pen, standing, news)
    letters.post(pens)
