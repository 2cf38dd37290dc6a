"""A loop works while there is work, waits else, and ends only when it is told to."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import OperationalError, connection, connections

from upheld.worker.loop import Loop
from upheld.worker.wakes import Wakes


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def until(condition: Callable[[], object], patience: float = 15.0) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def end(loop: Loop, stop: threading.Event) -> None:
    stop.set()
    loop.wake.set()
    loop.thread.join(5)
    assert not loop.thread.is_alive()


def test_a_loop_works_without_a_pause_while_there_is_work(stop):
    left = list(range(50))
    loop = Loop("test", lambda now: left.pop() if left else 0, stop, poll=60)
    loop.thread.start()
    until(lambda: len(left) <= 1)
    end(loop, stop)


def test_a_loop_that_waits_is_woken_at_once_and_stops_at_once(stop):
    looked = []
    loop = Loop("test", lambda now: looked.append(now), stop, poll=60)
    loop.thread.start()
    until(lambda: len(looked) == 1)
    loop.wake.set()
    until(lambda: len(looked) == 2)
    assert looked[0] < looked[1]
    assert looked[0].utcoffset() is not None
    began = time.monotonic()
    end(loop, stop)
    assert time.monotonic() - began < 2


def test_a_wake_during_the_work_leads_to_another_look(stop):
    looked = []

    def step(now):
        looked.append(now)
        if len(looked) == 1:
            loop.wake.set()

    loop = Loop("test", step, stop, poll=60)
    loop.thread.start()
    until(lambda: len(looked) == 2)
    end(loop, stop)


@pytest.mark.parametrize("error", [ValueError("poison"), OperationalError("gone")])
def test_no_error_ends_a_loop(stop, error):
    calls = []

    def step(now):
        calls.append(now)
        if len(calls) < 3:
            raise error

    loop = Loop("test", step, stop, poll=0.05)
    loop.thread.start()
    until(lambda: len(calls) > 3)
    end(loop, stop)


def test_an_outage_is_one_line_in_the_log(stop, caplog):
    calls = []

    def step(now):
        calls.append(now)
        if len(calls) < 4:
            raise OperationalError("gone\nfar away")

    loop = Loop("test", step, stop, poll=0.01)
    with caplog.at_level("INFO"):
        loop.thread.start()
        until(lambda: len(calls) > 4)
        end(loop, stop)
    assert caplog.text.count("database is away") == 1
    assert caplog.text.count("database is back") == 1


@pytest.mark.django_db(transaction=True)
def test_a_loop_works_on_after_its_connection_was_cut(stop):
    pids = []

    def step(now):
        with connection.cursor() as cursor:
            cursor.execute("select pg_backend_pid()")
            pids.append(cursor.fetchone()[0])

    loop = Loop("test", step, stop, poll=0.05)
    loop.thread.start()
    until(lambda: pids)
    with connection.cursor() as cursor:
        cursor.execute("select pg_terminate_backend(%s)", [pids[0]])
    until(lambda: pids[-1] != pids[0])
    end(loop, stop)


def listening() -> set[int]:
    """The connections to this database that listen to something, whoever's they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pid from pg_stat_activity"
            " where datname = current_database() and query ilike 'listen%%' and pid <> pg_backend_pid()"
        )
        return {pid for (pid,) in cursor.fetchall()}


@pytest.mark.django_db(transaction=True)
def test_the_database_wakes_the_loop_that_is_meant_and_again_after_a_cut(stop):
    mail, notice = threading.Event(), threading.Event()
    others = listening()
    wakes = Wakes({"upheld_mail": [mail], "upheld_notice": [notice]}, patience=0.2)
    loop = Loop("wakes", wakes.listen, stop)
    loop.thread.start()
    until(mail.is_set)  # whoever begins to listen looks once
    until(notice.is_set)
    for _ in range(2):
        mail.clear()
        notice.clear()
        with connection.cursor() as cursor:
            cursor.execute("notify upheld_mail")
        until(mail.is_set)
        assert not notice.is_set()
        [ours] = listening() - others
        with connection.cursor() as cursor:
            cursor.execute("select pg_terminate_backend(%s)", [ours])
        mail.clear()
        until(mail.is_set)
        until(notice.is_set)
    end(loop, stop)
    connections.close_all()
