"""A ticket goes to people with other skills, or they join: with a reason, told to them, and no clock begins afresh."""

import pytest

from harness.cast import LONG_AGO, LOOKING, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import add_team, fill_role
from upheld.people.models import Absence, Team
from upheld.policy import pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import (
    Goal,
    Refused,
    assign,
    hand_over,
    join_ticket,
    leave_ticket,
    receive_message,
    restrict_ticket,
    set_status,
    settle_ticket,
)
from upheld.tickets.holding import holding
from upheld.tickets.models import Collaborator, StoryEvent, Ticket
from upheld.tickets.queries import QueueFilter, counts, queue
from upheld.tickets.tier_times import tier_times
from upheld.tickets.versions import policies_of
from upheld.tickets.visibility import AgentViewer

CONDITIONED = """
  - id: third_tier_faster
    metric: resolution
    when: {tier: [tier_3]}
    within: 6 elapsed hours
    assumed: true
    note: Made up.
"""


@pytest.fixture
def tiered(cast: Cast) -> Cast:
    """A desk of three tiers; Bob is the first, Lena the second."""
    publish_policy(cast.desk, pack("always-on"), now=LONG_AGO, by="tests")
    for name, tier, agent in (("Front", "tier_1", cast.bob), ("Depth", "tier_2", cast.lena)):
        add_team(cast.desk.pk, name=name, tier=tier, members=[agent.pk], by="tests", now=LONG_AGO)
    return cast


def told(ticket: Ticket, kind: NoticeKind) -> list[tuple[str, str]]:
    notices = Notice.objects.filter(ticket_id=ticket.pk, kind=kind).order_by("pk")
    return [(each.to_address.partition("@")[0], str(each.data.get("reason", ""))) for each in notices]


def facts(ticket: Ticket, kind: str) -> list[dict[str, object]]:
    return [row.data for row in StoryEvent.objects.filter(ticket=ticket, kind=kind).order_by("at", "seq")]


def held(ticket: Ticket, dimension: str, now: str) -> list[tuple[str, int]]:
    """Who held it how many minutes."""
    story = list(StoryEvent.objects.filter(ticket=ticket).order_by("at", "seq"))
    found = holding(ticket.received_at, story, policies_of(ticket), utc(now))
    return [(each.holder, round(each.elapsed.total_seconds() / 60)) for each in found.by[dimension]]


def test_a_tier_takes_over_with_its_team_and_reads_the_reason(tiered: Cast) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    assign(ticket.pk, tiered.bob, tiered.bob, at("2026-03-16 10:10"))
    ticket.refresh_from_db()
    due = ticket.next_due_at
    ticket = hand_over(
        ticket.pk, tiered.bob, Goal(tier="tier_2"), "It is the platform.", at("2026-03-16 10:30")
    )
    assert (ticket.team, ticket.assignee, ticket.next_due_at) == (Team.objects.get(name="Depth"), None, due)
    assert told(ticket, NoticeKind.HANDED_OVER) == [("lena", "It is the platform.")]
    assert facts(ticket, "handed_over")[0]["tier"] == "tier_2"
    assert facts(ticket, "assigned")[-1]["tier"] == "tier_2"
    assert held(ticket, "agent", "2026-03-16 11:00") == [("", 10 + 30), ("Bob Tanaka", 20)]
    assert held(ticket, "tier", "2026-03-16 11:00") == [("", 30), ("Tier 2 - technical support", 30)]


def test_a_target_with_a_condition_on_the_tier_governs_from_then_on_and_used_time_stays(tiered: Cast) -> None:
    text = pack("always-on").replace("\ntargets:\n", "\ntargets:\n" + CONDITIONED.strip("\n") + "\n", 1)
    text = text[: text.index("\nexamples:")]
    publish_policy(tiered.desk, text, now=LONG_AGO, by="tests", effective_from=utc("2025-06-01 00:00"))
    ticket = tiered.writes("2026-03-16 10:00")
    hand_over(ticket.pk, tiered.bob, Goal(tier="tier_3"), "Data is damaged.", at("2026-03-16 11:00"))
    ticket.refresh_from_db()
    clock = next(each for each in ticket.standing["clocks"] if each["metric"] == "resolution")
    assert clock["target"] == "third_tier_faster"
    assert clock["due_at"].startswith("2026-03-16T16:00")


def test_an_agent_takes_over_in_their_team_and_its_tier(tiered: Cast) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    ticket = hand_over(
        ticket.pk, tiered.bob, Goal(agent=tiered.lena), "She knows it.", at("2026-03-16 10:30")
    )
    assert (ticket.assignee, ticket.team) == (tiered.lena, Team.objects.get(name="Depth"))
    assert told(ticket, NoticeKind.HANDED_OVER) == [("lena", "She knows it.")]
    assert facts(ticket, "handed_over")[0]["tier"] == "tier_2"


@pytest.mark.parametrize(
    ("goal", "reason", "said"),
    [
        (Goal(tier="tier_2"), "  ", "Say why"),
        (Goal(), "Because.", "Choose a tier"),
        (Goal(tier="tier_9"), "Because.", "no such tier"),
    ],
)
def test_without_a_reason_or_a_goal_nothing_goes_anywhere(
    tiered: Cast, goal: Goal, reason: str, said: str
) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    with pytest.raises(Refused, match=said):
        hand_over(ticket.pk, tiered.bob, goal, reason, at("2026-03-16 10:30"))


def test_it_goes_nowhere_twice_nor_once_it_is_done_nor_by_a_stranger(tiered: Cast, charlie: object) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    with pytest.raises(NotAllowed):
        hand_over(ticket.pk, charlie, Goal(tier="tier_2"), "Mine.", at("2026-03-16 10:20"))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="does not work on this desk"):
        hand_over(ticket.pk, tiered.bob, Goal(agent=charlie), "Theirs.", at("2026-03-16 10:20"))  # type: ignore[arg-type]
    hand_over(ticket.pk, tiered.bob, Goal(tier="tier_2"), "Deep.", at("2026-03-16 10:30"))
    with pytest.raises(Refused, match="already"):
        hand_over(ticket.pk, tiered.bob, Goal(tier="tier_2"), "Deep.", at("2026-03-16 10:31"))
    set_status(ticket.pk, tiered.bob, "closed", at("2026-03-16 10:40"))
    with pytest.raises(Refused, match="done"):
        hand_over(ticket.pk, tiered.bob, Goal(tier="tier_1"), "Back.", at("2026-03-16 10:50"))


def test_a_restricted_ticket_goes_to_its_readers_only(tiered: Cast) -> None:
    tiered.reads_what_is_restricted(tiered.bob)
    ticket = tiered.writes("2026-03-16 10:00")
    restrict_ticket(ticket.pk, tiered.bob, "Of a person.", at("2026-03-16 10:10"))
    for goal in (Goal(agent=tiered.lena), Goal(tier="tier_2")):
        with pytest.raises(Refused, match=r"(may|may not) read this ticket"):
            hand_over(ticket.pk, tiered.bob, goal, "Deep.", at("2026-03-16 10:30"))
    with pytest.raises(Refused, match="may not read"):
        join_ticket(ticket.pk, tiered.bob, tiered.lena, at("2026-03-16 10:31"), reason="Help.")
    assert told(ticket, NoticeKind.HANDED_OVER) == []


def test_colleagues_work_on_it_together_and_hear_when_the_customer_writes(tiered: Cast) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    assign(ticket.pk, tiered.bob, tiered.bob, at("2026-03-16 10:05"))
    join_ticket(
        ticket.pk, tiered.bob, tiered.lena, at("2026-03-16 10:10"), role="on_call", reason="Two heads."
    )
    ticket.refresh_from_db()
    assert (ticket.assignee, told(ticket, NoticeKind.JOINED)) == (tiered.bob, [("lena", "Two heads.")])
    receive_message(ticket.pk, tiered.answer_of_amina("2026-03-16 10:20"), at("2026-03-16 10:20"))
    assert [who for who, _ in told(ticket, NoticeKind.CUSTOMER_WROTE)] == ["bob", "lena"]
    viewer = AgentViewer.of(tiered.lena)
    assert [each.pk for each in queue(viewer, QueueFilter(together=True), LOOKING).tickets] == [ticket.pk]
    assert counts(viewer, utc("2026-03-16 10:30"))["together"] == 1
    leave_ticket(ticket.pk, tiered.lena, tiered.lena, at("2026-03-16 10:40"))
    receive_message(ticket.pk, tiered.answer_of_amina("2026-03-16 10:50"), at("2026-03-16 10:50"))
    assert [who for who, _ in told(ticket, NoticeKind.CUSTOMER_WROTE)] == ["bob", "lena", "bob"]
    assert queue(viewer, QueueFilter(together=True), LOOKING).tickets == []


def test_who_joins_twice_is_there_once_and_a_colleague_is_asked_with_a_reason(tiered: Cast) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    for _ in range(2):
        join_ticket(ticket.pk, tiered.lena, tiered.lena, at("2026-03-16 10:10"))
    assert Collaborator.objects.filter(ticket=ticket, left_at=None).count() == 1
    assert len(facts(ticket, "collaborator_joined")) == 1
    with pytest.raises(Refused, match="Say why"):
        join_ticket(ticket.pk, tiered.bob, tiered.ada, at("2026-03-16 10:11"))
    assert told(ticket, NoticeKind.JOINED) == []


def test_nobody_works_beside_themselves(tiered: Cast) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    join_ticket(ticket.pk, tiered.lena, tiered.lena, at("2026-03-16 10:10"))
    hand_over(ticket.pk, tiered.bob, Goal(agent=tiered.lena), "She is in it.", at("2026-03-16 10:20"))
    assert not Collaborator.objects.filter(ticket=ticket, left_at=None).exists()
    with pytest.raises(Refused, match="already"):
        join_ticket(ticket.pk, tiered.lena, tiered.lena, at("2026-03-16 10:30"))


def test_whose_assignee_is_away_is_told_to_their_team_and_where_all_are_away_to_them(tiered: Cast) -> None:
    fill_role(tiered.desk, "on_call", tiered.ada, by="tests", now=LONG_AGO)
    ticket = tiered.writes("2026-03-16 10:00")
    assign(ticket.pk, tiered.bob, tiered.bob, at("2026-03-16 10:05"))
    Ticket.objects.filter(pk=ticket.pk).update(team=Team.objects.get(name="Depth"))
    away = {"starts_at": utc("2026-03-16 11:00"), "ends_at": utc("2026-03-17 11:00")}
    Absence.objects.create(agent=tiered.bob, **away)
    receive_message(ticket.pk, tiered.answer_of_amina("2026-03-16 12:00"), at("2026-03-16 12:00"))
    Absence.objects.create(agent=tiered.lena, **away)
    Absence.objects.create(agent=tiered.ada, **away)
    receive_message(ticket.pk, tiered.answer_of_amina("2026-03-16 13:00"), at("2026-03-16 13:00"))
    assert [who for who, _ in told(ticket, NoticeKind.CUSTOMER_WROTE)] == ["lena", "bob"]


def test_a_month_by_tier_adds_up_and_says_why_tickets_went_on(tiered: Cast) -> None:
    tickets = [tiered.writes(f"2026-03-16 1{hour}:00") for hour in (0, 1)]
    for ticket in tickets:
        hand_over(ticket.pk, tiered.bob, Goal(tier="tier_1"), "Triage.", at("2026-03-16 11:00"))
    hand_over(tickets[0].pk, tiered.bob, Goal(tier="tier_2"), "Deep.", at("2026-03-16 12:00"))
    for ticket in tickets:
        set_status(ticket.pk, tiered.bob, "closed", at("2026-03-16 13:00"))
    span = utc("2026-03-01 00:00"), utc("2026-04-01 00:00")
    report = tier_times(AgentViewer.of(tiered.lena), tiered.desk.pk, *span, utc("2026-03-20 00:00"))
    hours = {each.tier.partition(" -")[0]: each.elapsed.total_seconds() / 3600 for each in report.tiers}
    assert hours == {"Tier 1": 3, "Tier 2": 1, "": 1}
    assert sum(hours.values()) == (13 - 10) + (13 - 11)
    reasons = {(each.before[:6], each.after[:6], each.reason): each.count for each in report.hand_overs}
    assert reasons == {("", "Tier 1", "Triage."): 2, ("Tier 1", "Tier 2", "Deep."): 1}
    nobody = tier_times(AgentViewer(0), tiered.desk.pk, *span, utc("2026-03-20 00:00"))
    assert (nobody.tickets, nobody.tiers) == (0, [])


def test_settling_late_changes_nothing_about_who_had_it(tiered: Cast) -> None:
    ticket = tiered.writes("2026-03-16 10:00")
    hand_over(ticket.pk, tiered.bob, Goal(tier="tier_2"), "Deep.", at("2026-03-16 10:30"))
    before = held(ticket, "tier", "2026-03-16 11:00")
    settle_ticket(ticket.pk, at("2026-03-18 11:00"))
    assert held(ticket, "tier", "2026-03-16 11:00") == before
