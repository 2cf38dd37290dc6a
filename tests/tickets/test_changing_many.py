"""One change of many tickets: each by itself, as of the press, in pieces, and taken back as a whole."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from harness.cast import Cast, at, utc
from upheld.notices.models import Alert, NoticeKind
from upheld.people.models import Agent, Membership, Team
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.actions import Refused
from upheld.tickets.models import Macro, Press, Snooze, StoryEvent, Tagged, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.presses import bulk
from upheld.worker.presses import Presser

TEN = "2026-03-16 10:00"


def press(
    cast: Cast, tickets: list[Ticket], change: dict[str, Any], when: str = TEN, agent: Agent | None = None
) -> Press:
    payload = bulk.payload_of([each.pk for each in tickets], change)
    return actions.press(agent or cast.bob, cast.desk.pk, Press.Kind.BULK, payload, at(when))


def work_off(now: datetime) -> None:
    """The worker does what is due, as long as there is something."""
    presser = Presser()
    while presser.look(now):
        pass


def fresh(tickets: list[Ticket]) -> list[Ticket]:
    return [Ticket.objects.get(pk=each.pk) for each in tickets]


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    return [cast.writes(f"2026-03-16 09:0{minute}") for minute in range(3)]


@pytest.fixture
def waits(cast: Cast, settings: Any) -> None:
    """Presses may be taken back for ten seconds."""
    settings.LONGEST_UNDO = 60
    cast.bob.undo_seconds = 10
    cast.bob.save()


def test_nothing_happens_before_its_time_and_everything_counts_at_the_press(cast, three, waits):
    row = press(cast, three, {"do": "assign", "to": cast.bob.pk})
    work_off(utc(TEN) + timedelta(seconds=9))
    assert {each.assignee_id for each in fresh(three)} == {None}
    work_off(utc(TEN) + timedelta(seconds=11))
    assert {each.assignee_id for each in fresh(three)} == {cast.bob.pk}
    lines = StoryEvent.objects.filter(ticket__in=three, kind="assigned")
    assert {each.at for each in lines} == {utc(TEN)}
    row.refresh_from_db()
    assert (row.state, bulk.outcome_of(row).done) == (Press.State.DONE, 3)


def test_taken_back_it_changes_nothing(cast, three, waits):
    row = press(cast, three, {"do": "assign", "to": cast.bob.pk})
    actions.take_back(row.pk, cast.bob, utc(TEN) + timedelta(seconds=3))
    work_off(utc(TEN) + timedelta(minutes=1))
    assert {each.assignee_id for each in fresh(three)} == {None}
    assert not StoryEvent.objects.filter(kind="assigned").exists()


def test_one_that_is_refused_stops_no_other_and_is_told_with_its_reason(cast, three, waits):
    whole = cast.writes("2026-03-16 09:10")
    actions.merge_tickets(three[1].pk, whole.number, cast.bob, at("2026-03-16 09:30"))
    row = press(cast, three, {"do": "assign", "to": cast.bob.pk})
    work_off(utc(TEN) + timedelta(seconds=11))
    assert [each.assignee_id for each in fresh(three)] == [cast.bob.pk, None, cast.bob.pk]
    found = bulk.outcome_of(Press.objects.get(pk=row.pk))
    assert (found.total, found.done, [number for number, _why in found.refused]) == (3, 2, [three[1].number])
    assert f"is a part of {whole.number}" in found.refused[0][1]
    alert = Alert.objects.get(agent=cast.bob, kind=NoticeKind.NOT_DONE)
    assert three[1].number in alert.data["why"]


def test_a_fault_of_the_program_on_one_ticket_stops_no_other(cast, three, monkeypatch, caplog):
    real = actions.assign

    def faulty(ticket_id: int, *rest: Any) -> Ticket:
        if ticket_id == three[1].pk:
            raise ZeroDivisionError
        return real(ticket_id, *rest)

    monkeypatch.setattr(actions, "assign", faulty)
    row = press(cast, three, {"do": "assign", "to": cast.bob.pk})
    assert [each.assignee_id for each in fresh(three)] == [cast.bob.pk, None, cast.bob.pk]
    assert "fault of the program" in bulk.outcome_of(row).refused[0][1]


def test_many_are_changed_in_pieces_each_a_transaction(cast, waits, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 2)
    tickets = [cast.writes(f"2026-03-16 09:0{minute}") for minute in range(5)]
    row = press(cast, tickets, {"do": "tag", "to": ["Printer", "floor 2"]})
    presser, now = Presser(), utc(TEN) + timedelta(seconds=11)
    seen = []
    while presser.look(now):
        seen.append((Tagged.objects.values("ticket").distinct().count(), bulk.outcome_of(row).left))
    assert seen == [(2, 3), (4, 1), (5, 0)]
    assert {each.pressed_at for each in Press.objects.all()} == {utc(TEN)}
    assert bulk.outcome_of(row).done == 5


def test_what_is_left_of_a_thousand_can_still_be_taken_back(cast, waits, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 2)
    tickets = [cast.writes(f"2026-03-16 09:0{minute}") for minute in range(5)]
    press(cast, tickets, {"do": "assign", "to": cast.bob.pk})
    Presser().look(utc(TEN) + timedelta(seconds=11))
    actions.take_back(Press.objects.get(state=Press.State.WAITING).pk, cast.bob, utc("2026-03-16 10:01"))
    work_off(utc("2026-03-16 10:02"))
    assert [each.assignee_id is None for each in fresh(tickets)] == [False, False, True, True, True]


def test_without_undo_the_first_piece_happens_at_once_and_the_worker_does_the_rest(cast, monkeypatch):
    monkeypatch.setattr(bulk, "PIECE", 2)
    tickets = [cast.writes(f"2026-03-16 09:0{minute}") for minute in range(3)]
    row = press(cast, tickets, {"do": "assign", "to": cast.bob.pk})
    assert bulk.outcome_of(row).left == 1
    work_off(utc(TEN))
    assert {each.assignee_id for each in fresh(tickets)} == {cast.bob.pk}


def test_what_would_be_refused_on_every_ticket_is_refused_at_the_press(cast, charlie, three, waits):
    elsewhere = Team.objects.create(desk=Membership.objects.get(agent=charlie).desk, name="Elsewhere")
    refused = (
        {"do": "assign", "to": charlie.pk},
        {"do": "team", "to": elsewhere.pk, "reason": "They know it."},
        {"do": "merge", "to": "SDS-99999"},
        {"do": "macro", "to": 99999},
        {"do": "tag", "to": ["x" * 99]},
        {"do": "nothing"},
    )
    for change in refused:
        with pytest.raises(Refused):
            press(cast, three, change)
    with pytest.raises(NotAllowed):
        press(cast, three, {"do": "assign", "to": None}, agent=charlie)
    assert not Press.objects.exists()


def test_rights_are_asked_again_when_it_happens(cast, three, waits):
    row = press(cast, three, {"do": "assign", "to": cast.lena.pk})
    Membership.objects.filter(agent=cast.bob).delete()
    work_off(utc(TEN) + timedelta(seconds=11))
    row.refresh_from_db()
    assert (row.state, {each.assignee_id for each in fresh(three)}) == (Press.State.REFUSED, {None})


def test_a_ticket_that_was_hidden_meanwhile_stays_as_it_is_and_is_not_named(cast, three, waits):
    row = press(cast, three, {"do": "assign", "to": cast.bob.pk})
    Ticket.objects.filter(pk=three[0].pk).update(restricted=True)
    work_off(utc(TEN) + timedelta(seconds=11))
    found = bulk.outcome_of(Press.objects.get(pk=row.pk))
    assert (found.done, found.gone, found.refused) == (2, 1, ())
    assert not Alert.objects.filter(kind=NoticeKind.NOT_DONE).exists()


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({"do": "priority", "to": "urgent"}, {"priority": "urgent"}),
        ({"do": "status", "to": "waiting_on_customer"}, {"status": "waiting_on_customer"}),
    ],
)
def test_status_and_priority_of_many(cast, three, change, after):
    press(cast, three, change)
    for ticket in fresh(three):
        assert {name: getattr(ticket, name) for name in after} == after


def test_a_lower_priority_needs_its_reason_on_each(cast):
    urgent = [cast.writes("2026-03-16 09:00", priority="urgent")]
    silent = press(cast, urgent, {"do": "priority", "to": "low"})
    assert "Say why" in bulk.outcome_of(silent).refused[0][1]
    press(cast, urgent, {"do": "priority", "to": "low", "reason": "Only one screen."}, "2026-03-16 10:05")
    assert fresh(urgent)[0].priority == "low"


def test_a_team_snoozing_waking_and_merging(cast, three):
    team = Team.objects.create(desk=cast.desk, name="Second line")
    team.members.add(cast.lena)
    press(cast, three, {"do": "team", "to": team.pk, "reason": "It needs a screwdriver."})
    assert {each.team_id for each in fresh(three)} == {team.pk}
    press(cast, three, {"do": "snooze", "to": utc("2026-03-17 09:00").isoformat()}, "2026-03-16 10:01")
    assert Snooze.objects.filter(agent=cast.bob, ended_at=None).count() == 3
    press(cast, three, {"do": "wake"}, "2026-03-16 10:02")
    assert not Snooze.objects.filter(ended_at=None).exists()
    press(cast, three, {"do": "merge", "to": three[0].number}, "2026-03-16 10:03")
    assert [each.merged_into_id for each in fresh(three)] == [None, three[0].pk, three[0].pk]


def test_spam_and_macros_of_many(cast, three):
    steps = [{"do": "priority", "to": "high"}]
    macro = Macro.objects.create(desk=cast.desk, name="Look at once", steps=steps, changed_at=utc(TEN))
    press(cast, three, {"do": "macro", "to": macro.pk})
    assert {each.priority for each in fresh(three)} == {"high"}
    press(cast, three, {"do": "spam"}, "2026-03-16 10:01")
    assert {each.is_spam for each in fresh(three)} == {True}


def test_nobody_runs_the_macro_of_another(cast, three, waits):
    own = Macro.objects.create(desk=cast.desk, agent=cast.lena, name="Mine", steps=[], changed_at=utc(TEN))
    with pytest.raises(Refused):
        press(cast, three, {"do": "macro", "to": own.pk})


def test_a_press_that_waits_lets_no_clock_run_over_it(cast, waits):
    from upheld.mailboxes.horizon import moment

    ticket = cast.writes("2026-03-16 09:00")
    press(cast, [ticket], {"do": "status", "to": "waiting_on_customer"})
    now = utc(TEN) + timedelta(seconds=5)
    assert moment(cast.desk.pk, now) == Moment(now, utc(TEN) - timedelta(microseconds=1))
