"""What was recorded stays: a fact that arrives late appends a correction and rewrites nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from upheld.policy.standing import ClockStanding, Consequence, Standing, Verdict

_Key = tuple[str, int]


def reconcile(
    standing: Standing, recorded: Iterable[Consequence]
) -> tuple[Standing, tuple[Consequence, ...]]:
    """Return the standing with the recorded verdicts in force, and the consequences that are to be recorded now.

    A verdict that the facts known today would not give stays as it was recorded; what they would give is appended
    as a correction, and both stay visible.
    """
    recorded = list(recorded)
    keys = {each.key for each in recorded}
    verdicts = {_clock_of(each): each for each in recorded if each.kind == "verdict"}
    corrected = {_clock_of(each) for each in recorded if each.kind == "correction"}
    news: list[Consequence] = []
    for each in standing.consequences:
        before = verdicts.get(_clock_of(each)) if each.kind == "verdict" else None
        if each.key in keys:
            continue
        if before is None:
            news.append(each)
        elif _clock_of(each) not in corrected:
            news.append(_correction(each, before, standing))
    clocks = tuple(_as_recorded(clock, verdicts) for clock in standing.clocks)
    return replace(standing, clocks=clocks), tuple(each for each in news if each.key not in keys)


def _clock_of(consequence: Consequence) -> _Key:
    return str(consequence.data.get("metric")), int(consequence.data.get("cycle", 0))


def _correction(now: Consequence, before: Consequence, standing: Standing) -> Consequence:
    metric, cycle = _clock_of(now)
    data = {
        "metric": metric,
        "cycle": cycle,
        "verdict": now.data["verdict"],
        "was": before.data["verdict"],
        "cause": "late fact",
        "reason": "a fact arrived after the verdict had been recorded",
    }
    return Consequence(f"correction:{metric}:{cycle}:{now.data['verdict']}", standing.at, "correction", data)


def _as_recorded(clock: ClockStanding, verdicts: Mapping[_Key, Consequence]) -> ClockStanding:
    before = verdicts.get((clock.metric.value, clock.cycle))
    if before is None or before.data["verdict"] == clock.verdict:
        return clock
    correction = clock.correction or clock.verdict
    return replace(
        clock, verdict=Verdict(before.data["verdict"]), verdict_at=before.at, correction=correction
    )
