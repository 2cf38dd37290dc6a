"""What every change of a desk's staff keeps: that somebody administers the desk, and that nobody reaches further than
the desks that they administer."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.people.models import Agent, Membership
from upheld.rules.permissions import Act, Role, allowed


class StaffRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """What was asked cannot be done to a desk's staff; the message says why, and what to do instead."""


def lock_desk(desk_id: int) -> Desk:
    """Return the desk, locked: of two changes of its staff the second sees what the first one did."""
    return Desk.objects.select_for_update().get(pk=desk_id)


def working_on(desk: Desk) -> QuerySet[Agent]:
    """Return who works on a desk, signed in or not."""
    return Agent.objects.filter(memberships__desk=desk).select_related("user")


def agent_of(desk: Desk, agent_id: int) -> Agent:
    """Return an agent who works on the desk; raises StaffRefused for anybody else."""
    agent = working_on(desk).filter(pk=agent_id).first()
    if agent is None:
        raise StaffRefused(_("Choose somebody who works on this desk."))
    return agent


def refuse_without_administrator(desk: Desk, leaving: Agent) -> None:
    """Raise StaffRefused where nobody who can sign in would administer the desk without this agent. The desk is
    locked."""
    others = Membership.objects.filter(
        desk=desk, role=Role.administrator.value, agent__user__is_active=True
    ).exclude(agent=leaving)
    is_one = Membership.objects.filter(desk=desk, role=Role.administrator.value, agent=leaving).exists()
    if is_one and not others.exists():
        raise StaffRefused(
            _("%(name)s is the last administrator of %(desk)s. Make somebody else one first.")
            % {"name": leaving.name, "desk": desk.name}
        )


def administers_all_of(by: Agent, agent: Agent) -> bool:
    """Whether `by` administers every desk on which `agent` works: what concerns the account reaches all of them."""
    theirs = set(agent.memberships.values_list("desk_id", flat=True))
    administered = {each.desk_id for each in by.memberships.all() if allowed(Role(each.role), Act.administer)}
    return theirs <= administered
