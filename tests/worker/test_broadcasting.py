"""Broadcasts written by several workers at once: every copy once."""

import threading

import pytest
from django.db import connection

from harness.cast import at, utc
from upheld.notices.models import Notice
from upheld.tickets.actions import broadcast, open_problem
from upheld.tickets.models import Broadcast, Message
from upheld.worker import broadcasts
from upheld.worker.broadcasts import Broadcaster

NOW = utc("2026-06-01 10:45")
MANY = 24


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_every_copy_once_and_one_of_them_dies_at_it(cast, monkeypatch):
    tickets = [cast.writes("2026-06-01 09:30", subject=f"No sign-in {number}") for number in range(MANY)]
    problem = open_problem(
        cast.desk,
        cast.bob,
        "Sign-in is down",
        "",
        at("2026-06-01 10:00"),
        tickets=[each.pk for each in tickets],
    )
    broadcast(problem.pk, cast.bob, "We found the cause.", at("2026-06-01 10:40"))
    monkeypatch.setattr(broadcasts, "BATCH", 5)
    real = broadcasts.write_copies
    dies = threading.Event()

    def write_copies(ids, moment):
        written = real(ids, moment)
        if threading.current_thread().name == "dying" and not dies.is_set():
            dies.set()
            # Its connection goes with it, and with that whatever was not committed.
            raise SystemExit
        return written

    monkeypatch.setattr(broadcasts, "write_copies", write_copies)
    failed: list[BaseException] = []

    def work() -> None:
        worker = Broadcaster()
        try:
            while Broadcast.objects.filter(finished_at=None).exists():
                worker.look(NOW)
        except SystemExit:
            pass
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, name=name) for name in ("dying", "living")]
    for each in workers:
        each.start()
    for each in workers:
        each.join(120)
    assert failed == [] and dies.is_set()
    assert Message.objects.filter(kind="reply", ticket__in=tickets).count() == MANY
    assert Notice.objects.filter(kind="reply").count() == MANY
    assert Broadcast.objects.get().finished_at == NOW
