"""The queue shows what is due next, first."""

import re

from cast_of_pages import HOSTILE, HTMX, page
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import Cast, at
from upheld.tickets import actions
from upheld.tickets.queries import PAGE_SIZE


def numbers(text: str) -> list[str]:
    return re.findall(r'<span class="number">(SDS-\d+)</span>', text)


def test_next_due_comes_first_and_paused_tickets_come_last(cast: Cast, bob: Client) -> None:
    paused = cast.writes("2026-03-20 09:00", priority="urgent")
    low = cast.writes("2026-03-20 10:00", priority="low")
    urgent = cast.writes("2026-03-20 16:00", priority="urgent")
    actions.reply(paused.pk, cast.bob, "Which PIN?", at("2026-03-20 09:10"), status="waiting_on_customer")
    assert numbers(page(bob.get("/tickets/"))) == [urgent.number, low.number, paused.number]


def test_a_row_tells_wall_time_and_working_time_left(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 16:00", priority="urgent")
    text = page(bob.get("/tickets/"))
    assert "Mon 08:30" in text
    assert ">1 h 30 min</span> left" in text
    assert "Europe/London (GMT)" in text


def test_breach_and_pause_are_told_in_words(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00", priority="urgent")
    waiting = cast.writes("2026-03-20 09:00")
    actions.reply(waiting.pk, cast.bob, "Which PIN?", at("2026-03-20 09:10"), status="waiting_on_customer")
    text = page(bob.get("/tickets/"))
    assert "Overdue by <span" in text
    assert ">5 h 30 min</span>" in text
    assert "Paused</span>" in text
    assert "1 overdue" in text


def test_due_soon_is_told_in_words(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 14:40", priority="urgent")
    text = page(bob.get("/tickets/"))
    assert "Due soon" in text
    assert 'data-state="due-soon"' in text


def test_lists_and_filters_narrow_the_queue(cast: Cast, bob: Client) -> None:
    mine, other = cast.writes("2026-03-20 09:00", priority="high"), cast.writes("2026-03-20 09:05")
    done = cast.writes("2026-03-20 09:10")
    actions.assign(mine.pk, cast.bob, cast.bob, at("2026-03-20 09:20"))
    actions.set_status(done.pk, cast.bob, "resolved", at("2026-03-20 09:30"))
    shown = {
        "list=mine": [mine],
        "list=unassigned": [other],
        "list=resolved": [done],
        "list=closed": [],
        "assignee=me": [mine],
        "assignee=none": [other],
        f"assignee={cast.bob.pk}": [mine],
        f"assignee={cast.lena.pk}": [],
        "priority=high": [mine],
        "list=all&status=resolved": [done],
    }
    for query, tickets in shown.items():
        assert numbers(page(bob.get(f"/tickets/?{query}"))) == [each.number for each in tickets], query


def test_nonsense_in_the_address_is_no_error(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00")
    for query in (
        "list=x",
        "assignee=²",
        "after=x",
        "after=-~1~x",
        "status=%00",
        "q=%00",
    ):
        assert numbers(page(bob.get(f"/tickets/?{query}"))), query


def test_a_number_leads_to_its_ticket_from_any_list(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    actions.set_status(ticket.pk, cast.bob, "resolved", at("2026-03-20 09:30"))
    answer = bob.get("/tickets/", {"q": f"#{ticket.number.lower()}", "list": "mine"})
    assert answer.status_code == 302
    assert answer["Location"] == f"/tickets/{ticket.number}/"


def test_search_finds_words_and_says_when_nothing_fits(cast: Cast, bob: Client) -> None:
    found = cast.writes("2026-03-20 09:00", subject="Projector is dark")
    cast.writes("2026-03-20 09:05")
    assert numbers(page(bob.get("/tickets/?q=projector"))) == [found.number]
    assert "No ticket in this list holds “zebra”." in page(bob.get("/tickets/?q=zebra"))


def test_empty_lists_have_something_to_say(cast: Cast, bob: Client) -> None:
    assert "Every promise is kept" in page(bob.get("/tickets/"))
    assert "No ticket stands in this list." in page(bob.get("/tickets/?list=closed"))


def test_every_ticket_is_on_exactly_one_page(cast: Cast, bob: Client) -> None:
    tickets = {cast.writes(f"2026-03-20 09:{index:02}").number for index in range(PAGE_SIZE + 3)}
    first = page(bob.get("/tickets/"))
    following = re.search(r'href="(/tickets/\?after=[^"]+)"', first)
    assert following
    second = page(bob.get(following[1].replace("&amp;", "&")))
    assert len(numbers(first)) == PAGE_SIZE
    assert len(numbers(second)) == 3
    assert {*numbers(first), *numbers(second)} == tickets
    assert "From the start" in second


def test_htmx_gets_the_list_alone_under_a_tidy_address(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00")
    answer = bob.get("/tickets/?q=&status=&priority=&assignee=none", **HTMX)
    text = page(answer)
    assert "<html" not in text
    assert text.lstrip().startswith('<section id="list"')
    assert answer["HX-Push-Url"] == "/tickets/?q=assignee:none"


def test_a_poll_answers_nothing_until_something_changed(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    seen = re.search(r'"seen": "([0-9a-f]+)"', page(bob.get("/tickets/")))
    assert seen
    poll = f"/tickets/?seen={seen[1]}"
    assert bob.get(poll, **HTMX).status_code == 204
    actions.assign(ticket.pk, cast.bob, cast.bob, at("2026-03-20 16:30"))
    changed = bob.get(poll, **HTMX)
    assert "Bob Tanaka" in page(changed)
    assert "HX-Push-Url" not in changed


def test_what_strangers_wrote_is_text(cast: Cast, bob: Client) -> None:
    cast.writes("2026-03-20 09:00", subject=HOSTILE)
    text = page(bob.get("/tickets/"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert "<script>alert" not in page(bob.get("/tickets/", {"q": HOSTILE}))


def test_a_full_page_costs_eight_queries(cast: Cast, bob: Client) -> None:
    from django.db import connection

    for minute in range(20):
        cast.writes(f"2026-03-20 09:{minute:02}")
    bob.get("/tickets/")
    with CaptureQueriesContext(connection) as queries:
        page(bob.get("/tickets/"))
    assert len(queries) <= 8, [query["sql"] for query in queries]
