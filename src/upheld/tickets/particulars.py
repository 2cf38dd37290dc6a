"""What a ticket is about: its fields, what its policy knows of each, and what has to be known before work begins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upheld.people.models import Team
from upheld.policy import Event, Policy
from upheld.policy.document import Document

# In the order in which somebody who looks at a new ticket finds them out.
FIELDS = ("product", "reason", "region", "plan", "team", "tier")
# Columns of the ticket that repeat what the story says.
COLUMNS = ("product", "reason", "region", "plan")
_LISTS = {
    "product": "products",
    "reason": "reasons",
    "region": "regions",
    "plan": "plans",
    "team": "teams",
    "tier": "tiers",
}


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a field may have, as the policy tells it."""

    id: str
    label: str
    meaning: str = ""


def options(document: Document) -> dict[str, tuple[Option, ...]]:
    """Return, by field, the values that a policy knows; fields of which it knows none are left out."""
    found = {
        field: tuple(
            Option(each.id, each.label or each.id, each.meaning) for each in getattr(document, listed)
        )
        for field, listed in _LISTS.items()
    }
    return {field: values for field, values in found.items() if values}


def known_values(story: Iterable[Event]) -> dict[str, str]:
    """Return what the facts of a story say of the fields; those of which nothing is known are left out."""
    known: dict[str, str] = {}
    for fact in story:
        if fact.kind == "opened":
            known |= {name: str(value) for name in FIELDS if (value := fact.data.get(name))}
        elif fact.kind == "field" and fact.data.get("name") in FIELDS:
            known[str(fact.data["name"])] = str(fact.data.get("to") or "")
        elif fact.kind == "assigned":
            known |= {name: str(fact.data[name]) for name in ("team", "tier") if fact.data.get(name)}
    return {name: value for name, value in known.items() if value}


def missing(document: Document, known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the fields that the policy requires before work begins and that are not known yet."""
    return tuple(each for each in document.triage.requires if not known.get(each))


def begins_work(policy: Policy, before: str, after: str) -> bool:
    """Whether a move of an agent's begins the work on a ticket, or ends it: what has to be known must be known by then.

    Asking the customer and putting a ticket aside are no work: that is how one finds out. Neither is going back to
    where every ticket begins. A policy that knows no resolved tickets ends work by closing them.
    """
    ends = "resolved" if any(each.category == "resolved" for each in policy.statuses) else "closed"
    status = policy.status(after)
    return before != after and after != policy.initial_status and status.category in ("open", ends)


def desk_team(desk_id: int, team: str, document: Document) -> Team | None:
    """Return the desk's team that goes by the id or the label of a team of the policy."""
    named = {team.casefold()} | {
        each.label.casefold() for each in document.teams if each.id == team and each.label
    }
    teams = Team.objects.filter(desk_id=desk_id).order_by("pk")
    return next((each for each in teams if _plain(each.name) in {_plain(name) for name in named}), None)


def _plain(name: str) -> str:
    return name.casefold().replace("_", " ").strip()
