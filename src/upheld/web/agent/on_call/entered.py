"""What the forms of rotas hold, read."""

from datetime import datetime, time

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.clock import OutOfRange
from upheld.desks.models import Desk
from upheld.people.actions import RotaValues
from upheld.people.staff import StaffRefused
from upheld.rules.on_call import wall_instant
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import read_id
from upheld.web.agent.desk.vocabulary import PolicyWords


def entered_values(request: HttpRequest) -> RotaValues:
    """What a rota is to be; raises StaffRefused for what is no time of the day."""
    try:
        at = time.fromisoformat(typed(request, "hand_over_at").strip())
    except ValueError:
        raise StaffRefused(_("Write the time of the hand-over as 09:00.")) from None
    if at.tzinfo is not None or at.second or at.microsecond:
        raise StaffRefused(_("Write the time of the hand-over as 09:00."))
    weekday = typed(request, "weekday")
    return RotaValues(
        name=typed(request, "name"),
        role=typed(request, "role")[:63],
        zone=typed(request, "zone"),
        weekday=int(weekday) if weekday in set("0123456") else -1,
        hand_over_at=at,
        answer_minutes=min(read_id(typed(request, "answer_minutes")), 1000),
    )


def refuse_unknown_role(desk: Desk, role: str, now: datetime) -> None:
    """Raise StaffRefused for a role that the policy in force does not name; for none, the action says so itself."""
    if role and role not in {each.id for each in PolicyWords(desk, now).roles}:
        raise StaffRefused(_("The policy in force has no such role."))


def entered_ids(request: HttpRequest) -> list[int]:
    """The agents who were chosen, in the order of the form."""
    return [read_id(each) for each in request.POST.getlist("members")]


def entered_instant(request: HttpRequest, name: str, zone: str) -> datetime:
    """A day and time of a form, on the wall clock of a zone; raises StaffRefused for anything else."""
    try:
        local = datetime.fromisoformat(typed(request, name).strip())
        if local.tzinfo is not None:
            return local
        return wall_instant(local.date(), local.time(), zone)
    except (ValueError, OverflowError, OutOfRange):
        raise StaffRefused(_("Choose from when and until when, as 2026-03-20 18:00.")) from None
