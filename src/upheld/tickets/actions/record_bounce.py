"""A mail of ours came back: mark its notice, keep the report on the ticket, tell who is responsible."""

from dataclasses import dataclass

from django.db import transaction

from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.rules.one_line import one_line
from upheld.tickets import letters
from upheld.tickets.actions.receive_message import write_down
from upheld.tickets.effects import carry_out
from upheld.tickets.incoming import Incoming
from upheld.tickets.models import Message
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says of a mail of ours. `final` says that it will not try again."""

    recipient: str
    status: str
    final: bool


@transaction.atomic(savepoint=False)
def record_bounce(notice: Notice, report: Report, incoming: Incoming, moment: Moment) -> Message | None:
    """Mark the notice, once, if the report is final; keep the report as a machine's message on the notice's ticket.

    The responsible agents hear of it unless the notice was to an agent: what comes back from them ends here.
    """
    if notice.ticket_id is None:
        _mark(notice, report, incoming)
        return None
    pen = Pen.on(notice.ticket_id, moment)
    message = write_down(pen, incoming)
    if notice.kind == NoticeKind.SIDE:
        message.side_id = notice.data["side"]
        message.save(update_fields=["side"])
    to_somebody_outside = notice.participant_id is not None or notice.kind == NoticeKind.SIDE
    news_to_tell = _mark(notice, report, incoming) and to_somebody_outside
    standing, news = pen.close()
    if news_to_tell:
        for agent in pen.circle.responsible(pen.ticket):
            letters.tell_bounced(pen, agent, notice, _recipient(notice, report), one_line(report.status, 20))
    carry_out(pen, standing, news)
    return message


def _mark(notice: Notice, report: Report, incoming: Incoming) -> bool:
    """Whether this report is the first final one."""
    if not report.final:
        return False
    said = one_line(f"bounced: {report.status} {_recipient(notice, report)}", 400)
    unmarked = Notice.objects.filter(pk=notice.pk).exclude(state=NoticeState.BOUNCED)
    return bool(unmarked.update(state=NoticeState.BOUNCED, bounced_at=incoming.received_at, last_error=said))


def _recipient(notice: Notice, report: Report) -> str:
    return one_line(report.recipient, 254) or notice.to_address
