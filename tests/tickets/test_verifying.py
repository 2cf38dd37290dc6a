"""Proof on live data: what is stored is what the stories make of it; what was changed past the program shows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from upheld.desks.actions import create_desk
from upheld.desks.models import Desk
from upheld.lab.demo import load
from upheld.notices.models import Alert, Notice
from upheld.tickets.models import ClockResult, Message, PauseSpan, StoryEvent, Ticket
from upheld.tickets.verifying import Tally, begin, finish, only_one, ordered, parts, verify_part

AT_WORK = datetime(2026, 3, 18, 11, 7, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


def verified() -> Tally:
    tally = Tally()
    for desk in Desk.objects.order_by("pk"):
        for part in parts(desk.pk):
            tally.add(verify_part(part))
    return tally


def found_on(ticket: Ticket) -> list[str]:
    tally = verify_part(parts(ticket.desk_id, only=ticket.pk)[0])
    return [found.what for _, _, found in tally.found]


def past_the_program(sql: str, *values: object) -> None:
    """Change a row as somebody would who has the database's password, with the triggers that guard it switched off."""
    with connection.cursor() as cursor:
        cursor.execute("alter table tickets_storyevent disable trigger user")
        cursor.execute(sql, values)
        cursor.execute("alter table tickets_storyevent enable trigger user")


def fresh(**wanted: object) -> Ticket:
    """A clean ticket that no change has touched yet."""
    tickets = Ticket.objects.filter(desk__slug="school-devices", **wanted).exclude(pk__in=touched)
    ticket = tickets.order_by("pk").first()
    assert ticket is not None, wanted
    touched.append(ticket.pk)
    return ticket


touched: list[int] = []


def verdict_is_moved() -> Ticket:
    ticket = fresh(story__kind="verdict")
    past_the_program(
        "update tickets_storyevent set at = at - interval '1 microsecond' where ticket_id = %s and kind = 'verdict'",
        ticket.pk,
    )
    return ticket


def verdict_is_turned() -> Ticket:
    ticket = fresh(story__kind="verdict", story__data__verdict="breached")
    past_the_program(
        'update tickets_storyevent set data = data || \'{"verdict": "met"}\' where ticket_id = %s'
        " and data ->> 'verdict' = 'breached'",
        ticket.pk,
    )
    return ticket


def answer_is_moved() -> Ticket:
    ticket = fresh(story__kind="message", story__data__direction="out")
    past_the_program(
        "update tickets_storyevent set at = at - interval '3 hours' where ticket_id = %s and kind = 'message'"
        " and data ->> 'direction' = 'out'",
        ticket.pk,
    )
    return ticket


def line_is_taken_out() -> Ticket:
    ticket = fresh(story__kind="note")
    past_the_program("delete from tickets_storyevent where ticket_id = %s and kind = 'note'", ticket.pk)
    return ticket


def due_time_is_bent() -> Ticket:
    ticket = fresh(next_due_at__isnull=False)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=ticket.next_due_at + AN_HOUR)
    return ticket


def nothing_wakes_it() -> Ticket:
    ticket = fresh(wake_at__isnull=False)
    Ticket.objects.filter(pk=ticket.pk).update(wake_at=None)
    return ticket


def standing_is_bent() -> Ticket:
    ticket = fresh(status_category="open")
    ticket.standing["clocks"][0]["used"] += 1
    Ticket.objects.filter(pk=ticket.pk).update(standing=ticket.standing)
    return ticket


def standing_is_lost() -> Ticket:
    ticket = fresh(status_category="open")
    Ticket.objects.filter(pk=ticket.pk).update(standing={})
    return ticket


def alert_is_lost() -> Ticket:
    ticket = fresh(story__kind="warned")
    for model in (Notice, Alert):
        model.objects.filter(ticket_id=ticket.pk, key__contains=":warned:").delete()
    return ticket


def alert_came_too_early() -> Ticket:
    ticket = fresh(story__kind="warned")
    told = Notice.objects.filter(ticket_id=ticket.pk, key__contains=":warned:").order_by("pk")
    warned = StoryEvent.objects.filter(ticket=ticket, kind="warned").order_by("at")[0]
    told.update(created_at=warned.at - timedelta(microseconds=1))
    return ticket


def figure_is_bent() -> Ticket:
    ticket = fresh(clock_results__verdict="breached")
    ClockResult.objects.filter(ticket=ticket, verdict="breached").update(verdict="met")
    return ticket


def figure_is_lost() -> Ticket:
    ticket = fresh(pause_spans__isnull=False)
    PauseSpan.objects.filter(ticket=ticket).delete()
    return ticket


def reply_is_in_no_story() -> Ticket:
    ticket = fresh(status_category="open")
    Message.objects.create(ticket=ticket, kind="reply", at=AT_WORK, channel="web", text="Done.")
    return ticket


CHANGES: list[tuple[Callable[[], Ticket], str]] = [
    (verdict_is_moved, "at"),
    (verdict_is_turned, "data"),
    (answer_is_moved, "clock first_response 1"),
    (line_is_taken_out, "story: sequence"),
    (due_time_is_bent, "column next_due_at"),
    (nothing_wakes_it, "column wake_at"),
    (standing_is_bent, "used"),
    (standing_is_lost, "standing"),
    (alert_is_lost, "nobody was told"),
    (alert_came_too_early, "told too early"),
    (figure_is_bent, "figures: clock"),
    (figure_is_lost, "figures: pause 1"),
    (reply_is_in_no_story, "messages without a line in the story"),
]


@pytest.mark.django_db(transaction=True)
def test_a_year_of_five_desks_is_proved_and_each_change_past_the_program_is_found() -> None:
    """Filling the desks takes seconds, so they are looked at from all sides."""
    load(lambda *told: None, AT_WORK)
    tally = verified()
    assert tally.found == []
    assert tally.counts["tickets"] + tally.restricted["tickets"] == Ticket.objects.count()
    assert tally.counts["events"] + tally.restricted["events"] == StoryEvent.objects.count()
    assert tally.restricted["tickets"] == Ticket.objects.filter(restricted=True).count() > 0
    assert tally.counts["verdicts"] > 30

    touched.clear()
    for change, what in CHANGES:
        ticket = change()
        assert any(what in found for found in found_on(ticket)), (what, found_on(ticket))
    assert {ticket_id for ticket_id, _, _ in verified().found} == set(touched)


@pytest.mark.django_db(transaction=True)
def test_a_run_is_ordered_once_done_once_and_kept() -> None:
    desk = create_desk(
        slug="d", name="D", prefix="D", zone="UTC", address="d@desk.example.com", by="t", now=AT_WORK
    )
    run = begin("Bob", AT_WORK, desk)
    assert begin("Lena", AT_WORK + AN_HOUR, desk).pk == run.pk
    assert ordered(AT_WORK + AN_HOUR) == run
    assert ordered(AT_WORK + timedelta(days=1)) is None
    with only_one() as alone:
        assert alone
    finish(run, Tally(), AT_WORK + AN_HOUR)
    assert ordered(AT_WORK + AN_HOUR) is None
    assert begin("Lena", AT_WORK + AN_HOUR, desk).pk != run.pk
