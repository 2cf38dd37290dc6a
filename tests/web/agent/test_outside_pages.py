"""Whom tickets wait for and work elsewhere, as agents note them on the ticket's page and watch them in their list."""

from datetime import timedelta

import pytest
from cast_of_pages import HOSTILE, NOW, page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import Cast, at, utc
from upheld.tickets.actions import ThirdParty, add_outside_work, reply, watch_third_party
from upheld.tickets.models import Message, OutsideWork, ThirdPartyWait, Ticket

HERE = "2026-03-20 16:00"
NOTED = {
    "name": "Heron Displays",
    "reference": "INC-4711",
    "url": "https://status.example.com/4711",
    "promised_at": "2026-03-24T15:00",
    "remind_at": "",
    "note": "Ask for Jo.",
    "tells_name": "yes",
    "status": "waiting_on_third_party",
}


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    ticket = cast.writes("2026-03-20 14:00")
    reply(ticket.pk, cast.bob, "We look into it.", at("2026-03-20 15:00"))
    return ticket


@pytest.fixture
def wait(cast: Cast, ticket: Ticket) -> ThirdPartyWait:
    noted = ThirdParty(name="Heron Displays", reference="INC-4711", promised_at=utc("2026-03-24 15:00"))
    return watch_third_party(ticket.pk, cast.bob, noted, at(HERE), status="waiting_on_third_party")


def path(ticket: Ticket, deed: str = "") -> str:
    return f"/tickets/{ticket.number}/{deed}"


def test_an_agent_notes_whom_it_waits_for_and_the_page_shows_it(bob: Client, ticket: Ticket) -> None:
    form = page(bob.get(path(ticket)))
    assert '<option value="waiting_on_third_party" selected>' in form, "suggested"
    assert bob.post(path(ticket, "third-party/"), NOTED).status_code == 302
    shown = page(bob.get(path(ticket)))
    assert "Heron Displays" in shown and "INC-4711" in shown and "Ask for Jo." in shown
    assert 'href="https://status.example.com/4711" rel="noopener noreferrer nofollow"' in shown
    assert "Heron Displays works again. Please try it" in shown
    assert "noted that it waits for Heron Displays INC-4711, promised by Tue 15:00" in shown
    ticket.refresh_from_db()
    assert ticket.status == "waiting_on_third_party"


def test_a_refusal_says_what_to_do_and_keeps_what_was_typed(bob: Client, ticket: Ticket) -> None:
    refused = bob.post(path(ticket, "third-party/"), NOTED | {"url": "ftp://example.com", "note": HOSTILE})
    said = refused.content.decode()
    assert refused.status_code == 422
    assert "no address of the web" in said and "ftp://example.com" in said and "2026-03-24T15:00" in said
    assert "<script>alert(1)" not in said
    odd = bob.post(path(ticket, "third-party/"), NOTED | {"promised_at": "tomorrow"})
    assert odd.status_code == 422 and "2026-03-20 16:50" in odd.content.decode()
    assert not ThirdPartyWait.objects.exists()


def test_it_works_again_in_one_act(bob: Client, ticket: Ticket, wait: ThirdPartyWait) -> None:
    typed = {"wait": wait.pk, "text": "It works again.", "status": "open"}
    assert bob.post(path(ticket, "third-party/works-again/"), typed | {"text": " "}).status_code == 422
    assert bob.post(path(ticket, "third-party/works-again/"), typed).status_code == 302
    assert Message.objects.filter(ticket=ticket).latest("pk").text == "It works again."
    shown = page(bob.get(path(ticket)))
    assert "Waited before" in shown and "works again" in shown
    late = bob.post(path(ticket, "third-party/works-again/"), typed)
    assert late.status_code == 422 and "any more" in late.content.decode()


def test_what_is_noted_can_be_changed_and_given_up(bob: Client, ticket: Ticket, wait: ThirdPartyWait) -> None:
    typed = NOTED | {"wait": wait.pk, "remind_at": "2026-03-24T15:00", "promised_at": "2026-03-25T12:00"}
    assert bob.post(path(ticket, "third-party/change/"), typed).status_code == 302
    wait.refresh_from_db()
    assert wait.promised_at == wait.remind_at == utc("2026-03-25 12:00")
    assert bob.post(path(ticket, "third-party/give-up/"), {"wait": wait.pk}).status_code == 422
    given_up = {"wait": wait.pk, "reason": "They never answer."}
    assert bob.post(path(ticket, "third-party/give-up/"), given_up).status_code == 302
    assert "They never answer." in page(bob.get(path(ticket)))


def test_work_elsewhere_is_linked_followed_and_taken_back(bob: Client, ticket: Ticket) -> None:
    typed = {"title": HOSTILE, "reference": "HINGE-12", "url": "https://work.example.com/12", "state": "open"}
    assert bob.post(path(ticket, "outside-work/"), typed | {"url": "javascript:alert(1)"}).status_code == 422
    assert bob.post(path(ticket, "outside-work/"), typed).status_code == 302
    shown = page(bob.get(path(ticket)))
    assert "HINGE-12" in shown and "<script>alert(1)" not in shown
    assert 'href="https://work.example.com/12" rel="noopener noreferrer nofollow"' in shown
    work = OutsideWork.objects.get()
    bob.post(path(ticket, f"outside-work/{work.pk}/"), {"state": "done"})
    work.refresh_from_db()
    assert work.state == "done"
    bob.post(path(ticket, f"outside-work/{work.pk}/remove/"))
    assert "https://work.example.com/12" not in page(bob.get(path(ticket)))
    assert bob.post(path(ticket, f"outside-work/{work.pk}/remove/")).status_code == 404


def test_how_long_clocks_stood_still_is_told_by_reason(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 08:00")
    reply(ticket.pk, cast.bob, "Which model?", at("2026-03-20 10:00"), status="waiting_on_customer")
    reply(ticket.pk, cast.bob, "We ask the maker.", at("2026-03-20 11:00"), status="waiting_on_third_party")
    shown = page(bob.get(path(ticket)))
    stood = shown[shown.index("Clocks stood still") :][:700]
    assert "<bdi>Awaiting your reply</bdi></dt><dd>1 h</dd>" in stood
    assert "<bdi>Waiting on Third Party</bdi></dt><dd>5 h 30 min</dd>" in stood


def test_the_panel_asks_nothing_where_there_is_nothing(
    cast: Cast, bob: Client, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    plain = cast.writes("2026-03-20 14:00")
    add_outside_work(ticket.pk, cast.bob, at(HERE), title="Fix it")
    with CaptureQueriesContext(connection) as queries:
        page(bob.get(path(plain)))
    asked = [each["sql"] for each in queries if ' FROM "tickets_thirdpartywait"' in each["sql"]]
    asked += [each["sql"] for each in queries if ' FROM "tickets_outsidework"' in each["sql"]]
    assert all('"tickets_ticket"' in each for each in asked), "only as flags of the ticket"


def test_the_watch_list_says_what_is_overdue_finds_a_number_and_knows_its_way(
    cast: Cast, bob: Client, stranger: Client, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    ThirdPartyWait.objects.update(promised_at=NOW - timedelta(hours=1))
    shown = page(bob.get("/watch/"))
    assert "Heron Displays" in shown and ticket.number in shown and "overdue" in shown
    assert '<a href="/watch/" aria-current="page">' in shown
    assert ticket.number in page(bob.get("/watch/?q=inc-47"))
    assert ticket.number not in page(bob.get("/watch/?q=nothing"))
    assert ticket.number not in page(bob.get("/watch/?list=over"))
    assert ticket.number not in page(stranger.get("/watch/"))
    assert page(bob.get("/watch/?page=9999999&q=%00&list=x"))


def test_a_long_watch_list_is_paged(cast: Cast, bob: Client, ticket: Ticket) -> None:
    others = [
        Ticket(**{each.attname: getattr(ticket, each.attname) for each in Ticket._meta.concrete_fields})
        for _ in range(51)
    ]
    for number, each in enumerate(others):
        each.pk, each.number = None, f"SDS-{9000 + number}"
    Ticket.objects.bulk_create(others)
    ThirdPartyWait.objects.bulk_create(
        ThirdPartyWait(ticket=each, name=f"Maker {number:02}", begun_at=NOW, begun_by=cast.bob)
        for number, each in enumerate(others)
    )
    first = page(bob.get("/watch/"))
    assert "Maker 49" in first and "Maker 50" not in first and "?page=2" in first
    assert "Maker 50" in page(bob.get("/watch/?page=2"))


def test_their_number_leads_from_the_queue_to_the_ticket(
    bob: Client, ticket: Ticket, wait: ThirdPartyWait
) -> None:
    found = bob.get("/tickets/", {"q": "inc-4711"})
    assert (found.status_code, found.url) == (302, path(ticket))
