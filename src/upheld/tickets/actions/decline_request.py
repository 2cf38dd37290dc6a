"""Decline a held request: it gets no number. Nothing of it is deleted, and it can be admitted later."""

from django.db import transaction

from upheld.desks.audit import record
from upheld.people.models import Agent
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.tickets import held_letters
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.held import take
from upheld.tickets.models import HeldRequest, HeldState
from upheld.tickets.moment import Moment

LONGEST_REASON = 500
LONGEST_LETTER = 5000


@transaction.atomic
def decline_request(held_id: int, agent: Agent, moment: Moment, *, reason: str, letter: str) -> HeldRequest:
    """Decline a request. `reason` is for the desk; `letter` is sent to its sender as it stands, and an empty one is not
    sent, for whoever only advertises. Declining twice changes nothing. Raises as `admit_request` does.
    """
    held = take(held_id, agent)
    demand_on(agent, Act.decline_request, held.desk_id)
    if held.state == HeldState.ADMITTED:
        assert held.ticket is not None  # noqa: S101 - it is what an admitted one became
        raise Refused(f"It was admitted meanwhile: {held.ticket.number}.")
    if held.state == HeldState.DECLINED:
        return held
    reason, letter = one_line(reason, LONGEST_REASON), letter.strip()
    if not reason:
        raise Refused("Say why it is declined, so that others understand it later.")
    if len(letter) > LONGEST_LETTER:
        raise Refused(f"The letter is longer than {LONGEST_LETTER} characters. Make it shorter.")
    if letter:
        held_letters.tell_declined(held, letter, agent, moment.at)
    held.state, held.wake_at = HeldState.DECLINED, None
    held.decided_at, held.decided_by, held.decision = moment.at, agent, reason
    held.save(update_fields=["state", "wake_at", "decided_at", "decided_by", "decision"])
    record(
        at=moment.at,
        actor=agent.address,
        action="request declined",
        subject=f"held request {held.pk}",
        desk=held.desk,
        reason=reason,
        told=bool(letter),
        restricted=held.restricted or None,
    )
    return held
