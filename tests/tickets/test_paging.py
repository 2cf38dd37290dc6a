"""Pages: whoever is on call is told at any hour, then the next one, until a person answers - and each only once."""

from datetime import datetime, time, timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.desks.policies import compiled, version_in_force
from upheld.notices.models import Alert, Notice
from upheld.people.actions import RotaValues, add_agent, add_rota, enter_absence, fill_role, take_off_desk
from upheld.people.models import Absence, Agent, Rota
from upheld.people.roles import holders, unfilled
from upheld.policy import pack
from upheld.rules.permissions import NotAllowed, Role
from upheld.tickets.actions import (
    acknowledge_page,
    call_next,
    reply,
    restrict_ticket,
    set_priority,
    set_status,
    settle_ticket,
)
from upheld.tickets.models import Page, PageCall, Reader, StoryEvent, Ticket
from upheld.worker.pages import Caller

LADDER = """
roles:
  - {id: on_call, label: On-call engineer}
  - {id: director, label: Director}
escalation:
  ladders:
    - id: high_cases
      when: {priority: [high]}
      until: first_response
      steps:
        - {after: at once, tell: [on_call], page: true}
"""
# Monday 1 June 2026, three at night; the rota hands over on Mondays at nine.
NIGHT = "2026-06-01 03:00"


@pytest.fixture
def paul(cast: Cast) -> Agent:
    return add_agent(
        cast.desk,
        address="paul@desk.example.com",
        name="Paul Adeyemi",
        role=Role.agent,
        by="tests",
        now=LONG_AGO,
    )


@pytest.fixture
def night(cast: Cast, paul: Agent) -> Cast:
    """Paul is on call this week and Bob follows; Lena leads, Ada administers."""
    text = pack("school-devices").replace("\ntargets:\n", LADDER + "\ntargets:\n", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests", effective_from=utc("2025-06-01 00:00"))
    values = RotaValues("Nights", "on_call", "Europe/London", 0, time(9))
    add_rota(cast.desk, values, [paul.pk, cast.bob.pk], by=cast.ada, now=utc("2026-05-26 12:00"))
    return cast


def broken(night: Cast, text: str = NIGHT) -> Ticket:
    return night.writes(text, priority="high")


def sweep(text: str) -> int:
    return Caller().sweep(utc(text))


def called(ticket: Ticket) -> list[tuple[str, datetime]]:
    calls = PageCall.objects.filter(page__ticket=ticket).order_by("place").select_related("agent__user")
    return [(each.agent.name.split()[0], each.at) for each in calls]


def minutes(count: int) -> datetime:
    return utc(NIGHT) + timedelta(minutes=count)


def test_a_mail_at_three_at_night_pages_in_its_own_transaction(night: Cast) -> None:
    ticket = broken(night)
    assert called(ticket) == [("Paul", utc(NIGHT))]
    notice = Notice.objects.get(ticket_id=ticket.pk, kind="paged")
    assert notice.to_address == "paul@desk.example.com"
    assert notice.next_try_at == notice.created_at == utc(NIGHT)
    alert = Alert.objects.get(key=notice.key)
    assert alert.is_page
    assert alert.leaves_at == utc(NIGHT)
    assert Notice.objects.filter(ticket_id=ticket.pk, kind="escalated").count() == 0


def test_the_next_one_is_called_when_the_time_of_the_one_before_is_over(night: Cast) -> None:
    ticket = broken(night)
    assert sweep("2026-06-01 03:04:59") == 0
    # A worker that comes a little late changes no instant.
    assert sweep("2026-06-01 03:05:20") == 1
    assert sweep("2026-06-01 03:05:21") == 0
    assert called(ticket) == [("Paul", minutes(0)), ("Bob", minutes(5))]
    for count in range(10, 40, 5):
        Caller().sweep(minutes(count))
    names = [name for name, _ in called(ticket)]
    assert names == ["Paul", "Bob", "Lena", "Ada", "Paul", "Bob", "Lena", "Ada"]
    assert Notice.objects.filter(ticket_id=ticket.pk, kind="paged").count() == 8


def test_who_is_away_is_passed_over(night: Cast) -> None:
    away = {"starts_at": utc("2026-06-01 00:00"), "ends_at": utc("2026-06-02 00:00")}
    enter_absence(night.bob, **away, by=night.bob, now=utc("2026-05-30 12:00"))
    ticket = broken(night)
    sweep("2026-06-01 03:05")
    assert [name for name, _ in called(ticket)] == ["Paul", "Lena"]


def test_who_fills_the_role_beside_the_rota_is_called_before_the_leads(night: Cast) -> None:
    fill_role(night.desk, "on_call", night.ada, by="tests", now=LONG_AGO)
    ticket = broken(night)
    for count in (5, 10, 15):
        Caller().sweep(minutes(count))
    assert [name for name, _ in called(ticket)] == ["Paul", "Bob", "Ada", "Lena"]


def test_an_acknowledgement_ends_it_and_the_others_hear_who_has_it(night: Cast, paul: Agent) -> None:
    ticket = broken(night)
    sweep("2026-06-01 03:05")
    page = acknowledge_page(Page.objects.get().pk, night.bob, at("2026-06-01 03:06"))
    assert (page.ended_because, page.ended_by, page.ended_at) == ("acknowledged", night.bob, minutes(6))
    assert sweep("2026-06-01 04:00") == 0
    latest = Notice.objects.filter(ticket_id=ticket.pk, kind="paged").order_by("-pk")[0]
    assert (latest.to_address, latest.data["taken_by"]) == (paul.address, night.bob.name)
    fact = StoryEvent.objects.get(ticket=ticket, kind="page_acknowledged")
    assert fact.agent == night.bob


def test_the_second_press_changes_nothing_and_says_who_has_it(night: Cast, paul: Agent) -> None:
    ticket = broken(night)
    page_id = Page.objects.get().pk
    acknowledge_page(page_id, paul, at("2026-06-01 03:02"))
    page = acknowledge_page(page_id, night.bob, at("2026-06-01 03:03"))
    assert (page.ended_by, page.ended_at) == (paul, minutes(2))
    assert StoryEvent.objects.filter(ticket=ticket, kind="page_acknowledged").count() == 1


def test_an_answer_ends_it_by_itself_at_its_instant(night: Cast) -> None:
    ticket = broken(night)
    reply(ticket.pk, night.bob, "We are looking at it.", at("2026-06-01 03:03"))
    assert sweep("2026-06-01 03:05") == 1
    page = Page.objects.get()
    assert (page.ended_because, page.ended_at, page.next_at) == ("answered", minutes(3), None)
    assert [name for name, _ in called(ticket)] == ["Paul"]


def test_who_answers_has_it_though_the_ladder_goes_on(night: Cast) -> None:
    text = pack("school-devices").replace("\ntargets:\n", LADDER + "\ntargets:\n", 1)
    text = text.replace("      until: first_response\n", "")
    publish_policy(night.desk, text, now=LONG_AGO, by="tests", effective_from=utc("2025-07-01 00:00"))
    broken(night)
    reply(Page.objects.get().ticket_id, night.lena, "We are on it.", at("2026-06-01 03:04"))
    sweep("2026-06-01 03:05")
    assert Page.objects.values_list("ended_because", "ended_at").get() == ("answered", minutes(4))


def test_a_lower_priority_and_a_done_ticket_need_nobody(night: Cast) -> None:
    lowered, done = broken(night), broken(night)
    set_priority(lowered.pk, night.lena, "low", at("2026-06-01 03:01"), reason="It works again.")
    set_status(done.pk, night.lena, "resolved", at("2026-06-01 03:02"))
    sweep("2026-06-01 03:05")
    ended = Page.objects.order_by("ticket_id").values_list("ended_because", "ended_at")
    assert list(ended) == [("not_needed", minutes(1)), ("ticket_done", minutes(2))]
    assert len(called(lowered)) == len(called(done)) == 1


def test_after_an_outage_one_person_is_called_and_has_the_whole_time(night: Cast) -> None:
    ticket = broken(night)
    sweep("2026-06-01 06:00")
    assert called(ticket) == [("Paul", minutes(0)), ("Bob", minutes(5))]
    assert Page.objects.get().next_at == minutes(185)


def test_nobody_is_paged_for_what_was_answered_during_an_outage(night: Cast) -> None:
    ticket = night.writes(NIGHT, priority="low")
    StoryEvent.objects.bulk_create(
        [
            StoryEvent(
                ticket=ticket,
                seq=ticket.last_seq + 1,
                at=minutes(1),
                recorded_at=minutes(1),
                kind="priority",
                actor="agent",
                data={"to": "high"},
            ),
            StoryEvent(
                ticket=ticket,
                seq=ticket.last_seq + 2,
                at=minutes(2),
                recorded_at=minutes(2),
                kind="message",
                actor="agent",
                data={"direction": "out", "public": True},
            ),
        ]
    )
    Ticket.objects.filter(pk=ticket.pk).update(last_seq=ticket.last_seq + 2)
    news = settle_ticket(ticket.pk, at("2026-06-01 06:00"))
    assert "escalated" in [each.kind for each in news]
    assert not Page.objects.exists()
    assert not Notice.objects.filter(kind="paged").exists()


def test_each_place_is_called_once_whoever_asks(night: Cast) -> None:
    ticket = broken(night)
    page_id = Page.objects.get().pk
    assert call_next(page_id, at("2026-06-01 03:05")) is True
    assert call_next(page_id, at("2026-06-01 03:05")) is False
    assert len(called(ticket)) == 2


def test_of_a_restricted_ticket_only_its_readers_are_called(night: Cast) -> None:
    ticket = broken(night)
    night.reads_what_is_restricted(night.bob, night.ada)
    restrict_ticket(ticket.pk, night.bob, "It names a pupil.", at("2026-06-01 03:01"))
    for count in (5, 10, 15):
        Caller().sweep(minutes(count))
    assert [name for name, _ in called(ticket)] == ["Paul", "Bob", "Ada", "Bob"]
    with pytest.raises(NotAllowed):
        acknowledge_page(Page.objects.get().pk, night.lena, at("2026-06-01 03:16"))
    Reader.objects.all().delete()
    Caller().sweep(minutes(20))
    assert len(called(ticket)) == 4
    assert Page.objects.get().next_at == minutes(25)


def test_who_left_the_desk_is_not_called_and_acknowledges_nothing(night: Cast, paul: Agent) -> None:
    ticket = broken(night)
    take_off_desk(night.desk.pk, night.bob.pk, by="tests", now=minutes(1))
    sweep("2026-06-01 03:05")
    assert [name for name, _ in called(ticket)] == ["Paul", "Lena"]
    with pytest.raises(NotAllowed):
        acknowledge_page(Page.objects.get().pk, night.bob, at("2026-06-01 03:06"))


def test_the_rota_gives_its_own_time_to_answer(night: Cast) -> None:
    Rota.objects.update(answer_minutes=15)
    broken(night)
    assert Page.objects.get().next_at == minutes(15)


def test_without_a_rota_those_who_fill_the_role_are_called_at_once(night: Cast, paul: Agent) -> None:
    Rota.objects.all().delete()
    for agent in (paul, night.lena):
        fill_role(night.desk, "on_call", agent, by="tests", now=LONG_AGO)
    ticket = broken(night)
    assert sorted(name for name, _ in called(ticket)) == ["Lena", "Paul"]
    sweep("2026-06-01 03:05")
    assert called(ticket)[-1][0] == "Ada"


def test_the_person_on_call_comes_before_those_who_fill_the_role(night: Cast, paul: Agent) -> None:
    fill_role(night.desk, "on_call", night.lena, by="tests", now=LONG_AGO)
    assert holders(night.desk.pk, "on_call", {}, utc(NIGHT)) == [paul]
    everyone_away = [
        Absence(agent=each, starts_at=LONG_AGO, ends_at=utc("2027-01-01 00:00")) for each in (paul, night.bob)
    ]
    Absence.objects.bulk_create(everyone_away)
    assert holders(night.desk.pk, "on_call", {}, utc(NIGHT)) == [night.lena]


def test_a_role_with_neither_holder_nor_rota_is_found(night: Cast) -> None:
    policy = compiled(version_in_force(night.desk, utc(NIGHT)).pk)
    assert unfilled(night.desk, policy) == ("director",)
