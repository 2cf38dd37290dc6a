"""Compare two policy documents in words."""

from collections.abc import Iterable, Iterator, Mapping

from upheld.policy.comparison import hours, ladders, priorities, promises, statuses
from upheld.policy.comparison.blocks import fields
from upheld.policy.comparison.difference import Difference, in_order
from upheld.policy.comparison.examples import examples
from upheld.policy.comparison.pair import Pair, Teller
from upheld.policy.comparison.side import Place
from upheld.policy.document import (
    ChannelPart,
    Document,
    LadderPart,
    PathLevelPart,
    StatusPart,
    TargetPart,
)
from upheld.policy.loading import DRAFT_YEARS

# What is told otherwise than by its two values alone.
_TELLERS: Mapping[tuple[type, str], Teller] = {
    (Document, "zone"): hours.zone,
    (Document, "calendars"): hours.calendars,
    (Document, "priorities"): priorities.priorities,
    (Document, "targets"): promises.targets,
    (TargetPart, "start"): promises.start,
    (TargetPart, "calendar"): promises.calendar,
    (TargetPart, "warn_at_percent"): promises.warning,
    (StatusPart, "clocks"): statuses.clocks,
    (StatusPart, "after"): statuses.steps,
    (LadderPart, "when"): ladders.condition,
    (LadderPart, "steps"): ladders.steps,
    (LadderPart, "calendar"): ladders.calendar,
    (PathLevelPart, "calendar"): ladders.calendar,
    (ChannelPart, "calendar"): ladders.calendar,
}


def compare(old: Document, new: Document, *, years: Iterable[int] = DRAFT_YEARS) -> tuple[Difference, ...]:
    """Return in what a new policy differs from an old one, most important first; nothing that differs is left out.

    Public holidays are compared by their dates in `years`; in a published policy they are dates already. Both documents
    have to be sound; raises PolicyError where one of them names a country whose holidays nobody knows.
    """
    return in_order(_differences(Pair.of(old, new, years, _TELLERS)))


def _differences(pair: Pair) -> Iterator[Difference]:
    old, new = pair.old.document, pair.new.document
    yield from fields(pair, old, new, Place((), ()), "", remarks_of="the policy", skip=("examples",))
    # Equal values are not enough here: an example may say that it expects nothing.
    yield from examples(pair)
