"""Make a team, or change who is in it and what it does."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, Team
from upheld.people.staff import StaffRefused, lock_desk, working_on
from upheld.rules.one_line import one_line


@transaction.atomic
def add_team(
    desk_id: int, *, name: str, tier: str = "", members: Collection[int] = (), by: str, now: datetime
) -> Team:
    """Make a team of agents of the desk. Raises StaffRefused for a name that is missing or taken."""
    desk = lock_desk(desk_id)
    team = Team.objects.create(desk=desk, name=_free_name(desk, name), tier=tier)
    team.members.set(_of_the_desk(desk, members))
    record(at=now, actor=by, action="team added", subject=team.name, desk=desk, **_said(team))
    return team


@transaction.atomic
def change_team(
    desk_id: int,
    team_id: int,
    *,
    name: str,
    tier: str,
    members: Collection[int],
    by: str,
    now: datetime,
) -> Team:
    """Set a team's name, tier and members; the same again changes nothing. Raises StaffRefused as `add_team` does."""
    desk = lock_desk(desk_id)
    team = _team(desk, team_id)
    before = {"name": team.name, **_said(team)}
    team.name, team.tier = _free_name(desk, name, but=team), tier
    team.save(update_fields=["name", "tier"])
    team.members.set(_of_the_desk(desk, members))
    after = {"name": team.name, **_said(team)}
    changed = [key for key in after if after[key] != before[key]]
    if changed:
        record(
            at=now,
            actor=by,
            action="team changed",
            subject=team.name,
            desk=desk,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return team


@transaction.atomic
def dissolve_team(desk_id: int, team_id: int, *, by: str, now: datetime) -> None:
    """Take a team away. Its tickets stay where they are, and belong to no team any more."""
    desk = lock_desk(desk_id)
    team = _team(desk, team_id)
    record(at=now, actor=by, action="team dissolved", subject=team.name, desk=desk, **_said(team))
    team.delete()


def _team(desk: Desk, team_id: int) -> Team:
    team = Team.objects.filter(desk=desk, pk=team_id).first()
    if team is None:
        raise StaffRefused(_("This team does not exist any more."))
    return team


def _free_name(desk: Desk, name: str, but: Team | None = None) -> str:
    name = one_line(name, 120)
    if not name:
        raise StaffRefused(_("Give the team a name."))
    taken = Team.objects.filter(desk=desk, name=name)
    if but is not None:
        taken = taken.exclude(pk=but.pk)
    if taken.exists():
        raise StaffRefused(_("There is a team %(name)s already.") % {"name": name})
    return name


def _of_the_desk(desk: Desk, ids: Collection[int]) -> list[Agent]:
    found = list(working_on(desk).filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise StaffRefused(_("Somebody of the team does not work on this desk any more. Choose again."))
    return found


def _said(team: Team) -> dict[str, object]:
    members = team.members.select_related("user").order_by("user__email")
    return {"tier": team.tier, "members": [each.address for each in members]}
