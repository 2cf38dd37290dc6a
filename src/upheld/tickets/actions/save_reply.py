"""Keep a text that is used again, the agent's own or the desk's; change it, and remove it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from upheld.desks import audit
from upheld.people.models import Agent
from upheld.rules.one_line import one_line
from upheld.rules.placeholders import PLACEHOLDERS, unknown_in
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_own, demand_to_keep
from upheld.tickets.models import SavedReply

LONGEST_NAME = 80
LONGEST_TEXT = 20_000
MOST_OF_ONE = 300


@transaction.atomic
def save_reply(
    agent: Agent,
    desk_id: int,
    name: str,
    text: str,
    now: datetime,
    *,
    shared: bool,
    changes: SavedReply | None = None,
) -> SavedReply:
    """Keep a text under a name: for the agent alone, or `shared` with the desk. `changes` is the one that it replaces.

    Raises NotAllowed for what is the desk's without the right to share, and Refused where something is missing, or
    where it names a placeholder that there is not.
    """
    demand_to_keep(agent, desk_id, shared=shared)
    if changes is not None:
        demand_own(agent, changes)
    name, text = one_line(name, LONGEST_NAME), text.strip("\n")
    _check(name, text)
    owner = None if shared else agent
    if changes is None and SavedReply.objects.filter(desk_id=desk_id, agent=owner).count() >= MOST_OF_ONE:
        raise Refused(f"There are {MOST_OF_ONE} already. Remove some that nobody uses.")
    row = changes or SavedReply()
    row.desk_id, row.agent, row.name, row.text, row.changed_at = desk_id, owner, name, text, now
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            f"There is one called “{name}” already. Take another name, or change that one."
        ) from None
    if shared or (changes is not None and changes.agent_id is None):
        audit.record(
            at=now,
            actor=agent.address,
            action="saved reply kept",
            subject=name,
            desk=row.desk,
            text=text,
        )
    return row


@transaction.atomic
def remove_saved_reply(agent: Agent, row: SavedReply, now: datetime) -> None:
    """Remove a saved text. Raises NotAllowed for the desk's without the right to share."""
    demand_own(agent, row)
    if row.agent_id is None:
        audit.record(
            at=now,
            actor=agent.address,
            action="saved reply removed",
            subject=row.name,
            desk=row.desk,
            text=row.text,
        )
    row.delete()


def _check(name: str, text: str) -> None:
    if not name:
        raise Refused("Give it a name, under which you will find it.")
    if not text.strip():
        raise Refused("Write the text.")
    if len(text) > LONGEST_TEXT:
        raise Refused(f"The text is too long: {LONGEST_TEXT} characters are enough for a reply.")
    if unknown := unknown_in(text):
        raise Refused(
            f"There is no placeholder {', '.join(unknown)}. These can be used: {', '.join(sorted(PLACEHOLDERS))}."
        )
