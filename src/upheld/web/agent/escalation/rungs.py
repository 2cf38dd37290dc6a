"""The ladders of a ticket as a page shows them: the steps that were taken, and those that are to come."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from upheld.policy import ComingRung, Policy
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times, When

Names = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """A role that a step tells, and who fills it now, where that was asked for."""

    role: str
    names: Sequence[str]


@dataclass(frozen=True, slots=True)
class RungRow:
    """One step. `at` is empty while its ladder stands still."""

    number: int
    at: When | None
    told: Sequence[Told]
    is_taken: bool
    is_paged: bool
    is_guideline: bool
    if_missed: bool


@dataclass(frozen=True, slots=True)
class LadderRows:
    """One ladder, its steps by their time."""

    label: str
    steps: Sequence[RungRow]

    @property
    def next(self) -> RungRow | None:
        """The step that comes next."""
        return next((each for each in self.steps if not each.is_taken), None)


def ladders(page: TicketPage, times: Times, names: Names | None = None) -> list[LadderRows]:
    """Return the ladders of a ticket, those without a step left out. `names` says who fills a role now."""
    steps: dict[str, list[RungRow]] = {}
    recorded = {event.consequence_key for event in page.story}
    for event in page.story:
        if event.kind == "escalated" and event.consequence_key is not None:
            row = _row(event.data, event.at, page.policies, times, is_taken=True)
            steps.setdefault(event.data["ladder"], []).append(row)
    for each in page.standing.consequences:
        # Due, and nobody told yet: a matter of seconds, or of mail that is read first.
        if each.kind == "escalated" and each.key not in recorded:
            row = _row(each.data, each.at, page.policies, times, is_taken=False, names=names)
            steps.setdefault(each.data["ladder"], []).append(row)
    for coming in page.rungs:
        steps.setdefault(coming.ladder, []).append(_coming(coming, page.policy, times, names))
    return [LadderRows(_label(id, page.policies), rows) for id, rows in steps.items()]


def _row(
    data: Mapping[str, Any],
    at: datetime,
    policies: Sequence[Policy],
    times: Times,
    *,
    is_taken: bool,
    names: Names | None = None,
) -> RungRow:
    known = {role: label for each in reversed(policies) for role, label in each.roles.items()}
    return RungRow(
        number=data["step"],
        at=times.when(at),
        told=[Told(known.get(role, role), names(role) if names else ()) for role in data["tell"]],
        is_taken=is_taken,
        is_paged=bool(data.get("page")),
        is_guideline=data.get("binding") == "guideline",
        if_missed=False,
    )


def _coming(coming: ComingRung, policy: Policy, times: Times, names: Names | None) -> RungRow:
    rung = next(each for each in policy.ladders if each.id == coming.ladder).steps[coming.step - 1]
    return RungRow(
        number=coming.step,
        at=times.optional(coming.at),
        told=[Told(policy.roles[role], names(role) if names else ()) for role in rung.tell],
        is_taken=False,
        is_paged=rung.page,
        is_guideline=rung.binding == "guideline",
        if_missed=coming.if_missed,
    )


def _label(id: str, policies: Sequence[Policy]) -> str:
    return next((each.label for policy in policies for each in policy.ladders if each.id == id), id)
