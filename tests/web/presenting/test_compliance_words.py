"""Shares are exact: never rounded up, and the distance to an objective is counted in whole clocks."""

from datetime import timedelta
from fractions import Fraction

import pytest

from harness.cast import utc
from upheld.insight.figures import Exclusion, Held, Line, Month, Outcome, Paused, Scope, Side
from upheld.web.presenting import compliance as words


def link(**choice: object) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in choice.items())


def line(side: Side = Side.metric, key: str = "", label: str = "", **numbers: int) -> Line:
    outcomes = {each: numbers.pop(each.value) for each in Outcome if each.value in numbers}
    return Line("first_response", side, key, label, outcomes, **numbers)


def month(*lines: Line, asked: str = "95", **more: object) -> Month:
    whole = next(each for each in lines if each.side is Side.metric)
    percent, met = Fraction(asked), whole.outcomes.get(Outcome.met, 0)
    reached = whole.kept >= percent / 100 if whole.kept is not None else None
    held = Held(("first_response",), percent, "month", False, met, whole.counted, reached)
    start, end = utc("2026-10-01 00:00"), utc("2026-11-01 00:00")
    return Month(1, "UTC", start, end, end, Scope.seen, lines, (held,), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("met", "counted", "said"),
    [
        (190, 200, "95 %"),
        (1899, 2000, "94.9 %"),
        (199_999, 200_000, "99.9 %"),
        (200, 200, "100 %"),
        (2, 3, "66.6 %"),
        (0, 7, "0 %"),
        (1, 2001, "0.0 %"),
    ],
)
def test_a_share_is_cut_off_and_never_rounded_up(met: int, counted: int, said: str) -> None:
    assert words.percent(Fraction(met, counted)) == said


def test_a_share_has_as_many_decimals_as_what_it_is_held_against() -> None:
    (goal,) = words.goals(month(line(met=9994, missed=6), asked="99.95"), link)
    assert goal.share and goal.share.percent == "99.94 %"
    assert (goal.state, goal.verdict, goal.asked) == ("breached", "Not reached", "99.95 % in time each month")
    assert goal.distance == "1 miss too many."


@pytest.mark.parametrize(
    ("met", "missed", "overdue", "said"),
    [
        (190, 7, 3, "Not one more of these could be missed."),
        (191, 9, 0, "1 more of these could be missed."),
        (200, 0, 0, "10 more of these could be missed."),
        (189, 8, 3, "1 miss too many."),
        # 5 % of 199 is less than ten.
        (189, 10, 0, "1 miss too many."),
        (0, 0, 0, ""),
    ],
)
def test_how_far_it_is_to_the_objective(met: int, missed: int, overdue: int, said: str) -> None:
    (goal,) = words.goals(month(line(met=met, missed=missed, overdue=overdue)), link)
    assert goal.distance == said
    assert goal.verdict == ("Reached" if met >= 190 else "Not reached" if met else "Nothing counts yet")


@pytest.mark.parametrize(
    ("met", "missed", "pending", "said"),
    [
        (190, 10, 20, "Of the 20 that are pending, at least 19 must be met."),
        (200, 0, 10, "It stays reached whatever becomes of the 10 that are pending."),
        (180, 20, 20, "The 20 that are pending cannot make up for it."),
        (0, 0, 1, "Of the 1 that is pending, 1 must be met."),
        (200, 0, 0, ""),
    ],
)
def test_what_must_become_of_what_is_pending(met: int, missed: int, pending: int, said: str) -> None:
    (goal,) = words.goals(month(line(met=met, missed=missed, pending=pending)), link)
    assert goal.ahead == said


def test_a_table_has_all_of_a_metric_and_then_the_sides_that_tell_something_apart() -> None:
    (table,) = words.tables(
        month(
            line(met=3, missed=1, overdue=1, excluded=2, spam=1, corrected=1),
            line(Side.priority, "urgent", "Urgent", met=3),
            line(Side.priority, "low", "Low", missed=1, overdue=1, excluded=2, spam=1, corrected=1),
            line(Side.plan, met=3, missed=1, overdue=1),
            line(Side.team, "7", "Devices", met=1),
            line(Side.team, "", "", met=2, missed=1, overdue=1),
        ),
        link,
    )
    assert [each.label for each in table.groups] == ["", "By priority", "By team"]
    assert table.columns == ["Met", "Missed", "of them overdue", "Pending", "Not counted", "Corrected"]
    (whole,) = table.groups[0].rows
    assert [each.count for each in whole.numbers] == [3, 2, 1, 0, 3, 1]
    assert whole.share and (whole.share.words, whole.share.percent) == ("3 of 5", "60 %")
    assert [each.label for each in table.groups[2].rows] == ["Devices", "no team"]
    # Every number leads somewhere, and nothing leads nowhere.
    for row in (row for group in table.groups for row in group.rows):
        assert all(bool(each.url) == bool(each.count) for each in row.numbers)


def test_what_counts_for_nothing_is_told_with_its_reason() -> None:
    figures = month(
        line(met=1, excluded=2, transferred=1),
        exclusions=[
            Exclusion("out_of_scope", "Out of scope", 2, 2),
            Exclusion("merged-ticket", "Part of another ticket", 1, 1),
        ],
        pauses=[
            Paused(
                "Waiting on customer",
                "asked for the serial number",
                "Bob Tanaka",
                7,
                2,
                1,
                timedelta(hours=30),
            ),
            Paused("", "", "system", None, 1, 1, timedelta(days=3)),
        ],
    )
    assert [(each.label, each.clocks.count) for each in words.left_out(figures, link)] == [
        ("Out of scope", 2),
        ("Part of another ticket", 1),
    ]
    assert [(each.reason, each.author, each.time) for each in words.pauses(figures, link)] == [
        ("Waiting on customer: asked for the serial number", "Bob Tanaka", "30 h"),
        ("no reason given", "the policy", "3 d 0 h"),
    ]
