"""The rotas of a desk as values: whose turn it is, who is on call, and who is called after them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from upheld.people.models import Absence, Agent, Membership, Rota, RotaMember, RotaSwap
from upheld.rules.on_call import Away, Shift, Swap, Turns


@dataclass(frozen=True, slots=True)
class Staffed:
    """A rota with its people: its turns, and everybody whom they name, by id."""

    rota: Rota
    turns: Turns
    agents: Mapping[int, Agent]

    def on_call(self, at: datetime) -> Agent | None:
        """Who is on call at an instant."""
        duty = self.turns.on_call(at)
        return self.agents[duty.agent_id] if duty else None

    def in_line(self, at: datetime) -> list[Agent]:
        """Who is on call at an instant, and the members after them who are there."""
        return [self.agents[each] for each in self.turns.in_line(at)]

    def shifts(self, start: datetime, end: datetime) -> list[Shift]:
        """The shifts between two instants, the first one from its beginning where it has one."""
        week = self.turns.week_of(start)
        begun = list(self.turns.shifts(week[0] if week else start, end))
        return [each for each in begun if each.ends_at > start]

    def order(self, at: datetime) -> list[Agent]:
        """The members in their order, from whose turn it is on, there or not."""
        turn, members = self.turns.turn(at), self.turns.members
        place = members.index(turn) if turn is not None else 0
        return [self.agents[each] for each in (*members[place:], *members[:place])]


def rota_of_role(desk_id: int, role: str, at: datetime) -> Staffed | None:
    """Return the rota from which a desk fills a role, or None where it has none."""
    rota = Rota.objects.filter(desk_id=desk_id, role=role).select_related("desk").first()
    return staffed([rota], at)[0] if rota else None


def staffed(rotas: Iterable[Rota], at: datetime) -> list[Staffed]:
    """Return rotas with their people, as they are from the week of `at` on; what was over before is not read."""
    rotas = list(rotas)
    members: dict[int, list[int]] = {each.pk: [] for each in rotas}
    for rota_id, agent_id in (
        RotaMember.objects.filter(rota__in=members).order_by("place").values_list("rota_id", "agent_id")
    ):
        members[rota_id].append(agent_id)
    swaps = list(RotaSwap.objects.filter(rota__in=members).order_by("made_at", "pk"))
    named = {agent_id for each in members.values() for agent_id in each} | {each.agent_id for each in swaps}
    working = {each.pk: each for each in _agents(named)}
    away = [
        Away(each.agent_id, each.starts_at, each.ends_at)
        for each in Absence.objects.filter(agent__in=named).order_by("starts_at", "pk")
    ]
    return [_one(rota, members[rota.pk], swaps, away, working) for rota in rotas]


def _agents(named: Iterable[int]) -> list[Agent]:
    found = Agent.objects.filter(pk__in=named).select_related("user").prefetch_related("memberships")
    return list(found)


def _one(
    rota: Rota, members: list[int], swaps: list[RotaSwap], away: list[Away], agents: Mapping[int, Agent]
) -> Staffed:
    own = [each for each in swaps if each.rota_id == rota.pk]
    taken = tuple(Swap(each.agent_id, each.starts_at, each.ends_at, order) for order, each in enumerate(own))
    mine = {*members, *(each.agent_id for each in own)}
    return Staffed(
        rota=rota,
        turns=Turns(
            zone=rota.zone,
            starts_on=rota.starts_on,
            hand_over_at=rota.hand_over_at,
            members=tuple(members),
            swaps=taken,
            absences=tuple(each for each in away if each.agent_id in mine),
            gone=frozenset(each for each in mine if not works_on(agents[each], rota.desk_id)),
        ),
        agents={each: agents[each] for each in mine},
    )


def works_on(agent: Agent, desk_id: int) -> bool:
    """Whether an agent can be called for a desk: they can sign in, and work there."""
    return agent.user.is_active and any(each.desk_id == desk_id for each in agent.memberships.all())


def away_among(agents: Iterable[int], at: datetime) -> frozenset[int]:
    """Return which of these agents are away at an instant."""
    away = Absence.objects.filter(agent__in=set(agents), starts_at__lte=at, ends_at__gt=at)
    return frozenset(away.values_list("agent_id", flat=True))


def rotas_read_by(agent: Agent) -> "list[Rota]":
    """Return the rotas of the desks on which an agent works."""
    works = Exists(Membership.objects.filter(agent=agent, desk=OuterRef("desk")))
    return list(Rota.objects.filter(works).select_related("desk").order_by("desk__name", "name", "pk"))
