"""What the policy in force calls things, for the lists from which an administrator chooses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from upheld.desks.models import Desk, PolicyVersion
from upheld.desks.policies import compiled
from upheld.desks.policy_documents import document_of
from upheld.policy import Policy


@dataclass(frozen=True, slots=True)
class Named:
    """Something of the policy: its id, and what people call it."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class PolicyRole:
    """A role of the policy, and what of a ticket decides who fills it."""

    id: str
    label: str
    meaning: str
    by: tuple[str, ...]


class PolicyWords:
    """The policy in force on a desk, or nothing where there is none."""

    def __init__(self, desk: Desk, now: datetime) -> None:
        version = PolicyVersion.objects.filter(desk=desk).in_force(now).values_list("pk", flat=True).first()
        self._version = version
        self.policy: Policy | None = compiled(version) if version else None

    def choices(self, name: str) -> list[Named]:
        """The products, regions or tiers."""
        listed = self.policy.choices.get(name, ()) if self.policy else ()
        return [Named(each.id, each.label or each.id) for each in listed]

    def label(self, name: str, id: str) -> str:
        """What one of them is called; its id, where the policy no longer has it."""
        return next((each.label for each in self.choices(name) if each.id == id), id)

    @property
    def calendars(self) -> list[Named]:
        hours = self.policy.calendar_hours if self.policy else {}
        return [Named(id, f"{id}: {said}" if said else id) for id, said in hours.items()]

    @property
    def roles(self) -> list[PolicyRole]:
        listed: Any = document_of(self._version).roles if self._version else []
        return [PolicyRole(each.id, each.label, each.meaning, tuple(each.by)) for each in listed]

    def role_label(self, id: str) -> str:
        """What a role is called; its id, where the policy no longer has it."""
        return next((each.label for each in self.roles if each.id == id), id)

    @property
    def restricted_priorities(self) -> list[str]:
        return [each.label for each in self.policy.priorities if each.restricted] if self.policy else []
