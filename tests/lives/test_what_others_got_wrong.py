"""What other desks got wrong about the life of a ticket, each a short story: what starts and stops a clock, what a
merge and a closing leave behind, whom alerts reach, and who is closed. And what the random lives found here."""

from pathlib import Path

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Alert, Notice
from upheld.tickets.actions import (
    merge_tickets,
    receive_message,
    reply,
    set_priority,
    set_status,
    undo_merge,
)
from upheld.tickets.models import StoryEvent, Ticket
from upheld.worker.clocks import sweep

MUCH_LATER = utc("2026-05-01 09:00")


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """The cast under the policy of the lives: four hours for an answer, a day for a solution, less when urgent."""
    publish_policy(cast.desk, (Path(__file__).parent / "lives.yaml").read_text(), now=LONG_AGO, by="tests")
    return cast


def says(desk: Cast, ticket: Ticket, when: str, status: str | None = None) -> None:
    reply(ticket.pk, desk.bob, "Press the button for ten seconds.", at(when), status=status)


def writes_again(desk: Cast, ticket: Ticket, when: str, *, thanks: bool = False) -> object:
    return receive_message(ticket.pk, desk.answer_of_amina(when, thanks=thanks), at(when))


def happened(ticket: Ticket, kind: str) -> list[tuple[str, str]]:
    rows = (
        StoryEvent.objects.filter(ticket=ticket, kind=kind)
        .exclude(consequence_key=None)
        .order_by("at", "seq")
    )
    return [(row.consequence_key, f"{row.at:%m-%d %H:%M}") for row in rows]


# What starts and what stops a clock


def test_an_answer_with_a_wait_in_one_step_is_an_answer_and_nobody_is_alerted_later(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "waiting_on_third_party")
    sweep(MUCH_LATER)
    assert happened(ticket, "verdict") == [("met:first_response:1", "03-02 10:00")]
    assert not Alert.objects.filter(ticket_id=ticket.pk).exists()


def test_thanks_for_a_solution_start_no_clock_and_let_it_close(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "resolved")
    writes_again(desk, ticket, "2026-03-02 11:00", thanks=True)
    sweep(MUCH_LATER)
    assert [key for key, _ in happened(ticket, "verdict")] == ["met:first_response:1", "met:resolution:1"]
    assert [when for _, when in happened(ticket, "status")] == ["03-05 11:00"]


# What reopening, closing and merging leave behind


def test_of_a_merged_ticket_nobody_is_warned_nor_reminded_while_the_other_one_goes_on(desk):
    source, survivor = desk.writes("2026-03-02 09:00"), desk.writes("2026-03-02 09:30", "And the tablet")
    merge_tickets(source.pk, survivor.number, desk.bob, at("2026-03-02 09:40"))
    sweep(MUCH_LATER)
    alerts = Alert.objects.filter(kind__in=("warning", "breach"))
    assert not alerts.filter(ticket_id=source.pk).exists()
    assert happened(survivor, "verdict")[0] == ("breached:first_response:1", "03-02 13:00")
    assert alerts.filter(ticket_id=survivor.pk).exists()


def test_a_closed_ticket_alerts_nobody_however_late_the_worker_comes(desk):
    ticket = desk.writes("2026-03-02 09:00")
    set_status(ticket.pk, desk.bob, "closed", at("2026-03-02 09:10"))
    sweep(MUCH_LATER)
    assert not Alert.objects.filter(ticket_id=ticket.pk).exists()


def test_what_comes_after_the_closing_nobody_recorded_yet_is_a_new_ticket_all_the_same(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "waiting_on_customer")
    # It closed on the 6th and could be reopened until April 5th, but no worker has run since.
    message = writes_again(desk, ticket, "2026-04-20 10:00")
    assert message.ticket_id != ticket.pk


def test_a_lowered_priority_does_not_give_away_the_time_that_came_with_a_merge(desk):
    source = desk.writes("2026-03-02 09:00")
    survivor = desk.writes("2026-03-02 12:00", "And the tablet", priority="high")
    merge_tickets(source.pk, survivor.number, desk.bob, at("2026-03-02 12:30"))
    set_priority(survivor.pk, desk.bob, "normal", at("2026-03-02 12:40"), reason="It is one tablet.")
    sweep(MUCH_LATER)
    assert happened(survivor, "verdict")[0] == ("breached:first_response:1", "03-02 13:00")


def test_one_of_two_merges_undone_leaves_the_question_of_the_other(desk):
    survivor = desk.writes("2026-03-02 08:00")
    says(desk, survivor, "2026-03-02 08:30")
    first, second = (
        desk.writes("2026-03-02 09:00", "The tablet"),
        desk.writes("2026-03-02 09:30", "The printer"),
    )
    merge_tickets(first.pk, survivor.number, desk.bob, at("2026-03-02 10:00"))
    merge_tickets(second.pk, survivor.number, desk.bob, at("2026-03-02 10:05"))
    undo_merge(first.pk, desk.bob, at("2026-03-02 10:30"))
    sweep(MUCH_LATER)
    assert ("breached:first_response:2", "03-02 13:30") in happened(survivor, "verdict")


def test_after_a_merge_was_undone_the_question_of_the_next_one_counts(desk):
    survivor = desk.writes("2026-03-02 08:00")
    says(desk, survivor, "2026-03-02 08:30")
    first, second = (
        desk.writes("2026-03-02 09:00", "The tablet"),
        desk.writes("2026-03-02 09:30", "The printer"),
    )
    merge_tickets(first.pk, survivor.number, desk.bob, at("2026-03-02 10:00"))
    undo_merge(first.pk, desk.bob, at("2026-03-02 10:30"))
    merge_tickets(second.pk, survivor.number, desk.bob, at("2026-03-02 11:00"))
    sweep(MUCH_LATER)
    assert ("breached:first_response:3", "03-02 13:30") in happened(survivor, "verdict")


def test_an_answer_after_the_closing_ends_what_was_owed_and_a_reopening_does_not_date_it_back(desk):
    ticket = desk.writes("2026-03-02 09:00")
    set_status(ticket.pk, desk.bob, "waiting_on_customer", at("2026-03-02 09:30"))
    says(desk, ticket, "2026-03-07 10:00")
    writes_again(desk, ticket, "2026-03-07 12:00")
    sweep(MUCH_LATER)
    answers = [each for each in happened(ticket, "verdict") if "first_response" in each[0]]
    assert answers == [("abandoned:first_response:1", "03-06 09:30")]


# Alerts


def test_each_is_alerted_once_however_often_the_worker_looks(desk):
    ticket = desk.writes("2026-03-02 09:00")
    for hour in range(9, 18):
        for _ in range(3):
            sweep(utc(f"2026-03-02 {hour:02}:05"))
    kinds = Alert.objects.filter(ticket_id=ticket.pk).order_by("pk").values_list("kind", "agent__user__name")
    assert [kind for kind, _ in kinds] == ["warning", "breach"]


def test_the_second_warning_is_given_though_the_first_lost_its_target(desk):
    ticket = desk.writes("2026-03-02 09:00", priority="high")
    sweep(utc("2026-03-02 10:35"))
    set_priority(ticket.pk, desk.bob, "normal", at("2026-03-02 10:40"), reason="There is another laptop.")
    says(desk, ticket, "2026-03-02 10:45")
    set_priority(ticket.pk, desk.bob, "high", at("2026-03-02 11:00"))
    sweep(utc("2026-03-02 12:20"))
    warned = [each for each in happened(ticket, "warned") if "update" in each[0]]
    assert warned == [("warned:update:1:75", "03-02 10:30"), ("warned:update:2:75", "03-02 12:15")]


# Reminders and closing by itself


def test_who_answered_is_neither_reminded_nor_closed_however_late_the_worker_comes(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "waiting_on_customer")
    writes_again(desk, ticket, "2026-03-06 10:00")
    sweep(MUCH_LATER)
    ticket.refresh_from_db()
    assert ticket.status == "open"
    assert [when for _, when in happened(ticket, "reminder")] == ["03-03 10:00", "03-05 10:00"]


def test_what_waits_for_somebody_else_is_never_closed_by_itself(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "waiting_on_third_party")
    sweep(MUCH_LATER)
    ticket.refresh_from_db()
    assert ticket.status == "waiting_on_third_party"
    assert not happened(ticket, "reminder")


def test_the_customer_is_told_of_a_closing_once_and_of_no_reminder_after_it(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "waiting_on_customer")
    for day in range(3, 12):
        sweep(utc(f"2026-03-{day:02} 10:01"))
    by_itself = Notice.objects.filter(ticket_id=ticket.pk, kind__in=("reminder", "status")).order_by(
        "created_at"
    )
    assert [each.kind for each in by_itself] == ["reminder", "reminder", "status"]


def test_a_closing_that_nobody_recorded_yet_is_told_though_an_agent_closes_too(desk):
    ticket = desk.writes("2026-03-02 09:00")
    says(desk, ticket, "2026-03-02 10:00", "waiting_on_customer")
    set_status(ticket.pk, desk.bob, "closed", at("2026-03-07 09:00"))
    assert Notice.objects.filter(ticket_id=ticket.pk, kind="status").count() == 1
