"""The call form: who is on the line, what about, and the number to read out."""

from datetime import timedelta

import pytest
from cast_of_pages import HOSTILE, HTMX, page
from django.test import Client

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import find_or_add_caller
from upheld.policy import pack
from upheld.tickets.models import HeldRequest, Message, Ticket, TicketLink

NEW = "/calls/new/"


def under(cast: Cast, name: str) -> None:
    publish_policy(cast.desk, pack(name), now=LONG_AGO + timedelta(days=1), by="tests")


@pytest.fixture
def filled(cast: Cast) -> dict[str, str]:
    """A call as Bob fills it in, from somebody whom nobody knows yet."""
    under(cast, "success-plans")
    return {
        "desk": cast.desk.slug,
        "problems": "1",
        "name": "Omar Haddad",
        "phone": "+44 20 7946 0018",
        "direction": "in",
        "stated": "",
        "p1-subject": "Nothing prints",
        "p1-summary": "Since nine no laptop prints.",
        "enter": "yes",
    }


def test_a_call_gets_a_number_that_is_read_out(bob: Client, filled: dict[str, str]) -> None:
    answer = bob.post(NEW, filled)
    assert answer.status_code == 302
    ticket = Ticket.objects.get()
    text = page(bob.get(answer["Location"]))
    assert f'big-number"><a href="/tickets/{ticket.number}/">{ticket.number}</a>' in text
    assert (ticket.requester.phone_digits, ticket.channel) == ("442079460018", "phone")
    shown = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "the customer rang" in shown
    assert "phone.invalid" not in page(bob.get(f"{NEW}?q=Omar"))
    assert not Notice.objects.exclude(kind__in=("warning", "breach", "escalated")).exists()


def test_the_caller_is_found_as_one_types(cast: Cast, bob: Client) -> None:
    find_or_add_caller("+44 20 7946 0018", "", utc("2026-03-20 09:00"), address=cast.amina.address)
    cast.writes("2026-03-20 09:00")
    for text in ("020 7946 0018", "amina yu", "AMINA@"):
        part = page(bob.get(NEW, {"q": text}, **HTMX))
        assert f"contact={cast.amina.pk}" in part
        assert "<html" not in part
    assert "Nobody is known" in page(bob.get(NEW, {"q": "zzz"}, **HTMX))


def test_a_call_is_logged_on_an_open_ticket_of_the_caller(
    cast: Cast, bob: Client, filled: dict[str, str]
) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    assert f"{ticket.number} Laptop will not start" in page(bob.get(NEW, {"contact": cast.amina.pk}))
    bob.post(NEW, filled | {"contact": cast.amina.pk, "p1-ticket": ticket.number})
    assert Ticket.objects.count() == 1
    assert Message.objects.get(kind=Message.Kind.CALL).ticket_id == ticket.pk


def test_nobody_elses_ticket_takes_the_call(
    cast: Cast, bob: Client, stranger: Client, filled: dict[str, str]
) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    assert bob.post(NEW, filled | {"p1-ticket": ticket.number}).status_code == 422
    assert stranger.post(NEW, filled).status_code == 404
    assert stranger.get(NEW, {"contact": cast.amina.pk}).status_code == 404
    assert not Message.objects.filter(kind=Message.Kind.CALL).exists()


def test_several_problems_are_asked_for_and_belong_together(bob: Client, filled: dict[str, str]) -> None:
    more = {each: value for each, value in filled.items() if each != "enter"} | {"more": "yes"}
    asked = bob.post(NEW, more).content.decode()
    assert 'name="p2-subject"' in asked
    assert "Since nine no laptop prints." in asked
    bob.post(NEW, filled | {"problems": "2", "p2-subject": "No sound", "p2-summary": "In the hall."})
    assert TicketLink.objects.get().kind == TicketLink.Kind.TOGETHER


def test_the_criteria_in_the_form_give_the_priority(bob: Client, filled: dict[str, str]) -> None:
    answers = {"p1-axis-data": "critical", "p1-requested": "medium"}
    proposed = (
        {each: value for each, value in filled.items() if each != "enter"} | answers | {"propose": "yes"}
    )
    assert "Data: “" in bob.post(NEW, proposed).content.decode()
    assert not Ticket.objects.exists()
    bob.post(NEW, filled | answers)
    ticket = Ticket.objects.get()
    assert (ticket.requested_priority, ticket.priority) == ("medium", "critical")


def test_whatever_is_wrong_what_was_typed_stays(bob: Client, filled: dict[str, str]) -> None:
    for wrong in (
        {"p1-subject": ""},
        {"phone": ""},
        {"stated": "2026-03-20T18:00"},
        {"stated": "yesterday"},
        {"direction": "up"},
    ):
        answer = bob.post(NEW, filled | {"p1-summary": HOSTILE} | wrong)
        assert answer.status_code == 422, wrong
        assert "&lt;script&gt;alert(1)" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_desk_that_nobody_rings_logs_its_own_calls_only(
    cast: Cast, bob: Client, filled: dict[str, str]
) -> None:
    publish_policy(cast.desk, pack("school-devices"), now=LONG_AGO + timedelta(days=2), by="tests")
    assert "nobody rings this desk" in page(bob.get(NEW))
    assert bob.post(NEW, filled).status_code == 422
    assert bob.post(NEW, filled | {"direction": "out"}).status_code == 302


def test_a_call_that_is_held_says_so_and_is_admitted_with_a_reason(
    cast: Cast, bob: Client, filled: dict[str, str]
) -> None:
    publish_policy(cast.desk, pack("maintenance-contract"), now=LONG_AGO + timedelta(days=2), by="tests")
    answer = bob.post(NEW, filled)
    held = HeldRequest.objects.get()
    assert "there is no number yet" in page(bob.get(answer["Location"]))
    admit = f"/calls/held/{held.pk}/admit/"
    assert bob.post(admit, {"reason": " "}).status_code == 422
    admitted = bob.post(admit, {"reason": "Their contract is being signed."})
    assert Ticket.objects.get().number in page(bob.get(admitted["Location"]))


def test_a_call_is_logged_on_the_tickets_page_and_late_ones_say_so(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 14:00")
    address = f"/tickets/{ticket.number}/call/"
    refused = bob.post(address, {"direction": "out", "stated": "2026-03-20T15:00", "summary": " "}, **HTMX)
    assert refused.status_code == 422
    bob.post(address, {"direction": "out", "stated": "2026-03-20T15:00", "summary": "We agreed on Monday."})
    shown = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "We agreed on Monday." in shown
    assert "entered late" in shown


def test_a_ticket_that_begins_with_us(cast: Cast, bob: Client, stranger: Client) -> None:
    typed = {
        "desk": cast.desk.slug,
        "name": "Noor",
        "subject": "Recall",
        "text": "Your laptops are recalled.",
    }
    assert bob.post("/tickets/new/", typed).status_code == 422
    assert stranger.post("/tickets/new/", typed).status_code == 404
    answer = bob.post("/tickets/new/", typed | {"address": "noor@school.example.org"})
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/tickets/{ticket.number}/"
    assert Notice.objects.get(kind=NoticeKind.REPLY).to_address == "noor@school.example.org"
    assert page(bob.get("/tickets/new/"))
