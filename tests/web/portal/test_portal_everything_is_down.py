"""Everything is down: a page with a button. The link alone changes nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from portal_cast import hidden_fields, link

from harness.cast import LONG_AGO, Cast, at
from upheld.desks.actions import publish_policy
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import pack
from upheld.tickets.actions import set_priority
from upheld.tickets.models import StoryEvent, Ticket

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    publish_policy(cast.desk, pack("campaign-severity"), now=LONG_AGO + timedelta(days=1), by="tests")
    return cast.writes("2026-03-16 10:00")


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def press(client: Client, address: str) -> int:
    page = client.get(address).content.decode()
    return client.post(address, hidden_fields(page)).status_code


def test_the_mail_leads_to_a_page_that_explains_and_asks(ticket: Ticket, stranger: Client) -> None:
    mail = render(Notice.objects.get(kind=NoticeKind.ACKNOWLEDGEMENT)).decode()
    assert "Severity 1" in mail
    assert "urgent/" in mail
    page = stranger.get(f"{link(ticket)}urgent/").content.decode()
    assert "Nothing goes out any more, whoever sends it." in page
    assert "Yes, everything is down" in page
    assert again(ticket).priority == "severity_3"
    assert not StoryEvent.objects.filter(ticket=ticket, kind="priority").exists()


def test_one_press_raises_and_a_second_one_changes_nothing(ticket: Ticket, stranger: Client) -> None:
    address = f"{link(ticket)}urgent/"
    page = stranger.get(address).content.decode()
    assert stranger.post(address, hidden_fields(page)).status_code == 302
    assert again(ticket).priority == "severity_1"
    assert stranger.post(address, hidden_fields(page)).status_code == 409
    assert StoryEvent.objects.filter(ticket=ticket, kind="priority").count() == 1
    assert "highest priority already" in stranger.get(address).content.decode()
    assert "Is everything down?" not in stranger.get(link(ticket)).content.decode()


def test_a_forged_press_and_a_false_link_do_nothing(ticket: Ticket, stranger: Client) -> None:
    assert stranger.post(f"{link(ticket)}urgent/", {}).status_code == 403
    assert stranger.get("/r/1-1-aaaaaaaaaaaaaaaa/urgent/").status_code == 404
    assert again(ticket).priority == "severity_3"


def test_who_was_put_out_presses_nothing(cast: Cast, ticket: Ticket, stranger: Client) -> None:
    address = f"{link(ticket)}urgent/"
    participant = ticket.participants.get()
    participant.key_serial += 1
    participant.save(update_fields=["key_serial"])
    assert stranger.get(address).status_code == 404


def test_the_same_button_is_on_the_request_of_a_signed_in_customer(ticket: Ticket, signed_in: Client) -> None:
    address = f"/requests/{ticket.number}/"
    assert f'href="{address}urgent/"' in signed_in.get(address).content.decode()
    assert press(signed_in, f"{address}urgent/") == 302
    assert again(ticket).priority == "severity_1"


def test_what_holds_and_why_is_on_the_customers_page_where_that_may_be_told(
    cast: Cast, ticket: Ticket, stranger: Client
) -> None:
    asked = cast.writes("2026-03-16 10:30", "Urgent: the preview")
    set_priority(
        asked.pk, cast.bob, "severity_3", at("2026-03-16 10:40"), reason="SECRET: they always say so."
    )
    page = stranger.get(link(asked)).content.decode()
    assert "You asked for Severity 1. It is Severity 3 now." in page
    assert "SECRET" not in page
    set_priority(
        asked.pk, cast.bob, "severity_2", at("2026-03-16 10:45"), reason="A detour.", tell_reason=True
    )
    page = stranger.get(link(asked)).content.decode()
    assert "You asked for Severity 1. It is Severity 2 now: A detour." in page
