"""Spam in the pages: marked, taken back, and the rules about its senders."""

import pytest
from cast_of_pages import page
from desk_post import mail
from django.test import Client

from harness.cast import Cast
from upheld.mailboxes.models import MailState, SenderRule
from upheld.tickets.models import Ticket

HOME = "/desk/senders/school-devices/"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


def path(ticket: Ticket, deed: str = "") -> str:
    return f"/tickets/{ticket.number}/{deed}"


def test_marked_it_says_so_and_one_button_takes_it_back(bob: Client, ticket: Ticket) -> None:
    assert "all from <bdi>amina@school.example.org</bdi>" in page(bob.get(path(ticket)))
    assert bob.post(path(ticket, "spam/"), {"further": "address"}).status_code == 302
    shown = page(bob.get(path(ticket)))
    assert "This is spam." in shown and "Further mail from amina@school.example.org opens no ticket." in shown
    assert 'id="reply-text"' not in shown and "marked it as spam" in shown
    assert ticket.number not in page(bob.get("/tickets/"))
    refused = bob.post(path(ticket, "reply/"), {"text": "Hello"})
    assert refused.status_code == 422 and "marked as spam" in refused.content.decode()
    assert bob.post(path(ticket, "not-spam/")).status_code == 302
    assert not SenderRule.objects.exists(), "its rule goes with it"
    shown = page(bob.get(path(ticket)))
    assert "This is spam." not in shown and 'id="reply-text"' in shown


def test_a_free_providers_domain_is_asked_about_again(cast: Cast, bob: Client) -> None:
    from upheld.people.actions import find_or_add_contact

    sender = find_or_add_contact("someone@gmail.com", "", cast.desk.created_at)
    ticket = cast.writes("2026-03-20 14:00", contact=sender)
    refused = bob.post(path(ticket, "spam/"), {"further": "domain"})
    said = refused.content.decode()
    assert refused.status_code == 422 and "Anybody can have an address at gmail.com" in said
    assert 'name="sure"' in said and 'value="domain" checked' in said
    ticket.refresh_from_db()
    assert not ticket.is_spam, "both or nothing"
    assert bob.post(path(ticket, "spam/"), {"further": "domain", "sure": "yes"}).status_code == 302
    assert SenderRule.objects.get().sender == "@gmail.com"


def test_the_rules_have_a_page(cast: Cast, bob: Client, stranger: Client, ticket: Ticket) -> None:
    assert bob.get("/desk/senders/").url == HOME
    assert "Everybody is heard" in page(bob.get(HOME))
    refused = bob.post(HOME + "add/", {"sender": "@gmail.com"})
    assert refused.status_code == 422 and 'name="sure"' in refused.content.decode()
    assert bob.post(HOME + "add/", {"sender": "@offers.example.net"}).status_code == 302
    assert "@offers.example.net" in page(bob.get(HOME))
    rule = SenderRule.objects.get()
    assert stranger.get(HOME).status_code == 404
    assert stranger.post(f"{HOME}{rule.pk}/remove/").status_code == 404
    assert bob.post(f"{HOME}{rule.pk}/remove/").status_code == 302
    assert bob.post(f"{HOME}{rule.pk}/remove/").status_code == 404


def test_kept_spam_is_a_list_of_its_own(cast: Cast, signed_in) -> None:
    lena = signed_in(cast.lena)
    kept = mail(
        cast.desk.mailboxes.get(), MailState.SPAM, reason="all mail from @x.example.net is spam on this desk"
    )
    assert kept.subject not in page(lena.get("/mail/"))
    assert kept.subject in page(lena.get("/mail/?list=spam"))
    assert "Release" in page(lena.get(f"/mail/{kept.pk}/"))
