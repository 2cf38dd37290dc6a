"""How fast alerts leave, on which ways, and whether what they tell still holds."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from upheld.rules.alert_causes import Course, Over, why_over
from upheld.rules.alert_pace import MINUTE, Pace, leave_together
from upheld.rules.alert_ways import Way, ways

NOW = datetime(2026, 3, 20, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_three_alone_and_then_a_minute_of_rest() -> None:
    pace = Pace()
    for second in range(3):
        assert pace.rests_until(NOW + second * SECOND) is None
        pace = pace.after(NOW + second * SECOND, together=False)
    last = NOW + 2 * SECOND
    assert pace.rests_until(last) == last + MINUTE
    assert pace.rests_until(last + MINUTE - SECOND) == last + MINUTE
    assert pace.rests_until(last + MINUTE) is None


def test_several_together_rest_at_once() -> None:
    pace = Pace().after(NOW, together=True)
    assert pace.rests_until(NOW) == NOW + MINUTE
    assert pace.rests_until(NOW + MINUTE) is None
    assert pace.after(NOW + MINUTE, together=False).rests_until(NOW + MINUTE) is None


def test_two_leave_alone_and_three_together() -> None:
    assert [leave_together(count) for count in (1, 2, 3, 2000)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("kind", "chosen", "has_push", "is_page", "expected"),
    [
        ("breach", {}, True, False, {Way.mail, Way.push}),
        ("breach", {}, False, False, {Way.mail}),
        ("breach", {"breach": []}, True, False, set()),
        ("breach", {"breach": ["push"]}, False, False, set()),
        ("breach", {"warning": []}, True, False, {Way.mail, Way.push}),
        ("paged", {"paged": ["push"]}, True, True, {Way.push}),
        ("paged", {"paged": ["push"]}, False, True, {Way.mail}),
        ("paged", {"paged": []}, True, True, {Way.mail}),
        ("answer_kept", {"answer_kept": []}, True, False, {Way.mail}),
    ],
)
def test_on_which_ways(
    kind: str, chosen: dict[str, list[str]], has_push: bool, is_page: bool, expected: set[Way]
) -> None:
    assert ways(kind, chosen, has_push=has_push, is_page=is_page) == expected


def clock(**changes: Any) -> dict[str, Any]:
    usual = {
        "metric": "first_response",
        "cycle": 1,
        "state": "running",
        "satisfied_at": None,
        "verdict": None,
    }
    return usual | changes


def course(*clocks: dict[str, Any], **changes: Any) -> Course:
    return Course(**{"is_done": False, "status": "open", "clocks": clocks} | changes)


ABOUT = {"metric": "first_response", "cycle": 1}
ANSWERED = clock(satisfied_at="2026-03-20T10:00:00Z", verdict="met", state="met")
LATE = clock(satisfied_at="2026-03-20T10:00:00Z", verdict="breached", state="breached")
MISSED = clock(verdict="breached", state="breached")


@pytest.mark.parametrize(
    ("kind", "data", "course", "expected"),
    [
        ("warning", ABOUT, course(clock()), None),
        ("warning", ABOUT, course(clock(state="closed_hours")), None),
        ("warning", ABOUT, course(clock(state="paused")), Over.stopped),
        ("warning", ABOUT, course(ANSWERED), Over.answered),
        ("warning", ABOUT, course(MISSED), Over.passed),
        ("warning", ABOUT, course(clock(verdict="excluded", state="ended")), Over.stopped),
        ("warning", ABOUT, course(clock(cycle=2)), Over.stopped),
        ("warning", ABOUT, course(clock(), is_done=True), Over.done),
        ("warning", ABOUT, course(clocks=None), None),
        ("warning", {"step": "ask", "status": "open"}, course(), None),
        ("warning", {"step": "ask", "status": "waiting"}, course(), Over.moved_on),
        ("breach", ABOUT, course(MISSED), None),
        ("breach", ABOUT, course(LATE), Over.answered),
        ("breach", ABOUT, course(MISSED, ANSWERED | {"cycle": 2}), Over.answered),
        ("breach", {"metric": "resolution", "cycle": 1}, course(LATE), None),
        ("breach", ABOUT, course(MISSED, is_done=True), Over.done),
        ("escalated", {"metric": "first_response"}, course(MISSED), None),
        ("escalated", {"metric": "first_response"}, course(LATE), Over.answered),
        ("escalated", {"metric": "first_response", "page": True}, course(LATE), None),
        ("escalated", {"metric": "first_response", "complaint": 1}, course(is_done=True), None),
        ("third_party", {}, course(waits_outside=True), None),
        ("third_party", {}, course(), Over.moved_on),
        ("assigned", {}, course(is_done=True), None),
    ],
)
def test_an_alert_stops_with_what_it_tells(
    kind: str, data: dict[str, Any], course: Course, expected: Over | None
) -> None:
    assert why_over(kind, data, course) is expected
