"""The worker fetches from all sources at once, hears of new mail at once, and nobody waits for a server that hangs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import InterfaceError, OperationalError, connection

from harness.cast import LONG_AGO
from harness.dovecot import POOR, Somebody
from mailboxes.fetching.accounts import fetch, mail, stored, subjects
from mailboxes.fetching.odd_server import odd_server
from upheld.mailboxes.fetching import administering, fetchers, imap_client, visiting
from upheld.mailboxes.fetching.credentials import Credentials
from upheld.mailboxes.fetching.fetchers import Fetchers
from upheld.mailboxes.models import RawMail, Source

pytestmark = pytest.mark.django_db(transaction=True)


class Worker:
    """The loop of a worker that fetches."""

    def __init__(self, visits: int = fetchers.VISITS) -> None:
        self._stop = threading.Event()
        self._fetchers = Fetchers(self._stop, visits)
        self._thread = threading.Thread(target=self._work)
        self._thread.start()

    def _work(self) -> None:
        while not self._stop.wait(0.05):
            try:
                self._fetchers.look(datetime.now(UTC))
            except (OperationalError, InterfaceError):
                connection.close()  # as the worker's loop does
        self._fetchers.close(10)
        connection.close()

    def stop(self) -> float:
        """Stop it; how long that took, in seconds."""
        began = time.monotonic()
        self._stop.set()
        self._thread.join(20)
        assert not self._thread.is_alive()
        return time.monotonic() - began


@pytest.fixture
def worker(post) -> Iterator[Callable[..., Worker]]:
    workers: list[Worker] = []

    def start(**options: int) -> Worker:
        workers.append(Worker(**options))
        return workers[-1]

    yield start
    for each in workers:
        each.stop()


def until(condition: Callable[[], object], seconds: float = 15.0) -> float:
    """Wait until something is so; how long that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen"
        time.sleep(0.02)
    return time.monotonic() - began


def visited(source: Source) -> bool:
    source.refresh_from_db()
    return source.fetched_at is not None


def test_mail_is_there_within_two_seconds_and_stopping_takes_no_longer(post, account, worker):
    account.gets(mail("Before us"))
    source = post.source(account)
    begun = worker()
    until(lambda: visited(source))
    for number in range(3):
        time.sleep(0.3)
        account.gets(mail(f"Number {number}"))
        until(lambda number=number: RawMail.objects.count() == number + 1, seconds=2)
    assert subjects(source) == ["Number 0", "Number 1", "Number 2"]
    assert begun.stop() < 4


def test_a_server_that_does_not_tell_is_asked_every_minute(post, account, worker, dovecot, monkeypatch):
    source = post.source(account, host=POOR, security="none", port=dovecot.imap)
    worker()
    until(lambda: visited(source))
    assert source.next_try_at - source.fetched_at == timedelta(minutes=1)
    account.gets(mail("New"))

    def found_at_the_next_look() -> bool:
        # A server may tell of a mail a moment after it was put down, so there may be more looks than one.
        Source.objects.update(next_try_at=datetime.now(UTC))
        return RawMail.objects.exists()

    until(found_at_the_next_look, seconds=20)


def test_waiting_is_begun_anew_before_servers_lose_patience(post, account, worker, monkeypatch):
    assert visiting.SECONDS_TO_WAIT < 29 * 60
    monkeypatch.setattr(visiting, "SECONDS_TO_WAIT", 0.3)
    source = post.source(account)
    worker()
    until(lambda: visited(source))
    first = source.fetched_at
    until(lambda: visited(source) and source.fetched_at > first + timedelta(seconds=1))
    account.gets(mail("New"))
    until(lambda: RawMail.objects.exists(), seconds=20)


def test_a_server_that_hangs_delays_nobody(post, dovecot, worker, monkeypatch):
    monkeypatch.setattr(imap_client, "SECONDS_TO_ANSWER", 6)
    good = [post.source(dovecot.somebody()) for _ in range(3)]
    with odd_server(lambda caller: caller.hang()) as (port, callers):
        hanging = [
            post.source(dovecot.somebody(), host="127.0.0.1", port=port, security=security)
            for security in ("none", "starttls", "tls")
        ]
        Source.objects.filter(pk__in=[each.pk for each in hanging]).update(created_at=LONG_AGO)
        worker()
        until(lambda: all(map(visited, good)), seconds=3)
        for source in good:
            Somebody(dovecot, source.username).gets(mail(f"For {source.name}"))
        until(lambda: RawMail.objects.count() == 3, seconds=3)
        assert len(callers) == 3
        assert not Source.objects.filter(failures__gt=0).exists()  # they hang still
        until(lambda: Source.objects.filter(failures=1).count() == 3)


def test_more_sources_than_visits_take_turns(post, dovecot, worker):
    accounts = [dovecot.somebody() for _ in range(5)]
    sources = [post.source(each) for each in accounts]
    worker(visits=2)
    until(lambda: all(map(visited, sources)))
    for each in accounts:
        each.gets(mail(f"For {each.address}"))
    Source.objects.update(next_try_at=datetime.now(UTC))
    until(lambda: RawMail.objects.count() == 5)


def test_sources_added_later_get_their_turn_from_those_that_wait(post, dovecot, worker):
    first = [post.source(dovecot.somebody()) for _ in range(2)]
    worker(visits=2)
    until(lambda: all(map(visited, first)))
    later = post.source(dovecot.somebody())
    until(lambda: visited(later), seconds=8)


def test_a_source_that_is_switched_off_is_left_and_taken_up_again(post, account, worker):
    source = post.source(account)
    worker()
    until(lambda: visited(source))
    administering.switch(source, False, "tests", datetime.now(UTC))
    time.sleep(2)
    account.gets(mail("Meanwhile"))
    time.sleep(1)
    assert not stored(source).exists()
    administering.switch(source, True, "tests", datetime.now(UTC))
    until(lambda: subjects(source) == ["Meanwhile"], seconds=4)


def test_two_workers_share_the_accounts_and_one_takes_over_from_the_other(post, account, worker, dovecot):
    source = post.source(account)
    first = worker()
    until(lambda: visited(source))
    worker()
    time.sleep(0.5)
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct pid) from pg_locks where locktype='advisory' and classid=%s",
            [fetchers._LOCKS],
        )
        assert cursor.fetchone() == (1, 1)
    first.stop()
    account.gets(mail("For the other"))
    Source.objects.update(next_try_at=datetime.now(UTC))
    until(lambda: subjects(source) == ["For the other"], seconds=4)


def test_two_who_fetch_from_one_account_at_once_store_each_mail_once(post, account):
    account.makes("Done")
    source = post.source(account, afterwards="move", move_to="Done")
    fetch(source)
    account.gets(*(mail(f"Number {number}") for number in range(30)))
    counts: list[int] = []

    def take() -> None:
        counts.append(fetch(Source.objects.select_related("mailbox").get(pk=source.pk)))
        connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(counts) == 30
    assert sorted(subjects(source)) == sorted(f"Number {number}" for number in range(30))
    fetch(source)
    assert sorted(account.subjects("Done")) == sorted(subjects(source))


def test_a_new_password_is_tried_at_once(post, account, worker):
    account.chooses("right at last")
    source = post.source(account, password="wrong")
    worker()
    until(lambda: Source.objects.filter(failures=1).exists())
    administering.change_credentials(
        source, Credentials(password="right at last"), "tests", datetime.now(UTC)
    )
    until(lambda: visited(source), seconds=4)
    assert (source.failures, source.last_error) == (0, "")


def test_fetching_goes_on_when_the_database_cut_its_connections(post, account, worker):
    source = post.source(account)
    worker()
    until(lambda: visited(source))
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    account.gets(mail("After the cut"))
    until(lambda: subjects(source) == ["After the cut"], seconds=60)
