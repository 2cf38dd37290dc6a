"""What several commands ask: which desk, and who is acting. Django is set up before these are called."""

from __future__ import annotations

import getpass
import os

from upheld.config.trouble import Trouble
from upheld.desks.models import Desk
from upheld.people.models import Agent
from upheld.rules.permissions import Act, NotAllowed


def chosen_desk(slug: str) -> Desk:
    """Return the desk of this short name, or the only one there is."""
    desks = list(Desk.objects.order_by("slug"))
    if not desks:
        raise Trouble("There is no desk yet.", "Make one with `upheld setup`.")
    if not slug and len(desks) == 1:
        return desks[0]
    for desk in desks:
        if desk.slug == slug:
            return desk
    names = ", ".join(desk.slug for desk in desks)
    missing = f"There is no desk “{slug}”." if slug else "There are several desks."
    raise Trouble(missing, f"Name one with --desk: {names}.")


def agent_at(address: str) -> Agent:
    """Return the agent who signs in with this address."""
    found = Agent.objects.filter(user__email=address.strip().lower()).select_related("user").first()
    if found is None:
        raise Trouble(f"Nobody answers tickets as {address}.", "See `upheld user list`.")
    return found


def administrator_at(desk: Desk, address: str) -> Agent:
    """Return the administrator of the desk who signs in with this address."""
    from upheld.tickets.actions.rights import demand_on

    agent = agent_at(address)
    try:
        demand_on(agent, Act.administer, desk.pk)
    except NotAllowed:
        remedy = "`upheld user list` shows who does."
        raise Trouble(f"{address} does not administer {desk.name}.", remedy) from None
    return agent


def acting_person() -> str:
    """Who the audit names for a command: the system's user, since whoever may run it owns the machine."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"{name} (command line)"
