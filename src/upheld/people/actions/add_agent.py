"""Let somebody answer on a desk."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, Membership, User
from upheld.rules.permissions import Role


@transaction.atomic
def add_agent(
    desk: Desk, *, address: str, name: str, role: Role, password: str | None = None, by: str, now: datetime
) -> Agent:
    """Make the user where there is none, and give them `role` on the desk; a known one changes role only."""
    address = address.strip().lower()
    user = User.objects.filter(email=address).first()
    if user is None:
        user = User.objects.create_user(address, password, name)
    agent, _ = Agent.objects.get_or_create(user=user, defaults={"zone": desk.zone})
    Membership.objects.update_or_create(agent=agent, desk=desk, defaults={"role": role.value})
    record(at=now, actor=by, action="agent added", subject=address, desk=desk, role=role.value)
    return agent
