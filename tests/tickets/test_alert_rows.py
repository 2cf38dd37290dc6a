"""What agents are told stands in their pages at once, and leaves by mail and push in their hours, once."""

from datetime import datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.db import IntegrityError, transaction

from harness.cast import Cast, at, utc
from upheld.mailboxes.outgoing.send import send_batch
from upheld.notices.models import Alert, Notice, Push
from upheld.people.actions import add_alert_address, choose_alert_hours, choose_alert_ways
from upheld.people.models import Agent
from upheld.tickets.actions import (
    assign,
    reply,
    restrict_ticket,
    set_status,
    settle_ticket,
    settle_tickets,
)
from upheld.tickets.alerting import visible_alerts
from upheld.tickets.letters import post
from upheld.tickets.models import Ticket
from upheld.tickets.pen import Pen
from upheld.tickets.visibility import AgentViewer

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
FRIDAY = "2026-03-20"
# The help desk is open from 7:30 to 17:00 in London.
CLOSING, OPENING = utc("2026-03-20 17:00"), utc("2026-03-23 07:30")


@pytest.fixture(autouse=True)
def mailed(settings) -> None:
    settings.EMAIL_BACKEND = LOCMEM


@pytest.fixture
def in_desk_hours(cast: Cast) -> Cast:
    for agent in (cast.bob, cast.lena):
        choose_alert_hours(agent.pk, hours="desk", times={})
        agent.refresh_from_db()
    return cast


def late_ticket(cast: Cast) -> Ticket:
    """An urgent ticket of Bob's; its first response is due two hours after 16:00 in working time."""
    ticket = cast.writes(f"{FRIDAY} 16:00", priority="high")
    assign(ticket.pk, cast.lena, cast.bob, at(f"{FRIDAY} 16:05"))
    Notice.objects.update(state="sent", sent_at=utc(f"{FRIDAY} 16:05"))
    return ticket


def fall_due(ticket: Ticket, kind: str) -> datetime:
    """Bring the ticket to its next warning or breach, and say when that was."""
    while not Alert.objects.filter(ticket_id=ticket.pk, kind=kind).exists():
        ticket.refresh_from_db()
        moment = ticket.wake_at
        settle_ticket(ticket.pk, at(f"{moment:%Y-%m-%d %H:%M:%S}"))
    return moment


def subjects() -> list[str]:
    return [mail.subject for mail in django_mail.outbox]


def test_an_alert_is_a_row_with_the_key_of_its_mail(cast: Cast) -> None:
    ticket = late_ticket(cast)
    when = fall_due(ticket, "warning")
    alert = Alert.objects.get(kind="warning")
    notice = Notice.objects.get(kind="warning")
    assert (alert.agent, alert.key, alert.ticket_number) == (cast.bob, notice.key, ticket.number)
    assert (alert.at, alert.leaves_at, alert.is_page, alert.read_at) == (when, when, False, None)
    assert alert.data["because"] == "assignee"
    assert "subject" not in alert.data
    assert Alert.objects.get(kind="assigned").agent == cast.bob


def test_what_is_told_after_closing_leaves_when_the_desk_opens(in_desk_hours: Cast) -> None:
    cast = in_desk_hours
    ticket = cast.writes(f"{FRIDAY} 16:00", priority="high")
    Notice.objects.all().delete()
    ticket.refresh_from_db()
    pen = Pen.on(ticket.pk, at(f"{FRIDAY} 17:00"))
    told_of_a_warning(pen, cast.bob)
    notice, alert = Notice.objects.get(kind="warning"), Alert.objects.get(kind="warning")
    assert (notice.created_at, notice.next_try_at) == (CLOSING, OPENING)
    assert (alert.created_at, alert.leaves_at) == (CLOSING, OPENING)
    assert send_batch(OPENING - timedelta(microseconds=1), 5) == 0
    assert send_batch(OPENING, 5) == 1
    assert django_mail.outbox[0].extra_headers["Date"] == "Mon, 23 Mar 2026 07:30:00 +0000"


def told_of_a_warning(pen: Pen, agent: Agent) -> None:
    from upheld.policy import Consequence
    from upheld.tickets import letters

    due = "2026-03-23T09:00:00+00:00"
    data = {"metric": "first_response", "cycle": 1, "target": "x", "percent": 75, "due_at": due}
    letters.alert(
        pen, agent, Consequence("warned:first_response:1:75", pen.moment.at, "warned", data), "warning"
    )
    with transaction.atomic():
        post([pen])


def test_what_answers_a_person_is_sent_at_any_hour(in_desk_hours: Cast) -> None:
    cast = in_desk_hours
    ticket = cast.writes(f"{FRIDAY} 16:00")
    assign(ticket.pk, cast.lena, cast.bob, at("2026-03-21 23:00"))
    assert Notice.objects.get(kind="assigned").next_try_at == utc("2026-03-21 23:00")


def test_a_warning_that_was_answered_before_the_morning_is_left_out(in_desk_hours: Cast) -> None:
    cast = in_desk_hours
    ticket = cast.writes(f"{FRIDAY} 16:00", priority="high")
    Notice.objects.all().delete()
    told_of_a_warning(Pen.on(ticket.pk, at(f"{FRIDAY} 17:00")), cast.bob)
    reply(ticket.pk, cast.bob, "Try this.", at("2026-03-21 10:00"))
    Notice.objects.exclude(kind="warning").delete()
    send_batch(OPENING, 5)
    notice = Notice.objects.get(kind="warning")
    assert (notice.state, notice.last_error) == ("left_out", "Left out: it was answered meanwhile.")
    assert django_mail.outbox == []
    assert Alert.objects.filter(kind="warning").exists()


def test_a_warning_stops_with_its_clock_and_with_the_ticket(in_desk_hours: Cast) -> None:
    cast = in_desk_hours
    for status, why in (
        ("waiting_on_third_party", "its clock was stopped meanwhile"),
        ("resolved", "the ticket is done"),
    ):
        ticket = cast.writes(f"{FRIDAY} 16:00", priority="high")
        told_of_a_warning(Pen.on(ticket.pk, at(f"{FRIDAY} 17:00")), cast.bob)
        set_status(ticket.pk, cast.bob, status, at("2026-03-21 10:00"))
        Notice.objects.exclude(kind="warning").delete()
        send_batch(OPENING, 5)
        notice = Notice.objects.get(ticket_id=ticket.pk, kind="warning")
        assert (notice.state, notice.last_error) == ("left_out", f"Left out: {why}.")


def test_hours_of_one_s_own_hold_back_and_any_hour_does_not(cast: Cast) -> None:
    choose_alert_hours(cast.bob.pk, hours="own", times={"sat": [["10:00", "12:00"]]})
    ticket = cast.writes(f"{FRIDAY} 16:00", priority="high")
    for agent in (Agent.objects.get(pk=cast.bob.pk), cast.lena):
        told_of_a_warning(Pen.on(ticket.pk, at(f"{FRIDAY} 17:00")), agent)
    leaves = {each.agent_id: each.leaves_at for each in Alert.objects.filter(kind="warning")}
    assert leaves == {cast.bob.pk: utc("2026-03-21 10:00"), cast.lena.pk: CLOSING}


def test_on_which_ways_an_agent_is_told(cast: Cast) -> None:
    now = utc(f"{FRIDAY} 09:00")
    phone = add_alert_address(cast.bob, label="Phone", address="ntfy://harbour", now=now)
    off = add_alert_address(cast.bob, label="Old phone", address="ntfy://harbour-2", now=now)
    off.is_on = False
    off.save()
    choose_alert_ways(cast.bob.pk, {"warning": ["push"], "breach": []})
    ticket = late_ticket(cast)
    fall_due(ticket, "breach")
    assert not Notice.objects.filter(kind__in=("warning", "breach")).exists()
    assert set(Alert.objects.values_list("kind", flat=True)) >= {"assigned", "warning", "breach"}
    assert {push.address_id for push in Push.objects.all()} == {phone.pk}
    assert set(Push.objects.values_list("alert__kind", flat=True)) == {"assigned", "warning"}


def test_two_workers_and_one_that_was_killed_between_tell_of_a_step_once(cast: Cast) -> None:
    ticket = late_ticket(cast)
    moment = at("2026-03-31 12:00")
    settle_ticket(ticket.pk, moment)
    told = sorted(Alert.objects.values_list("key", flat=True))
    settle_tickets([ticket.pk], moment)
    settle_ticket(ticket.pk, at("2026-03-31 12:01"))
    again = sorted(Alert.objects.filter(created_at=moment.at).values_list("key", flat=True))
    assert told and [each for each in told if ":breached:" in each] and len(set(told)) == len(told)
    assert set(again) <= set(told)
    # The database itself refuses a second row for one cause and person.
    twice = Alert.objects.filter(kind="breach").first()
    twice.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twice.save(force_insert=True)


def test_a_worker_that_is_killed_before_it_commits_leaves_neither_row_nor_mail(cast: Cast) -> None:
    ticket = late_ticket(cast)
    before = Alert.objects.count()

    class Killed(BaseException):
        pass

    with pytest.raises(Killed), transaction.atomic():
        settle_ticket(ticket.pk, at("2026-03-31 12:00"))
        assert Alert.objects.count() > before
        raise Killed
    assert Alert.objects.count() == before
    settle_ticket(ticket.pk, at("2026-03-31 12:00"))
    assert Alert.objects.filter(kind="breach").count() == Notice.objects.filter(kind="breach").count() > 0


def test_many_tickets_that_fall_due_are_stored_in_as_many_statements_as_few(
    cast: Cast, django_assert_max_num_queries
) -> None:
    tickets = [
        cast.writes(f"{FRIDAY} 09:00", subject=f"Laptop {number}", priority="high") for number in range(8)
    ]
    with django_assert_max_num_queries(30):
        settle_tickets([each.pk for each in tickets], at("2026-03-31 12:00"))
    assert Alert.objects.filter(kind="breach", agent=cast.lena).count() >= 8


def test_of_a_ticket_that_was_restricted_since_only_its_readers_see_their_alerts(cast: Cast) -> None:
    cast.reads_what_is_restricted(cast.lena)
    ticket = late_ticket(cast)
    fall_due(ticket, "warning")
    bob = AgentViewer.of(cast.bob)
    assert visible_alerts(bob).exists()
    restrict_ticket(ticket.pk, cast.bob, "A pupil is named.", at(f"{FRIDAY} 16:59"))
    assert not visible_alerts(bob).exists()
