"""Who corrected a verdict, and why: as the stories tell it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from upheld.tickets.models import StoryEvent

ClockKey = tuple[int, str, int]


@dataclass(frozen=True, slots=True)
class Correction:
    """`by` is the agent whose act it was, or whose late entry made it; empty where it was nobody's on the desk."""

    at: datetime
    by: str
    reason: str


def corrections_of(ticket_ids: Collection[int]) -> dict[ClockKey, Correction]:
    """Return the last correction of each clock of some tickets, by ticket, metric and cycle."""
    if not ticket_ids:
        return {}
    story = StoryEvent.objects.filter(ticket_id__in=ticket_ids).order_by("ticket_id", "seq")
    corrections = list(story.filter(kind="correction"))
    instants = {each.recorded_at for each in corrections}
    facts = story.filter(consequence_key=None, agent__isnull=False, recorded_at__in=instants)
    # What corrected is the last fact that was written with the correction.
    by: dict[tuple[int, datetime], str] = {
        (each.ticket_id, each.recorded_at): each.agent.name for each in facts.select_related("agent__user")
    }
    return {
        (each.ticket_id, str(each.data["metric"]), int(each.data["cycle"])): Correction(
            at=each.at,
            by=by.get((each.ticket_id, each.recorded_at), ""),
            reason=str(each.data.get("reason") or ""),
        )
        for each in corrections
    }
