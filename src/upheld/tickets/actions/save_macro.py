"""Keep a macro, the agent's own or the desk's; change it, and remove it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from upheld.desks import audit
from upheld.people.models import Agent
from upheld.rules.macro_steps import Known, faults, in_order
from upheld.rules.one_line import one_line
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_own, demand_to_keep
from upheld.tickets.models import Macro

LONGEST_NAME = 80
MOST_OF_ONE = 200


@transaction.atomic
def save_macro(
    agent: Agent,
    desk_id: int,
    name: str,
    steps: Sequence[Mapping[str, Any]],
    known: Known,
    now: datetime,
    *,
    shared: bool,
    changes: Macro | None = None,
) -> Macro:
    """Keep steps under a name: for the agent alone, or `shared` with the desk. `changes` is the one that it replaces,
    `known` what there is on the desk.

    Raises NotAllowed for what is the desk's without the right to share, and Refused for what the desk cannot do.
    """
    demand_to_keep(agent, desk_id, shared=shared)
    if changes is not None:
        demand_own(agent, changes)
    name = one_line(name, LONGEST_NAME)
    if not name:
        raise Refused("Give it a name, under which you will find it.")
    if wrong := faults(steps, known):
        raise Refused(wrong[0].words)
    owner = None if shared else agent
    if changes is None and Macro.objects.filter(desk_id=desk_id, agent=owner).count() >= MOST_OF_ONE:
        raise Refused(f"There are {MOST_OF_ONE} already. Remove some that nobody uses.")
    row = changes or Macro()
    was_shared = changes is not None and changes.agent_id is None
    row.desk_id, row.agent, row.name, row.changed_at = desk_id, owner, name, now
    row.steps = [dict(each) for each in in_order(steps)]
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            f"There is one called “{name}” already. Take another name, or change that one."
        ) from None
    if shared or was_shared:
        _audit(row, agent, now, "macro kept")
    return row


@transaction.atomic
def remove_macro(agent: Agent, row: Macro, now: datetime) -> None:
    """Remove a macro. Raises NotAllowed for the desk's without the right to share."""
    demand_own(agent, row)
    if row.agent_id is None:
        _audit(row, agent, now, "macro removed")
    row.delete()


def _audit(row: Macro, agent: Agent, now: datetime, what: str) -> None:
    audit.record(at=now, actor=agent.address, action=what, subject=row.name, desk=row.desk, steps=row.steps)
