"""The page of a lab: what happens in it, how fast, and that nobody takes its time for the real one."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client, modify_settings, override_settings
from django.urls import Resolver404, resolve

import upheld.config.urls  # noqa: F401 - what it includes depends on who loads it first
from harness.quick_policy import QUICK
from upheld.desks import present
from upheld.desks.lab_clock import LabClock
from upheld.desks.models import Desk
from upheld.lab.entry import link
from upheld.lab.life.founding import found
from upheld.lab.life.plan import Plan
from upheld.lab.watch.announcement import announcement
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Agent, NamedReader, RoleHolder
from upheld.policy.loading import read_document
from upheld.tickets.actions import open_ticket, restrict_ticket, settle_ticket
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import Ticket
from upheld.tickets.moment import Moment

# A Friday morning in Berlin.
START = datetime(2026, 3, 27, 8, tzinfo=UTC)
PLAN = Plan(QUICK, "quick", 1, START)


@pytest.fixture
def clock(tmp_path: Path) -> LabClock:
    return LabClock.make(tmp_path / "clock", START, 3600)


@pytest.fixture
def desk(db: None, clock: LabClock, tmp_path: Path) -> Iterator[Desk]:
    """A lab's desk, which stands at its beginning."""
    with (
        modify_settings(INSTALLED_APPS={"append": "upheld.lab"}),
        override_settings(ROOT_URLCONF="lab.lab_urls", LAB=tmp_path / "clock", DEMO=True),
    ):
        yield found(PLAN)


@pytest.fixture
def lead(desk: Desk) -> Client:
    return signed_in("lead")


def signed_in(person: str) -> Client:
    client = Client(SERVER_NAME="localhost")
    assert client.get(link(person).partition("8000")[2]).status_code == 302
    return client


def asks(desk: Desk, subject: str) -> Ticket:
    contact = find_or_add_contact("idris@alder.example.org", "Idris Rahman", START)
    request = NewRequest(
        desk=desk, contact=contact, subject=subject, text="Help!", received_at=START, channel="email"
    )
    return open_ticket(request, Moment.exactly(START))


def test_every_page_says_that_its_time_is_made_up(lead: Client) -> None:
    for page in (lead.get("/tickets/"), lead.get("/lab/"), Client(SERVER_NAME="localhost").get("/lab/")):
        page = page if page.status_code == 200 else Client(SERVER_NAME="localhost").get("/accounts/login/")
        assert "Lab – made-up time" in page.content.decode()
        assert "Friday 27 March 2026, 09:00:00 CET" in page.content.decode()


def test_what_the_policy_did_stands_there_with_its_ticket(desk: Desk, lead: Client, clock: LabClock) -> None:
    ticket = asks(desk, "Everything is down")
    settle_ticket(ticket.pk, Moment.exactly(START + timedelta(days=7)))
    clock.keep(START + timedelta(days=7), None)
    clock.leap(START + timedelta(days=7))
    page = lead.get("/lab/").content.decode()
    assert "First response: breached" in page
    assert "Everything is down" in page
    assert f"/tickets/{ticket.number}/" in page
    assert "opened the ticket" not in page
    assert "opened the ticket" in lead.get("/lab/?show=everything").content.decode()


def test_a_restricted_ticket_is_not_hinted_at(desk: Desk, lead: Client) -> None:
    reader = Agent.objects.get(user__email__startswith="aisha@")
    NamedReader.objects.create(desk=desk, agent=reader, added_at=START, added_by="tests")
    ticket = asks(desk, "Nobody else may read this")
    restrict_ticket(ticket.pk, reader, "It names somebody.", Moment.exactly(START))
    page = lead.get("/lab/?show=everything").content.decode()
    assert ticket.number not in page
    assert "Nobody else may read this" not in page
    assert ticket.number in signed_in("agent").get("/lab/?show=everything").content.decode()


def test_time_runs_as_fast_as_somebody_chose(lead: Client, clock: LabClock) -> None:
    for speed in ("0.0", "21600.0"):
        assert lead.post("/lab/speed/", {"speed": speed}).status_code == 302
        assert clock.speed() == float(speed)
    assert lead.post("/lab/speed/", {"speed": "1e9"}).status_code == 404
    assert lead.get("/lab/speed/").status_code == 405
    assert clock.speed() == 21600


def test_a_jump_goes_to_what_falls_due_next(desk: Desk, lead: Client, clock: LabClock) -> None:
    ticket = asks(desk, "The report is empty")
    lead.post("/lab/speed/", {"speed": "0.0"})
    Ticket.objects.exclude(pk=ticket.pk).update(wake_at=None)
    coming = Ticket.objects.get(pk=ticket.pk).wake_at
    notices_first = present.now()
    lead.post("/lab/leap/")
    while notices_first < (now := present.now()) < coming:
        notices_first = now
        lead.post("/lab/leap/")
    assert present.now() == coming


def test_a_customer_and_a_stranger_have_no_such_page(desk: Desk, clock: LabClock) -> None:
    customer = signed_in("customer")
    for path in ("/lab/speed/", "/lab/leap/"):
        assert customer.post(path, {"speed": "0.0"}).status_code == 404
    assert customer.get("/lab/").status_code == 404
    assert Client(SERVER_NAME="localhost").get("/lab/").status_code == 302
    assert clock.speed() == 3600


def test_no_desk_has_such_a_page() -> None:
    for path in ("/lab/", "/lab/speed/", "/lab/leap/"):
        with pytest.raises(Resolver404):
            resolve(path)


def test_everybody_whom_the_policy_names_is_there(desk: Desk) -> None:
    held = set(RoleHolder.objects.filter(desk=desk).values_list("role", flat=True))
    assert held == {each.id for each in read_document(QUICK, "quick")[1].roles} == {"manager"}


def test_the_announcement_fits_a_terminal_and_names_every_way_in(desk: Desk) -> None:
    text = announcement(PLAN)
    assert max(len(line) for line in text.splitlines()) <= 80
    for person in ("lead", "administrator", "agent", "customer"):
        assert link(person).rstrip("/") in text
