"""Who hears of a ticket as time passes: the people who fill the roles of its policy, once a step, never silence."""

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry
from upheld.notices.models import Notice
from upheld.people.actions import NotOnTheDesk, add_agent, clear_role, fill_role
from upheld.people.models import Agent, User
from upheld.people.roles import roles_filled
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.tickets.actions import set_status, settle_ticket
from upheld.tickets.models import StoryEvent, Ticket

LADDER = """
roles:
  - {id: support_manager, label: Support manager, by: [product]}
  - {id: director, label: Director}
escalation:
  ladders:
    - id: urgent_cases
      when: {priority: [urgent]}
      steps:
        - {after: at once, tell: [support_manager], page: true}
        - {after: 2 working hours, tell: [support_manager, director], binding: guideline}
"""


@pytest.fixture
def escalating(cast: Cast) -> Cast:
    text = pack("school-devices").replace("\ntargets:\n", LADDER + "\ntargets:\n", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests", effective_from=utc("2025-06-01 00:00"))
    return cast


def told(ticket: Ticket) -> list[str]:
    found = Notice.objects.filter(ticket_id=ticket.pk, kind__in=["escalated", "paged"]).order_by(
        "created_at", "to_address"
    )
    return list(found.values_list("to_address", flat=True))


def fill(cast: Cast, role: str, agent: Agent, **limits: str) -> None:
    fill_role(cast.desk, role, agent, by="tests", now=LONG_AGO, **limits)


def test_each_step_tells_who_fills_the_role(escalating: Cast) -> None:
    fill(escalating, "support_manager", escalating.lena)
    fill(escalating, "director", escalating.bob)
    ticket = escalating.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-01 09:00:01"))
    assert told(ticket) == ["lena@desk.example.com"]
    settle_ticket(ticket.pk, at("2026-06-01 11:00"))
    assert told(ticket) == ["lena@desk.example.com", "bob@desk.example.com", "lena@desk.example.com"]
    settle_ticket(ticket.pk, at("2026-06-02 11:00"))
    assert len(told(ticket)) == 3


def test_the_step_is_a_line_of_the_story_stamped_with_its_instant(escalating: Cast) -> None:
    ticket = escalating.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-03 09:00"))
    lines = StoryEvent.objects.filter(ticket=ticket, kind="escalated").order_by("at")
    assert [(line.at, line.data["page"]) for line in lines] == [
        (utc("2026-06-01 09:00"), True),
        (utc("2026-06-01 11:00"), False),
    ]


def test_the_ticket_wakes_for_its_next_step(escalating: Cast) -> None:
    ticket = escalating.writes("2026-06-01 09:00", priority="urgent")
    ticket.refresh_from_db()
    assert ticket.wake_at == utc("2026-06-01 10:30")
    settle_ticket(ticket.pk, at("2026-06-01 10:30"))
    ticket.refresh_from_db()
    assert ticket.wake_at == utc("2026-06-01 11:00")


def test_a_role_that_nobody_fills_falls_to_the_administrators(escalating: Cast) -> None:
    ticket = escalating.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-01 09:01"))
    assert told(ticket) == ["ada@desk.example.com"]


def test_who_left_fills_no_role(escalating: Cast) -> None:
    fill(escalating, "support_manager", escalating.lena)
    User.objects.filter(pk=escalating.lena.user_id).update(is_active=False)
    assert roles_filled(escalating.desk) == frozenset()
    ticket = escalating.writes("2026-06-01 09:00", priority="urgent")
    settle_ticket(ticket.pk, at("2026-06-01 09:01"))
    assert told(ticket) == ["ada@desk.example.com"]


def test_nobody_is_told_of_a_ticket_that_was_resolved_before(escalating: Cast) -> None:
    ticket = escalating.writes("2026-06-01 09:00", priority="urgent")
    set_status(ticket.pk, escalating.bob, "resolved", at("2026-06-01 10:00"))
    settle_ticket(ticket.pk, at("2026-06-02 12:00"))
    assert len(told(ticket)) == 1


def test_other_priorities_climb_no_ladder(escalating: Cast) -> None:
    ticket = escalating.writes("2026-06-01 09:00", priority="high")
    settle_ticket(ticket.pk, at("2026-06-05 12:00"))
    assert told(ticket) == []


def test_filling_and_clearing_a_role_is_audited_and_done_once(escalating: Cast) -> None:
    fill(escalating, "support_manager", escalating.lena)
    fill(escalating, "support_manager", escalating.lena)
    assert roles_filled(escalating.desk) == {"support_manager"}
    assert clear_role(escalating.desk, "support_manager", escalating.lena, by="tests", now=LONG_AGO) == 1
    assert roles_filled(escalating.desk) == frozenset()
    actions = (
        AuditEntry.objects.filter(subject="support_manager").order_by("pk").values_list("action", flat=True)
    )
    assert sorted(actions) == ["role cleared", "role filled"]


def test_only_who_answers_on_the_desk_can_fill_a_role(escalating: Cast) -> None:
    stranger = Agent.objects.create(user=User.objects.create_user("eve@elsewhere.example"))
    with pytest.raises(NotOnTheDesk):
        fill(escalating, "director", stranger)


def test_who_fills_a_role_for_the_product_comes_before_who_fills_it_for_all(escalating: Cast) -> None:
    from upheld.people.roles import holders

    paula = add_agent(
        escalating.desk,
        address="paula@desk.example.com",
        name="Paula",
        role=Role.agent,
        by="tests",
        now=LONG_AGO,
    )
    fill(escalating, "support_manager", escalating.lena)
    fill(escalating, "support_manager", paula, product="tablets")
    desk = escalating.desk.pk
    assert holders(desk, "support_manager", {"product": "tablets"}) == [paula]
    assert holders(desk, "support_manager", {"product": "laptops"}) == [escalating.lena]
    assert holders(desk, "support_manager", {}) == [escalating.lena]
