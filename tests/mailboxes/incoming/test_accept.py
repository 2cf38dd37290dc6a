"""Taking mail in: stored with its receipt, or refused in words."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from mailboxes.incoming.desk_mail import NINE
from mailboxes.incoming.mails import written
from upheld.mailboxes import accept
from upheld.mailboxes.accept import deliver, store
from upheld.mailboxes.addressing import find_mailbox
from upheld.mailboxes.horizon import MAIL_LOCK, moment
from upheld.mailboxes.models import MailState, RawMail


@pytest.mark.parametrize(
    "address",
    ["support@desk.example.com", "SUPPORT@Desk.Example.com", "support+1-1-abcdefghabcdefgh@desk.example.com"],
)
def test_a_mailbox_is_found_by_its_address_and_its_plus_addresses(cast, address):
    assert find_mailbox(address).desk == cast.desk


@pytest.mark.parametrize(
    "address",
    ["", "support", "other@desk.example.com", "support@desk.example.com.evil.example", "a@b@c", "\x00@x.y"],
)
def test_any_other_address_is_nobodys(cast, address):
    assert find_mailbox(address) is None


def test_a_mailbox_with_a_plus_of_its_own_is_preferred(cast):
    cast.desk.mailboxes.create(address="support+vip@desk.example.com")
    assert find_mailbox("support+vip@desk.example.com").address == "support+vip@desk.example.com"


class TestDeliver:
    @pytest.mark.parametrize(
        ("header", "expected"),
        [
            ({}, "support@desk.example.com"),
            ({"To": "Support+abc@desk.example.com"}, "support+abc@desk.example.com"),
            ({"Delivered_To": "support+token@desk.example.com"}, "support+token@desk.example.com"),
        ],
    )
    def test_the_mailbox_is_found_in_the_headers(self, cast, header, expected):
        assert deliver(written(**header), None) == 0
        assert RawMail.objects.get().envelope_to == expected

    def test_the_only_mailbox_takes_what_is_addressed_to_nobody(self, cast):
        assert deliver(written(To="undisclosed-recipients:;"), None) == 0

    def test_an_unknown_mailbox_is_refused(self, cast, capsys):
        assert deliver(written(), "sales@desk.example.com") == 67
        assert capsys.readouterr().err == "There is no mailbox sales@desk.example.com.\n"

    def test_too_large_and_empty_mails_are_refused(self, cast, capsys, settings):
        settings.MAIL_SIZE_LIMIT = 10
        assert deliver(written(), None) == 65
        assert deliver(b"\r\n", None) == 65
        assert "at most 10 are taken" in capsys.readouterr().err

    def test_a_database_that_is_away_means_later(self, cast, capsys, monkeypatch):
        def away(*_: object, **__: object) -> None:
            raise OperationalError("no")

        monkeypatch.setattr(accept, "store", away)
        assert deliver(written(), None) == 75
        assert "try again later" in capsys.readouterr().err


class TestHorizon:
    def test_nothing_waits(self, cast):
        assert moment(cast.desk.pk, NINE) == moment(None, NINE)
        assert moment(None, NINE).settled_by == NINE

    def test_clocks_stop_before_the_oldest_mail_that_nobody_has_read(self, post, cast):
        oldest = post.receives(written())
        post.receives(written(body="later"))
        later = NINE + timedelta(hours=1)
        assert moment(cast.desk.pk, later).settled_by == oldest.received_at - timedelta(microseconds=1)
        assert moment(None, later).at == later
        assert moment(cast.desk.pk + 1, later).settled_by == later
        RawMail.objects.filter(pk=oldest.pk).update(state=MailState.PARKED)
        assert moment(cast.desk.pk, later).settled_by > oldest.received_at

    @pytest.mark.django_db(transaction=True)
    def test_it_waits_for_whoever_is_storing_and_gives_the_lock_back(self, cast):
        mailbox = cast.desk.mailboxes.get()
        reading, go_on = threading.Event(), threading.Event()

        def slow_clock():
            reading.set()
            go_on.wait(5)
            return NINE

        def stores() -> None:
            store(written(), way="smtp", mailbox=mailbox, read_clock=slow_clock)
            connection.close()

        storing = threading.Thread(target=stores)
        storing.start()
        assert reading.wait(5)
        threading.Timer(0.2, go_on.set).start()
        assert moment(cast.desk.pk, NINE + timedelta(hours=1)).settled_by == NINE - timedelta(microseconds=1)
        storing.join()
        with connection.cursor() as cursor:
            # The view shows the whole server, and other runs of these tests have databases of their own there.
            cursor.execute(
                "select objid::bigint from pg_locks join pg_database on pg_database.oid = pg_locks.database"
                " where locktype = 'advisory' and datname = current_database()"
            )
            assert (MAIL_LOCK & 0xFFFFFFFF,) not in cursor.fetchall()
