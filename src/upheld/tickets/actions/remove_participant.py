"""Put somebody out of a ticket."""

from django.db import transaction
from django.db.models import F

from upheld.people.models import Agent
from upheld.policy import Actor
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Participant
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen


@transaction.atomic
def remove_participant(ticket_id: int, participant_id: int, agent: Agent, moment: Moment) -> Participant:
    """End somebody's part in a ticket: every link and reply address made for them before is dead, and nothing more is
    sent to them. Raises NotAllowed, Participant.DoesNotExist, or Refused for the requester; twice changes nothing."""
    pen = Pen.on(ticket_id, moment)
    demand(agent, Act.remove_participant, pen.ticket)
    participant = pen.ticket.participants.select_related("contact").get(pk=participant_id)
    if participant.is_requester:
        raise Refused("The request is theirs. Whoever asked cannot be put out of their own request.")
    if participant.removed_at is None:
        participant.removed_at = moment.at
        participant.key_serial = F("key_serial") + 1
        participant.save(update_fields=["removed_at", "key_serial"])
        participant.refresh_from_db(fields=["key_serial"])
        pen.fact("removed", Actor.agent, agent=agent, participant=participant.pk)
    standing, news = pen.close()
    carry_out(pen, standing, news)
    return participant
