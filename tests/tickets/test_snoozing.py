"""What an agent puts off comes back: at its time, or when something happens that they must not miss."""

from collections.abc import Callable

import pytest

from harness.cast import Cast, at, utc
from upheld.notices.models import Alert, Notice, NoticeKind
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions, queries
from upheld.tickets.actions import Refused
from upheld.tickets.alerting import visible_alerts
from upheld.tickets.models import Snooze, StoryEvent, Ticket
from upheld.tickets.visibility import AgentViewer

NINE, TEN, NOON = "2026-03-16 09:00", "2026-03-16 10:00", "2026-03-16 12:00"


def listed(agent: Agent, when: str, category: str = "open") -> list[str]:
    wanted = queries.QueueFilter(category=category)
    return [each.number for each in queries.queue(AgentViewer.of(agent), wanted, utc(when)).tickets]


def ended(agent: Agent, ticket: Ticket) -> str:
    """Why the latest snooze of an agent's ended; empty while it goes on."""
    return Snooze.objects.filter(agent=agent, ticket=ticket).order_by("-pk")[0].ended_because


def told_back(agent: Agent) -> list[tuple[str, str]]:
    alerts = Alert.objects.filter(agent=agent, kind=NoticeKind.SNOOZE_OVER).order_by("pk")
    return [(each.ticket_number, each.data["because"]) for each in alerts]


@pytest.fixture
def put_off(cast: Cast) -> Callable[..., Ticket]:
    """A ticket that Bob put off until the next day at nine, at ten o'clock."""

    def put_off(until: str = "2026-03-17 09:00", **details: object) -> Ticket:
        ticket = cast.writes(NINE, **details)
        actions.snooze(ticket.pk, cast.bob, utc(until), utc(TEN))
        return ticket

    return put_off


def test_it_leaves_the_lists_of_whoever_put_it_off_and_of_nobody_else(cast, put_off):
    ticket = put_off()
    assert (listed(cast.bob, NOON), listed(cast.lena, NOON)) == ([], [ticket.number])
    assert listed(cast.bob, NOON, "snoozed") == [ticket.number]
    assert listed(cast.lena, NOON, "snoozed") == []
    assert queries.counts(AgentViewer.of(cast.bob), utc(NOON))["open"] == 0


def test_its_clocks_run_on_and_its_story_says_nothing_of_it(cast, put_off):
    before = cast.writes(NINE)
    ticket = put_off()
    assert Ticket.objects.get(pk=ticket.pk).next_due_at == Ticket.objects.get(pk=before.pk).next_due_at
    kinds = StoryEvent.objects.filter(ticket=ticket).values_list("kind", flat=True)
    assert set(kinds) == set(StoryEvent.objects.filter(ticket=before).values_list("kind", flat=True))


def test_it_comes_back_at_its_time_even_if_no_worker_runs_and_is_told_once_one_does(cast, put_off):
    ticket = put_off(until="2026-03-16 11:00")
    assert listed(cast.bob, NOON) == [ticket.number]
    assert actions.end_snoozes(utc("2026-03-16 10:59")) == 0
    assert [actions.end_snoozes(utc(NOON)) for _ in range(2)] == [1, 0]
    assert (ended(cast.bob, ticket), told_back(cast.bob)) == ("time", [(ticket.number, "time")])
    assert not Notice.objects.filter(kind=NoticeKind.SNOOZE_OVER).exists()


def test_it_comes_back_when_the_customer_writes(cast, put_off):
    ticket = put_off()
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-16 11:00"), at("2026-03-16 11:00"))
    assert listed(cast.bob, NOON) == [ticket.number]
    assert (ended(cast.bob, ticket), told_back(cast.bob)) == ("customer", [(ticket.number, "customer")])


def test_an_assignee_is_told_of_the_message_once_and_not_of_the_return_as_well(cast, put_off):
    ticket = put_off()
    actions.assign(ticket.pk, cast.bob, cast.bob, at("2026-03-16 10:05"))
    actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-16 11:00"), at("2026-03-16 11:00"))
    assert (ended(cast.bob, ticket), told_back(cast.bob)) == ("customer", [])
    assert Alert.objects.filter(agent=cast.bob, kind=NoticeKind.CUSTOMER_WROTE).count() == 1


def test_it_comes_back_when_a_clock_warns(cast, put_off):
    ticket = put_off(priority="urgent", until="2026-03-18 09:00")
    actions.settle_tickets([ticket.pk], at("2026-03-16 10:40"))
    warned = StoryEvent.objects.filter(ticket=ticket, kind="warned").exists()
    assert (warned, ended(cast.bob, ticket)) == (True, "clock")


def test_it_comes_back_to_whom_it_is_given(cast, put_off):
    ticket = put_off()
    actions.snooze(ticket.pk, cast.lena, utc("2026-03-17 09:00"), utc(TEN))
    actions.assign(ticket.pk, cast.lena, cast.bob, at("2026-03-16 11:00"))
    assert (ended(cast.bob, ticket), ended(cast.lena, ticket)) == ("told", "")
    assert told_back(cast.bob) == []


def test_a_reply_of_ones_own_does_not_bring_it_back(cast, put_off):
    ticket = put_off()
    actions.reply(ticket.pk, cast.bob, "We look at it.", at("2026-03-16 10:30"))
    actions.write_note(ticket.pk, cast.lena, "Ask the vendor.", at("2026-03-16 10:40"))
    assert ended(cast.bob, ticket) == ""


def test_putting_it_off_again_moves_the_time_and_waking_it_ends_it(cast, put_off):
    ticket = put_off(until="2026-03-16 11:00")
    actions.snooze(ticket.pk, cast.bob, utc("2026-03-18 09:00"), utc("2026-03-16 10:30"))
    assert (Snooze.objects.count(), listed(cast.bob, NOON)) == (1, [])
    assert [actions.end_snooze(ticket.pk, cast.bob, utc(NOON)) for _ in range(2)] == [True, False]
    assert (listed(cast.bob, NOON), ended(cast.bob, ticket)) == ([ticket.number], "woken")


def test_a_time_that_is_over_or_years_away_is_refused(cast):
    ticket = cast.writes(NINE)
    for until in (NINE, "2029-03-16 09:00"):
        with pytest.raises(Refused):
            actions.snooze(ticket.pk, cast.bob, utc(until), utc(TEN))


def test_nobody_puts_off_what_they_may_not_read(cast, charlie):
    ticket = cast.writes(NINE)
    with pytest.raises(NotAllowed):
        actions.snooze(ticket.pk, charlie, utc(NOON), utc(TEN))


def test_whoever_may_not_read_it_any_more_is_not_told_that_it_is_back(cast, put_off):
    ticket = put_off(until="2026-03-16 11:00")
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    actions.end_snoozes(utc(NOON))
    assert (ended(cast.bob, ticket), told_back(cast.bob)) == ("time", [])
    assert not visible_alerts(AgentViewer.of(cast.bob)).exists()


def test_what_was_done_meanwhile_comes_back_without_a_word(cast, put_off):
    ticket = put_off(until="2026-03-16 11:00")
    actions.set_status(ticket.pk, cast.lena, "resolved", at("2026-03-16 10:30"))
    actions.end_snoozes(utc(NOON))
    assert (ended(cast.bob, ticket), told_back(cast.bob)) == ("time", [])
