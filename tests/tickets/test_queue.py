"""The queue: next due first, then priority; found by number, text and customer."""

from dataclasses import replace

import pytest

from harness.cast import LONG_AGO, LOOKING, Cast, at, utc
from upheld.desks.actions import create_desk, publish_policy
from upheld.people.actions import add_agent
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.tickets import search
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
    assert queue(bobs, QueueFilter(), LOOKING).tickets == [urgent, medium, paused]


def test_pages_follow_each_other_without_hole_or_repetition(cast: Cast, bobs: AgentViewer) -> None:
    for minute in range(7):
        ticket = cast.writes(f"2026-06-01 09:{minute // 2:02}", priority=("high", "low")[minute % 2])
        if minute % 3 == 0:
            set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-06-01 10:00"))
    whole = queue(bobs, QueueFilter(), LOOKING, limit=50).tickets
    seen, after = [], None
    for _ in range(10):
        page = queue(bobs, QueueFilter(), LOOKING, after=after, limit=2)
        seen += page.tickets
        if page.next_cursor is None:
            break
        after = Cursor.parse(page.next_cursor.text())
    assert seen == whole
    assert len(whole) == 7


@pytest.mark.parametrize("wanted", [QueueFilter(category="all"), QueueFilter(text="laptop", category="all")])
def test_where_nothing_is_due_and_in_a_search_the_latest_comes_first(
    cast: Cast, bobs: AgentViewer, wanted: QueueFilter
) -> None:
    urgent = cast.writes("2026-06-01 09:00", priority="urgent")
    later = cast.writes("2026-06-01 10:00", priority="low")
    same = cast.writes("2026-06-01 10:00", priority="high")
    first = queue(bobs, wanted, LOOKING, limit=2)
    assert first.tickets == [same, later]
    after = Cursor.parse(first.next_cursor.text()) if first.next_cursor else None
    assert queue(bobs, wanted, LOOKING, after=after, limit=2).tickets == [urgent]
    assert (
        queue(bobs, QueueFilter(), LOOKING, after=after).tickets[0] == urgent
    )  # a cursor of another order is none


@pytest.mark.parametrize("few", [0, 2000])
def test_several_desks_are_one_queue_each_searched_in_its_language(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    german = create_desk(
        slug="hilfe", name="Hilfe", prefix="HI", zone="Europe/Berlin", address="hilfe@desk.example.com",
        language="de", by="tests", now=LONG_AGO,
    )  # fmt: skip
    publish_policy(german, pack("school-devices"), now=LONG_AGO, by="tests")
    add_agent(german, address="bob@desk.example.com", name="", role=Role.agent, by="tests", now=LONG_AGO)
    english = cast.writes("2026-06-01 09:00", subject="The houses")
    urgent = cast.writes("2026-06-01 09:30", subject="Nothing", priority="urgent")
    other = replace(cast, desk=german).writes("2026-06-01 09:10", subject="Die Häuser")
    bob = AgentViewer.of(cast.bob)
    assert queue(bob, QueueFilter(), LOOKING).tickets == [urgent, english, other]
    assert queue(bob, QueueFilter(category="all"), LOOKING).tickets == [urgent, other, english]
    assert queue(bob, QueueFilter(), LOOKING, limit=1).tickets == [urgent]
    assert queue(bob, QueueFilter(text="house"), LOOKING).tickets == [english]
    assert queue(bob, QueueFilter(text="haus"), LOOKING).tickets == [other]
    assert queue(bob, QueueFilter(text="screen"), LOOKING).tickets == [urgent, other, english]
    assert queue(AgentViewer.of(cast.lena), QueueFilter(text="haus"), LOOKING).tickets == []


@pytest.mark.parametrize("few", [0, 2000])
@pytest.mark.parametrize("words", ["chrom", "chromeb", "broken chrome", "Chromebook bro", "CHROME"])
def test_the_last_word_may_be_unfinished(
    cast: Cast, bobs: AgentViewer, monkeypatch: pytest.MonkeyPatch, words: str, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    ticket = cast.writes("2026-06-01 09:00", subject="Broken Chromebooks")
    cast.writes("2026-06-01 09:00")
    assert queue(bobs, QueueFilter(text=words), LOOKING).tickets == [ticket]


@pytest.mark.parametrize("words", ["ch", "chrom broken", '"chrom"', "-chrom projector", "the", "x-chrom"])
def test_only_a_last_plain_word_of_three_letters_may_be(cast: Cast, bobs: AgentViewer, words: str) -> None:
    cast.writes("2026-06-01 09:00", subject="The broken Chromebooks")
    assert queue(bobs, QueueFilter(text=words), LOOKING).tickets == []


@pytest.mark.parametrize(
    "text", ["", "-", "a~b~c", "2026-01-01~1~1", "-~1", "~~", "-~1~9~9", "2026-01-01~1", "-~", "~"]
)
def test_a_cursor_that_nobody_made_is_no_cursor(text: str) -> None:
    assert Cursor.parse(text) is None


@pytest.mark.parametrize(
    "words", ["projector", "Projectors", "amina", "school.example.org", "SDS-1001", "#sds-1001", "yusuf"]
)
def test_a_ticket_is_found_by_number_text_and_customer(cast: Cast, bobs: AgentViewer, words: str) -> None:
    ticket = cast.writes("2026-06-01 09:00", subject="Projector in hall 3")
    assert queue(bobs, QueueFilter(text=words), LOOKING).tickets == [ticket]


def test_words_of_a_reply_are_found_too_and_others_are_not(cast: Cast, bobs: AgentViewer) -> None:
    ticket = cast.writes("2026-06-01 09:00")
    reply(ticket.pk, cast.bob, "We ordered a chromebook charger.", at("2026-06-01 09:30"))
    assert queue(bobs, QueueFilter(text="chromebook"), LOOKING).tickets == [ticket]
    assert queue(bobs, QueueFilter(text="giraffe"), LOOKING).tickets == []


@pytest.mark.parametrize("few", [0, 2000])
@pytest.mark.parametrize(
    "words",
    ["'", "\\", "a & | !", "(((", '"', "%s", "-", "\x00", "'); drop table x; --", ":*", "foo:*", "a\\bc", "<->",
     "!!!abc", "x' | 'screen", "\ud800abc".encode("utf-16", "surrogatepass").decode("utf-16", "replace"), "٣٣٣٣"],
)  # fmt: skip
def test_odd_words_find_nothing_and_break_nothing(
    cast: Cast, bobs: AgentViewer, monkeypatch: pytest.MonkeyPatch, words: str, few: int
) -> None:
    monkeypatch.setattr(search, "FEW", few)
    cast.writes("2026-06-01 09:00")
    assert queue(bobs, QueueFilter(text=words), LOOKING).tickets == []


def test_filters_and_their_counts(cast: Cast, bobs: AgentViewer) -> None:
    mine = cast.writes("2026-06-01 09:00")
    assign(mine.pk, cast.bob, cast.bob, at("2026-06-01 09:05"))
    late = cast.writes("2026-06-01 09:00", priority="urgent")
    done = cast.writes("2026-06-01 09:00")
    set_status(done.pk, cast.bob, "resolved", at("2026-06-01 09:30"))
    now = utc("2026-06-01 12:00")
    told = {
        "open": 2,
        "mine": 1,
        "unassigned": 1,
        "overdue": 1,
        "together": 0,
        "waiting": 0,
        "snoozed": 0,
        "spam": 0,
    }
    assert counts(bobs, now) == told
    assert queue(bobs, QueueFilter(assignee="me"), LOOKING).tickets == [mine]
    assert queue(bobs, QueueFilter(assignee="none"), LOOKING).tickets == [late]
    assert queue(bobs, QueueFilter(category="resolved"), LOOKING).tickets == [done]
    assert queue(bobs, QueueFilter(priority="urgent"), LOOKING).tickets == [late]
    assert len(queue(bobs, QueueFilter(category="all"), LOOKING).tickets) == 3
