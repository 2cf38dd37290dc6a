"""Where generated rows belong: the desk, its policy, and its people by the numbers that lives use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from upheld.desks.models import Desk
from upheld.desks.policies import compiled, version_in_force
from upheld.lab.generator.life import Crowd
from upheld.people.models import Affiliation, Contact, Membership, Team
from upheld.policy import Policy
from upheld.tickets.models import Tag


class Person(NamedTuple):
    """A contact, and the organization of theirs for which the gate takes in what they write."""

    id: int
    organization_id: int | None
    organization: str


@dataclass(frozen=True, slots=True)
class Place:
    """Agents and teams are pairs of id and name, tags are found by their names."""

    desk_id: int
    prefix: str
    version_id: int
    policy: Policy
    contacts: Sequence[Person]
    agents: Sequence[tuple[int, str]]
    teams: Sequence[tuple[int, str]]
    tags: Mapping[str, int]

    def crowd(self, messages: int) -> Crowd:
        """Return how many people there are for lives with so many messages on average."""
        inside = [each.organization_id for each in self.contacts if each.organization_id]
        return Crowd(
            contacts=len(self.contacts),
            agents=len(self.agents),
            messages=messages,
            organizations=max(len(set(inside)), 1),
            outsiders=len(self.contacts) - len(inside) if inside else 0,
            teams=len(self.teams),
            tags=tuple(self.tags),
        )


def place_of(desk: Desk, now: datetime) -> Place:
    """Return where the desk's rows belong, with its people in the order of their ids."""
    version = version_in_force(desk, now)
    agents = Membership.objects.filter(desk=desk).order_by("agent_id").select_related("agent__user")
    known = Affiliation.objects.filter(organization__desk=desk).order_by("is_main", "-organization__name")
    of = {
        contact: (id, name)
        for contact, id, name in known.values_list("contact_id", "organization_id", "organization__name")
    }
    people = Contact.objects.order_by("id").values_list("id", flat=True)
    return Place(
        desk_id=desk.pk,
        prefix=desk.number_prefix,
        version_id=version.pk,
        policy=compiled(version.pk),
        contacts=[Person(id, *of.get(id, (None, ""))) for id in people],
        agents=[(each.agent_id, each.agent.name) for each in agents],
        teams=list(Team.objects.filter(desk=desk).order_by("id").values_list("id", "name")),
        tags=dict(Tag.objects.filter(desk=desk).order_by("id").values_list("name", "id")),
    )
