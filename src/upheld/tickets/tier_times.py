"""How long the tiers of a desk held the tickets of a month, and why tickets were handed over."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_low
from typing import Any, NamedTuple

from upheld.desks.policies import compiled
from upheld.policy import Policy
from upheld.rules.holding_times import stretches, totals
from upheld.tickets.holding import KINDS, handings, main_calendar, work_on
from upheld.tickets.models import StoryEvent
from upheld.tickets.visibility import AgentViewer, visible_tickets

MOST_TICKETS = 5000
MOST_REASONS = 50


class Line(NamedTuple):
    """A line of a story as it is read here."""

    at: datetime
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TierTimes:
    """How long one tier held tickets: how many, and in all and of a usual ticket, in plain and in working time."""

    tier: str
    tickets: int
    elapsed: timedelta
    working: timedelta
    median_elapsed: timedelta
    median_working: timedelta


@dataclass(frozen=True, slots=True)
class HandOvers:
    """How often tickets went from a tier to another place for a reason."""

    before: str
    after: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """A month of a desk. `is_cut` says that it had more tickets than are looked at."""

    tiers: Sequence[TierTimes]
    hand_overs: Sequence[HandOvers]
    tickets: int
    is_cut: bool


@dataclass(slots=True)
class _Sums:
    elapsed: list[timedelta] = field(default_factory=list)
    working: list[timedelta] = field(default_factory=list)


def tier_times(viewer: AgentViewer, desk_id: int, start: datetime, end: datetime, now: datetime) -> Report:
    """Return how long tiers held the tickets that a desk received in [start, end), as far as the viewer sees them."""
    seen = visible_tickets(viewer).filter(
        desk_id=desk_id, is_spam=False, received_at__gte=start, received_at__lt=end
    )
    columns = ("pk", "received_at", "policy_version_id", "later_version_id")
    rows = list(seen.order_by("received_at", "pk").values_list(*columns)[: MOST_TICKETS + 1])
    tickets = rows[:MOST_TICKETS]
    stories = _stories([pk for pk, *_ in tickets])
    sums: defaultdict[str, _Sums] = defaultdict(_Sums)
    reasons: Counter[tuple[str, str, str]] = Counter()
    order: dict[str, None] = {}
    for pk, received, first, later in tickets:
        policies = tuple(compiled(each) for each in dict.fromkeys((later or first, first)))
        story, calendar = stories[pk], main_calendar(policies[0])
        order |= dict.fromkeys(each.label for each in policies[0].choices.get("tiers", ()))
        parts = stretches(work_on(received, story, policies, now), handings("tier", story, policies))
        for held in totals(parts, calendar.between):
            sums[held.holder].elapsed.append(held.elapsed)
            sums[held.holder].working.append(held.working)
        reasons.update(_reasons(story, policies))
    named = [*(each for each in order if each in sums), *(each for each in sums if each not in order)]
    return Report(
        tiers=[_tier(each, sums[each]) for each in named],
        hand_overs=[HandOvers(*each, count) for each, count in reasons.most_common(MOST_REASONS)],
        tickets=len(tickets),
        is_cut=len(rows) > MOST_TICKETS,
    )


def _stories(tickets: Sequence[int]) -> defaultdict[int, list[Line]]:
    stories: defaultdict[int, list[Line]] = defaultdict(list)
    lines = StoryEvent.objects.filter(ticket_id__in=tickets, kind__in=KINDS).order_by("at", "seq")
    for ticket, at, kind, data in lines.values_list("ticket_id", "at", "kind", "data"):
        stories[ticket].append(Line(at, kind, data))
    return stories


def _tier(tier: str, sums: _Sums) -> TierTimes:
    return TierTimes(
        tier,
        len(sums.elapsed),
        sum(sums.elapsed, timedelta()),
        sum(sums.working, timedelta()),
        median_low(sums.elapsed),
        median_low(sums.working),
    )


def _reasons(story: Iterable[Line], policies: Sequence[Policy]) -> Iterable[tuple[str, str, str]]:
    """From where, to where and why: a tier where it changed, else the team or the agent."""
    labels = {
        each.id: each.label for policy in reversed(policies) for each in policy.choices.get("tiers", ())
    }
    for line in story:
        if line.kind != "handed_over":
            continue
        data = line.data
        before, after = data.get("from_tier", ""), data.get("tier", "")
        goal = labels.get(after, after)
        if before == after:
            goal = data.get("agent_name") or data.get("team") or goal
        yield labels.get(before, before), goal, str(data.get("reason", ""))
