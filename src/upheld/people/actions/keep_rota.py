"""Add a rota, change when it hands over, put its members in order, or give it up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.models import Agent, Membership, Rota, RotaMember
from upheld.people.rotas import staffed
from upheld.people.staff import StaffRefused, lock_desk, working_on
from upheld.rules.on_call import latest_hand_over
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act, NotAllowed, Role, allowed

MOST_MEMBERS = 60
ANSWER_MINUTES = range(1, 121)


@dataclass(frozen=True, slots=True)
class RotaValues:
    """What a rota is: the role that its people fill, and when one hands over to the next (0 is Monday)."""

    name: str
    role: str
    zone: str
    weekday: int
    hand_over_at: time
    answer_minutes: int = 5


@transaction.atomic
def add_rota(desk: Desk, values: RotaValues, members: Sequence[int], *, by: Agent, now: datetime) -> Rota:
    """Let agents fill a role in turn: the first of them has the week that runs now. Raises StaffRefused."""
    lock_desk(desk.pk)
    demand_administrator(by, desk.pk)
    values = _checked(desk, values)
    rota = Rota(desk=desk, name=values.name, role=values.role)
    _anchor(rota, values, now)
    rota.save()
    _put_in_order(rota, _working(desk, members))
    _record("rota added", rota, by, now, members=_addresses(rota))
    return rota


@transaction.atomic
def change_rota(rota_id: int, values: RotaValues, *, by: Agent, now: datetime) -> Rota:
    """Change a rota. Whose turn it is stays: their week then ends at the next hand-over that the change makes."""
    rota = locked_rota(rota_id)
    demand_administrator(by, rota.desk_id)
    values = _checked(rota.desk, values, rota)
    order = [each.pk for each in staffed([rota], now)[0].order(now)]
    before = _told(rota)
    rota.name, rota.role = values.name, values.role
    _anchor(rota, values, now)
    rota.save()
    _put_in_order(rota, order)
    after = _told(rota)
    if before != after:
        _record(
            "rota changed",
            rota,
            by,
            now,
            before={name: before[name] for name in before if before[name] != after[name]},
            after={name: after[name] for name in after if before[name] != after[name]},
        )
    return rota


@transaction.atomic
def arrange_rota(rota_id: int, members: Sequence[int], *, by: Agent, now: datetime) -> Rota:
    """Say who is in a rota, in which order: the first has the week that runs now."""
    rota = locked_rota(rota_id)
    demand_administrator(by, rota.desk_id)
    before = _addresses(rota)
    known = set(rota.members.values_list("agent_id", flat=True))
    kept = [each for each in dict.fromkeys(members) if each in known]
    added = _working(rota.desk, [each for each in members if each not in known])
    _anchor(rota, values_of(rota), now)
    rota.save()
    _put_in_order(rota, [each for each in dict.fromkeys(members) if each in {*kept, *added}])
    _record("rota arranged", rota, by, now, before=before, after=_addresses(rota))
    return rota


@transaction.atomic
def remove_rota(rota_id: int, *, by: Agent, now: datetime) -> Rota:
    """Give a rota up: whoever fills its role is told from now on as without one."""
    rota = locked_rota(rota_id)
    demand_administrator(by, rota.desk_id)
    _record("rota removed", rota, by, now, members=_addresses(rota))
    rota.delete()
    return rota


@transaction.atomic
def renew_feed(rota_id: int, *, by: Agent, now: datetime) -> Rota:
    """End every address of the rota's calendar that was given out; there are new ones."""
    rota = locked_rota(rota_id)
    demand_administrator(by, rota.desk_id)
    rota.feed_serial += 1
    rota.save(update_fields=["feed_serial"])
    _record("rota feed renewed", rota, by, now)
    return rota


def values_of(rota: Rota) -> RotaValues:
    """Return what a rota is, as it can be changed."""
    return RotaValues(
        rota.name,
        rota.role,
        rota.zone,
        rota.starts_on.weekday(),
        rota.hand_over_at,
        rota.answer_minutes,
    )


def locked_rota(rota_id: int) -> Rota:
    """Return a rota with its desk, locked; raises StaffRefused for one that is gone."""
    rota = Rota.objects.select_for_update(of=("self",)).select_related("desk").filter(pk=rota_id).first()
    if rota is None:
        raise StaffRefused(_("This rota does not exist any more."))
    return rota


def demand_administrator(agent: Agent, desk_id: int) -> None:
    """Raise NotAllowed unless the agent administers the desk now."""
    membership = Membership.objects.filter(agent=agent, desk_id=desk_id, agent__user__is_active=True).first()
    if membership is None or not allowed(Role(membership.role), Act.administer):
        raise NotAllowed(f"You may not {Act.administer.value}. Ask its administrator for the right.")


def _checked(desk: Desk, values: RotaValues, rota: Rota | None = None) -> RotaValues:
    name = one_line(values.name, 120)
    others = Rota.objects.filter(desk=desk).exclude(pk=rota.pk if rota else None)
    if not name:
        raise StaffRefused(_("Give the rota a name."))
    if others.filter(name__iexact=name).exists():
        raise StaffRefused(_("There is a rota “%(name)s” already. Choose another name.") % {"name": name})
    if not values.role:
        raise StaffRefused(_("Choose the role that the rota fills."))
    if (taken := others.filter(role=values.role).first()) is not None:
        raise StaffRefused(_("“%(name)s” fills this role already. Change that rota.") % {"name": taken.name})
    if values.zone not in zone_names():
        raise StaffRefused(_("There is no time zone “%(zone)s”.") % {"zone": values.zone[:60]})
    if values.weekday not in range(7):
        raise StaffRefused(_("Choose the day on which the rota hands over."))
    if values.answer_minutes not in ANSWER_MINUTES:
        raise StaffRefused(_("Give whoever is paged between 1 and 120 minutes."))
    return RotaValues(
        name, values.role, values.zone, values.weekday, values.hand_over_at, values.answer_minutes
    )


def _anchor(rota: Rota, values: RotaValues, now: datetime) -> None:
    """Count the weeks from the hand-over before now, so that the first in the order has this week."""
    rota.zone, rota.hand_over_at, rota.answer_minutes = (
        values.zone,
        values.hand_over_at,
        values.answer_minutes,
    )
    rota.starts_on = latest_hand_over(values.weekday, values.hand_over_at, values.zone, now)


def _working(desk: Desk, agent_ids: Sequence[int]) -> list[int]:
    """Of these agents those who work on the desk, in their order; raises StaffRefused for anybody else."""
    wanted = list(dict.fromkeys(agent_ids))
    working = set(working_on(desk).filter(pk__in=wanted, user__is_active=True).values_list("pk", flat=True))
    if working != set(wanted):
        raise StaffRefused(_("Choose somebody who works on this desk."))
    return wanted


def _put_in_order(rota: Rota, agent_ids: Sequence[int]) -> None:
    if len(agent_ids) > MOST_MEMBERS:
        raise StaffRefused(_("A rota has at most %(most)s members.") % {"most": MOST_MEMBERS})
    rota.members.all().delete()
    RotaMember.objects.bulk_create(
        [RotaMember(rota=rota, agent_id=each, place=place) for place, each in enumerate(agent_ids)]
    )


def _addresses(rota: Rota) -> list[str]:
    return list(rota.members.order_by("place").values_list("agent__user__email", flat=True))


def _told(rota: Rota) -> dict[str, Any]:
    return {
        "name": rota.name,
        "role": rota.role,
        "zone": rota.zone,
        "weekday": rota.starts_on.weekday(),
        "hand_over_at": rota.hand_over_at.isoformat("minutes"),
        "answer_minutes": rota.answer_minutes,
    }


def _record(action: str, rota: Rota, by: Agent, now: datetime, **data: Any) -> None:
    record(
        at=now,
        actor=f"{by.name} <{by.address}>",
        action=action,
        subject=rota.name,
        desk=rota.desk,
        role=rota.role,
        **data,
    )
