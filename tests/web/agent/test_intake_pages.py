"""Information, several problems and what is out of scope, as agents handle them on their pages."""

from collections.abc import Callable

import pytest
from cast_of_pages import HOSTILE, page
from django.test import Client

from harness.asking import mails
from harness.cast import Cast
from upheld.people.models import Agent, Organization, Site
from upheld.tickets.models import InformationAsked, Message, Ticket, TicketLink

FRIDAY = "2026-03-20 15:00"


@pytest.fixture
def ticket(asking: Cast, school: Organization) -> Ticket:
    return mails(asking, FRIDAY, product="laptop")


def path(ticket: Ticket, deed: str = "") -> str:
    return f"/tickets/{ticket.number}/{deed}"


def test_the_page_says_what_is_missing_and_that_the_customer_was_asked(bob: Client, ticket: Ticket) -> None:
    shown = page(bob.get(path(ticket)))
    assert "2 missing" in shown
    assert "School and room" in shown and "Serial number" in shown
    assert "The customer was asked" in shown


def test_an_agent_fills_in_and_the_page_shows_it(bob: Client, ticket: Ticket) -> None:
    bob.post(path(ticket, "information/"), {"item-school": "Hilltop, 2.14", "item-serial": HOSTILE})
    shown = page(bob.get(path(ticket)))
    assert "Hilltop, 2.14" in shown and "<script>alert(1)" not in shown
    assert InformationAsked.objects.get().ended_because == "given"


def test_waiving_needs_a_reason_and_keeps_the_page(bob: Client, ticket: Ticket) -> None:
    refused = bob.post(path(ticket, "information/waive/"), {"reason": " "})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert bob.post(path(ticket, "information/waive/"), {"reason": "We know."}).status_code == 302
    assert "does without the rest" in page(bob.get(path(ticket)))


def test_leads_keep_at_the_site_what_was_given_and_agents_have_no_button(
    bob: Client, signed_in: Callable[[Agent], Client], asking: Cast, ticket: Ticket, site: Site
) -> None:
    bob.post(path(ticket, "information/"), {"item-serial": "A-1"})
    assert "Keep it at" not in page(bob.get(path(ticket)))
    assert bob.post(path(ticket, "information/store/"), {"site": site.pk}).status_code == 403
    lena = signed_in(asking.lena)
    assert "Keep it at Main building" in page(lena.get(path(ticket)))
    lena.post(path(ticket, "information/store/"), {"site": site.pk})
    site.refresh_from_db()
    assert site.fields["serial"] == "A-1"


def test_several_problems_are_split_on_a_page_that_keeps_what_was_typed(bob: Client, ticket: Ticket) -> None:
    message = ticket.messages.get()
    typed = {"parts": "1", "subject-1": "Printer", "note-1": "Second paragraph", "message-1": message.pk}
    more = page(bob.post(path(ticket, "split/"), typed | {"do": "add"}))
    assert 'value="Printer"' in more and "Second paragraph" in more and 'name="subject-2"' in more
    refused = bob.post(path(ticket, "split/"), typed | {"parts": "2", "note-2": "no subject"})
    assert refused.status_code == 422 and "no subject" in refused.content.decode()
    assert Ticket.objects.count() == 1
    bob.post(path(ticket, "split/"), typed | {"parts": "2", "subject-2": ""})
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    assert new.subject == "Printer"
    assert new.number in page(bob.get(path(ticket))) and ticket.number in page(bob.get(path(new)))


def test_tickets_are_linked_by_number_and_unlinked_again(bob: Client, asking: Cast, ticket: Ticket) -> None:
    other = mails(asking, "2026-03-20 15:10", subject="Printer jams")
    refused = bob.post(path(ticket, "links/"), {"number": "SDS-999999"})
    assert refused.status_code == 422 and 'value="SDS-999999"' in refused.content.decode()
    bob.post(path(ticket, "links/"), {"number": other.number})
    assert "Printer jams" in page(bob.get(path(ticket)))
    link = TicketLink.objects.get()
    bob.post(path(ticket, f"links/{link.pk}/remove/"))
    assert not TicketLink.objects.exists()
    assert bob.post(path(ticket, "links/999/remove/")).status_code == 404


def test_out_of_scope_is_answered_in_words_that_can_be_changed(bob: Client, ticket: Ticket) -> None:
    assert "Ask your insurer" in page(bob.get(path(ticket)))
    empty = bob.post(path(ticket, "out-of-scope/"), {"scope": "physical_damage", "text": ""})
    assert empty.status_code == 422
    bob.post(path(ticket, "out-of-scope/"), {"scope": "physical_damage", "text": "Ask Mutual Insurance."})
    ticket.refresh_from_db()
    assert ticket.status_category == "closed"
    assert ticket.messages.get(kind=Message.Kind.REPLY).text == "Ask Mutual Insurance."
    assert "Not what we do" not in page(bob.get(path(ticket)))


@pytest.mark.parametrize(
    "deed", ["information/", "information/ask/", "information/waive/", "links/", "split/", "out-of-scope/"]
)
def test_for_another_desk_there_is_nothing(stranger: Client, ticket: Ticket, deed: str) -> None:
    assert stranger.post(path(ticket, deed), {}).status_code == 404
    assert stranger.get(path(ticket, "split/")).status_code == 404
