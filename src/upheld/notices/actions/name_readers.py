"""Say who may read the restricted tickets of a desk from their receipt."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.notices.account_mail import tell_by_mail
from upheld.people.models import Agent, NamedReader
from upheld.people.staff import StaffRefused, agent_of, lock_desk


@transaction.atomic
def name_reader(desk_id: int, agent_id: int, *, by: Agent, now: datetime) -> NamedReader:
    """Name a reader; naming somebody again changes nothing. Those who were named already, and the new one, hear of it
    by mail: nobody begins to read in secret. It opens no ticket that was received before."""
    desk = lock_desk(desk_id)
    agent = agent_of(desk, agent_id)
    earlier = _named(desk)
    acting = f"{by.name} <{by.address}>"
    named, is_new = NamedReader.objects.get_or_create(
        desk=desk, agent=agent, defaults={"added_at": now, "added_by": acting}
    )
    if is_new:
        record(at=now, actor=acting, action="reader named", subject=agent.address, desk=desk)
        said = _("%(by)s has named %(name)s as a reader of restricted tickets of %(desk)s.")
        _tell(desk, [*earlier, agent], said, agent, by, now)
    return named


@transaction.atomic
def take_out_reader(desk_id: int, agent_id: int, *, by: Agent, now: datetime) -> None:
    """Name somebody a reader no more, for tickets that are received from now on; those of before keep their readers.
    Raises StaffRefused for somebody who is none."""
    desk = lock_desk(desk_id)
    earlier = _named(desk)
    named = NamedReader.objects.filter(desk=desk, agent_id=agent_id).select_related("agent__user").first()
    if named is None:
        raise StaffRefused(_("This person is no named reader of this desk."))
    named.delete()
    acting = f"{by.name} <{by.address}>"
    record(at=now, actor=acting, action="reader taken out", subject=named.agent.address, desk=desk)
    said = _("%(by)s has taken %(name)s out of the readers of restricted tickets of %(desk)s.")
    _tell(desk, earlier, said, named.agent, by, now)


def _named(desk: Desk) -> list[Agent]:
    named = Agent.objects.filter(named_on__desk=desk, user__is_active=True)
    return list(named.select_related("user").order_by("pk"))


def _tell(desk: Desk, readers: Sequence[Agent], said: str, agent: Agent, by: Agent, now: datetime) -> None:
    with translation.override(desk.language):
        subject = _("Readers of restricted tickets: %(desk)s") % {"desk": desk.name}
        text = said % {"by": by.name, "name": agent.name, "desk": desk.name}
        for reader in readers:
            tell_by_mail(
                desk, to_address=reader.address, to_name=reader.name, subject=subject, text=text, now=now
            )
