"""The page on which a ticket gets more attention, its panel on the ticket's page, and the report of time by tier."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import LONG_AGO, Cast, at
from upheld.desks.actions import publish_policy
from upheld.people.actions import add_team, fill_role
from upheld.policy import pack
from upheld.tickets.actions import assign, join_ticket, restrict_ticket, settle_ticket, take_complaint
from upheld.tickets.models import Collaborator, StoryEvent, Ticket


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A case of the highest level under a policy with tiers, ladders, hand-overs and a path; Bob has it."""
    publish_policy(cast.desk, pack("maintenance-contract"), now=LONG_AGO, by="tests")
    add_team(cast.desk.pk, name="Depth", tier="second", members=[cast.lena.pk], by="tests", now=LONG_AGO)
    fill_role(cast.desk, "support_manager", cast.lena, by="tests", now=LONG_AGO)
    ticket = cast.writes("2026-03-20 14:00", priority="level_1")
    assign(ticket.pk, cast.bob, cast.bob, at("2026-03-20 14:05"))
    settle_ticket(ticket.pk, at("2026-03-20 14:10"))
    return ticket


def page(browser: Client, ticket: Ticket, place: str = "escalation/") -> str:
    answer = browser.get(f"/tickets/{ticket.number}/{place}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_offers_what_the_policy_says_with_who_fills_the_roles(bob: Client, ticket: Ticket) -> None:
    shown = page(bob, ticket)
    assert "To Second level" in shown and 'value="What is known does not solve the case."' in shown
    assert 'label="Manager of technical support"' in shown and "Lena Novak" in shown
    assert "Nobody fills: Sales manager, Executive." in shown


def test_the_ladder_shows_what_was_done_and_what_is_to_come(bob: Client, ticket: Ticket) -> None:
    shown = page(bob, ticket)
    taken, ahead = shown.split('<ol class="rungs">')[1].split("</ol>")[0].split("</li>", 1)
    assert 'data-state="taken"' in taken and "pages" in taken and "guideline" in taken
    # The worker has not come to the second step yet; Ada stands in for roles that nobody fills.
    assert "today 14:00" in taken and "today 16:00" in ahead and "Lena Novak" in ahead
    assert "today 18:00" in ahead and ahead.count("Ada Okafor") == 2


def test_a_tier_takes_over_with_the_offered_reason(bob: Client, ticket: Ticket) -> None:
    answer = bob.post(f"/tickets/{ticket.number}/hand-over/", {"by": "to_second_level", "reason": ""})
    assert answer.status_code == 302
    ticket.refresh_from_db()
    assert (ticket.team.name, ticket.assignee) == ("Depth", None)  # type: ignore[union-attr]
    fact = StoryEvent.objects.get(ticket=ticket, kind="handed_over")
    assert fact.data["reason"] == "What is known does not solve the case."
    shown = page(bob, ticket, "")
    assert "handed it over from Bob Tanaka to Second level, Depth" in shown
    assert shown.count("assigned it to nobody") == 0


def test_who_fills_a_role_joins_and_the_ticket_stays(bob: Client, ticket: Ticket, cast: Cast) -> None:
    sent = {
        "by": "at_our_discretion",
        "goal": f"agent:{cast.lena.pk}",
        "how": "join",
        "reason": "She is upset.",
    }
    assert bob.post(f"/tickets/{ticket.number}/hand-over/", sent).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == cast.bob
    beside = Collaborator.objects.get(ticket=ticket, left_at=None)
    assert (beside.agent, beside.role, beside.reason) == (cast.lena, "support_manager", "She is upset.")
    shown = page(bob, ticket, "")
    assert "asked Lena Novak (Manager of technical support) to work on it together" in shown
    assert bob.post(f"/tickets/{ticket.number}/together/{cast.lena.pk}/leave/").status_code == 302
    assert not Collaborator.objects.filter(ticket=ticket, left_at=None).exists()


def test_what_was_typed_stays_where_it_was_refused(bob: Client, ticket: Ticket) -> None:
    answer = bob.post(f"/tickets/{ticket.number}/hand-over/", {"goal": "team:999", "reason": "Kept words"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert 'value="Kept words"' in shown and "no team of this desk" in shown


@pytest.mark.parametrize("goal", ["", "agent:x", "team:", "tier:nowhere", "nobody:1"])
def test_odd_goals_are_refused(bob: Client, ticket: Ticket, goal: str) -> None:
    sent = {"goal": goal, "reason": "Why not."}
    assert bob.post(f"/tickets/{ticket.number}/hand-over/", sent).status_code == 422


def test_what_is_restricted_has_no_such_page_for_others(
    bob: Client, ticket: Ticket, cast: Cast, stranger: Client
) -> None:
    assert stranger.get(f"/tickets/{ticket.number}/escalation/").status_code == 404
    cast.reads_what_is_restricted(cast.lena)
    restrict_ticket(ticket.pk, cast.lena, "Of a person.", at("2026-03-20 14:20"))
    assert bob.get(f"/tickets/{ticket.number}/escalation/").status_code == 404
    assert bob.post(f"/tickets/{ticket.number}/join/").status_code == 404


def test_the_panel_asks_the_database_only_where_somebody_works_on_it(
    bob: Client, ticket: Ticket, cast: Cast
) -> None:
    def collaborators() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(bob, ticket, "")
        return sum(' FROM "tickets_collaborator" INNER' in each["sql"] for each in queries)

    assert collaborators() == 0
    join_ticket(ticket.pk, cast.lena, cast.lena, at("2026-03-20 14:30"))
    assert collaborators() == 1


def test_the_path_says_by_when_somebody_answers_and_that_nobody_did(
    bob: Client, ticket: Ticket, cast: Cast
) -> None:
    take_complaint(ticket.pk, cast.bob, "She rang.", at("2026-03-20 15:00"), expected=2)
    assert "an answer is promised by" in page(bob, ticket, "")
    assert "Take it to: Manager of technical support" in page(bob, ticket, "")


def test_leads_read_the_time_by_tier_and_agents_do_not(
    bob: Client, ticket: Ticket, cast: Cast, signed_in: object
) -> None:
    assert bob.get("/desk/tiers/").status_code == 404
    bob.post(f"/tickets/{ticket.number}/hand-over/", {"by": "to_second_level"})
    lena = signed_in(cast.lena)  # type: ignore[operator]
    shown = lena.get("/desk/tiers/?month=2026-03").content.decode()
    assert "Second level" in shown and "What is known does not solve the case." in shown
    assert "No ticket came in this month" in lena.get("/desk/tiers/?month=2026-02").content.decode()
    assert lena.get("/desk/tiers/?month=nonsense").status_code == 200
    assert lena.get("/desk/tiers/?desk=another").status_code == 404
