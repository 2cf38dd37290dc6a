"""The figures over a lab's stream."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from upheld.notices.models import Notice, NoticeState
from upheld.policy import Verdict
from upheld.tickets.held import undecided
from upheld.tickets.models import StoryEvent
from upheld.tickets.queries import DONE
from upheld.tickets.visibility import AgentViewer, visible_tickets


@dataclass(frozen=True, slots=True)
class Figures:
    """How the desk stands."""

    open: int
    overdue: int
    done: int
    held: int
    met: int
    breached: int
    mails: int


def figures(viewer: AgentViewer, now: datetime) -> Figures:
    """Return what an agent may count."""
    tickets = visible_tickets(viewer)
    under_way = ~Q(status_category__in=DONE)
    counted = tickets.order_by().aggregate(
        open=Count("pk", filter=under_way),
        overdue=Count("pk", filter=under_way & Q(next_due_at__lt=now)),
        done=Count("pk", filter=~under_way),
    )
    verdicts = StoryEvent.objects.filter(kind="verdict", ticket__in=tickets.order_by().values("pk"))
    ended = verdicts.aggregate(
        met=Count("pk", filter=Q(data__verdict=Verdict.met.value)),
        breached=Count("pk", filter=Q(data__verdict=Verdict.breached.value)),
    )
    mails = Notice.objects.filter(state=NoticeState.SENT, desk_id__in=viewer.roles).count()
    return Figures(**counted, **ended, held=undecided(viewer).count(), mails=mails)
