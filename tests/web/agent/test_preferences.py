"""An agent's own choices, and the way out of the morning mail."""

import re

import pytest
from cast_of_pages import enter, page
from django.test import Client

from upheld.mailboxes.outgoing.unsubscribing import unsubscribe_token, unsubscribing
from upheld.people.models import Agent

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def wants(agent: Agent) -> bool:
    return Agent.objects.get(pk=agent.pk).wants_digest


def link(agent: Agent) -> str:
    return f"/unsubscribe/{unsubscribe_token(agent.pk)}/"


def test_looking_at_the_link_changes_nothing(cast, client):
    for look in (client.get, client.head):
        assert look(link(cast.bob)).status_code == 200
    assert wants(cast.bob)
    said = page(client.get(link(cast.bob)))
    assert "Stop the morning mail" in said
    assert cast.bob.name not in said
    assert cast.bob.address not in said


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_mail_program_takes_its_reader_out_with_one_click(cast, kind):
    body = "List-Unsubscribe=One-Click"
    if kind.startswith("multipart"):
        body = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    checked = Client(enforce_csrf_checks=True)
    answer = checked.post(link(cast.bob), body, content_type=kind)
    assert answer.status_code == 200
    assert not wants(cast.bob)
    assert wants(cast.lena)
    assert "sessionid" not in checked.cookies


def test_the_button_does_the_same_and_says_how_to_come_back(cast):
    browser = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(browser.get(link(cast.bob))))[1]
    said = page(browser.post(link(cast.bob), {"csrfmiddlewaretoken": token}))
    assert not wants(cast.bob)
    assert "No more morning mail" in said
    assert 'href="/preferences/"' in said
    assert "Stop the morning mail" not in page(browser.get(link(cast.bob)))


def test_only_our_own_link_does_it(cast, client):
    own = unsubscribe_token(cast.bob.pk)
    stranger = f"{cast.lena.pk}-{own.partition('-')[2]}"
    for token in (stranger, own[:-1], own + "a", own.upper(), "0-" + "a" * 16, "x", "٣-" + "a" * 16):
        for ask in (client.get, client.post):
            assert ask(f"/unsubscribe/{token}/").status_code == 404
        assert unsubscribing(token) is None
    assert wants(cast.bob)
    assert wants(cast.lena)


def test_a_token_for_something_else_does_not_do_it(cast):
    from upheld.tickets.keys import agent_token, bounce_token

    for token in (agent_token(cast.bob.pk, 1), bounce_token(cast.bob.pk)):
        assert unsubscribing(token.removeprefix("a").removeprefix("b")) is None


def test_the_page_of_the_link_tells_nobody_its_address(cast, client):
    answer = client.get(link(cast.bob))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"


def test_an_agent_switches_the_morning_mail_off_and_on(cast, bob):
    assert 'name="digest" value="on" checked' in page(bob.get("/preferences/"))
    answer = bob.post("/preferences/", {}, follow=True)
    assert "You get no morning mail any more." in page(answer)
    assert not wants(cast.bob)
    assert 'name="digest" value="on" checked' not in page(bob.get("/preferences/"))
    bob.post("/preferences/", {"digest": "on"})
    assert wants(cast.bob)
    assert wants(cast.lena)


def test_preferences_are_reached_from_every_page_of_an_agent(cast, bob):
    assert 'href="/preferences/"' in page(bob.get("/tickets/"))


def test_preferences_need_their_own_form_and_an_agent(cast, client):
    forged = enter(cast.bob.user, enforce_csrf_checks=True)
    assert forged.post("/preferences/", {}).status_code == 403
    assert wants(cast.bob)
    assert client.get("/preferences/").status_code == 302


def test_preferences_say_in_which_zone_the_morning_is(cast, bob):
    Agent.objects.filter(pk=cast.bob.pk).update(zone="Asia/Tokyo")
    assert "Asia/Tokyo" in page(bob.get("/preferences/"))


WORKING = {
    "undo_seconds": "20",
    "after_sending": "stay",
    "single_keys": "on",
    "hours_as": "12",
    "zone": "America/New_York",
}


def test_an_agent_chooses_how_they_work(cast, bob):
    assert "this is how you work from now on" in page(bob.post("/preferences/working/", WORKING, follow=True))
    agent = Agent.objects.get(pk=cast.bob.pk)
    assert (agent.undo_seconds, agent.after_sending, agent.single_keys) == (20, "stay", True)
    assert (agent.hours_as, agent.zone) == ("12", "America/New_York")
    assert Agent.objects.get(pk=cast.lena.pk).undo_seconds == 10
    bob.post("/preferences/working/", WORKING | {"single_keys": ""})
    assert 'data-single="no"' in page(bob.get("/tickets/"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("undo_seconds", "7"),
        ("undo_seconds", "x"),
        ("after_sending", ""),
        ("hours_as", "13"),
        ("zone", "Mars"),
    ],
)
def test_what_there_is_not_cannot_be_chosen_and_what_was_chosen_besides_stays(cast, bob, name, value):
    answer = bob.post("/preferences/working/", WORKING | {name: value})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Choose" in shown
    if name != "zone":
        assert "<option selected>America/New_York</option>" in shown
    assert Agent.objects.get(pk=cast.bob.pk).undo_seconds == 10


def test_times_follow_the_reader_s_habit_and_zone(cast, bob, signed_in):
    ticket = cast.writes("2026-03-20 15:30")
    Agent.objects.filter(pk=cast.bob.pk).update(hours_as="12", zone="Asia/Tokyo")
    own = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "tomorrow 12:30 am" in own or "today 12:30 am" in own
    assert "12:30:00 am JST" in own
    # Nobody else's page is written by that habit.
    theirs = page(signed_in(cast.lena).get(f"/tickets/{ticket.number}/"))
    assert "today 15:30" in theirs
    assert " pm" not in theirs
