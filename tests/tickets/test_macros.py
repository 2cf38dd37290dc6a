"""Macros: several changes and a reply in one step, all of them or none, as of the press."""

from datetime import timedelta

import pytest

from harness.cast import Cast, utc
from upheld.desks.models import AuditEntry
from upheld.rules.macro_steps import Known
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.actions import Refused, save_macro
from upheld.tickets.macros import macros_for
from upheld.tickets.models import Draft, Macro, Message, Press, StoryEvent, Tagged, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.presses.macro import run, try_steps

NOW = utc("2026-03-20 15:00")
EVERYTHING = Known(
    statuses={"waiting": "Waiting", "solved": "Solved"}, priorities={"high": "High"}, agents=()
)

WAITING = "waiting_on_customer"


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 14:00")


def kinds(ticket: Ticket) -> list[str]:
    rows = StoryEvent.objects.filter(ticket=ticket, consequence_key=None).order_by("seq")
    return list(rows.values_list("kind", flat=True))


def steps() -> list[dict[str, object]]:
    return [
        {"do": "reply", "to": "We have ordered the part."},
        {"do": "status", "to": WAITING},
        {"do": "tag", "to": ["battery"]},
        {"do": "assign", "to": "me"},
        {"do": "note", "to": "Ordered at the usual place."},
    ]


def test_everything_happens_at_once_and_the_story_says_by_which_macro(cast: Cast, ticket: Ticket) -> None:
    pressed = actions.press(
        cast.bob,
        cast.desk.pk,
        Press.Kind.MACRO,
        {"name": "Part ordered", "steps": steps()},
        Moment.exactly(NOW),
        ticket_id=ticket.pk,
    )
    assert pressed.state == Press.State.DONE
    ticket.refresh_from_db()
    assert ticket.status == WAITING
    assert ticket.assignee == cast.bob
    assert Tagged.objects.filter(ticket=ticket).exists()
    told = kinds(ticket)
    assert told[told.index("macro") :] == ["macro", "tagged", "assigned", "note", "message", "status"]
    reply = Message.objects.get(ticket=ticket, kind="reply")
    assert (reply.text, reply.at) == ("We have ordered the part.", NOW)


def test_where_one_step_is_refused_none_happens(cast: Cast, ticket: Ticket) -> None:
    wrong = [*steps()[2:], {"do": "status", "to": "no such status"}]
    before = kinds(ticket)
    with pytest.raises(Refused):
        actions.press(
            cast.bob,
            cast.desk.pk,
            Press.Kind.MACRO,
            {"name": "Broken", "steps": wrong},
            Moment.exactly(NOW),
            ticket_id=ticket.pk,
        )
    assert kinds(ticket) == before
    assert not Tagged.objects.exists()


def test_looking_at_it_says_which_step_is_not_possible_and_changes_nothing(
    cast: Cast, ticket: Ticket
) -> None:
    wrong = [*steps(), {"do": "priority", "to": "no such priority"}]
    before = kinds(ticket)
    tried = try_steps(wrong, ticket.pk, cast.bob, Moment.exactly(NOW))
    # In the order in which they are carried out: tag, assign, priority, note, status, reply.
    assert [bool(why) for why in tried] == [False, False, True, False, False, False]
    assert kinds(ticket) == before
    assert not Tagged.objects.exists()


def test_taken_back_in_time_nothing_has_happened(cast: Cast, ticket: Ticket, settings) -> None:
    settings.LONGEST_UNDO = 60
    before = kinds(ticket)
    pressed = actions.press(
        cast.bob,
        cast.desk.pk,
        Press.Kind.MACRO,
        {"name": "Part ordered", "steps": steps()},
        Moment.exactly(NOW),
        ticket_id=ticket.pk,
    )
    assert pressed.state == Press.State.WAITING
    actions.take_back(pressed.pk, cast.bob, NOW + timedelta(seconds=5))
    assert not actions.do_press(pressed.pk, Moment.exactly(NOW), NOW + timedelta(seconds=10))
    assert kinds(ticket) == before
    # What was written for this ticket is not lost.
    drafts = {each.kind: each for each in Draft.objects.filter(agent=cast.bob, ticket=ticket)}
    assert {kind: each.text for kind, each in drafts.items()} == {
        "reply": "We have ordered the part.",
        "note": "Ordered at the usual place.",
    }
    assert drafts["reply"].data["status"] == WAITING


def test_on_many_tickets_a_text_with_a_gap_is_refused(cast: Cast, ticket: Ticket) -> None:
    macro = Macro.objects.create(
        desk=cast.desk,
        name="Greet",
        steps=[{"do": "reply", "to": "Dear {{customer.first_name}}"}],
        changed_at=NOW,
    )
    with pytest.raises(Refused, match="placeholders"):
        run(macro, ticket.pk, cast.bob, Moment.exactly(NOW))
    macro.steps = [{"do": "tag", "to": ["greeted"]}]
    run(macro, ticket.pk, cast.bob, Moment.exactly(NOW))
    assert Tagged.objects.filter(ticket=ticket, tag__name="greeted").exists()


def test_an_agent_keeps_their_own_and_a_lead_the_desks(cast: Cast) -> None:
    own = save_macro(
        cast.bob, cast.desk.pk, "Mine", [{"do": "tag", "to": ["x"]}], EVERYTHING, NOW, shared=False
    )
    with pytest.raises(NotAllowed):
        save_macro(cast.bob, cast.desk.pk, "Ours", [{"do": "tag", "to": ["x"]}], EVERYTHING, NOW, shared=True)
    shared = save_macro(
        cast.lena, cast.desk.pk, "Ours", [{"do": "tag", "to": ["x"]}], EVERYTHING, NOW, shared=True
    )
    assert list(macros_for(cast.bob.pk, cast.desk.pk)) == [own, shared]
    assert list(macros_for(cast.lena.pk, cast.desk.pk)) == [shared]
    with pytest.raises(Refused, match="somebody else's"):
        actions.remove_macro(cast.lena, own, NOW)
    with pytest.raises(Refused, match="There is one called"):
        save_macro(
            cast.bob, cast.desk.pk, "Mine", [{"do": "tag", "to": ["y"]}], EVERYTHING, NOW, shared=False
        )
    actions.remove_macro(cast.lena, shared, NOW)
    said = AuditEntry.objects.filter(subject="Ours").order_by("pk").values_list("action", flat=True)
    assert list(said) == ["macro kept", "macro removed"]
