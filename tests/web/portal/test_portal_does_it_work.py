"""It works, still broken: two links in the mails about a solution, two buttons on the request. Looking does nothing."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from django.test import Client
from portal_cast import hidden_fields, link

from harness.cast import Cast, at, utc
from upheld.mailboxes.outgoing.render import render
from upheld.notices.models import Notice, NoticeKind
from upheld.people.models import Contact
from upheld.tickets.actions import reply, set_status
from upheld.tickets.models import Message, StoryEvent, Ticket

pytestmark = pytest.mark.usefixtures("noon")


@pytest.fixture
def ticket(cast: Cast, head: Contact) -> Ticket:
    """Bob sent a solution at 11:00; it is 12:00 now."""
    ticket = cast.writes("2026-03-16 10:00", cc=(head,))
    reply(ticket.pk, cast.bob, "Here is a new charger.", at("2026-03-16 11:00"), status="resolved")
    return again(ticket)


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def press(client: Client, address: str, **typed: str) -> int:
    page = client.get(address).content.decode()
    return client.post(address, hidden_fields(page) | typed).status_code


def letter(notice: Notice) -> str:
    """The plain text of a mail, as it arrives."""
    body = message_from_bytes(render(notice), policy=default).get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


def statuses(ticket: Ticket) -> list[str]:
    moves = StoryEvent.objects.filter(ticket=ticket, kind="status").order_by("seq")
    return [each.data["to"] for each in moves]


def test_the_reply_that_solves_it_carries_both_links_to_everybody_who_takes_part(ticket: Ticket) -> None:
    replies = Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.REPLY).order_by("id")
    assert len(replies) == 2
    for each in replies:
        mail = letter(each)
        assert re.search(r"It works:\n\S+/r/\S+/works/", mail)
        assert re.search(r"It is still broken:\n\S+/r/\S+/still-broken/", mail)


def test_looking_at_either_page_changes_nothing(ticket: Ticket, stranger: Client) -> None:
    for page in ("works/", "still-broken/"):
        assert "<button" in stranger.get(f"{link(ticket)}{page}").content.decode()
        assert stranger.head(f"{link(ticket)}{page}").status_code == 200
    assert statuses(ticket) == ["resolved"]
    assert Message.objects.filter(ticket=ticket).count() == 2


def test_it_works_closes_the_request_and_is_told_once(cast: Cast, ticket: Ticket, stranger: Client) -> None:
    address = f"{link(ticket)}works/"
    page = stranger.get(address).content.decode()
    assert stranger.post(address, hidden_fields(page)).status_code == 302
    assert stranger.post(address, hidden_fields(page)).status_code == 409
    assert again(ticket).status == "closed"
    told = StoryEvent.objects.get(ticket=ticket, kind="status", actor="customer")
    assert (told.contact, told.at, told.data["confirmed"]) == (cast.amina, utc("2026-03-16 12:00"), True)
    mail = letter(Notice.objects.get(ticket_id=ticket.pk, kind=NoticeKind.STATUS))
    assert "now “Closed”" in mail
    assert "/works/" not in mail
    assert "closed already" in stranger.get(address).content.decode()


def test_who_is_in_copy_may_say_so_and_who_was_put_out_may_not(
    ticket: Ticket, head: Contact, stranger: Client
) -> None:
    address = f"{link(ticket, head)}works/"
    participant = ticket.participants.get(contact=head)
    participant.removed_at = utc("2026-03-16 11:30")
    participant.save(update_fields=["removed_at"])
    assert stranger.get(address).status_code == 404
    participant.removed_at = None
    participant.save(update_fields=["removed_at"])
    assert press(stranger, address) == 302
    assert again(ticket).status == "closed"


def test_still_broken_opens_it_again_with_a_stated_sentence(ticket: Ticket, stranger: Client) -> None:
    address = f"{link(ticket)}still-broken/"
    page = stranger.get(address).content.decode()
    first = stranger.post(address, hidden_fields(page) | {"text": "  "})
    second = stranger.post(address, hidden_fields(page) | {"text": "  "})
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert again(ticket).status == "open"
    said = ticket.messages.get(kind=Message.Kind.CUSTOMER, at=utc("2026-03-16 12:00"))
    assert said.text == "It is still broken."


def test_words_become_the_message_and_a_later_press_keeps_what_was_typed(
    ticket: Ticket, stranger: Client
) -> None:
    address = f"{link(ticket)}still-broken/"
    assert press(stranger, address, text="The new charger hums.") == 302
    assert ticket.messages.filter(text="The new charger hums.").count() == 1
    late = stranger.get(address).content.decode()
    assert "nothing was changed" in late
    token = hidden_fields(stranger.get(link(ticket)).content.decode())["csrfmiddlewaretoken"]
    refused = stranger.post(address, {"csrfmiddlewaretoken": token, "text": "And it smells."})
    assert refused.status_code == 409
    assert "And it smells." in refused.content.decode()
    assert not ticket.messages.filter(text="And it smells.").exists()


def test_the_clock_goes_on_when_it_is_still_broken(ticket: Ticket, stranger: Client) -> None:
    press(stranger, f"{link(ticket)}still-broken/")
    resolutions = [each for each in again(ticket).standing["clocks"] if each["metric"] == "resolution"]
    assert [(each["cycle"], each["state"]) for each in resolutions] == [(1, "met"), (2, "running")]


def test_too_late_to_reopen_offers_a_new_request(
    cast: Cast, ticket: Ticket, stranger: Client, noon: time_machine.Traveller
) -> None:
    set_status(ticket.pk, cast.bob, "closed", at("2026-03-16 11:30"))
    noon.move_to(utc("2026-04-20 12:00"))
    address = f"{link(ticket)}still-broken/"
    page = stranger.get(address).content.decode()
    assert "closed too long ago" in page
    assert "/requests/new/" in page
    token = hidden_fields(stranger.get(f"{link(ticket)}works/").content.decode())
    refused = stranger.post(address, token | {"text": "It hums."})
    assert refused.status_code == 409
    assert "It hums." in refused.content.decode()
    assert again(ticket).status == "closed"


def test_both_buttons_stand_on_the_request_while_it_is_resolved(ticket: Ticket, signed_in: Client) -> None:
    address = f"/requests/{ticket.number}/"
    page = signed_in.get(address).content.decode()
    assert f'action="{address}works/"' in page
    assert f'href="{address}still-broken/"' in page
    assert "If we hear nothing from you, it closes by itself on" in page
    assert signed_in.post(f"{address}works/").status_code == 302
    assert again(ticket).status == "closed"
    page = signed_in.get(address).content.decode()
    assert "works/" not in page


def test_a_forged_press_and_a_false_link_do_nothing(ticket: Ticket, stranger: Client) -> None:
    for page in ("works/", "still-broken/"):
        assert stranger.post(f"{link(ticket)}{page}", {}).status_code == 403
        assert stranger.get(f"/r/1-1-aaaaaaaaaaaaaaaa/{page}").status_code == 404
    assert again(ticket).status == "resolved"
