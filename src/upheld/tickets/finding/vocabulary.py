"""The values that an agent's desks know, by key: ids and labels of their policies, people, teams, tags and fields."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from upheld.desks.models import Desk
from upheld.people.models import Agent, Contract, Site, Team
from upheld.policy import Policy
from upheld.rules.permissions import Act, Role, allowed
from upheld.rules.queue_query import Key
from upheld.rules.spelling import closest, fold
from upheld.tickets.customers import visible_organizations
from upheld.tickets.desk_labels import visible_tags
from upheld.tickets.models import CustomField
from upheld.tickets.visibility import AgentViewer

CATEGORIES = ("open", "waiting", "resolved", "closed")
ME, NOBODY = "me", "none"
# By these tickets come without any policy saying so.
OWN_CHANNELS = ("email", "portal", "problem")
MOST = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody looks: who they are, when and in which zone, and the policies in force, by desk."""

    viewer: AgentViewer
    now: datetime
    zone: str = "UTC"
    policy_of: Mapping[int, Policy] = field(default_factory=dict)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies, each once."""
        return tuple({id(each): each for each in self.policy_of.values()}.values())


@dataclass(frozen=True, slots=True)
class Known:
    """A value that can be typed, what it is called, and what it stands for in the tickets' columns."""

    value: str
    label: str
    means: object
    also: tuple[str, ...] = ()

    @property
    def spellings(self) -> set[str]:
        """All ways in which it may be written."""
        return {fold(each) for each in (self.value, self.label, *self.also)}


class Person(NamedTuple):
    """Somebody who answers on the desks; `name` is their address where they gave none."""

    agent_id: int
    name: str
    address: str
    is_active: bool


@dataclass
class Vocabulary:
    """What is known in a place; each key is looked up once, when it is asked for. `found` are the people, where they
    were looked up already."""

    place: Place
    found: Sequence[Person] | None = None
    _kept: dict[Key, tuple[Known, ...]] = field(default_factory=dict)

    def known(self, key: Key) -> tuple[Known, ...]:
        """Return the values of a key that are few enough to be listed; the others are looked up one by one."""
        if key not in self._kept:
            listing = _LISTED.get(key)
            self._kept[key] = tuple(listing(self)) if listing else ()
        return self._kept[key]

    def is_listed(self, key: Key) -> bool:
        """Whether all values of a key can be listed."""
        return key in _LISTED

    def look_up(self, key: Key, typed: str) -> tuple[Known, ...]:
        """Return what somebody means by a value."""
        if key is Key.assignee and typed.lower() in (ME, NOBODY):
            me, nobody = _anywhere(self)
            return (me,) if typed.lower() == ME else (nobody,)
        if key in _LISTED:
            wanted = fold(typed)
            return tuple(each for each in self.known(key) if wanted in each.spellings)
        rows, name = self.rows(key)
        spaced = typed.replace("-", " ").replace("_", " ")
        meant = Q(**{f"{name}__iexact": typed}) | Q(**{f"{name}__iexact": spaced})
        return tuple(
            Known(getattr(each, name), getattr(each, name), each.pk) for each in rows.filter(meant)[:MOST]
        )

    def is_done(self, status: object) -> bool:
        """Whether tickets are done in a status, or in the category of statuses, that a value means."""
        if isinstance(status, tuple):
            return status[1] in ("resolved", "closed")
        return any(
            each.has_status(status) and each.status(str(status)).is_done for each in self.place.policies
        )

    def nearest(self, key: Key, typed: str) -> tuple[str, ...]:
        """Return the values that somebody may have meant."""
        if key in _LISTED:
            values = {spelling: each.value for each in self.known(key) for spelling in sorted(each.spellings)}
            return tuple(dict.fromkeys(values[each] for each in closest(typed, values)))
        rows, name = self.rows(key)
        start = rows.filter(**{f"{name}__istartswith": typed[:1]}) if typed else rows
        return closest(typed, start.order_by(name).values_list(name, flat=True)[:MOST])

    def rows(self, key: Key) -> tuple[QuerySet[Any], str]:
        """The rows that a key names, as far as the agent may know of them, and the field of their name."""
        return _NAMED[key](self.place)

    @cached_property
    def people(self) -> Sequence[Person]:
        """Who answers on the desks, by name, closed accounts too: their tickets stay."""
        if self.found is not None:
            return self.found
        here = Agent.objects.filter(memberships__desk_id__in=self.place.viewer.desk_ids).distinct()
        columns = ("pk", "user__name", "user__email", "user__is_active")
        found = here.order_by("user__name", "pk").values_list(*columns)
        return [Person(pk, name or address, address, active) for pk, name, address, active in found]

    @cached_property
    def fields(self) -> Sequence[CustomField]:
        """The desks' own fields, retired ones too: what stands in them stays."""
        here = CustomField.objects.filter(desk_id__in=self.place.viewer.desk_ids)
        return list(here.order_by("position", "pk")[:MOST])

    def fields_named(self, name: str) -> list[CustomField]:
        """The fields that somebody means, by key or label."""
        return [each for each in self.fields if fold(name) in (fold(each.key), fold(each.label))]


def _of_policies(parts: Callable[[Policy], Iterable[Any]]) -> Callable[[Vocabulary], Iterable[Known]]:
    """Parts of the policies with an id and a label; what several desks have in common is listed once."""

    def listing(words: Vocabulary) -> Iterable[Known]:
        found: dict[str, list[str]] = {}
        for policy in words.place.policies:
            for part in parts(policy):
                found.setdefault(part.id, []).append(part.label or part.id)
        return [Known(id, labels[0], id, tuple(labels[1:])) for id, labels in found.items()]

    return listing


def _statuses(words: Vocabulary) -> Iterable[Known]:
    """A category of statuses stands for all of them, unless a desk has a status of that name."""
    listed = list(_of_policies(lambda policy: policy.statuses)(words))
    taken = {spelling for each in listed for spelling in each.spellings}
    return listed + [Known(each, each, ("category", each)) for each in CATEGORIES if each not in taken]


def _channels(words: Vocabulary) -> Iterable[Known]:
    listed = list(_of_policies(lambda policy: policy.channels)(words))
    ids = {each.value for each in listed}
    return listed + [Known(each, each, each) for each in OWN_CHANNELS if each not in ids]


def _anywhere(words: Vocabulary) -> tuple[Known, Known]:
    """Who is known without looking anybody up."""
    return Known(ME, ME, words.place.viewer.agent_id), Known(NOBODY, NOBODY, None, ("nobody", "unassigned"))


def _assignees(words: Vocabulary) -> Iterable[Known]:
    yield from _anywhere(words)
    for each in words.people:
        also = (str(each.agent_id), each.name.split()[0], each.address.partition("@")[0])
        yield Known(each.address, each.name, each.agent_id, also)


def _desks(words: Vocabulary) -> Iterable[Known]:
    desks = Desk.objects.filter(pk__in=words.place.viewer.desk_ids).order_by("name")
    return [Known(each.slug, each.name, each.pk, (each.number_prefix,)) for each in desks]


def _teams(words: Vocabulary) -> Iterable[Known]:
    teams = Team.objects.filter(desk_id__in=words.place.viewer.desk_ids).order_by("name", "pk")
    return [Known(each.name, each.name, each.pk, (each.tier,) if each.tier else ()) for each in teams]


_LISTED: dict[Key, Callable[[Vocabulary], Iterable[Known]]] = {
    Key.status: _statuses,
    Key.priority: _of_policies(lambda policy: policy.priorities),
    Key.product: _of_policies(lambda policy: policy.choices.get("products", ())),
    Key.region: _of_policies(lambda policy: policy.choices.get("regions", ())),
    Key.channel: _channels,
    Key.assignee: _assignees,
    Key.team: _teams,
    Key.desk: _desks,
}


def _tags(place: Place) -> tuple[QuerySet[Any], str]:
    each, *others = (visible_tags(place.viewer, desk) for desk in place.viewer.desk_ids)
    for other in others:
        each |= other
    return each, "name"


def _organizations(place: Place) -> tuple[QuerySet[Any], str]:
    return visible_organizations(place.viewer).order_by("name", "pk"), "name"


def _sites(place: Place) -> tuple[QuerySet[Any], str]:
    known = visible_organizations(place.viewer).values("pk")
    return Site.objects.filter(organization_id__in=known).order_by("name", "pk"), "name"


def _contracts(place: Place) -> tuple[QuerySet[Any], str]:
    roles = place.viewer.roles.items()
    desks = [desk for desk, role in roles if allowed(Role(role), Act.read_customers)]
    return Contract.objects.filter(desk_id__in=desks).order_by("reference", "pk"), "reference"


_NAMED: dict[Key, Callable[[Place], tuple[QuerySet[Any], str]]] = {
    Key.tag: _tags,
    Key.organization: _organizations,
    Key.site: _sites,
    Key.contract: _contracts,
}
NAMED = frozenset(_NAMED)
