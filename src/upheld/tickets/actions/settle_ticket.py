"""Bring one ticket up to now: record what its policy made happen meanwhile."""

from django.db import transaction

from upheld.policy import Consequence
from upheld.tickets.effects import carry_out
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def settle_ticket(ticket_id: int, moment: Moment) -> list[Consequence]:
    """Record and carry out the consequences that held by `moment.settled_by`, each once; return the new ones.

    Each is stamped with the instant at which it held, so that it does not matter when, or how often, this runs.
    """
    pen = Pen.on(ticket_id, moment)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return news
