"""Hand a ticket over: to a tier, a team or an agent, with a reason. No clock starts afresh by it."""

from dataclasses import dataclass

from django.db import transaction

from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent, Team
from upheld.policy import Actor, Standing
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.tickets import letters, together
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.effects import carry_out
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.particulars import desk_team
from upheld.tickets.pen import Pen

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Goal:
    """To whom a ticket goes: a tier of the policy (an id), a team and an agent of the desk; what is left out follows.

    Of a tier the team is the one that is that tier; of an agent the team is theirs. `by` is the hand-over of the policy
    that this is (an id), `role` the role in which the agent takes over, where it is one.
    """

    tier: str = ""
    team: Team | None = None
    agent: Agent | None = None
    role: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a ticket is: its tier, its team, and whose it is."""

    tier: str
    team: Team | None
    agent: Agent | None

    @property
    def holder(self) -> tuple[str, int | None, int | None]:
        return self.tier, self.team.pk if self.team else None, self.agent.pk if self.agent else None


@transaction.atomic
def hand_over(ticket_id: int, agent: Agent, goal: Goal, reason: str, moment: Moment) -> Ticket:
    """Give the ticket to others. Its tier and team are what the policy reads from then on, so that targets with a
    condition on them govern; used time stays used. Who takes it over is told, with the reason.

    Raises NotAllowed; Refused without a reason, for a goal that is no other than where the ticket is, that the desk or
    the policy does not know, or that may not read it, and for a ticket that is done.
    """
    pen = Pen.on(ticket_id, moment)
    ticket, reason = pen.ticket, one_line(reason, LONGEST_REASON)
    demand(agent, Act.hand_over, ticket)
    if pen.status(ticket.status).is_done:
        raise Refused("This ticket is done. Open it again before you hand it over.")
    if not reason:
        raise Refused("Say why it goes to somebody else: who takes it over reads that first.")
    known = pen.particulars()
    before = _Place(known.get("tier", ""), ticket.team, ticket.assignee)
    after = _after(pen, goal, before)
    if after.holder == before.holder:
        raise Refused("That is where the ticket is already. Choose somebody else.")
    told = _who_hears(pen, after)
    _write_down(pen, agent, goal, before, after, reason)
    standing, news = pen.close()
    _tell(pen, agent, after, told, reason, standing)
    carry_out(pen, standing, news)
    return ticket


def _after(pen: Pen, goal: Goal, before: _Place) -> _Place:
    """Where the ticket will be."""
    tiers = {each.id for each in pen.policy.choices.get("tiers", ())}
    _check(pen, goal, tiers)
    team = goal.team
    if team is None and goal.tier:
        team = _team_of_tier(pen.ticket, goal.tier, before)
    if team is None and goal.agent is not None and not goal.tier:
        team = _team_of_agent(pen.ticket, goal.agent, before)
    tier = goal.tier or (team.tier if team and team.tier in tiers else before.tier)
    return _Place(tier, team, goal.agent)


def _check(pen: Pen, goal: Goal, tiers: set[str]) -> None:
    ticket = pen.ticket
    if not (goal.tier or goal.team or goal.agent):
        raise Refused("Choose a tier, a team or an agent first.")
    if goal.tier and goal.tier not in tiers:
        raise Refused("The policy has no such tier. Choose one of the list.")
    if goal.role and goal.role not in pen.policy.roles:
        raise Refused("The policy has no such role. Choose one of the list, or none.")
    if goal.team and goal.team.desk_id != ticket.desk_id:
        raise Refused("That is no team of this desk. Choose one of the list.")
    if goal.agent and not goal.agent.memberships.filter(desk_id=ticket.desk_id).exists():
        raise Refused(f"{goal.agent} does not work on this desk. Choose one of its agents.")
    if goal.agent and ticket.restricted and goal.agent not in pen.circle.readers(ticket):
        raise Refused(f"{goal.agent} may not read this ticket. Add them to its readers first.")


def _team_of_tier(ticket: Ticket, tier: str, before: _Place) -> Team | None:
    """The team that is a tier: the one that has the ticket, or the only one; among several nobody chooses here."""
    if before.team and before.team.tier == tier:
        return before.team
    teams = list(Team.objects.filter(desk_id=ticket.desk_id, tier=tier).order_by("pk")[:2])
    return teams[0] if len(teams) == 1 else None


def _team_of_agent(ticket: Ticket, agent: Agent, before: _Place) -> Team | None:
    """The team in which an agent takes a ticket: the one that has it, where they are in it; else their only one."""
    teams = list(Team.objects.filter(desk_id=ticket.desk_id, members=agent).order_by("pk"))
    if before.team in teams:
        return before.team
    return teams[0] if len(teams) == 1 else None


def _who_hears(pen: Pen, after: _Place) -> list[Agent]:
    """Who takes it over: the agent; else the people of the team; else whoever is responsible for what nobody has."""
    if after.agent is not None:
        return [after.agent]
    ticket = pen.ticket
    ticket.assignee, ticket.team = None, after.team
    told = pen.circle.responsible(ticket)
    if ticket.restricted and after.team is not None:
        members = set(after.team.members.values_list("pk", flat=True))
        if not members.intersection(each.pk for each in pen.circle.readers(ticket)):
            raise Refused(
                f"Nobody of {after.team} may read this ticket. Add one of them to its readers first."
            )
    return told


def _write_down(pen: Pen, agent: Agent, goal: Goal, before: _Place, after: _Place, reason: str) -> None:
    ticket = pen.ticket
    ticket.assignee, ticket.team = after.agent, after.team
    ticket.save(update_fields=["assignee", "team"])
    if after.agent is not None:
        # Who has it works on it anyhow.
        together.leave(ticket, after.agent, pen.moment.at)
    read_by_policy = {"tier": after.tier, "team": _policy_team(pen, after.team)}
    if pen.particulars().get("team") and not read_by_policy["team"]:
        pen.fact("field", Actor.agent, agent=agent, name="team", to=None)
    pen.fact(
        "handed_over",
        Actor.agent,
        agent=agent,
        reason=reason,
        by=goal.by,
        role=pen.policy.roles.get(goal.role, ""),
        from_tier=before.tier,
        tier=after.tier,
        from_team=before.team.name if before.team else "",
        team=after.team.name if after.team else "",
        desk_team=after.team.pk if after.team else None,
        from_agent=before.agent.name if before.agent else "",
        agent_name=after.agent.name if after.agent else "",
    )
    pen.fact(
        "assigned",
        Actor.agent,
        agent=agent,
        to=after.agent.name if after.agent else None,
        handed_over=True,
        **{name: value for name, value in read_by_policy.items() if value},
    )


def _policy_team(pen: Pen, team: Team | None) -> str:
    """The team of the policy that goes by the name of a team of the desk; empty where none does."""
    if team is None:
        return ""
    document = document_of(pen.version_id)
    found = (each.id for each in document.teams if desk_team(team.desk_id, each.id, document) == team)
    return next(found, "")


def _tell(pen: Pen, agent: Agent, after: _Place, told: list[Agent], reason: str, standing: Standing) -> None:
    tiers = {each.id: each.label for each in pen.policy.choices.get("tiers", ())}
    to = (
        ""
        if after.agent
        else ", ".join(filter(None, (tiers.get(after.tier, ""), after.team and after.team.name)))
    )
    for each in told:
        if each.pk != agent.pk:
            letters.tell_handed_over(pen, each, by=agent.name, to=to, reason=reason, standing=standing)
