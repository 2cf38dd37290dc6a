"""The command bar's suggestions: by number, by words, by name; never what somebody may not know of."""

import pytest
from cast_of_pages import page
from django.test import Client

from harness.cast import LONG_AGO, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import NamedReader, Organization
from upheld.tickets.models import SavedQueue, TicketLook


def suggested(browser: Client, text: str = "") -> dict[str, list[str]]:
    """The labels by their group."""
    answer = browser.get("/find/suggestions/", {"q": text})
    assert answer.status_code == 200
    return {each["label"]: [item["label"] for item in each["items"]] for each in answer.json()["groups"]}


@pytest.mark.parametrize("text", ["SDS-1001", "sds-1001", "#SDS-1001", "1001", " #1001 "])
def test_a_ticket_is_found_by_its_number_with_or_without_letters(cast, bob, text):
    cast.writes("2026-03-20 09:00", "Projector flickers")
    cast.writes("2026-03-20 09:05", "Scanner is slow")
    assert suggested(bob, text)["Tickets"] == ["Projector flickers"]


def test_words_find_the_latest_first(cast, bob):
    for minute, subject in enumerate(("Printer A jams", "Printer B jams", "No sound")):
        cast.writes(f"2026-03-20 09:0{minute}", subject)
    assert suggested(bob, "jams print")["Tickets"] == ["Printer B jams", "Printer A jams"]


def test_a_restricted_ticket_is_suggested_to_its_readers_alone(cast, bob, signed_in):
    cast.reads_what_is_restricted(cast.lena)
    hidden = cast.writes("2026-03-20 09:00", "A pupil is bullied", priority="urgent")
    assert hidden.restricted
    for text in (hidden.number, "bullied"):
        assert "Tickets" not in suggested(bob, text)
        assert suggested(signed_in(cast.lena), text)["Tickets"] == ["A pupil is bullied"]
    assert not NamedReader.objects.filter(agent=cast.bob).exists()


def test_another_desk_knows_neither_ticket_nor_customer_nor_organization(cast, bob, stranger):
    ticket = cast.writes("2026-03-20 09:00", "Projector flickers")
    Organization.objects.create(desk=cast.desk, name="Amina School Trust")
    assert suggested(bob, "amina") == {
        "Tickets": ["Projector flickers"],
        "Customers": ["Amina Yusuf"],
        "Organizations": ["Amina School Trust"],
    }
    for text in (ticket.number, "1001", "projector", "amina"):
        assert suggested(stranger, text) == {}


def test_a_contact_whom_nobody_here_knows_is_not_suggested(cast, bob):
    find_or_add_contact("yusuf@elsewhere.example.net", "Yusuf Elsewhere", LONG_AGO)
    assert "Customers" not in suggested(bob, "yusuf else")


def test_before_anything_is_typed_come_the_tickets_looked_at_last(cast, bob):
    first, second = (cast.writes(f"2026-03-20 09:0{n}", f"Request {n}") for n in (1, 2))
    for minute, ticket in ((1, second), (2, first)):
        moment = utc(f"2026-03-20 10:0{minute}")
        TicketLook.objects.create(agent=cast.bob, ticket=ticket, at=moment)
    groups = suggested(bob)
    assert groups["Looked at last"] == ["Request 1", "Request 2"]
    assert {"Queue", "Unassigned", "Alerts", "New ticket", "Your preferences"} <= set(groups["Go to"])


def test_pages_of_the_desk_are_for_those_who_administer_it(cast, bob, signed_in):
    assert suggested(signed_in(cast.ada), "mailboxes")["Go to"] == ["Mailboxes"]
    assert "Go to" not in suggested(bob, "mailboxes")
    assert "Go to" not in suggested(bob, "outgoing mail")


def test_it_is_a_plain_page_without_scripts(cast, bob):
    ticket = cast.writes("2026-03-20 09:00", "Projector <b>flickers</b>")
    shown = page(bob.get("/find/", {"q": "projector"}))
    assert f'href="/tickets/{ticket.number}/"' in shown
    assert "Projector &lt;b&gt;flickers&lt;/b&gt;" in shown
    assert "/tickets/?list=all&amp;q=projector" in shown
    assert "Nothing here fits “xyzzy”" in page(bob.get("/find/", {"q": "xyzzy"}))


@pytest.mark.parametrize("text", ["\0", "a", "'", "%", "&|!", "(" * 500, "١٠٠١", "1" * 40])
def test_odd_words_find_nothing_and_break_nothing(cast, bob, text):
    cast.writes("2026-03-20 09:00", "Projector flickers")
    assert "Tickets" not in suggested(bob, text)


def test_it_asks_few_questions(cast, bob, django_assert_max_num_queries):
    for minute in range(9):
        cast.writes(f"2026-03-20 09:0{minute}", "Projector flickers")
    with django_assert_max_num_queries(12):
        assert len(suggested(bob, "projector")["Tickets"]) == 6


def test_a_queue_that_was_kept_by_name_leads_to_what_it_finds(cast, bob, stranger):
    SavedQueue.objects.create(
        desk=cast.desk, agent=cast.bob, name="My broken laptops", query="laptop", made_at=LONG_AGO
    )
    answer = bob.get("/find/suggestions/", {"q": "broken lap"}).json()["groups"]
    assert [each["url"] for each in answer[-1]["items"]] == ["/tickets/?q=laptop"]
    assert suggested(stranger, "broken lap") == {}
