"""The search of the queue: typed or chosen, it says what it understood, and nothing is found by what it did not."""

import re
from collections.abc import Callable

from cast_of_pages import HOSTILE, HTMX, page
from django.test import Client
from django.utils.html import escape

from harness.cast import Cast, at, utc
from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import SavedQueue


def numbers(text: str) -> list[str]:
    return re.findall(r'<span class="number">(SDS-\d+)</span>', text)


def chips(text: str) -> list[str]:
    """The terms of the chips."""
    return re.findall(r'<input type="hidden" name="q" value="([^"]*)">', text)


def typed(text: str) -> str:
    found = re.search(r'id="q" name="q" value="([^"]*)"', text)
    assert found
    return found[1]


def test_terms_become_chips_and_words_stay_in_the_field(cast: Cast, bob: Client) -> None:
    high = cast.writes("2026-03-20 09:00", priority="high", subject="Projector is dark")
    cast.writes("2026-03-20 09:05", priority="low", subject="Projector is dark")
    text = page(bob.get("/tickets/", {"q": "projector PRIORITY:High,medium -assignee:me"}))
    assert numbers(text) == [high.number]
    assert chips(text) == ["priority:High,medium", "-assignee:me"]
    assert typed(text) == "projector"
    assert "High or Medium" in text
    assert "Remove Assignee: me" in text
    without = re.findall(r'class="chip-off" href="([^"]+)"', text)
    assert without == ["/tickets/?q=projector+-assignee:me", "/tickets/?q=projector+PRIORITY:High,medium"]


def test_a_form_without_scripts_keeps_its_chips(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00", priority="high")
    text = page(bob.get("/tickets/?q=due:none&q=priority:high&q=status:open"))
    assert chips(text) == ["priority:high", "status:open", "due:none"]


def test_what_cannot_be_meant_is_said_kept_and_finds_nothing(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00", priority="high")
    text = page(bob.get("/tickets/", {"q": "status:open priority:hihg due:<2"}))
    assert numbers(text) == []
    assert typed(text) == "priority:hihg due:&lt;2"
    assert chips(text) == ["status:open"]
    assert "There is no priority “hihg”." in text
    assert 'href="/tickets/?q=status:open+priority:high+due:%3C2"' in text
    assert "a date such as 2026-03-20" in text
    assert "Mend first what cannot be meant." in text


def test_menus_add_and_take_away_without_typing(cast: Cast, bob: Client) -> None:
    text = page(bob.get("/tickets/", {"q": "status:open laptop"}))
    assert 'href="/tickets/?q=status:open,resolved+laptop"' in text
    assert re.search(r'href="/tickets/\?q=laptop" data-find aria-current="true"', text)
    assert 'href="/tickets/?q=status:open+laptop+due:before-closing"' in text
    due = page(bob.get("/tickets/", {"q": "due:overdue"}))
    assert 'href="/tickets/?q=due:today"' in due


def test_older_addresses_still_say_what_they_said(cast: Cast, bob: Client) -> None:
    high = cast.writes("2026-03-20 09:00", priority="high")
    cast.writes("2026-03-20 09:05")
    text = page(bob.get("/tickets/?list=unassigned&priority=high"))
    assert numbers(text) == [high.number]
    assert chips(text) == ["priority:high"]
    assert numbers(page(bob.get("/tickets/?assignee=99999999999999"))) == []


def test_an_answer_to_a_script_brings_the_chips_and_a_poll_does_not(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00")
    answer = bob.get("/tickets/?q=status:open", **HTMX)
    assert 'id="terms" class="terms" data-rest="" hx-swap-oob="true"' in page(answer)
    assert answer["HX-Push-Url"] == "/tickets/?q=status:open"
    assert 'id="terms"' not in page(bob.get("/tickets/?q=status:open&seen=x", **HTMX))


def test_what_strangers_and_visitors_typed_is_text(cast: Cast, bob: Client) -> None:
    for text in (HOSTILE, f"tag:{HOSTILE}", f'"{HOSTILE}', f"is:{HOSTILE}", "status:\0"):
        assert "<script>alert" not in page(bob.get("/tickets/", {"q": text}))
        assert bob.get("/queues/suggest/", {"before": text})["Content-Type"] == "application/json"


def test_suggestions_are_in_words(cast: Cast, bob: Client, client: Client) -> None:
    answer = bob.get("/queues/suggest/", {"before": "paper status:pend"}).json()
    assert answer["replaces"] == "status:pend"
    assert answer["options"] == [
        {"text": "status:pending_action", "label": "Pending Action", "goes_on": False}
    ]
    assert client.get("/queues/suggest/").status_code == 302


def test_spam_and_what_was_put_off_have_lists_of_their_own(cast: Cast, bob: Client) -> None:
    late, spam, usual = (cast.writes(f"2026-03-20 09:0{minute}") for minute in range(3))
    actions.snooze(late.pk, cast.bob, utc("2026-03-21 09:00"), utc("2026-03-20 16:00"))
    spam.is_spam = True
    spam.save(update_fields=["is_spam"])
    for query, shown in {
        "": [usual],
        "list=unassigned": [usual],
        "list=snoozed": [late],
        "q=is:snoozed": [late],
        "list=spam": [spam],
        "q=is:spam": [spam],
        "list=all": [usual, late],
    }.items():
        assert numbers(page(bob.get(f"/tickets/?{query}"))) == [each.number for each in shown], query
    assert bob.get("/tickets/", {"q": spam.number}).status_code == 302


def test_a_search_is_kept_by_name_and_stands_beside_the_lists(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    actions.assign(ticket.pk, cast.bob, cast.bob, at("2026-03-20 09:20"))
    text = page(bob.get("/tickets/?list=mine&q=status:open"))
    assert 'href="/queues/new/?list=mine&amp;q=status:open"' in text
    form = page(bob.get("/queues/new/?list=mine&q=status:open"))
    assert 'value="assignee:me status:open"' in form
    assert "For everybody on" not in form
    kept = {"name": "Mine, open", "query": "assignee:me status:open", "whose": "own"}
    answer = bob.post("/queues/new/", kept)
    assert answer["Location"] == "/tickets/?q=assignee:me+status:open"
    shown = page(bob.get(answer["Location"]))
    assert "<h1>Mine, open</h1>" in shown
    assert re.search(
        r'aria-current="page"><span class="name" dir="auto">Mine, open</span> <span class="count">1<', shown
    )
    assert "Mine, open" in page(bob.get("/queues/"))


def test_a_refused_name_or_query_keeps_what_was_typed(cast: Cast, bob: Client) -> None:
    answer = bob.post("/queues/new/", {"name": "Hot & cold", "query": "due:<2 laptop", "whose": "own"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert escape("Hot & cold") in text
    assert 'value="due:&lt;2 laptop"' in text
    assert "Mend it, then save it." in text
    assert (
        bob.post(
            "/queues/new/", {"name": "Hot", "query": "is:open", "whose": "desk-school-devices"}
        ).status_code
        == 403
    )
    assert (
        bob.post("/queues/new/", {"name": "Hot", "query": "is:open", "whose": "desk-zebra"}).status_code
        == 404
    )


def test_a_shared_queue_shows_each_what_they_may_see(
    cast: Cast, signed_in: Callable[[Agent], Client], bob: Client, stranger: Client
) -> None:
    lena = signed_in(cast.lena)
    cast.reads_what_is_restricted(cast.lena)
    hidden = cast.writes("2026-03-20 09:00", priority="urgent")
    assert hidden.restricted
    usual = cast.writes("2026-03-20 09:05")
    lena.post("/queues/new/", {"name": "Nobody's", "query": "assignee:none", "whose": "desk-school-devices"})
    saved = SavedQueue.objects.get()
    for client, count, shown in ((lena, 2, [hidden, usual]), (bob, 1, [usual])):
        text = page(client.get("/tickets/?q=assignee:none"))
        assert numbers(text) == [each.number for each in shown]
        assert f'Nobody&#x27;s</span> <span class="count">{count}<' in text
    assert "Nobody&#x27;s" not in page(stranger.get("/tickets/"))
    for client in (bob, stranger):
        assert client.get(f"/queues/{saved.pk}/").status_code == 404
        assert client.post(f"/queues/{saved.pk}/delete/").status_code == 404
        assert client.post(f"/queues/{saved.pk}/move/", {"to": "up"}).status_code == 404
    changed = lena.post(f"/queues/{saved.pk}/", {"name": "Free", "query": "assignee:none"})
    assert changed["Location"] == "/queues/"
    assert lena.post(f"/queues/{saved.pk}/move/", {"to": "up"}).status_code == 302
    lena.post(f"/queues/{saved.pk}/delete/")
    assert not SavedQueue.objects.exists()


def test_a_queue_whose_words_are_gone_says_so(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00")
    SavedQueue.objects.create(
        desk=cast.desk, agent=cast.bob, name="Old", query="tag:gone", made_at=utc("2026-01-01 09:00")
    )
    assert numbers(page(bob.get("/tickets/?q=tag:gone"))) == []
    assert "There is no tag “gone”." in page(bob.get("/queues/"))
