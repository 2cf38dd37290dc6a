"""The whole worker in one process: started, working, told to stop, and looked at by a doctor."""

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from harness.cast import Cast, utc
from upheld.mailboxes.models import RawMail
from upheld.notices.models import Notice
from upheld.tickets.models import Ticket
from upheld.worker import housekeeping
from upheld.worker.clocks import Ailment, Sweeper
from upheld.worker.health import Check, checks
from upheld.worker.heartbeat import Pulse, worker_name
from upheld.worker.metrics import metrics_text
from upheld.worker.models import Heartbeat

NOW = utc("2026-06-01 12:00")
SMTP = "django.core.mail.backends.smtp.EmailBackend"
OUTBOX = "upheld.mailboxes.outbox.OutboxBackend"


@pytest.mark.django_db(transaction=True)
def test_a_worker_settles_sends_beats_and_stops_when_told(cast: Cast):
    from upheld.worker.run import main

    ticket = cast.writes(f"{datetime.now(UTC) - timedelta(days=30):%Y-%m-%d %H:%M}", priority="urgent")
    stop = threading.Event()
    worker = threading.Thread(target=main, args=(stop,))
    worker.start()
    try:
        until(lambda: Heartbeat.objects.filter(name=worker_name()).exists())
        until(lambda: Notice.objects.filter(kind="breach").exists())
        until(lambda: not Notice.objects.filter(state="waiting").exists())
        until(lambda: not Ticket.objects.filter(wake_at__lt=datetime.now(UTC)).exists())
    finally:
        began = time.monotonic()
        stop.set()
        worker.join(20)
    assert not worker.is_alive()
    assert time.monotonic() - began < 8
    assert not Heartbeat.objects.exists()
    assert Notice.objects.filter(ticket_id=ticket.pk, kind="acknowledgement", state="sent").exists()


def until(condition) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def test_a_heartbeat_is_one_row_a_worker(db):
    pulse = Pulse(Sweeper())
    pulse.beat(NOW)
    pulse.beat(NOW + timedelta(seconds=5))
    beat = Heartbeat.objects.get()
    assert (beat.started_at, beat.at) == (NOW, NOW + timedelta(seconds=5))
    pulse.end()
    assert not Heartbeat.objects.exists()


def test_housekeeping_removes_what_has_ended_and_nothing_else(db, monkeypatch):
    monkeypatch.setattr(housekeeping.connection, "close", lambda: None)
    for name, age in (("dead:1", 61), ("alive:2", 59)):
        Heartbeat.objects.create(name=name, at=NOW - timedelta(minutes=age), started_at=NOW)
    for key, age in (("ended", 1), ("valid", -1)):
        Session.objects.create(session_key=key, session_data="", expire_date=NOW - timedelta(minutes=age))
    housekeeping.tidy(NOW)
    assert [beat.name for beat in Heartbeat.objects.all()] == ["alive:2"]
    assert [session.session_key for session in Session.objects.all()] == ["valid"]


def look(name: str, now: datetime = NOW) -> Check:
    return next(check for check in checks(now) if check.name == name)


def test_a_desk_at_rest_is_well(db, settings):
    settings.EMAIL_BACKEND = SMTP
    Pulse(Sweeper()).beat(NOW)
    assert [check for check in checks(NOW) if not check.ok] == []
    assert look("worker").detail == "1 running, last heard of less than a minute ago"


def test_a_worker_that_is_silent_is_reported(db):
    assert look("worker").detail == "none is running"
    Pulse(Sweeper()).beat(NOW)
    silent = look("worker", NOW + timedelta(minutes=3))
    assert not silent.ok
    assert "3 minutes ago" in silent.detail


def test_a_desk_that_cannot_send_says_so_and_keeps_its_notices(cast, settings):
    cast.writes("2026-06-01 11:00")
    settings.EMAIL_BACKEND, settings.DEMO = OUTBOX, False
    assert not look("sending mail").ok
    assert "UPHELD_EMAIL_URL" in look("sending mail").remedy
    assert not look("notices to send").ok
    assert look("notices to send").detail == "1 waiting, the oldest was written 1 hour ago"
    settings.DEMO = True
    assert look("sending mail").ok


def test_failed_notices_and_parked_mail_are_reported(cast):
    cast.writes("2026-06-01 11:00")
    Notice.objects.update(state="failed")
    raw_mail("parked", NOW)
    raw_mail("waiting", NOW - timedelta(minutes=6))
    assert look("failed notices").detail == "1 did not arrive"
    assert not look("parked mail").ok
    assert look("mail to read").detail == "1 waiting, the oldest came 6 minutes ago"
    assert not look("mail to read").ok


def test_what_a_person_gave_up_waits_for_nobody_any_more(cast):
    cast.writes("2026-06-01 11:00")
    Notice.objects.update(state="bounced")
    assert not look("failed notices").ok
    assert 'upheld_notices{state="bounced"} 1.0' in metrics_text(NOW).decode()
    Notice.objects.update(data={"given_up": {"by": "lena@desk.example.com", "at": NOW.isoformat()}})
    assert look("failed notices").ok
    assert 'upheld_notices{state="bounced"} 0.0' in metrics_text(NOW).decode()


def test_kept_mail_is_told_and_nothing_is_wrong_with_it(cast):
    raw_mail("kept", NOW)
    assert look("kept mail").ok
    assert look("kept mail").detail == "1 waiting for a person, on the page Mail"
    assert 'upheld_mail{state="kept"} 1.0' in metrics_text(NOW).decode()


def raw_mail(state: str, at: datetime) -> RawMail:
    return RawMail.objects.create(
        received_at=at, way="smtp", raw=b"", digest="", next_try_at=at, state=state, reason=""
    )


def test_clocks_that_nobody_settles_are_reported(cast):
    ticket = cast.writes("2026-06-01 09:00")
    Ticket.objects.filter(pk=ticket.pk).update(wake_at=NOW - timedelta(minutes=30))
    assert look("due clocks").detail == "1 tickets not settled, the oldest since 30 minutes"
    assert not look("due clocks").ok


def test_tickets_that_were_set_aside_are_shown(db):
    sweeper = Sweeper()
    sweeper._ailing[17] = Ailment(NOW, "KeyError", 3, NOW)
    Pulse(sweeper).beat(NOW)
    assert "17 (KeyError)" in look("tickets set aside").detail


def test_metrics_count_without_naming_anybody(cast):
    ticket = cast.writes("2026-06-01 09:00", subject="Secret subject")
    Ticket.objects.filter(pk=ticket.pk).update(wake_at=NOW - timedelta(seconds=90))
    raw_mail("waiting", NOW - timedelta(seconds=7))
    Pulse(Sweeper()).beat(NOW - timedelta(seconds=3))
    text = metrics_text(NOW).decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert figures == {
        "upheld_tickets_open": "1.0",
        'upheld_mail{state="waiting"}': "1.0",
        'upheld_mail{state="kept"}': "0.0",
        'upheld_mail{state="parked"}': "0.0",
        "upheld_mail_oldest_waiting_seconds": "7.0",
        'upheld_notices{state="waiting"}': "1.0",
        'upheld_notices{state="failed"}': "0.0",
        'upheld_notices{state="bounced"}': "0.0",
        "upheld_clock_lag_seconds": "90.0",
        "upheld_worker_heartbeat_age_seconds": "3.0",
    }
