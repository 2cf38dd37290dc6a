"""What the page of one request tells its customer: status, clock, promises and why, in their own time."""

import re

import pytest
from django.test import Client
from portal_cast import hidden_fields, link

from harness.cast import Cast, at, utc
from upheld.tickets.actions import reply, set_status


@pytest.fixture
def told(stranger: Client):
    """The page of a ticket as text."""

    def told(ticket, **cookies: str) -> str:
        stranger.cookies.load(cookies)
        return stranger.get(link(ticket)).content.decode()

    return told


def test_a_running_clock_is_on_and_its_promises_have_times(cast: Cast, noon, told) -> None:
    page = told(cast.writes("2026-03-16 08:00", priority="high"))
    assert "The clock is on: the time counts against our promise." in page
    assert "Tuesday 17 March 2026, 14:30 (London time, GMT)" in page
    assert 'id="why"' in page
    assert "It counts from Monday 16 March 2026 08:00 GMT." in page


def test_outside_hours_the_page_says_that_the_desk_is_closed(cast: Cast, noon, told) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    noon.move_to(utc("2026-03-16 20:00"))
    assert "We are closed now" in told(ticket)


def test_a_stopped_clock_says_that_we_wait_for_the_customer_and_when_it_closes(
    cast: Cast, noon, told
) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    reply(ticket.pk, cast.bob, "Which model?", at("2026-03-16 09:00"), status="waiting_on_customer")
    page = told(ticket)
    assert "Awaiting your reply" in page
    assert "The clock is stopped because we are waiting for your answer." in page
    assert "79 h are left when it goes on" in page
    assert "Friday 20 March 2026, 09:00 (London time, GMT)" in page
    assert "Your reply starts the clock again." in page


def test_a_third_party_is_another_reason(cast: Cast, noon, told) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-03-16 09:00"))
    page = told(ticket)
    assert "The clock is stopped because somebody else has to do their part first." in page
    assert "waiting for your answer" not in page


def test_a_broken_promise_is_told_as_one(cast: Cast, noon, told) -> None:
    page = told(cast.writes("2026-03-16 08:00", priority="urgent"))
    assert "Promised by <time" in page
    assert "We are late, and the desk knows it." in page


def test_a_reply_to_a_closed_request_opens_it_again(cast: Cast, noon, told, stranger: Client) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    reply(ticket.pk, cast.bob, "Done.", at("2026-03-16 09:00"), status="resolved")
    page = told(ticket)
    assert "Just reply: that opens the request again." in page
    stranger.post(link(ticket), hidden_fields(page) | {"text": "It is broken again, please look."})
    ticket.refresh_from_db()
    assert ticket.status == "open"


def test_after_the_window_the_page_offers_a_new_request_and_no_reply(
    cast: Cast, noon, told, stranger: Client
) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    reply(ticket.pk, cast.bob, "Done.", at("2026-03-16 09:00"), status="resolved")
    typed = hidden_fields(told(ticket)) | {"text": "Left open since March."}
    noon.move_to(utc("2026-06-01 12:00"))
    page = told(ticket)
    assert "closed too long ago" in page
    assert "<textarea" not in page
    late = stranger.post(link(ticket), typed)
    assert late.status_code == 422
    assert "Left open since March." in late.content.decode()
    assert not ticket.messages.filter(text="Left open since March.").exists()


def test_times_follow_the_contacts_zone_then_the_browsers_choice(cast: Cast, noon, told) -> None:
    ticket = cast.writes("2026-03-16 08:00", priority="high")
    cast.amina.zone = "Africa/Nairobi"
    cast.amina.save(update_fields=["zone"])
    assert "Tuesday 17 March 2026, 17:30 (Nairobi time, GMT+3)" in told(ticket)
    assert "Tuesday 17 March 2026, 10:30 (New York time, GMT-4)" in told(ticket, zone="America/New_York")
    assert "(Nairobi time, GMT+3)" in told(ticket, zone="Atlantis/Capital")


def test_across_a_change_of_the_clocks_each_time_has_its_own_offset(cast: Cast, noon, told) -> None:
    noon.move_to(utc("2026-03-27 16:30"))
    page = told(cast.writes("2026-03-27 16:00", priority="urgent"))
    assert "Friday 27 March 2026, 16:00 (London time, GMT)" in page
    assert "Monday 30 March 2026, 08:30 (London time, GMT+1)" in page


def test_the_hour_that_comes_twice_is_told_apart(cast: Cast, noon, told) -> None:
    for received, offset in (("2026-10-25 00:30", "GMT+1"), ("2026-10-25 01:30", "GMT")):
        noon.move_to(utc("2026-10-25 09:00"))
        page = told(cast.writes(received))
        assert f"Sunday 25 October 2026, 01:30 (London time, {offset})" in page


def test_another_zone_is_remembered_in_this_browser_and_leads_back_to_ourselves_only(
    stranger: Client, cast: Cast
) -> None:
    page = stranger.get("/zone/?next=//evil.example/").content.decode()
    assert not re.search(r'(?:href|value)="(?:https:)?//evil', page)
    typed = hidden_fields(page) | {"zone": "Asia/Tokyo"}
    assert stranger.post("/zone/", typed | {"next": "https://evil.example/"})["Location"] == "/"
    assert stranger.cookies["zone"].value == "Asia/Tokyo"
    stranger.post("/zone/", typed | {"zone": "<script>", "next": "/help/"})
    assert stranger.cookies["zone"].value == ""


def test_a_long_conversation_is_shown_in_order(cast: Cast, noon, told) -> None:
    ticket = cast.writes("2026-03-16 08:00")
    for number in range(30):
        reply(ticket.pk, cast.bob, f"Step number {number}.", at(f"2026-03-16 09:{number:02}"))
    page = told(ticket)
    places = [page.index(f"Step number {number}.") for number in range(30)]
    assert places == sorted(places)
