"""The teams of a desk: who is in them, and which tier of the policy they are."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.desks.models import Desk
from upheld.people.actions import add_team, change_team, dissolve_team
from upheld.people.models import Team
from upheld.people.staff import StaffRefused, working_on
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import Section, read_id
from upheld.web.agent.desk.vocabulary import PolicyWords
from upheld.web.agent.desk.workload import open_tickets_by
from upheld.web.agent.policy.guard import acting
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    words = PolicyWords(desk, request.now)
    tiers = words.choices("tiers")
    agents = list(working_on(desk).order_by("user__name", "pk"))
    refused = unsent.form.startswith("change-")
    listed = Team.objects.filter(desk=desk).prefetch_related("members__user").order_by("name")
    theirs = open_tickets_by("team", workplace.viewer, desk)
    teams = [_row(each, words, theirs.get(each.pk, 0)) for each in listed]
    for team in teams:
        if refused and unsent.form == f"change-{team['id']}":
            team |= {"name": unsent.typed.get("name", ""), "tier": unsent.typed.get("tier", "")}
            team["member_ids"] = set(_ids(request))
    filled = {each["tier"] for each in teams}
    return {
        "teams": teams,
        "agents": agents,
        "tiers": tiers,
        "untaken": [each.label for each in tiers if each.id not in filled],
        "new_member_ids": set(_ids(request)) if unsent.form == "add" else set(),
    }


def _row(team: Team, words: PolicyWords, open_tickets: int) -> dict[str, Any]:
    members = sorted(team.members.all(), key=lambda each: each.name.lower())
    return {
        "id": team.pk,
        "title": team.name,
        "name": team.name,
        "tier": team.tier,
        "tier_label": words.label("tiers", team.tier),
        "members": members,
        "member_ids": {each.pk for each in members},
        "open_tickets": open_tickets,
    }


section = Section("desk_teams", "web/agent/desk/teams.html", _context)


@section.deed("add")
def add(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    team = add_team(
        desk.pk,
        name=typed(request, "name"),
        tier=_tier(request, desk),
        members=_ids(request),
        by=acting(workplace),
        now=request.now,
    )
    return _("There is a team %(name)s now.") % {"name": team.name}


@section.deed("change")
def change(request: HttpRequest, workplace: Workplace, desk: Desk, *, team_id: int) -> str:
    team = change_team(
        desk.pk,
        team_id,
        name=typed(request, "name"),
        tier=_tier(request, desk, team_id),
        members=_ids(request),
        by=acting(workplace),
        now=request.now,
    )
    return _("The team %(name)s is as you set it.") % {"name": team.name}


@section.deed("dissolve")
def dissolve(request: HttpRequest, workplace: Workplace, desk: Desk, *, team_id: int) -> str:
    dissolve_team(desk.pk, team_id, by=acting(workplace), now=request.now)
    return _("The team is dissolved. Its tickets belong to no team now.")


def _tier(request: HttpRequest, desk: Desk, team_id: int = 0) -> str:
    """The tier that was chosen: one of the policy, or the one that the team has."""
    chosen = typed(request, "tier")
    known = {each.id for each in PolicyWords(desk, request.now).choices("tiers")}
    known |= set(Team.objects.filter(desk=desk, pk=team_id).values_list("tier", flat=True))
    if chosen and chosen not in known:
        raise StaffRefused(_("Choose one of the policy's tiers."))
    return chosen


def _ids(request: HttpRequest) -> list[int]:
    return [read_id(each) for each in request.POST.getlist("members")]
