"""One rota: who is on call now, who comes in the next weeks, who is in it, and its calendar."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.desks.models import Desk
from upheld.people.models import Rota, RotaSwap
from upheld.people.rotas import Staffed, staffed, works_on
from upheld.people.staff import working_on
from upheld.rules.on_call import WEEK, Because, Duty, Shift
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.keys import feed_token
from upheld.web.agent.desk.vocabulary import PolicyWords
from upheld.web.agent.unsent import Unsent
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace

WEEKS = 8


def rota_page(
    request: HttpRequest, workplace: Workplace, rota: Rota, unsent: Unsent | None = None, status: int = 200
) -> HttpResponse:
    """The page, or the page again with what could not be done."""
    context = _context(request, workplace, rota, unsent or Unsent())
    return render(request, "web/agent/on_call/rota.html", context, status=status)


def _context(request: HttpRequest, workplace: Workplace, rota: Rota, unsent: Unsent) -> dict[str, Any]:
    now, me = request.now, workplace.agent.pk
    known, times = staffed([rota], now)[0], Times(rota.zone, now)
    may_change = allowed(workplace.viewer.roles.get(rota.desk_id, Role.visitor), Act.administer)
    last = known.turns.week_of(now + (WEEKS - 1) * WEEK)
    shifts = known.shifts(now, last[1] if last else now + WEEKS * WEEK)
    working = list(working_on(rota.desk).filter(user__is_active=True).order_by("user__name", "pk"))
    members = known.order(now)
    return {
        "rota": rota,
        "now": now_on_call(known, now),
        "times_zone": times.zone_name,
        "hands_over": hands_over(rota),
        "role": PolicyWords(rota.desk, now).role_label(rota.role),
        "shifts": [_shift(each, known, times, now, me) for each in shifts],
        "members": [
            {"id": each.pk, "name": each.name, "works": works_on(each, rota.desk_id)} for each in members
        ],
        "others": [each for each in working if each.pk not in known.turns.members],
        "agents": working if may_change else [workplace.agent],
        "swaps": _swaps(rota, times, now, workplace, may_change=may_change),
        "may_change": may_change,
        "feed": _address("rota_feed", rota.pk, feed_token(rota)),
        "own_feed": _address("own_rota_feed", rota.pk, me, feed_token(rota, me)),
        "unsent": unsent,
        "form": form_context(rota.desk, now, rota, unsent),
    }


def form_context(desk: Desk, now: datetime, rota: Rota | None, unsent: Unsent) -> dict[str, Any]:
    """What the form of a rota offers, and what stands in it."""
    taken = unsent.typed if unsent.form == "rota" else {}
    roles = [(each.id, each.label) for each in PolicyWords(desk, now).roles]
    if rota is not None and rota.role not in dict(roles):
        roles.append((rota.role, rota.role))
    return {
        "roles": roles,
        "weekdays": [(str(number), WEEKDAYS[number]) for number in range(7)],
        "zones": sorted(zone_names()),
        "name": taken.get("name", rota.name if rota else ""),
        "role": taken.get("role", rota.role if rota else ""),
        "zone": taken.get("zone", rota.zone if rota else desk.zone),
        "weekday": taken.get("weekday", str(rota.starts_on.weekday() if rota else 0)),
        "hand_over_at": taken.get("hand_over_at", f"{rota.hand_over_at:%H:%M}" if rota else "09:00"),
        "answer_minutes": taken.get("answer_minutes", str(rota.answer_minutes if rota else 5)),
    }


def now_on_call(known: Staffed, now: datetime) -> dict[str, str] | None:
    """Who is on call now, and why where it is not their turn."""
    duty = known.turns.on_call(now)
    return {"name": known.agents[duty.agent_id].name, "why": _why(duty, known)} if duty else None


def hands_over(rota: Rota) -> str:
    """When one hands over to the next, in words."""
    said = {
        "day": WEEKDAYS[rota.starts_on.weekday()],
        "time": f"{rota.hand_over_at:%H:%M}",
        "zone": rota.zone,
    }
    return _("every %(day)s at %(time)s (%(zone)s)") % said


def _why(duty: Duty, known: Staffed) -> str:
    said = {"name": known.agents[duty.turn_of].name}
    match duty.because:
        case Because.swap if duty.turn_of != duty.agent_id:
            return _("took over from %(name)s") % said
        case Because.stands_in:
            return _("stands in for %(name)s") % said
    return ""


def _shift(shift: Shift, known: Staffed, times: Times, now: datetime, me: int) -> dict[str, Any]:
    duty = shift.duty
    return {
        "from": times.when(shift.starts_at),
        "to": times.when(shift.ends_at),
        "who": known.agents[duty.agent_id].name if duty else "",
        "why": _why(duty, known) if duty else "",
        "is_mine": duty is not None and duty.agent_id == me,
        "is_now": shift.starts_at <= now < shift.ends_at,
        # What a form of the same page takes over, when it is pressed in this row.
        "starts": _local(max(shift.starts_at, now), times),
        "ends": _local(shift.ends_at, times),
    }


def _local(instant: datetime, times: Times) -> str:
    local = instant.astimezone(times.zone)
    # A time in a form has no seconds; rounded down, it never leaves a minute to nobody.
    return f"{local - timedelta(seconds=local.second, microseconds=local.microsecond):%Y-%m-%dT%H:%M}"


def _swaps(
    rota: Rota, times: Times, now: datetime, workplace: Workplace, *, may_change: bool
) -> list[dict[str, Any]]:
    listed = RotaSwap.objects.filter(rota=rota, ends_at__gt=now).select_related("agent__user")
    return [
        {
            "id": each.pk,
            "name": each.agent.name,
            "from": times.when(each.starts_at),
            "to": times.when(each.ends_at),
            "may_give_back": may_change or each.made_by == workplace.agent.address,
        }
        for each in listed.order_by("starts_at", "pk")
    ]


def _address(name: str, *args: object) -> str:
    return f"{settings.UPHELD_URL}{reverse(name, args=args)}"
