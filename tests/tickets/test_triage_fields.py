"""What a ticket is about: known values, told before they move anything, and needed before work begins."""

from datetime import timedelta

import pytest

from harness.cast import LONG_AGO, Cast, at, utc
from upheld.desks.actions import publish_policy
from upheld.people.models import Agent, Team
from upheld.policy import Metric, pack
from upheld.rules.permissions import NotAllowed
from upheld.tickets.actions import Refused, set_field, set_status
from upheld.tickets.models import StoryEvent, Ticket
from upheld.tickets.pen import Pen
from upheld.tickets.supposing import suppose

NOW = "2026-03-20 10:00"


def under(cast: Cast, name: str) -> Cast:
    publish_policy(cast.desk, pack(name), now=LONG_AGO + timedelta(days=1), by="tests")
    return cast


@pytest.fixture
def success(cast: Cast) -> Cast:
    """A policy that requires a reason, and has no target for the resolution of a wish."""
    return under(cast, "success-plans")


@pytest.fixture
def campaigns(cast: Cast) -> Cast:
    """A policy with products, regions and teams, that requires product and region."""
    return under(cast, "campaign-severity")


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_a_field_is_a_line_of_the_story_and_a_column(success: Cast) -> None:
    ticket = success.writes("2026-03-20 09:00")
    set_field(ticket.pk, success.bob, "reason", "bug", at(NOW))
    fact = StoryEvent.objects.get(ticket=ticket, kind="field")
    assert (fact.data["name"], fact.data["to"], fact.agent) == ("reason", "bug", success.bob)
    assert again(ticket).reason == "bug"
    set_field(ticket.pk, success.bob, "reason", "bug", at(NOW))
    assert StoryEvent.objects.filter(ticket=ticket, kind="field").count() == 1
    set_field(ticket.pk, success.bob, "reason", "", at(NOW))
    assert again(ticket).reason == ""


@pytest.mark.parametrize(("name", "value"), [("reason", "whim"), ("colour", "red"), ("team", "nobody")])
def test_only_what_the_policy_knows_can_be_said(success: Cast, name: str, value: str) -> None:
    ticket = success.writes("2026-03-20 09:00")
    with pytest.raises(Refused):
        set_field(ticket.pk, success.bob, name, value, at(NOW))
    assert not StoryEvent.objects.filter(ticket=ticket, kind="field").exists()


def test_an_agent_of_another_desk_says_nothing(success: Cast, charlie: Agent) -> None:
    ticket = success.writes("2026-03-20 09:00")
    with pytest.raises(NotAllowed):
        set_field(ticket.pk, charlie, "reason", "bug", at(NOW))


@pytest.fixture
def wishes(cast: Cast) -> Cast:
    """The usual policy, with reasons: a wish is resolved when it is, without a time."""
    more = (
        "\nreasons:\n  - {id: bug, label: Bug}\n  - {id: feature, label: Feature request}\n"
        "\ntargets:\n  - id: wishes\n    metric: resolution\n    when: {reason: [feature]}\n"
        "    within: best effort\n    clause: A wish has no time of its own.\n"
    )
    text = pack("school-devices").replace("\ntargets:\n", more, 1)
    publish_policy(cast.desk, text, now=LONG_AGO + timedelta(days=1), by="tests")
    return cast


def test_what_a_change_would_move_is_known_before_anybody_saves_it(wishes: Cast) -> None:
    ticket = wishes.writes("2026-03-20 09:00")
    lines = StoryEvent.objects.filter(ticket=ticket).count()
    promised = {each.metric: each for each in suppose(ticket, utc(NOW), fields={"reason": "feature"})}
    resolution, response = promised[Metric.resolution], promised[Metric.first_response]
    assert resolution.before is not None
    assert resolution.after is None
    assert not response.moves
    assert StoryEvent.objects.filter(ticket=ticket).count() == lines
    set_field(ticket.pk, wishes.bob, "reason", "feature", at(NOW))
    clocks = {each.metric: each for each in Pen.on(ticket.pk, at(NOW)).standing().clocks}
    assert Metric.resolution not in clocks
    assert clocks[Metric.first_response].due_at == response.after.due_at  # type: ignore[union-attr]


def test_what_the_policy_requires_is_needed_before_work_begins(campaigns: Cast) -> None:
    ticket = campaigns.writes("2026-03-20 09:00")
    policy = Pen.on(ticket.pk, at(NOW)).policy
    moves = {each: policy.status(each).category for each in policy.moves(ticket.status)}
    ends = next(each for each, category in moves.items() if category in ("resolved", "closed"))
    with pytest.raises(Refused, match="region, product"):
        set_status(ticket.pk, campaigns.bob, ends, at(NOW))
    set_field(ticket.pk, campaigns.bob, "region", "europe", at(NOW))
    with pytest.raises(Refused, match="product"):
        set_status(ticket.pk, campaigns.bob, ends, at(NOW))
    set_field(ticket.pk, campaigns.bob, "product", "contacts", at(NOW))
    assert set_status(ticket.pk, campaigns.bob, ends, at(NOW)).status == ends


def test_asking_the_customer_is_how_one_finds_out(success: Cast) -> None:
    ticket = success.writes("2026-03-20 09:00")
    policy = Pen.on(ticket.pk, at(NOW)).policy
    waits = next(each for each in policy.moves(ticket.status) if policy.status(each).category == "waiting")
    assert set_status(ticket.pk, success.bob, waits, at(NOW)).status == waits


def test_a_team_of_the_policy_is_the_desks_team_of_that_name(campaigns: Cast) -> None:
    team = Team.objects.create(desk=campaigns.desk, name="Product management")
    ticket = campaigns.writes("2026-03-20 09:00")
    set_field(ticket.pk, campaigns.bob, "team", "product_management", at(NOW))
    assert again(ticket).team == team
    assert Pen.on(ticket.pk, at(NOW)).particulars()["team"] == "product_management"
    set_field(ticket.pk, campaigns.bob, "team", "", at(NOW))
    assert again(ticket).team is None
