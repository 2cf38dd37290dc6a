"""Who answers on a desk: added, with which right, in which zone, taken away."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.clock import zone_names
from upheld.desks.models import Desk
from upheld.notices.actions import invite_agent
from upheld.people.actions import change_right, set_sign_in, set_zone, take_off_desk
from upheld.people.models import Membership
from upheld.people.staff import StaffRefused, administers_all_of
from upheld.rules.permissions import Role
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import Section
from upheld.web.agent.desk.workload import open_tickets_by
from upheld.web.agent.policy.guard import acting
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace

RIGHTS = {
    Role.agent: (gettext_lazy("Agent"), gettext_lazy("answers tickets")),
    Role.lead: (
        gettext_lazy("Team lead"),
        gettext_lazy("also changes customers and decides about kept mail"),
    ),
    Role.administrator: (gettext_lazy("Administrator"), gettext_lazy("also runs the desk and its policy")),
}


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    members = (
        Membership.objects.filter(desk=desk)
        .select_related("agent__user")
        .order_by("-agent__user__is_active", "agent__user__name", "pk")
    )
    assigned = open_tickets_by("assignee", workplace.viewer, desk)
    return {
        "members": [_row(each, workplace, assigned.get(each.agent_id, 0)) for each in members],
        "rights": [(role.value, label, meaning) for role, (label, meaning) in RIGHTS.items()],
        "zones": sorted(zone_names()),
    }


def _row(membership: Membership, workplace: Workplace, open_tickets: int) -> dict[str, Any]:
    agent = membership.agent
    return {
        "id": agent.pk,
        "name": agent.name,
        "address": agent.address,
        "zone": agent.zone,
        "role": membership.role,
        "right": RIGHTS[Role(membership.role)][0],
        "is_active": agent.user.is_active,
        "is_me": agent.pk == workplace.agent.pk,
        "open_tickets": open_tickets,
        "reaches_account": administers_all_of(workplace.agent, agent),
    }


section = Section("desk_staff", "web/agent/desk/staff.html", _context)


@section.deed("add")
def add(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    agent = invite_agent(
        desk.pk,
        address=typed(request, "address"),
        name=typed(request, "name"),
        role=_right(request),
        sign_in=settings.UPHELD_URL + reverse("account_request_login_code"),
        by=workplace.agent,
        now=request.now,
    )
    if not agent.user.is_active:
        return _("%(name)s is on the desk now. Their account is closed: open it again below.") % {
            "name": agent.name
        }
    return _("%(name)s is on the desk now, and told so by mail.") % {"name": agent.name}


@section.deed("right")
def right(request: HttpRequest, workplace: Workplace, desk: Desk, *, agent_id: int) -> str:
    changed = change_right(desk.pk, agent_id, _right(request), by=acting(workplace), now=request.now)
    return _("%(name)s: %(right)s.") % {"name": changed.agent, "right": RIGHTS[Role(changed.role)][0]}


@section.deed("zone")
def zone(request: HttpRequest, workplace: Workplace, desk: Desk, *, agent_id: int) -> str:
    agent = set_zone(desk.pk, agent_id, typed(request, "zone"), by=acting(workplace), now=request.now)
    return _("%(name)s reads times in %(zone)s.") % {"name": agent.name, "zone": agent.zone or desk.zone}


@section.deed("off")
def off(request: HttpRequest, workplace: Workplace, desk: Desk, *, agent_id: int) -> str:
    take_off_desk(desk.pk, agent_id, by=acting(workplace), now=request.now)
    return _("They work on this desk no more. What they wrote stays.")


@section.deed("sign-in")
def sign_in(request: HttpRequest, workplace: Workplace, desk: Desk, *, agent_id: int) -> str:
    wanted = typed(request, "wanted") == "yes"
    agent = set_sign_in(desk.pk, agent_id, wanted=wanted, by=workplace.agent, now=request.now)
    if wanted:
        return _("%(name)s can sign in again.") % {"name": agent.name}
    return _("%(name)s can no longer sign in, and gets no mail.") % {"name": agent.name}


def _right(request: HttpRequest) -> Role:
    chosen = typed(request, "role")
    if chosen not in [each.value for each in RIGHTS]:
        raise StaffRefused(_("Choose what they may do."))
    return Role(chosen)
