"""Problems in the pages: opened from a ticket, joined by search, told to all, solved."""

import pytest
from cast_of_pages import NOW
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harness.cast import at
from upheld.tickets.actions import open_problem, restrict_ticket, set_status
from upheld.tickets.models import Affected, Broadcast, Message, Ticket
from upheld.worker.broadcasts import Broadcaster


@pytest.fixture
def tickets(cast):
    return [
        cast.writes(f"2026-03-20 {hour:02}:00", subject=f"Sign-in fails in room {hour}")
        for hour in (9, 10, 11)
    ]


@pytest.fixture
def problem(cast, tickets):
    return open_problem(
        cast.desk,
        cast.lena,
        "The sign-in server is down",
        "Seen in the logs.",
        at("2026-03-20 12:00"),
        tickets=[tickets[0].pk, tickets[1].pk],
    )


def page(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_problem_is_opened_from_a_ticket_that_others_have_too(bob, cast, tickets):
    number = tickets[0].number
    assert f"/problems/new/?ticket={number}" in page(bob, f"/tickets/{number}/")
    given = {"ticket": number, "subject": "Sign-in is down", "priority": "high", "text": "It began at nine."}
    answer = bob.post("/problems/new/", given | {"subject": " "})
    assert answer.status_code == 422 and "It began at nine." in answer.content.decode()
    answer = bob.post("/problems/new/", given)
    opened = Ticket.objects.get(channel="problem")
    assert answer.url == f"/tickets/{opened.number}/"
    shown = page(bob, answer.url)
    assert number in shown and "It began at nine." in shown and "Write to all" in shown
    assert "reply-text" not in shown and "side-status" in shown
    assert opened.number in page(bob, f"/tickets/{number}/")
    assert opened.subject in page(bob, "/problems/") and "1 ticket" in page(bob, "/problems/")


def test_tickets_are_found_by_words_and_named_by_number(bob, tickets, problem):
    address = f"/problems/{problem.number}/tickets/"
    found = page(bob, f"{address}?q=room")
    assert f'value="{tickets[2].pk}"' in found and f'value="{tickets[0].pk}"' not in found
    answer = bob.post(address, {"numbers": f"{tickets[2].number} SDS-99999"})
    assert answer.status_code == 422 and tickets[2].number in answer.content.decode()
    assert bob.post(address, {"ticket": tickets[2].pk}).status_code == 302
    assert Affected.objects.filter(problem=problem.pk, left_at=None).count() == 3
    bob.post(f"{address}{tickets[0].number}/leave/")
    assert not Affected.objects.filter(ticket=tickets[0], left_at=None).exists()


def test_a_ticket_says_which_of_the_open_problems_it_has(bob, tickets, problem):
    address = f"/problems/of/{tickets[2].number}/"
    assert problem.subject in page(bob, address)
    assert bob.post(address, {"problem": tickets[0].number}).status_code == 422
    assert bob.post(address, {"problem": problem.number}).url == f"/tickets/{tickets[2].number}/"
    assert Affected.objects.filter(ticket=tickets[2], problem=problem.pk).exists()


def test_a_broadcast_is_looked_at_before_it_is_sent_and_twice_pressed_is_sent_once(bob, tickets, problem):
    address = f"/problems/{problem.number}/broadcast/"
    assert bob.post(address, {"text": " "}).status_code == 422
    looked = bob.post(address, {"text": "We found the cause.", "but": tickets[1].pk}).content.decode()
    assert "We found the cause." in looked and "Send to 1 ticket" in looked
    assert not Broadcast.objects.exists()
    given = {"text": "We found the cause.", "step": "send", "after": "0"}
    assert bob.post(address, given).status_code == 302
    again = bob.post(address, given)
    assert again.status_code == 422 and "We found the cause." in again.content.decode()
    assert Broadcast.objects.count() == 1
    assert "0 of 2 written" in page(bob, f"/tickets/{problem.number}/")
    Broadcaster().look(NOW)
    assert "in 2 tickets" in page(bob, f"/tickets/{problem.number}/")
    assert "Told to all who have the problem" in page(bob, f"/tickets/{tickets[0].number}/")


def test_resolving_a_problem_asks_what_becomes_of_its_tickets(bob, tickets, problem):
    asked = bob.post(f"/problems/{problem.number}/status/", {"status": "resolved"})
    assert asked.url == f"/problems/{problem.number}/solve/?status=resolved"
    assert "2 open tickets have it" in page(bob, asked.url)
    given = {
        "status": "resolved",
        "resolves": "resolved",
        "text": "It works again.",
        "do": "all",
        "after": "0",
    }
    kept = bob.post(f"/problems/{problem.number}/solve/", given | {"text": ""})
    assert kept.status_code == 422
    assert bob.post(f"/problems/{problem.number}/solve/", given).status_code == 302
    Broadcaster().look(NOW)
    assert {Ticket.objects.get(pk=each.pk).status for each in (problem, *tickets[:2])} == {"resolved"}
    assert Ticket.objects.get(pk=tickets[2].pk).status != "resolved"
    assert problem.subject in page(bob, "/problems/?list=solved")


def test_a_problem_is_resolved_alone_where_nobody_wants_more(bob, tickets, problem):
    given = {"status": "resolved", "resolves": "resolved", "text": "It works again.", "do": "alone"}
    assert bob.post(f"/problems/{problem.number}/solve/", given).status_code == 302
    assert Ticket.objects.get(pk=problem.pk).status == "resolved"
    assert not Broadcast.objects.exists() and Ticket.objects.get(pk=tickets[0].pk).status != "resolved"


def test_the_workaround_stands_on_its_tickets_and_goes_into_a_reply(bob, tickets, problem):
    bob.post(f"/problems/{problem.number}/workaround/", {"text": "Use <b>the</b> other door."})
    shown = page(bob, f"/tickets/{tickets[0].number}/")
    assert "Use &lt;b&gt;the&lt;/b&gt; other door." in shown
    written = page(bob, f"/problems/of/{tickets[0].number}/workaround/")
    assert "other door." in written.split('id="reply-text"')[1].split("</textarea>")[0]
    assert bob.get(f"/problems/of/{tickets[2].number}/workaround/").status_code == 404


def test_the_reply_form_of_a_problem_is_not_there_and_its_address_refuses(bob, problem):
    answer = bob.post(f"/tickets/{problem.number}/reply/", {"text": "Hello?"})
    assert answer.status_code == 422
    assert not Message.objects.filter(ticket=problem, kind="reply").exists()


def test_who_may_not_read_a_restricted_ticket_never_meets_it_on_a_problem(
    bob, signed_in, cast, tickets, problem
):
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(tickets[0].pk, cast.ada, "about a pupil", at("2026-03-20 12:30"))
    lena = signed_in(cast.lena)
    for address in (
        "/problems/",
        f"/problems/{problem.number}/tickets/",
        f"/problems/{problem.number}/broadcast/",
    ):
        assert tickets[0].number not in page(bob, address)
    assert "1 ticket has it" in page(bob, f"/problems/{problem.number}/tickets/")
    assert "2 tickets have it" in page(lena, f"/problems/{problem.number}/tickets/")
    assert tickets[0].number in page(lena, f"/problems/{problem.number}/tickets/")
    assert "Affects 1 ticket" in page(bob, f"/tickets/{problem.number}/")
    assert bob.post(f"/problems/{problem.number}/tickets/{tickets[0].number}/leave/").status_code == 404


def test_another_desk_finds_none_of_it(stranger, tickets, problem):
    assert problem.subject not in page(stranger, "/problems/")
    for rest in ("tickets/", "broadcast/", "solve/"):
        assert stranger.get(f"/problems/{problem.number}/{rest}").status_code == 404
    assert stranger.get(f"/problems/of/{tickets[0].number}/").status_code == 404


def test_no_page_of_problems_takes_a_ticket_for_one(bob, tickets):
    for rest in ("tickets/", "broadcast/", "solve/"):
        assert bob.get(f"/problems/{tickets[0].number}/{rest}").status_code == 404


def test_a_ticket_that_has_a_problem_asks_one_query_more(bob, tickets, problem):
    def asked(ticket):
        with CaptureQueriesContext(connection) as queries:
            page(bob, f"/tickets/{ticket.number}/")
        return len(queries)

    # The first look at a ticket is kept, which costs more.
    asked(tickets[0]), asked(tickets[2])
    assert asked(tickets[0]) - asked(tickets[2]) <= 2


def test_a_solved_problem_says_so_on_its_tickets(bob, cast, tickets, problem):
    set_status(problem.pk, cast.bob, "resolved", at("2026-03-20 13:00"))
    assert "It is solved" in page(bob, f"/tickets/{tickets[0].number}/")
