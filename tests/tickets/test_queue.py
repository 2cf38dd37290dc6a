"""The queue: next due first, then priority; found by number, text and customer."""

import pytest

from harness.cast import Cast, at, utc
from upheld.tickets.actions import assign, reply, set_status
from upheld.tickets.queries import Cursor, QueueFilter, counts, queue
from upheld.tickets.visibility import AgentViewer


@pytest.fixture
def bobs(cast: Cast) -> AgentViewer:
    return AgentViewer.of(cast.bob)


def test_next_due_comes_first_and_paused_last(cast: Cast, bobs: AgentViewer) -> None:
    medium = cast.writes("2026-06-01 09:00")
    urgent = cast.writes("2026-06-01 10:00", priority="urgent")
    paused = cast.writes("2026-06-01 08:00")
    reply(paused.pk, cast.bob, "Which one?", at("2026-06-01 10:00"), status="waiting_on_customer")
    assert queue(bobs, QueueFilter()).tickets == [urgent, medium, paused]


def test_pages_follow_each_other_without_hole_or_repetition(cast: Cast, bobs: AgentViewer) -> None:
    for minute in range(7):
        ticket = cast.writes(f"2026-06-01 09:{minute // 2:02}", priority=("high", "low")[minute % 2])
        if minute % 3 == 0:
            set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-06-01 10:00"))
    whole = queue(bobs, QueueFilter(), limit=50).tickets
    seen, after = [], None
    for _ in range(10):
        page = queue(bobs, QueueFilter(), after=after, limit=2)
        seen += page.tickets
        if page.next_cursor is None:
            break
        after = Cursor.parse(page.next_cursor.text())
    assert seen == whole
    assert len(whole) == 7


@pytest.mark.parametrize("text", ["", "-", "a~b~c", "2026-01-01~1~1", "-~1", "~~", "-~1~9~9"])
def test_a_cursor_that_nobody_made_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


@pytest.mark.parametrize(
    "words", ["projector", "Projectors", "amina", "school.example.org", "SDS-1001", "#sds-1001", "yusuf"]
)
def test_a_ticket_is_found_by_number_text_and_customer(cast: Cast, bobs: AgentViewer, words: str) -> None:
    ticket = cast.writes("2026-06-01 09:00", subject="Projector in hall 3")
    assert queue(bobs, QueueFilter(text=words)).tickets == [ticket]


def test_words_of_a_reply_are_found_too_and_others_are_not(cast: Cast, bobs: AgentViewer) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "We ordered a chromebook charger.", at("2026-06-01 09:30"))
    assert queue(bobs, QueueFilter(text="chromebook")).tickets == [ticket]
    assert queue(bobs, QueueFilter(text="giraffe")).tickets == []


@pytest.mark.parametrize(
    "words", ["'", "\\", "a & | !", "(((", '"', "%s", "-", "\x00", "'); drop table x; --"]
)
def test_odd_words_find_nothing_and_break_nothing(cast: Cast, bobs: AgentViewer, words: str) -> None:
    cast.writes("2026-06-01 09:00")
    assert queue(bobs, QueueFilter(text=words)).next_cursor is None


def test_filters_and_their_counts(cast: Cast, bobs: AgentViewer) -> None:
    mine = cast.writes("2026-06-01 09:00")
    assign(mine.pk, cast.bob, cast.bob, at("2026-06-01 09:05"))
    late = cast.writes("2026-06-01 09:00", priority="urgent")
    done = cast.writes("2026-06-01 09:00")
    set_status(done.pk, cast.bob, "resolved", at("2026-06-01 09:30"))
    now = utc("2026-06-01 12:00")
    assert counts(bobs, now) == {"open": 2, "mine": 1, "unassigned": 1, "overdue": 1, "waiting": 0}
    assert queue(bobs, QueueFilter(assignee="me")).tickets == [mine]
    assert queue(bobs, QueueFilter(assignee="none")).tickets == [late]
    assert queue(bobs, QueueFilter(category="resolved")).tickets == [done]
    assert queue(bobs, QueueFilter(priority="urgent")).tickets == [late]
    assert len(queue(bobs, QueueFilter(category="all")).tickets) == 3
