"""Say that a ticket is spam, and take that back."""

from django.db import transaction
from django.db.models import Q

from upheld.notices.models import Alert, Notice, NoticeState, Push
from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Affected, Merge, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen

LEFT_OUT = "the ticket is spam"


@transaction.atomic
def mark_spam(ticket_id: int, agent: Agent, moment: Moment) -> Ticket:
    """Mark a ticket as spam: it is in no list but that of spam, nothing on it is judged from here on, and nothing about
    it leaves that has not left. Raises NotAllowed, or Refused for one that is more than one stranger's mail."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.mark_spam, pen.ticket)
    if pen.ticket.is_spam:
        raise Refused(f"{pen.ticket.number} is marked as spam already.")
    if Merge.objects.filter(survivor=pen.ticket, undone_at=None).exists():
        raise Refused("Other tickets are part of this one. Take those merges back first.")
    if Affected.objects.filter(ticket=pen.ticket, left_at=None).exists():
        raise Refused("This ticket has a problem in common with others. Take it out of the problem first.")
    pen.ticket.is_spam = True
    pen.ticket.save(update_fields=["is_spam"])
    pen.fact("spam", Actor.agent, agent=agent)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    _keep_back(pen)
    return pen.ticket


@transaction.atomic
def unmark_spam(ticket_id: int, agent: Agent, moment: Moment) -> Ticket:
    """Take back that a ticket is spam: its clocks are as if they had never stopped, and what was kept from its customer
    leaves now. Raises NotAllowed, or Refused for one that is none."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.mark_spam, pen.ticket)
    if not pen.ticket.is_spam:
        raise Refused(f"{pen.ticket.number} is not marked as spam.")
    pen.ticket.is_spam = False
    pen.ticket.save(update_fields=["is_spam"])
    pen.fact("not_spam", Actor.agent, agent=agent)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    kept = Notice.objects.filter(
        ticket_id=pen.ticket.pk,
        participant_id__isnull=False,
        state=NoticeState.LEFT_OUT,
        last_error=LEFT_OUT,
    )
    kept.update(state=NoticeState.WAITING, last_error="", next_try_at=moment.at)
    return pen.ticket


def _keep_back(pen: Pen) -> None:
    """Leave out what waits to leave, but for what is on its way this very moment."""
    now = pen.moment.at
    to_customers, not_begun = Q(participant_id__isnull=False), Q(rendered=None)
    waiting = Notice.objects.filter(ticket_id=pen.ticket.pk, state=NoticeState.WAITING)
    ids = (
        waiting.filter(to_customers | not_begun)
        .select_for_update(skip_locked=True)
        .values_list("pk", flat=True)
    )
    Notice.objects.filter(pk__in=list(ids)).update(state=NoticeState.LEFT_OUT, last_error=LEFT_OUT)
    alerts = Alert.objects.filter(ticket_id=pen.ticket.pk)
    pushes = Push.objects.filter(alert__in=alerts.values("pk"), state=NoticeState.WAITING)
    pushes.update(state=NoticeState.LEFT_OUT, last_error=LEFT_OUT)
    alerts.filter(read_at=None).update(read_at=now)
