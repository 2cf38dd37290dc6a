"""The rows that figures are counted from, beside those of the replay: each clock and each pause once, and as it was."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from upheld.tickets.result_rows import Noted, Place
from upheld.tickets.results import ClockRow, PauseRow, Results
from upheld.tickets.verifying.found import Found
from upheld.tickets.verifying.story import StoryLine


def compare_results(
    noted: Noted, results: Results, place: Place, teams: Collection[int], lines: Sequence[StoryLine]
) -> Iterator[Found]:
    """Yield where a stored row is not that of the replay, is missing, or is one too many. `teams` are those of the
    desk: of one that is gone nothing is kept."""
    clocks = {each.key: each for each in results.clocks}
    for key in sorted(noted.clocks.keys() | clocks.keys()):
        name = f"figures: clock {key[0]} {key[1]}"
        yield from _row(name, noted.clocks.get(key), _known(clocks.get(key), noted, teams), place)
    pauses = {each.key: each for each in results.pauses}
    agents = {line.seq: line.agent_id for line in lines}
    for number in sorted(noted.pauses.keys() | pauses.keys()):
        name = f"figures: pause {number}"
        yield from _row(name, noted.pauses.get(number), pauses.get(number), place)
        stored = noted.agents.get(number)
        if number in noted.pauses and number in pauses and stored != agents.get(pauses[number].fact):
            yield Found.of(f"{name}: agent", stored, agents.get(pauses[number].fact))


def _known(row: ClockRow | None, noted: Noted, teams: Collection[int]) -> ClockRow | None:
    """The row of the replay with the team that can be stored: where the story tells only a name, the stored one."""
    if row is None or (isinstance(row.team, int) and row.team in teams):
        return row
    stored = noted.clocks.get(row.key)
    return row._replace(team=stored[0].team if stored and isinstance(row.team, str) else None)


def _row(
    name: str,
    stored: tuple[ClockRow | PauseRow, Place] | None,
    replayed: ClockRow | PauseRow | None,
    place: Place,
) -> Iterator[Found]:
    if stored is None or replayed is None:
        yield Found.of(name, stored and "stored", replayed and "replayed")
        return
    before, after = _told(stored[0], stored[1]), _told(replayed, place)
    for column, value in before.items():
        if value != after[column]:
            yield Found.of(f"{name}: {column}", value, after[column])


def _told(row: NamedTuple, place: Place) -> Mapping[str, Any]:
    return {**row._asdict(), **place._asdict()}
