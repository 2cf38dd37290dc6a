"""Let somebody new answer on a desk, and tell them by mail."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.notices.account_mail import tell_by_mail
from upheld.people.actions import add_agent
from upheld.people.models import Agent
from upheld.people.staff import StaffRefused, lock_desk, working_on
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Role


@transaction.atomic
def invite_agent(
    desk_id: int, *, address: str, name: str, role: Role, sign_in: str, by: Agent, now: datetime
) -> Agent:
    """Add an agent to a desk and send them the way in: `sign_in` is the address of the page that mails a code.

    Raises StaffRefused for what is no address, for a missing name, and for somebody who works there already: their
    right is changed by `change_right`, which keeps the last administrator.
    """
    desk, address, name = lock_desk(desk_id), address.strip().lower(), one_line(name, 120)
    try:
        validate_email(address)
    except ValidationError:
        raise StaffRefused(_("Write an e-mail address like ada@example.com.")) from None
    if not name:
        raise StaffRefused(_("Write the full name, as customers will see it."))
    if working_on(desk).filter(user__email=address).exists():
        raise StaffRefused(_("%(address)s works on this desk already.") % {"address": address})
    acting = f"{by.name} <{by.address}>"
    agent = add_agent(desk, address=address, name=name, role=role, by=acting, now=now)
    with translation.override(desk.language):
        tell_by_mail(
            desk,
            to_address=agent.address,
            to_name=agent.name,
            subject=_("You answer on %(desk)s") % {"desk": desk.name},
            text=_letter(desk, agent, by, sign_in),
            now=now,
        )
    return agent


def _letter(desk: Desk, agent: Agent, by: Agent, sign_in: str) -> str:
    return _(
        "Hello %(name)s,\n\n%(by)s has added you to the desk %(desk)s. Sign in with this address, %(address)s; you are"
        " sent a code, and need no password:\n\n%(sign_in)s\n\nIf you did not expect this, tell %(by)s at"
        " %(by_address)s."
    ) % {
        "name": agent.name,
        "by": by.name,
        "by_address": by.address,
        "desk": desk.name,
        "address": agent.address,
        "sign_in": sign_in,
    }
