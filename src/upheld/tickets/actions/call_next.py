"""Call the next person of a page, when the one before has had their time."""

from django.db import transaction

from upheld.tickets import letters, paging
from upheld.tickets.models import Page
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen, write_down


@transaction.atomic
def call_next(page_id: int, moment: Moment) -> bool:
    """Call whoever is next in line where that is due, or end the page where nothing calls for it any more; returns
    whether it did either. Nothing happens where somebody acknowledged it, or another worker did this meanwhile."""
    found = Page.objects.filter(pk=page_id, ended_at=None, next_at__lte=moment.at)
    ticket_id = found.values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        return False
    # With its ticket's row a page is locked as well; only then is it read.
    pen = Pen.on(ticket_id, moment)
    page = found.first()
    if page is None:
        return False
    over = paging.why_over(page, pen.ticket, pen.settled_steps(), moment.at)
    if over is not None:
        paging.end(page, over.because, over.at)
        return True
    paging.call_next(pen, page)
    write_down([pen])
    letters.post([pen])
    return True
