"""Remind the desk of somebody whom a ticket waits for; the wait ends with the ticket."""

from django.db import transaction

from upheld.policy import Actor, Standing
from upheld.rules.third_parties import next_reminder
from upheld.tickets import letters, restricting
from upheld.tickets.actions.end_third_party import close_wait
from upheld.tickets.effects import carry_out
from upheld.tickets.models import ThirdPartyWait
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.third_parties import done_since, reminder_calendar, said


@transaction.atomic
def remind_of_third_party(wait_id: int, moment: Moment) -> bool:
    """Tell whoever is responsible for the ticket that a wait has come to its reminder, once; returns whether anything
    was done.

    The reminder carries the instant at which it was due. The next one is on the business day that follows, until the
    wait ends; what a worker missed while it was away is made up for by one. Where the ticket is done, the wait is over.
    """
    ticket_id = ThirdPartyWait.objects.filter(pk=wait_id).values_list("ticket_id", flat=True).first()
    if ticket_id is None:
        return False
    pen = Pen.on(ticket_id, moment)
    wait = ThirdPartyWait.objects.select_for_update().filter(pk=wait_id, ended_at=None).first()
    if wait is None:
        return False
    standing = pen.standing()
    if pen.status(standing.status).is_done:
        _end_with_ticket(pen, wait)
    elif wait.remind_at is not None and wait.remind_at <= moment.at:
        _remind(pen, wait, standing)
    else:
        return False
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return True


def _end_with_ticket(pen: Pen, wait: ThirdPartyWait) -> None:
    since = done_since(pen.ticket) or pen.moment.at
    close_wait(wait, ThirdPartyWait.Outcome.TICKET_DONE, None, max(since, wait.begun_at))
    pen.fact("third_party", Actor.system, **said(wait, wait.outcome))


def _remind(pen: Pen, wait: ThirdPartyWait, standing: Standing) -> None:
    due = wait.remind_at
    assert due is not None  # noqa: S101 - who calls has looked
    wait.reminders += 1
    wait.remind_at = next_reminder(reminder_calendar(pen.policy, standing), pen.moment.at)
    wait.save(update_fields=["reminders", "remind_at"])
    responsible = pen.circle.responsible(pen.ticket)
    for agent in responsible:
        letters.tell_third_party(pen, agent, wait, due)
    if pen.ticket.restricted and not responsible:
        restricting.tell_nobody_reads(pen, key=f"third-party:{wait.pk}:{wait.reminders}")
    names = [each.name for each in responsible]
    pen.fact("third_party", Actor.system, at=due, **said(wait, "reminded"), told=names)
