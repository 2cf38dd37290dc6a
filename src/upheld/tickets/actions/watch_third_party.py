"""Note whom a ticket waits for, and see to it that somebody looks after it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.rules.third_parties import first_reminder
from upheld.tickets.actions.noting_third_party import ThirdParty, open_wait
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.actions.set_status import set_status
from upheld.tickets.effects import carry_out
from upheld.tickets.models import ThirdPartyWait
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words
from upheld.tickets.third_parties import reminder_calendar, said, wait_of


@transaction.atomic
def watch_third_party(
    ticket_id: int, agent: Agent, wanted: ThirdParty, moment: Moment, *, status: str | None = None
) -> ThirdPartyWait:
    """Note whom the ticket waits for, and set the status in the same step where one is given.

    Raises NotAllowed, or Refused where it waits for somebody already, is done, or something cannot be as it was said.
    """
    wanted = wanted.checked()
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.watch_third_party, pen.ticket)
    standing = pen.standing()
    if pen.status(standing.status).is_done:
        raise Refused("This ticket is done. Open it first, if it waits for somebody.")
    if (before := wait_of(pen.ticket)) is not None:
        raise Refused(f"This ticket waits for {before.name} already. Change that, or end it first.")
    _refuse_past(wanted.promised_at, wanted.remind_at, now=moment.at)
    calendar = reminder_calendar(pen.policy, standing)
    wait = ThirdPartyWait.objects.create(
        ticket=pen.ticket,
        begun_at=moment.at,
        begun_by=agent,
        **_columns(_reminded(wanted, first_reminder(wanted.promised_at, calendar, moment.at))),
    )
    pen.fact("third_party", Actor.agent, agent=agent, **said(wait, "watched"))
    standing, news = pen.close()
    carry_out(pen, standing, news)
    _find_by(pen, wait)
    if status and status != standing.status:
        set_status(ticket_id, agent, status, moment)
    return wait


@transaction.atomic
def change_third_party(
    ticket_id: int, wait_id: int, agent: Agent, wanted: ThirdParty, moment: Moment
) -> ThirdPartyWait:
    """Change what is noted of a wait. A reminder that was to come with the promise moves with it.

    Raises NotAllowed, or Refused.
    """
    wanted = wanted.checked()
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.watch_third_party, pen.ticket)
    wait = open_wait(pen.ticket, wait_id)
    moved = wanted.promised_at if wanted.promised_at != wait.promised_at else None
    kept = wanted.remind_at if wanted.remind_at != wait.remind_at else None
    _refuse_past(moved, kept, now=moment.at)
    follows = wait.remind_at == wait.promised_at and kept is None and wanted.promised_at != wait.promised_at
    if wanted.remind_at is None or follows:
        calendar = reminder_calendar(pen.policy, pen.standing())
        remind_at = first_reminder(wanted.promised_at, calendar, moment.at)
        wanted = replace(wanted, remind_at=remind_at)
    before = {name: getattr(wait, name) for name in _columns(wanted)}
    if before == _columns(wanted):
        return wait
    for name, value in _columns(wanted).items():
        setattr(wait, name, value)
    wait.save(update_fields=list(before))
    pen.fact("third_party", Actor.agent, agent=agent, **said(wait, "changed"))
    standing, news = pen.close()
    carry_out(pen, standing, news)
    if (before["name"], before["reference"]) != (wait.name, wait.reference):
        _find_by(pen, wait)
    return wait


def _reminded(wanted: ThirdParty, usual: datetime) -> ThirdParty:
    return wanted if wanted.remind_at else replace(wanted, remind_at=usual)


def _columns(wanted: ThirdParty) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in ThirdParty.__slots__}


def _refuse_past(promised_at: datetime | None, remind_at: datetime | None, *, now: datetime) -> None:
    if promised_at is not None and promised_at <= now:
        raise Refused("What was promised lies in the past. Give a time to come, or leave it empty.")
    if remind_at is not None and remind_at <= now:
        raise Refused("The reminder lies in the past. Give a time to come, or leave it empty.")


def _find_by(pen: Pen, wait: ThirdPartyWait) -> None:
    """Whoever knows only the other side's number finds the ticket by it."""
    add_words(pen.ticket, f"{wait.name} {wait.reference}")
