"""What agents are told of what they and their colleagues write and press."""

from datetime import datetime

from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Agent
from upheld.tickets import alerting
from upheld.tickets.keys import new_message_id
from upheld.tickets.letters.posting import iso, post, sender_of, store, to_agent
from upheld.tickets.models import Message, Press
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


def tell_mentioned(pen: Pen, agent: Agent, message: Message, *, by: str) -> None:
    """Tell an agent that a colleague has named them in a note."""
    to_agent(pen, agent, NoticeKind.MENTIONED, key=f"mentioned:{message.pk}", message_ref=message.pk, by=by)


def tell_not_done(press: Press, now: datetime) -> None:
    """Tell an agent that what they pressed could not be done when its time came, and why. Posted at once."""
    data = {"pressed": press.kind, "why": press.why, "pressed_at": iso(press.pressed_at)}
    if press.ticket_id is None:
        _tell_about_many(press, data, now)
        return
    pen = Pen.on(press.ticket_id, Moment.exactly(now))
    to_agent(pen, press.agent, NoticeKind.NOT_DONE, key=f"not-done:{press.pk}", **data)
    post([pen])


def _tell_about_many(press: Press, data: dict[str, str | None], now: datetime) -> None:
    notice = Notice(
        desk_id=press.desk_id,
        kind=NoticeKind.NOT_DONE,
        key=f"not-done:{press.pk}:agent:{press.agent_id}",
        to_address=press.agent.address,
        to_name=press.agent.name,
        message_id=new_message_id(0, sender_of(press.desk_id)),
        data={**data, "zone": press.agent.zone or press.desk.zone},
        created_at=now,
        next_try_at=now,
    )
    store(alerting.keep([alerting.alert_of(notice, press.agent)], [notice]))
