"""The consequences that were recorded beside those of the replay: each once, at its very instant, none too many."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from upheld.policy import Consequence, Standing
from upheld.tickets.verifying.found import Found

# What the replay of one instant does not give: it was made when it was recorded.
_MADE_THEN = ("correction", "published")


class Line(NamedTuple):
    """One line of a story as it is stored, with when it was written down."""

    seq: int
    consequence: Consequence
    recorded_at: datetime


def compare_consequences(
    lines: Sequence[Line],
    standing: Standing,
    unrecorded: Iterable[Consequence],
    wake_at: datetime | None,
) -> Iterator[Found]:
    """Yield recorded consequences that the replay does not give, or gives at another instant or with other data, those
    that were recorded before they held, and those that are missing though nothing would wake the ticket for them."""
    replayed = {each.key: each for each in standing.consequences}
    corrected = {_clock(each.consequence) for each in lines if each.consequence.kind == "correction"}
    for line in lines:
        stored = line.consequence
        if line.recorded_at < stored.at:
            yield Found.of(f"{stored.key}: recorded too early", line.recorded_at, stored.at)
        if stored.kind in _MADE_THEN:
            continue
        if (again := replayed.get(stored.key)) is None:
            # A fact that came late may have taken its ground away; then the correction beside it says so.
            if _clock(stored) not in corrected:
                yield Found.of(f"{stored.key}: recorded", stored.at, None)
            continue
        if again.at != stored.at:
            yield Found.of(f"{stored.key}: at", stored.at, again.at)
        if dict(again.data) != dict(stored.data):
            yield Found.of(f"{stored.key}: data", dict(stored.data), dict(again.data))
    for missing in unrecorded:
        if missing.kind not in _MADE_THEN and (wake_at is None or missing.at < wake_at):
            yield Found.of(f"{missing.key}: missing", None, missing.at)


def _clock(consequence: Consequence) -> tuple[str, int]:
    return str(consequence.data.get("metric")), int(consequence.data.get("cycle", 0))
