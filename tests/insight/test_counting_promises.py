"""How the promises of a month are counted: each ticket where it belongs, exactly, and only for whom it is."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from harness.cast import Cast, at, utc
from upheld.insight.behind import clocks_behind, pauses_behind
from upheld.insight.compliance import month_figures, period_around
from upheld.insight.figures import Month, Outcome, Scope, Side
from upheld.people.actions import add_team
from upheld.people.actions.change_team import dissolve_team
from upheld.people.models import Agent, NamedAuditor
from upheld.rules.permissions import NotAllowed
from upheld.tickets import filling
from upheld.tickets.actions import Goal, hand_over, reply, restrict_ticket, set_status
from upheld.tickets.models import ClockResult, PauseSpan, ResultsToFill, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.visibility import AgentViewer

LONDON = ZoneInfo("Europe/London")
CHAPTER = Path(__file__).parents[2] / "docs" / "compliance.md"


def figures(
    cast: Cast, month: str, now: str, *, viewer: Agent | None = None, scope: Scope | None = None
) -> Month:
    first = datetime.fromisoformat(f"{month}-01").replace(tzinfo=LONDON)
    start, end = period_around(first, "month", "Europe/London")
    seen_by = AgentViewer.of(viewer) if viewer else None
    over = scope or (Scope.seen if viewer else Scope.whole)
    return month_figures(cast.desk, start, end, utc(now), scope=over, viewer=seen_by)


def responses(month: Month) -> dict[Outcome, int]:
    found = [each for each in month.by(Side.metric) if each.metric == "first_response"]
    return dict(found[0].outcomes) if found else {}


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_the_example_of_the_chapter(cast: Cast) -> None:
    text = CHAPTER.read_text()
    rows = re.findall(
        r"^\| (\d{4}-\d\d-\d\d \d\d:\d\d) \| (.*) \| (\w+) in (\d{4}-\d\d) \|$", text, re.MULTILINE
    )
    assert len(rows) == 6
    wanted: dict[str, dict[Outcome, int]] = {}
    for received, then, outcome, month in sorted(rows):
        ticket = cast.writes(
            f"{london(received).astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M}", priority="high"
        )
        if answered := re.match(r"answered (.*)", then):
            moment = Moment.exactly(london(answered[1]))
            reply(ticket.pk, cast.bob, "Press the button.", moment)
        elif closed := re.match(r"closed as (\w+) (.*)", then):
            set_status(ticket.pk, cast.bob, "closed", Moment.exactly(london(closed[2])), reason=closed[1])
        counts = wanted.setdefault(month, {})
        counts[Outcome(outcome)] = counts.get(Outcome(outcome), 0) + 1
    told = dict(re.findall(r"^\| (\d{4}-\d\d) \| (.*) \| .* \|$", text, re.MULTILINE))
    assert told.keys() == wanted.keys()
    for month, outcomes in wanted.items():
        counted = figures(cast, month, "2026-12-01 00:00")
        assert responses(counted) == outcomes
        held = counted.objectives[0]
        in_time = f"{held.met} of {held.counted}" if held.counted else "nothing counts yet"
        assert in_time == told[month]
        assert held.is_reached is (False if held.counted else None)


@pytest.mark.parametrize(("met", "missed", "is_reached"), [(19, 1, True), (1899, 100, False), (18, 1, False)])
def test_a_share_is_exact(cast: Cast, met: int, missed: int, is_reached: bool) -> None:
    ticket = cast.writes("2026-03-16 09:00")
    ClockResult.objects.all().delete()
    row = ClockResult(
        ticket=ticket,
        desk=cast.desk,
        metric="first_response",
        target="high",
        falls_at=utc("2026-03-16 12:00"),
        verdict_at=utc("2026-03-16 12:00"),
        priority="high",
    )
    verdicts = ["met"] * met + ["breached"] * missed
    rows = [_copy(row, cycle, verdict) for cycle, verdict in enumerate(verdicts)]
    ClockResult.objects.bulk_create(rows)
    held = figures(cast, "2026-03", "2026-04-01 00:00").objectives[0]
    assert (held.met, held.counted, held.is_reached) == (met, met + missed, is_reached)


def _copy(row: ClockResult, cycle: int, verdict: str) -> ClockResult:
    values = {each.attname: getattr(row, each.attname) for each in ClockResult._meta.concrete_fields}
    return ClockResult(**values | {"id": None, "cycle": cycle, "verdict": verdict})


def test_a_restricted_ticket_changes_nothing_for_whoever_does_not_read_it(cast: Cast) -> None:
    cast.reads_what_is_restricted(cast.lena)
    ordinary, other = cast.writes("2026-03-16 09:00"), cast.writes("2026-03-16 10:00")
    set_status(ordinary.pk, cast.bob, "waiting_on_customer", at("2026-03-16 11:00"))
    before = figures(cast, "2026-03", "2026-04-01 00:00", viewer=cast.bob)
    ticket = cast.writes("2026-03-16 10:00", priority="high")
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-16 15:00"))
    set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-03-17 10:00"), reason="about Jonas")
    assert figures(cast, "2026-03", "2026-04-01 00:00", viewer=cast.bob) != before
    restrict_ticket(ticket.pk, cast.bob, "It names a child.", at("2026-03-17 11:00"))
    assert figures(cast, "2026-03", "2026-04-01 00:00", viewer=cast.bob) == before

    seen = figures(cast, "2026-03", "2026-04-01 00:00", viewer=cast.lena)
    assert seen.tickets == before.tickets + 1
    assert "about Jonas" in {each.reason for each in seen.pauses}
    with pytest.raises(NotAllowed):
        figures(cast, "2026-03", "2026-04-01 00:00", viewer=cast.bob, scope=Scope.whole)
    NamedAuditor.objects.create(
        desk=cast.desk, agent=cast.bob, added_at=utc("2026-01-01 00:00"), added_by="t"
    )
    whole = figures(cast, "2026-03", "2026-04-01 00:00", viewer=cast.bob, scope=Scope.whole)
    assert (whole.lines, whole.tickets) == (seen.lines, seen.tickets)
    assert "about Jonas" not in {each.reason for each in whole.pauses}
    about = {"scope": Scope.whole, "viewer": AgentViewer.of(cast.bob)}
    span = (cast.desk, whole.start, whole.end, whole.at)
    for found in (clocks_behind(*span, **about), pauses_behind(*span, **about)):
        assert ticket.pk not in {row.ticket_id for row in found.rows}
        assert found.hidden > 0
    assert other.pk in {row.ticket_id for row in clocks_behind(*span, **about).rows}


def test_the_figures_of_a_desk_are_for_those_who_work_on_it(cast: Cast, charlie: Agent) -> None:
    cast.writes("2026-03-16 09:00")
    for scope in Scope:
        with pytest.raises(NotAllowed):
            figures(cast, "2026-03", "2026-04-01 00:00", viewer=charlie, scope=scope)


def test_of_a_pause_counts_what_lies_in_the_month_and_it_has_its_author(cast: Cast) -> None:
    ticket = cast.writes("2026-03-30 09:00", priority="high")
    for month in ("2026-02", "2026-03", "2026-04", "2026-05", "2026-06"):
        assert figures(cast, month, "2026-06-15 12:00").pauses == []
    set_status(
        ticket.pk,
        cast.lena,
        "waiting_on_third_party",
        at("2026-03-31 21:00"),
        reason="the part is on its way",
    )
    now = "2026-05-03 23:00"
    told = {
        month: figures(cast, month, now).pauses
        for month in ("2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
    }
    # London's clocks are an hour ahead: its April begins at 23:00 UTC.
    hours = {month: [each.time / timedelta(hours=1) for each in pauses] for month, pauses in told.items()}
    assert hours == {"2026-02": [], "2026-03": [2], "2026-04": [720], "2026-05": [72], "2026-06": []}
    [paused] = told["2026-04"]
    assert (paused.status, paused.reason) == ("waiting_on_third_party", "the part is on its way")
    assert (paused.author, paused.agent_id, paused.pauses, paused.tickets) == (
        "Lena Novak",
        cast.lena.pk,
        1,
        1,
    )
    set_status(ticket.pk, cast.bob, "open", at("2026-05-04 23:00"))
    again = {month: figures(cast, month, "2026-07-01 00:00").pauses for month in told}
    assert [each.time for each in again["2026-04"]] == [timedelta(days=30)]
    assert [each.time for each in again["2026-05"]] == [timedelta(days=4)]
    assert again["2026-06"] == []


def test_a_clock_is_its_team_s_of_the_verdict_and_nobody_s_when_the_team_is_gone(cast: Cast) -> None:
    people = {"by": "tests", "now": utc("2026-01-01 00:00")}
    first, second = (add_team(cast.desk.pk, name=name, **people) for name in ("First", "Second"))
    ticket = cast.writes("2026-03-16 09:00", priority="high")
    hand_over(ticket.pk, cast.bob, Goal(team=first), "They know it.", at("2026-03-16 10:00"))
    reply(ticket.pk, cast.bob, "Press the button.", at("2026-03-16 11:00"))
    hand_over(ticket.pk, cast.bob, Goal(team=second), "Now they do.", at("2026-03-16 12:00"))

    def teams() -> dict[str, list[str]]:
        month = figures(cast, "2026-03", "2026-04-01 00:00")
        return {
            metric: [each.label for each in month.by(Side.team) if each.metric == metric]
            for metric in metrics
        }

    metrics = sorted(ClockResult.objects.values_list("metric", flat=True))
    answered = {each: ["First"] if each == "first_response" else ["Second"] for each in metrics}
    assert teams() == answered
    dissolve_team(cast.desk.pk, first.pk, **people)
    assert teams()["first_response"] == [""]


def test_tickets_from_before_there_were_figures_get_their_rows_lot_by_lot(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "LOT", 2)
    for hour in (9, 10, 11):
        ticket = cast.writes(f"2026-03-16 {hour:02}:00", priority="high")
        set_status(ticket.pk, cast.bob, "waiting_on_customer", at(f"2026-03-16 {hour:02}:30"))
    before = figures(cast, "2026-03", "2026-04-01 00:00")
    assert before.tickets == 0
    assert before.pauses
    rows = _rows()
    ClockResult.objects.all().delete()
    PauseSpan.objects.all().delete()
    ResultsToFill.objects.create(done=0, last=Ticket.objects.order_by("pk").last().pk)
    told: list[int] = []
    assert filling.fill(told.append) == 3
    assert told == [2, 3, 3]
    assert _rows() == rows
    assert not filling.is_waiting()
    assert figures(cast, "2026-03", "2026-04-01 00:00") == replace(before)


def _rows() -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    clocks = ClockResult.objects.order_by("ticket_id", "metric", "cycle")
    pauses = PauseSpan.objects.order_by("ticket_id", "number")
    return tuple(  # type: ignore[return-value]
        [tuple(value for name, value in sorted(each.items()) if name != "id") for each in rows.values()]
        for rows in (clocks, pauses)
    )
