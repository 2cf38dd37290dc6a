"""Before a change the page says what it does; and what the policy leaves to agents is promised on the ticket."""

from datetime import timedelta

import pytest
from cast_of_pages import HTMX, page
from django.test import Client

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.policy import pack
from upheld.tickets.actions import promise_update, reply, set_status
from upheld.tickets.keys import link_token
from upheld.tickets.models import Participant, StoryEvent, Ticket


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """It is 16:30 on Friday, half an hour before closing."""
    return cast.writes("2026-03-20 14:00", priority="high")


@pytest.fixture
def campaign(cast: Cast) -> Ticket:
    publish_policy(cast.desk, pack("campaign-severity"), now=LONG_AGO + timedelta(days=1), by="tests")
    campaign = cast.writes("2026-03-20 14:00")
    reply(campaign.pk, cast.bob, "We look into it.", at("2026-03-20 15:00"))
    return campaign


def effect(client: Client, ticket: Ticket, **typed: str) -> str:
    """What the page says of a status, as text without marks."""
    shown = page(client.post(f"/tickets/{ticket.number}/status/effect/", typed, **HTMX))
    assert "<html" not in shown
    return " ".join(shown.replace("<strong>", "").replace("</strong>", "").split())


def test_waiting_on_the_customer_says_what_stops_and_what_comes_by_itself(
    cast: Cast, ticket: Ticket, bob: Client
) -> None:
    said = effect(bob, ticket, status="waiting_on_customer")
    assert "no clock runs" in said
    assert "First response stops with 13 h 30 min left; until now it was due Tue 11:00" in said
    assert "Resolution stops with 37 h 30 min left; until now it was due Thu 16:00" in said
    assert "They read “Awaiting your reply” instead of “Being processed”." in said
    assert "They get a mail about it." in said
    assert "tomorrow 16:30 the customer is reminded" in said
    assert "Tue 16:30 it becomes “Closed”" in said
    assert not StoryEvent.objects.filter(ticket=ticket, kind="status").exists()


def test_resolving_says_that_the_resolution_is_met_and_that_the_customer_is_asked(
    ticket: Ticket, bob: Client
) -> None:
    said = effect(bob, ticket, status="resolved")
    assert "Resolution is met; it was due Thu 16:00" in said
    assert "The mail asks whether it works, with two buttons." in said
    assert "Mon 16:30 it becomes “Closed”" in said


def test_a_status_with_the_same_public_label_sends_no_mail(cast: Cast, bob: Client) -> None:
    publish_policy(
        cast.desk,
        pack("school-devices").replace(
            "  - id: pending_action\n    label: Pending Action\n",
            "  - id: pending_action\n    label: Pending Action\n    public_label: Being processed\n",
        ),
        now=LONG_AGO + timedelta(days=1),
        by="tests",
    )
    ticket = cast.writes("2026-03-20 14:00")
    said = effect(bob, ticket, status="pending_action")
    assert "They go on reading “Being processed”. They get no mail about it." in said
    assert "all clocks run" in said
    assert "Resolution stays: due" in said


def test_a_reply_that_sets_the_status_meets_the_response_too(ticket: Ticket, bob: Client) -> None:
    said = effect(bob, ticket, **{"with": "reply"}, status="waiting_on_customer")
    assert "First response is met; it was due Tue 11:00" in said
    assert "Your reply tells them so." in said


def test_an_answer_that_comes_too_late_says_that_the_breach_stays(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 14:00", priority="urgent")
    assert "First response is answered; the breach stays" in effect(bob, ticket, **{"with": "reply"})


def test_going_on_says_with_what_is_left(cast: Cast, ticket: Ticket, bob: Client) -> None:
    set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-03-20 15:00"))
    said = effect(bob, ticket, status="open")
    assert "Resolution goes on with 39 h left: due Fri 27 Mar 08:00" in said


def test_without_scripts_the_page_shows_it_and_keeps_the_reply(ticket: Ticket, bob: Client) -> None:
    typed = {"text": "Which model is it?", "status": "waiting_on_customer"}
    whole = page(bob.post(f"/tickets/{ticket.number}/status/effect/", typed))
    assert "Which model is it?" in whole
    assert "stops with 37 h 30 min left" in whole
    assert 'value="waiting_on_customer" selected' in whole
    side = page(bob.post(f"/tickets/{ticket.number}/status/effect/", {"status": "resolved"}))
    assert "Resolution</strong> is met" in side
    assert "Choose a status first." in page(bob.post(f"/tickets/{ticket.number}/status/effect/", {}))
    assert not StoryEvent.objects.filter(ticket=ticket, kind="status").exists()


def test_a_raised_priority_says_when_its_time_would_be_over_already(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-17 09:00", priority="low")
    address = f"/tickets/{ticket.number}/priority/effect/"
    said = page(bob.post(address, {"priority": "urgent"}, **HTMX))
    assert "is more urgent than Low: the earlier time holds." in said
    assert "now it is due" in said
    assert "Choose a priority first." in page(bob.post(address, {"priority": "x"}, **HTMX))
    assert "has this priority already" in page(bob.post(address, {"priority": "low"}, **HTMX))


def test_the_panel_lists_what_the_statuses_mean(ticket: Ticket, bob: Client) -> None:
    shown = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "What the statuses mean" in shown
    assert "customers read “Awaiting your reply”; no clock runs" in shown


def test_what_comes_by_itself_stands_on_the_ticket(cast: Cast, ticket: Ticket, bob: Client) -> None:
    set_status(ticket.pk, cast.bob, "resolved", at("2026-03-20 15:00"))
    shown = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "The customer is asked whether it works." in shown
    assert "<strong>Mon 15:00</strong> it becomes “Closed”" in shown


def test_nobody_else_asks(ticket: Ticket, stranger: Client) -> None:
    for deed in ("status/effect", "priority/effect", "promise"):
        assert stranger.post(f"/tickets/{ticket.number}/{deed}/").status_code == 404
    assert stranger.get(f"/tickets/{ticket.number}/promise/").status_code == 405


def test_a_time_is_promised_with_one_press(campaign: Ticket, bob: Client) -> None:
    shown = page(bob.get(f"/tickets/{campaign.number}/"))
    assert "Promise an update" in shown
    assert "today 17:30, by closing" in shown
    chip = {"metric": "update", "at": utc("2026-03-20 17:00").isoformat()}
    assert bob.post(f"/tickets/{campaign.number}/promise/", chip).status_code == 302
    shown = page(bob.get(f"/tickets/{campaign.number}/"))
    assert "promised by today 17:00" in shown
    assert "promised Update by today 17:00" in shown


def test_a_time_of_ones_own_is_read_in_ones_zone_and_kept_when_refused(
    campaign: Ticket, cast: Cast, bob: Client
) -> None:
    cast.bob.zone = "Europe/Berlin"
    cast.bob.save(update_fields=["zone"])
    address = f"/tickets/{campaign.number}/promise/"
    refused = bob.post(address, {"at": "2026-03-20T17:10"})
    assert refused.status_code == 422
    assert 'value="2026-03-20T17:10"' in refused.content.decode()
    assert "That time is over." in refused.content.decode()
    assert bob.post(address, {"at": "2026-03-23T12:00"}).status_code == 302
    assert (
        StoryEvent.objects.get(ticket=campaign, kind="promised")
        .data["due_at"]
        .startswith("2026-03-23T12:00:00+01:00")
    )
    assert bob.post(address, {"at": "soon"}).status_code == 422


def test_no_promise_is_offered_where_the_policy_has_its_own_time(ticket: Ticket, bob: Client) -> None:
    assert "Promise an update" not in page(bob.get(f"/tickets/{ticket.number}/"))


def test_the_customer_reads_by_when_they_hear_again(campaign: Ticket, cast: Cast, client: Client) -> None:
    link = f"/r/{link_token(Participant.objects.get(ticket=campaign))}/"
    assert "We write again by" not in page(client.get(link))
    promise_update(campaign.pk, cast.bob, utc("2026-03-20 17:00"), at("2026-03-20 16:00"))
    assert "We write again by" in page(client.get(link))
