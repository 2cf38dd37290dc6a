"""Link a ticket with work in another program, say how that stands, and take the link back."""

from django.db import transaction

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.noting_third_party import REFERENCE, web_address
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import OutsideWork
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.search_text import add_words

TITLE = 250
MOST = 50


@transaction.atomic
def add_outside_work(
    ticket_id: int,
    agent: Agent,
    moment: Moment,
    *,
    title: str,
    reference: str = "",
    url: str = "",
    state: str = "",
) -> OutsideWork:
    """Link the ticket with work in another program. Raises NotAllowed, or Refused."""
    title, reference = " ".join(title.split()), " ".join(reference.split())
    if not title and not reference:
        raise Refused("Say what the work is: a title, or its reference in the other program.")
    if len(title) > TITLE or len(reference) > REFERENCE:
        raise Refused(f"That is too long. A title has up to {TITLE} letters, a reference {REFERENCE}.")
    url, known = web_address(url), _state(state or OutsideWork.State.OPEN)
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_outside_work, pen.ticket)
    if OutsideWork.objects.filter(ticket=pen.ticket, removed_at=None).count() >= MOST:
        raise Refused(f"A ticket is linked with up to {MOST} pieces of work. Take one back first.")
    work = OutsideWork.objects.create(
        ticket=pen.ticket,
        title=title or reference,
        reference=reference,
        url=url,
        state=known,
        added_at=moment.at,
        added_by=agent,
        changed_at=moment.at,
    )
    _tell(pen, agent, work, "added")
    add_words(pen.ticket, f"{work.title} {work.reference}")
    return work


@transaction.atomic
def change_outside_work(
    ticket_id: int, work_id: int, agent: Agent, state: str, moment: Moment
) -> OutsideWork:
    """Say how the work stands. Raises NotAllowed, OutsideWork.DoesNotExist, or Refused for a state that is none."""
    pen, work, known = *_found(ticket_id, work_id, agent, moment), _state(state)
    if work.state != known:
        work.state, work.changed_at = known, moment.at
        work.save(update_fields=["state", "changed_at"])
        _tell(pen, agent, work, "changed")
    return work


@transaction.atomic
def remove_outside_work(ticket_id: int, work_id: int, agent: Agent, moment: Moment) -> OutsideWork:
    """Take the link back; the story keeps that it was there. Raises NotAllowed, or OutsideWork.DoesNotExist."""
    pen, work = _found(ticket_id, work_id, agent, moment)
    work.removed_at = moment.at
    work.save(update_fields=["removed_at"])
    _tell(pen, agent, work, "removed")
    return work


def _found(ticket_id: int, work_id: int, agent: Agent, moment: Moment) -> tuple[Pen, OutsideWork]:
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.change_outside_work, pen.ticket)
    return pen, OutsideWork.objects.get(pk=work_id, ticket=pen.ticket, removed_at=None)


def _state(text: str) -> OutsideWork.State:
    try:
        return OutsideWork.State(text)
    except ValueError:
        raise Refused("Choose how the work stands from the list.") from None


def _tell(pen: Pen, agent: Agent, work: OutsideWork, what: str) -> None:
    named = {"title": work.title, "reference": work.reference, "state": work.state}
    pen.fact("outside_work", Actor.agent, agent=agent, what=what, **named)
    standing, news = pen.close()
    carry_out(pen, standing, news)
