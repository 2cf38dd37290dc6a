"""The story itself: no line missing, none doubled, none in a wrong place, and every message told of."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from upheld.tickets.verifying.found import Found


class StoryLine(NamedTuple):
    """What is checked of a line, facts and consequences alike. `is_late`: it took its place behind what was recorded
    before it, and keeps the instant at which it really held beside it."""

    seq: int
    at: datetime
    recorded_at: datetime
    kind: str
    message_id: int | None
    is_late: bool
    agent_id: int | None = None


def check_story(lines: Sequence[StoryLine], last_seq: int, messages: Collection[int]) -> Iterator[Found]:
    """Yield what is wrong with a story's lines, given the ticket's count of them and the messages of its thread."""
    numbers = sorted(line.seq for line in lines)
    if numbers != list(range(1, len(numbers) + 1)):
        yield Found.of("story: sequence", _gaps(numbers), f"1 to {len(numbers)}")
    if last_seq != len(numbers):
        yield Found.of("column last_seq", last_seq, len(numbers))
    if [line.kind for line in lines].count("opened") != 1:
        yield Found.of("story: receipts", [line.kind for line in lines].count("opened"), 1)
    for line in lines:
        if line.at > line.recorded_at and not line.is_late:
            yield Found.of(f"story {line.seq}: recorded before it held", line.recorded_at, line.at)
    told = {line.message_id for line in lines if line.message_id is not None}
    if untold := set(messages) - told:
        yield Found.of("messages without a line in the story", sorted(untold), None)
    if unknown := told - set(messages):
        yield Found.of("lines about messages that are not there", sorted(unknown), None)


def _gaps(numbers: Sequence[int]) -> str:
    whole = range(1, (numbers[-1] if numbers else 0) + 1)
    missing = [each for each in whole if each not in set(numbers)]
    return f"missing {missing}" if missing else f"doubled among {len(numbers)}"
