"""A simulation as plain data, for programs. Version 1; keys may be added, none goes away or changes its meaning."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from upheld.clock import duration_micros
from upheld.policy.instants import instant_text
from upheld.policy.policy import Policy
from upheld.policy.simulation.difference import ClockDifference
from upheld.policy.simulation.past import Unread
from upheld.policy.simulation.tally import Tally
from upheld.policy.simulation.telling import Told
from upheld.policy.standing import ClockStanding

REPORT_VERSION = 1
_Counts = Mapping[Any, int]


def report(
    tally: Tally,
    policy: Policy,
    names: tuple[str, str | None],
    told: Sequence[Told],
    *,
    at: datetime | None,
    is_complete: bool,
) -> dict[str, Any]:
    """Return everything that a simulation found, as JSON-able data.

    `names` are what the two policies are called, the second None where there was nothing to compare with; then the
    counts of `against` are left out.
    """
    compared = names[1] is not None
    pairs = _Pairs(compared)
    ours, theirs = tally.policy, tally.against
    return {
        "version": REPORT_VERSION,
        "complete": is_complete,
        "policy": names[0],
        "against": names[1],
        "at": "last event" if at is None else instant_text(at),
        "zone": policy.zone,
        "stories": tally.stories,
        "not_yet_opened": tally.not_yet,
        "verdicts": pairs.of(("metric", "priority", "verdict"), ours.verdicts, theirs.verdicts),
        "consequences": pairs.of(("kind", "detail"), ours.consequences, theirs.consequences),
        "escalations": pairs.of(("ladder", "step"), ours.steps, theirs.steps),
        "roles_told": pairs.of(
            ("role",), *[{(id,): n for id, n in each.roles.items()} for each in (ours, theirs)]
        ),
        "alerts_by_hour": pairs.of(
            ("hour",), *[{(hour,): n for hour, n in enumerate(each.alerts)} for each in (ours, theirs)]
        ),
        "changed_verdicts": list(_changed(tally)),
        "differing": tally.differing,
        "listed": [_told(each) for each in told],
        "unread": {
            "count": tally.unread,
            "strange": [
                {"what": what, "id": id, "stories": count}
                for (what, id), count in sorted(tally.strange.items())
            ],
            "listed": [_unread(each) for each in tally.first_unread],
        },
    }


class _Pairs:
    """Puts counts side by side."""

    def __init__(self, compared: bool) -> None:
        self._compared = compared

    def of(self, names: Sequence[str], ours: _Counts, theirs: _Counts) -> list[dict[str, Any]]:
        """Return an entry for every key that either has, in order."""
        keys: Iterable[tuple[Any, ...]] = sorted(ours.keys() | theirs.keys())
        return [
            {
                **dict(zip(names, key, strict=True)),
                "policy": ours.get(key, 0),
                **({"against": theirs.get(key, 0)} if self._compared else {}),
            }
            for key in keys
        ]


def _changed(tally: Tally) -> Iterator[dict[str, Any]]:
    for (metric, before, now), count in sorted(tally.changed.items()):
        yield {"metric": metric, "against": before, "policy": now, "clocks": count}


def _told(told: Told) -> dict[str, Any]:
    difference = told.difference
    return {
        "place": told.place,
        "name": told.name,
        "at": instant_text(told.at),
        "against": told.names[1],
        "clocks": [
            _clock(clock, clauses) for clock, clauses in zip(difference.clocks, told.clauses, strict=True)
        ],
        "counts": [
            {"kind": each.kind, "detail": each.detail, "policy": each.policy, "against": each.against}
            for each in difference.counts
        ],
        "status": _pair(difference.status),
        "priority": _pair(difference.priority),
        "sentences": list(told.sentences),
    }


def _clock(clock: ClockDifference, clauses: tuple[str, str]) -> dict[str, Any]:
    return {
        "metric": clock.metric.value,
        # Of a cadence the latest interval, whose number is not the same under another one.
        "cycle": clock.cycle or None,
        "policy": _side(clock.policy, clauses[0]),
        "against": _side(clock.against, clauses[1]),
    }


def _side(clock: ClockStanding | None, clause: str) -> dict[str, Any] | None:
    if clock is None:
        return None
    return {
        "target": clock.target,
        "clause": clause,
        "calendar": clock.calendar,
        "due_at": None if clock.due_at is None else instant_text(clock.due_at),
        "left": duration_micros(clock.budget - clock.used),
        "verdict": None if clock.verdict is None else clock.verdict.value,
        "satisfied_at": None if clock.satisfied_at is None else instant_text(clock.satisfied_at),
    }


def _pair(values: tuple[str, str] | None) -> dict[str, str] | None:
    return None if values is None else {"policy": values[0], "against": values[1]}


def _unread(unread: Unread) -> dict[str, Any]:
    return {"place": unread.place, "name": unread.name, "reason": unread.reason}
