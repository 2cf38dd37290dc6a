"""The history of a ticket by day, all of it or what somebody looks for in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from upheld.policy import Policy
from upheld.tickets.models import StoryEvent
from upheld.web.presenting.history import Line, history, is_told
from upheld.web.presenting.times import Times

LATEST = 12
A_PAGE = 50

EVERYTHING, SAID, CLOCKS = "everything", "said", "clocks"
SHOWN = {EVERYTHING: _("Everything"), SAID: _("What was said"), CLOCKS: _("Clocks")}
_SAID = frozenset(
    ("opened", "message", "note", "call", "acknowledged", "released", "complaint", "information")
)
_CLOCKS = frozenset(
    (
        *(
            "status",
            "priority",
            "promised",
            "published",
            "paused",
            "resumed",
            "warned",
            "verdict",
            "reminder",
        ),
        *(
            "escalated",
            "correction",
            "admitted",
            "complaint_missed",
            "new_ticket",
            "paged",
            "page_acknowledged",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one local day, the newest first."""

    name: str
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Days:
    """A page of a history: its days, how many lines there are in all, and the numbers of the pages beside it."""

    days: Sequence[Day]
    total: int
    newer: int | None = None
    older: int | None = None


def latest(story: Sequence[StoryEvent], policies: Sequence[Policy], times: Times) -> Days:
    """Return the newest lines, for beside the conversation."""
    return page_of(story, policies, times, EVERYTHING, 1, size=LATEST)


def page_of(
    story: Sequence[StoryEvent],
    policies: Sequence[Policy],
    times: Times,
    shown: str,
    number: int,
    *,
    size: int = A_PAGE,
) -> Days:
    """Return one page of what is wanted; only its own lines are put into words."""
    wanted = [each for each in story if is_told(each) and _belongs(each, shown)]
    end = len(wanted) - (number - 1) * size
    lines = history(wanted[max(0, end - size) : max(0, end)], policies, times)
    days = [Day(name, list(group)) for name, group in groupby(lines, key=lambda line: line.day)]
    return Days(days, len(wanted), number - 1 if number > 1 else None, number + 1 if end > size else None)


def _belongs(event: StoryEvent, shown: str) -> bool:
    if shown == SAID:
        return event.kind in _SAID or event.message_id is not None
    if shown == CLOCKS:
        return event.kind in _CLOCKS or event.consequence_key is not None
    return True
