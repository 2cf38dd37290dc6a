"""Triage on a ticket's page: what was asked for, what is to be found out, and what it would move."""

from datetime import timedelta

import pytest
from cast_of_pages import HTMX, page
from django.test import Client

from harness.cast import LONG_AGO, Cast, at
from upheld.desks.actions import publish_policy
from upheld.policy import pack
from upheld.tickets.actions import receive_message, set_priority
from upheld.tickets.models import StoryEvent, Ticket


@pytest.fixture
def campaigns(cast: Cast) -> Cast:
    publish_policy(cast.desk, pack("campaign-severity"), now=LONG_AGO + timedelta(days=1), by="tests")
    return cast


@pytest.fixture
def success(cast: Cast) -> Cast:
    publish_policy(cast.desk, pack("success-plans"), now=LONG_AGO + timedelta(days=1), by="tests")
    return cast


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_both_priorities_are_shown_where_they_differ(campaigns: Cast, bob: Client) -> None:
    ticket = campaigns.writes("2026-03-20 14:00", text="It is urgent.")
    address = f"/tickets/{ticket.number}/"
    assert "The customer asks for" not in page(bob.get(address))
    assert "because the mail says “urgent”" in page(bob.get(address))
    set_priority(ticket.pk, campaigns.bob, "severity_3", at("2026-03-20 14:05"), reason="One user.")
    shown = page(bob.get(address))
    assert "The customer asks for Severity 1" in shown
    assert "Severity 3 was given by Bob Tanaka: One user." in shown
    assert "Raise it to" not in shown
    assert "asked: Severity 1" in page(bob.get("/tickets/"))


def test_a_later_mail_proposes_and_one_press_assigns(campaigns: Cast, bob: Client) -> None:
    ticket = campaigns.writes("2026-03-20 14:00")
    answer = campaigns.answer_of_amina("2026-03-20 15:00", "Now it is urgent!")
    receive_message(ticket.pk, answer, at("2026-03-20 15:00"))
    assert "Raise it to Severity 1" in page(bob.get(f"/tickets/{ticket.number}/"))
    bob.post(f"/tickets/{ticket.number}/priority/", {"priority": "severity_1"})
    assert again(ticket).priority == "severity_1"
    assert "The customer asks for" not in page(bob.get(f"/tickets/{ticket.number}/"))


def test_a_reason_is_told_to_the_customer_where_the_agent_says_so(campaigns: Cast, bob: Client) -> None:
    ticket = campaigns.writes("2026-03-20 14:00", "Urgent: the preview")
    typed = {"priority": "severity_3", "reason": "There is a detour.", "tell": "yes"}
    bob.post(f"/tickets/{ticket.number}/priority/", typed)
    assert StoryEvent.objects.get(ticket=ticket, kind="priority").data["told"] is True


def test_what_is_missing_is_to_do(campaigns: Cast, bob: Client) -> None:
    ticket = campaigns.writes("2026-03-20 14:00")
    assert "To do before work begins:" in page(bob.get(f"/tickets/{ticket.number}/"))
    about = f"/tickets/{ticket.number}/about/"
    assert bob.post(about, {"region": "europe", "product": "contacts", "save": "yes"}).status_code == 302
    ticket = again(ticket)
    assert (ticket.region, ticket.product) == ("europe", "contacts")
    assert "To do before work begins:" not in page(bob.get(f"/tickets/{ticket.number}/"))


def test_looking_says_what_moves_and_saves_nothing(success: Cast, bob: Client) -> None:
    ticket = success.writes("2026-03-20 14:00", plan="basic")
    about = f"/tickets/{ticket.number}/about/"
    part = page(bob.post(about, {"plan": "premium"}, **HTMX))
    assert "now it is" in part
    assert "<html" not in part
    whole = page(bob.post(about, {"plan": "premium", "look": "yes"}))
    assert "now it is" in whole
    assert again(ticket).plan == "basic"
    assert not StoryEvent.objects.filter(ticket=ticket, kind="field").exists()
    assert "stays: due" in page(bob.post(about, {"reason": "bug"}, **HTMX))


def test_unknown_values_are_refused(success: Cast, bob: Client) -> None:
    ticket = success.writes("2026-03-20 14:00")
    assert bob.post(f"/tickets/{ticket.number}/about/", {"reason": "x", "save": "yes"}).status_code == 422
    assert again(ticket).reason == ""


def test_the_criteria_propose_with_the_sentence_that_decided_and_one_press_assigns(
    success: Cast, bob: Client
) -> None:
    ticket = success.writes("2026-03-20 14:00")
    address = f"/tickets/{ticket.number}/classify/"
    first = page(bob.get(address))
    assert "Answer what you know" in first
    assert "Functions" in first and "Back end" in first
    answers = {"axis-data": "critical", "axis-functions": "medium"}
    part = page(bob.post(address, answers, **HTMX))
    assert "Data: “" in part
    assert again(ticket).priority != "critical"
    eased = page(bob.post(address, answers | {"workaround": "acceptable"}, **HTMX))
    assert "eased by the workaround “Acceptable”" in eased
    assert bob.post(address, {"assign": "yes"}).status_code == 422
    assert bob.post(address, answers | {"assign": "yes", "tell": "yes"}).status_code == 302
    assert again(ticket).priority == "critical"
    fact = StoryEvent.objects.get(ticket=ticket, kind="priority")
    assert fact.data["reason"].startswith("Data: “")
    assert fact.data["told"] is True


def test_a_policy_without_criteria_shows_its_levels(cast: Cast, bob: Client) -> None:
    publish_policy(cast.desk, pack("always-on"), now=LONG_AGO + timedelta(days=1), by="tests")
    ticket = cast.writes("2026-03-20 14:00")
    address = f"/tickets/{ticket.number}/classify/"
    assert 'name="level"' in page(bob.get(address))
    bob.post(address, {"level": "critical", "assign": "yes"})
    assert again(ticket).priority == "critical"


def test_strangers_find_nothing(success: Cast, stranger: Client) -> None:
    ticket = success.writes("2026-03-20 14:00")
    for name in ("about", "classify"):
        assert stranger.get(f"/tickets/{ticket.number}/{name}/").status_code == 404
        assert stranger.post(f"/tickets/{ticket.number}/{name}/", {"save": "yes"}).status_code == 404
    assert stranger.post(f"/tickets/{ticket.number}/call/", {"summary": "x"}).status_code == 404
