"""What rows tell, choosing several of them, and going on to the next ticket of a list."""

import re
from collections.abc import Callable

import pytest
from cast_of_pages import HTMX, page
from django.test import Client

from harness.cast import Cast, at, utc
from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.models import Press, Reader, Snooze, Tagged, Ticket
from upheld.tickets.queries import PAGE_SIZE

MANY = "/tickets/many/"


def row_of(text: str, ticket: Ticket) -> str:
    found = re.search(rf'<tr id="row-{ticket.pk}".*?</tr>', text, re.DOTALL)
    assert found, f"{ticket.number} is in no row"
    return found[0]


def links(text: str) -> list[str]:
    return [each.replace("&amp;", "&") for each in re.findall(r'<a id="t\d+" href="([^"]+)"', text)]


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    return [cast.writes(f"2026-03-20 09:0{minute}", subject=f"Printer {minute}") for minute in range(3)]


def test_a_row_says_what_its_ticket_bears_and_whether_the_customer_wrote(cast: Cast, bob: Client) -> None:
    seen, unseen = cast.writes("2026-03-20 09:00"), cast.writes("2026-03-20 09:05")
    actions.tag_ticket(seen.pk, cast.bob, ["Floor 2", "printer"], at("2026-03-20 09:10"))
    bob.get(f"/tickets/{seen.number}/")
    text = page(bob.get("/tickets/"))
    assert re.findall(r'class="tag-word">([^<]+)<', row_of(text, seen)) == ["Floor 2", "printer"]
    assert ["data-unread" in row_of(text, each) for each in (seen, unseen)] == [False, True]
    actions.receive_message(seen.pk, cast.answer_of_amina("2026-03-20 16:29"), at("2026-03-20 16:29"))


def test_the_chosen_tickets_are_changed_and_the_list_says_so(
    cast: Cast, bob: Client, three: list[Ticket]
) -> None:
    chosen = [each.pk for each in three[:2]]
    sent = {"in": "list=unassigned", "ticket": chosen, "do": f"assign:{cast.bob.pk}"}
    answer = bob.post(MANY, sent, follow=True)
    assert answer.redirect_chain == [("/tickets/?list=unassigned", 302)]
    assert "2 tickets changed." in page(answer)
    assert [each.number in page(answer) for each in three] == [False, False, True]


def test_with_scripts_the_list_comes_again_with_what_is_to_be_told(
    cast: Cast, bob: Client, three: list[Ticket]
) -> None:
    answer = bob.post(
        MANY, {"in": "list=open", "ticket": three[0].pk, "do": "tag", "tags": "hall, floor 2"}, **HTMX
    )
    text = page(answer)
    assert text.lstrip().startswith('<section id="list"')
    assert 'id="notices"' in text and "1 ticket changed." in text
    assert set(Tagged.objects.values_list("tag__name", flat=True)) == {"hall", "floor 2"}


def test_what_was_refused_keeps_the_choice_and_what_was_typed(
    cast: Cast, bob: Client, three: list[Ticket]
) -> None:
    sent = {"in": "list=open", "ticket": [three[1].pk], "do": "merge", "into": "SDS-99999"}
    answer = bob.post(MANY, sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "There is no ticket SDS-99999" in text
    assert ["checked" in row_of(text, each) for each in three] == [False, True, False]
    assert 'value="SDS-99999"' in text


def test_without_a_choice_it_says_what_to_do(cast: Cast, bob: Client, three: list[Ticket]) -> None:
    for sent in ({"do": "assign:"}, {"do": "assign:", "ticket": ["x", "²", "9" * 30]}):
        answer = bob.post(MANY, sent)
        assert "tick the boxes" in answer.content.decode()
    assert "Choose what to do" in bob.post(MANY, {"ticket": three[0].pk}).content.decode()


def test_all_that_are_in_the_list_are_meant_on_all_its_pages(cast: Cast, bob: Client) -> None:
    other = cast.writes("2026-03-20 08:00", priority="urgent")
    tickets = [cast.writes(f"2026-03-20 09:{index:02}", priority="high") for index in range(PAGE_SIZE + 2)]
    text = page(bob.get("/tickets/?priority=high"))
    assert f"Choose all {len(tickets)} that are in this list" in text
    found = re.search(r'name="in" value="([^"]+)"', text)
    assert found
    sent = {"in": found[1].replace("&amp;", "&"), "all": "yes", "do": f"assign:{cast.bob.pk}"}
    actions_done = bob.post(MANY, sent, follow=True)
    assert actions_done.status_code == 200
    waits = Press.objects.filter(state=Press.State.WAITING)
    meant = {pk for each in Press.objects.all() for pk in each.payload["tickets"]}
    mine = set(Ticket.objects.filter(assignee=cast.bob).values_list("pk", flat=True))
    assert waits.count() == 1 and meant | mine == {each.pk for each in tickets}
    assert Ticket.objects.get(pk=other.pk).assignee is None


def test_nobody_changes_what_they_may_not_see(cast: Cast, stranger: Client, three: list[Ticket]) -> None:
    answer = stranger.post(MANY, {"ticket": [each.pk for each in three], "do": "tag", "tags": "mine"})
    assert "tick the boxes" in answer.content.decode()
    assert not Tagged.objects.exists()


def test_what_waits_is_marked_in_its_row_and_can_be_taken_back(
    cast: Cast, bob: Client, three: list[Ticket], settings: object
) -> None:
    settings.LONGEST_UNDO = 60  # type: ignore[attr-defined]
    text = page(
        bob.post(MANY, {"in": "list=open", "ticket": three[0].pk, "do": f"assign:{cast.bob.pk}"}, **HTMX)
    )
    assert ["data-pending" in row_of(text, each) for each in three] == [True, False, False]
    press = Press.objects.get()
    assert f"/presses/{press.pk}/undo/" in text
    bob.post(f"/presses/{press.pk}/undo/")
    assert "data-pending" not in page(bob.get("/tickets/"))
    assert "You took it back" in page(bob.get(f"{MANY}{press.pk}/"))


def test_what_became_of_it_is_told_to_whoever_pressed_it_alone(
    cast: Cast, bob: Client, signed_in: Callable[[Agent], Client], three: list[Ticket]
) -> None:
    urgent = cast.writes("2026-03-20 09:30", priority="urgent", subject="Everything is down")
    bob.post(MANY, {"ticket": [urgent.pk, three[0].pk], "do": "priority:medium"})
    press = Press.objects.get()
    text = page(bob.get(f"{MANY}{press.pk}/"))
    assert "Everything is down" in text and "Say why" in text
    assert signed_in(cast.lena).get(f"{MANY}{press.pk}/").status_code == 404
    Reader.objects.filter(ticket=urgent, agent=cast.bob).delete()
    assert urgent.number not in page(bob.get(f"{MANY}{press.pk}/"))


def test_a_ticket_knows_the_list_from_which_it_was_opened(
    cast: Cast, bob: Client, three: list[Ticket]
) -> None:
    first, second, third = links(page(bob.get("/tickets/?list=unassigned")))
    text = page(bob.get(second))
    assert "2 of 3" in text
    hrefs = {each.replace("&amp;", "&") for each in re.findall(r'<a class="button"[^>]+href="([^"]+)"', text)}
    assert {first, third} <= hrefs
    assert 'href="/tickets/?list=unassigned"' in text
    assert "place-at" not in page(bob.get(f"/tickets/{three[0].number}/"))


def test_a_ticket_that_left_its_list_still_leads_on(cast: Cast, bob: Client, three: list[Ticket]) -> None:
    _first, second, third = links(page(bob.get("/tickets/?list=unassigned")))
    actions.assign(three[1].pk, cast.bob, cast.bob, at("2026-03-20 16:00"))
    text = page(bob.get(second))
    assert "not in the list any more" in text
    assert third.replace("&", "&amp;") in text


def test_nonsense_for_a_list_is_no_error(cast: Cast, bob: Client, three: list[Ticket]) -> None:
    for within in ("x", "list=x&after=x", "q=%00", "%", "a" * 3000, "after=-~1~1"):
        assert bob.get(f"/tickets/{three[0].number}/", {"in": within}).status_code == 200


def test_snoozing_goes_on_to_the_next_ticket_of_the_list(
    cast: Cast, bob: Client, three: list[Ticket]
) -> None:
    first, second, _third = links(page(bob.get("/tickets/?list=unassigned")))
    number = first.split("/")[2]
    sent = {"until": "2026-03-23T08:30:00+00:00", "in": "list=unassigned"}
    answer = bob.post(f"/tickets/{number}/snooze/", sent)
    assert answer["Location"] == second
    assert Snooze.objects.get().until == utc("2026-03-23 08:30")
    assert f"{number} is snoozed until Mon 08:30" in page(bob.get(second))
    assert "until Mon 08:30" in page(bob.get("/tickets/?list=snoozed"))


def test_the_page_of_a_snoozed_ticket_says_what_is_due_before(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 14:40", priority="urgent")
    offered = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "Monday" in offered and "First response due" in offered
    bob.post(f"/tickets/{ticket.number}/snooze/", {"at": "2026-03-24T09:00"})
    text = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "Snoozed for you until" in text and "is due before that" in text
    bob.post(f"/tickets/{ticket.number}/wake/")
    assert "Snoozed for you" not in page(bob.get(f"/tickets/{ticket.number}/"))


def test_a_time_that_is_none_is_said_and_changes_nothing(
    cast: Cast, bob: Client, three: list[Ticket]
) -> None:
    for sent in ({}, {"at": "soon"}, {"until": "2020-01-01T00:00:00+00:00"}, {"until": "2026-03-23"}):
        answer = bob.post(f"/tickets/{three[0].number}/snooze/", sent, follow=True)
        assert 'data-level="error"' in page(answer)
    assert not Snooze.objects.exists()


def test_nobody_snoozes_what_they_may_not_see(cast: Cast, stranger: Client, three: list[Ticket]) -> None:
    for deed in ("snooze", "wake"):
        assert (
            stranger.post(f"/tickets/{three[0].number}/{deed}/", {"at": "2026-03-24T09:00"}).status_code
            == 404
        )


def test_the_bar_offers_no_tag_of_tickets_that_one_may_not_read(
    cast: Cast, bob: Client, signed_in: Callable[[Agent], Client], three: list[Ticket]
) -> None:
    cast.reads_what_is_restricted(cast.bob)
    actions.restrict_ticket(three[0].pk, cast.bob, "It is about a colleague.", at("2026-03-20 16:00"))
    actions.tag_ticket(three[0].pk, cast.bob, ["investigation"], at("2026-03-20 16:00"))
    actions.tag_ticket(three[1].pk, cast.bob, ["printer"], at("2026-03-20 16:00"))
    assert "investigation" in page(bob.get("/tickets/"))
    seen = page(signed_in(cast.lena).get("/tickets/"))
    assert "investigation" not in seen
    assert "printer" in seen
