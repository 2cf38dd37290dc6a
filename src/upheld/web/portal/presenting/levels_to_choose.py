"""The levels of urgency as somebody chooses one: what it means, how it is best reported, and how soon we respond."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from upheld.policy import Policy
from upheld.policy.document import Document
from upheld.web.portal.presenting.contact import Way, contact_page
from upheld.web.portal.presenting.policy import expectations
from upheld.web.portal.presenting.policy.short import PriorityRow


@dataclass(frozen=True, slots=True)
class LevelToChoose:
    """`better` are other ways by which this level is best reported, in the policy's order; empty where this form is the
    first of them or the policy names none."""

    row: PriorityRow
    better: Sequence[Way]
    is_restricted: bool


def levels_to_choose(
    document: Document, policy: Policy, now: datetime, zone: str, address: str
) -> list[LevelToChoose]:
    """Every level of a policy, the least urgent first."""
    inward = [each.id for each in document.channels if "in" in each.directions]
    ways = dict(zip(inward, contact_page(document, policy, now, zone, address).ways, strict=True))
    parts = {each.id: each for each in document.priorities}
    return [
        LevelToChoose(row, _better(parts[row.id].report_by, ways), parts[row.id].restricted)
        for row in reversed(expectations(document, policy, now).priorities)
    ]


def _better(report_by: Sequence[str], ways: dict[str, Way]) -> list[Way]:
    """The ways that the policy names before this form."""
    found = []
    for way in (ways[id] for id in report_by if id in ways):
        if way.is_form:
            break
        found.append(way)
    return found
