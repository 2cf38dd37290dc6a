"""Desk > Proof: an administrator sees what the replay of every story found, and asks for it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from harness.cast import Cast, utc
from upheld.tickets.models import Difference, Ticket, Verification
from upheld.tickets.verifying import NIGHTLY
from upheld.worker.proof import Prover, is_night

NIGHT = utc("2026-03-18 02:10")
URL = "/desk/school-devices/proof/"


def run_of(cast: Cast, at: datetime, *tickets: Ticket) -> Verification:
    run = Verification.objects.create(
        desk=cast.desk,
        started_at=at,
        ended_at=at + timedelta(seconds=3),
        by=NIGHTLY,
        counts={"tickets": 1042, "events": 9000},
        differences=len(tickets),
    )
    Difference.objects.bulk_create(
        Difference(
            verification=run,
            ticket_id=each.pk,
            number=each.number,
            what="column next_due_at",
            stored="Wednesday",
            replayed="Tuesday",
        )
        for each in tickets
    )
    return run


@pytest.fixture
def administrator(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada.user)
    return client


def test_a_clean_night_is_told_with_its_figures(cast: Cast, administrator: Client) -> None:
    assert "Nothing was verified yet" in administrator.get(URL).content.decode()
    run_of(cast, NIGHT)
    page = administrator.get(URL).content.decode()
    assert "Everything is as its story makes it" in page
    assert "1042" in page


def test_what_differs_is_told_but_not_of_a_restricted_ticket(cast: Cast, administrator: Client) -> None:
    ordinary, restricted = cast.writes("2026-03-17 10:00"), cast.writes("2026-03-17 11:00")
    Ticket.objects.filter(pk=restricted.pk).update(restricted=True)
    run_of(cast, NIGHT, ordinary, restricted)
    page = administrator.get(URL).content.decode()
    assert "Something differs" in page
    assert ordinary.number in page
    assert restricted.number not in page


def test_a_press_orders_one_run_however_often(cast: Cast, administrator: Client) -> None:
    for _ in range(2):
        administrator.post(URL + "verify/")
    assert Verification.objects.filter(ended_at=None).count() == 1
    assert "A verification is ordered" in administrator.get(URL).content.decode()


def test_a_night_orders_one_run_a_desk(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int] = []
    monkeypatch.setattr(Prover, "_start", lambda self, run, now: begun.append(run.pk))
    for minutes in (0, 1, 90):
        Prover().look(NIGHT + timedelta(minutes=minutes))
    assert Verification.objects.filter(by=NIGHTLY, desk=cast.desk).count() == 1
    assert len(set(begun)) == 1
    Prover().look(NIGHT + timedelta(days=1))
    assert Verification.objects.filter(by=NIGHTLY, desk=cast.desk).count() == 2
    assert not is_night(utc("2026-03-18 12:00"))
