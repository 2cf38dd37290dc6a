"""What is pressed counts at the press, happens a little later, and can be taken back until then."""

from datetime import datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from harness.cast import Cast, at, utc
from upheld.mailboxes.horizon import moment
from upheld.notices.models import Alert, Notice, NoticeKind
from upheld.people.models import Agent
from upheld.rules.permissions import NotAllowed
from upheld.tickets import actions
from upheld.tickets.drafts import draft_of, files_of
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import DraftFile, Message, Press, StoryEvent, Ticket
from upheld.tickets.verifying import parts, verify_part
from upheld.worker.clocks import sweep
from upheld.worker.presses import Presser

PHOTO = NewFile("photo.png", "image/png", b"what it looks like")


@pytest.fixture(autouse=True)
def ten_seconds(settings, cast: Cast) -> None:
    settings.LONGEST_UNDO = 60
    Agent.objects.update(undo_seconds=10)
    for agent in (cast.bob, cast.lena):
        agent.undo_seconds = 10


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """An urgent one: its first response is due two hours after it came."""
    return cast.writes("2026-06-01 09:00", priority="urgent")


def replies(ticket: Ticket) -> list[str]:
    kind = Message.Kind.REPLY
    return list(
        Message.objects.filter(ticket=ticket, kind=kind).order_by("pk").values_list("text", flat=True)
    )


def due(ticket: Ticket) -> datetime:
    return Ticket.objects.get(pk=ticket.pk).next_due_at


def verdicts(ticket: Ticket) -> list[tuple[str, datetime]]:
    found = StoryEvent.objects.filter(ticket=ticket, kind="verdict", data__metric="first_response").order_by(
        "seq"
    )
    return [(each.data["verdict"], each.at) for each in found]


def press_reply(
    agent: Agent, ticket: Ticket, pressed_at: datetime, text: str = "Try this.", **details
) -> Press:
    return actions.send_reply(ticket, agent, text, moment(ticket.desk_id, pressed_at), **details)


def test_a_reply_leaves_after_ten_seconds_and_counts_at_the_press(cast: Cast, ticket: Ticket) -> None:
    pressed_at = utc("2026-06-01 10:00")
    press_reply(cast.bob, ticket, pressed_at)
    assert Presser().look(pressed_at + timedelta(seconds=9)) == 0
    assert replies(ticket) == []
    assert Presser().look(pressed_at + timedelta(seconds=11)) == 1
    assert Message.objects.get(ticket=ticket, kind=Message.Kind.REPLY).at == pressed_at
    assert Notice.objects.filter(ticket_id=ticket.pk, kind=NoticeKind.REPLY).count() == 1
    assert Presser().look(pressed_at + timedelta(seconds=30)) == 0
    assert replies(ticket) == ["Try this."]


def test_a_reply_pressed_before_it_was_due_and_done_after_it_is_in_time(cast: Cast, ticket: Ticket) -> None:
    due_at = due(ticket)
    press_reply(cast.bob, ticket, due_at - timedelta(seconds=3))
    sweep(due_at + timedelta(seconds=1))
    assert verdicts(ticket) == [], "nobody knows yet whether it is late"
    Presser().look(due_at + timedelta(seconds=8))
    sweep(due_at + timedelta(seconds=9))
    assert [verdict for verdict, _ in verdicts(ticket)] == ["met"]


def test_taken_back_the_target_is_missed_at_its_own_instant(cast: Cast, ticket: Ticket) -> None:
    due_at = due(ticket)
    press = press_reply(cast.bob, ticket, due_at - timedelta(seconds=3))
    sweep(due_at + timedelta(seconds=1))
    actions.take_back(press.pk, cast.bob, due_at + timedelta(seconds=2))
    sweep(due_at + timedelta(seconds=4))
    assert verdicts(ticket) == [("breached", due_at)]
    assert replies(ticket) == []


def test_a_worker_that_dies_while_it_sends_loses_and_doubles_nothing(cast: Cast, ticket: Ticket) -> None:
    pressed_at = utc("2026-06-01 10:00")
    press = press_reply(cast.bob, ticket, pressed_at)
    with transaction.atomic():
        assert actions.do_press(press.pk, at("2026-06-01 10:00"), pressed_at + timedelta(seconds=11))
        transaction.set_rollback(True)  # it dies before it commits
    assert replies(ticket) == []
    assert Presser().look(pressed_at + timedelta(minutes=3)) == 1
    assert replies(ticket) == ["Try this."]
    assert not actions.do_press(press.pk, at("2026-06-01 10:00"), pressed_at + timedelta(minutes=4))
    assert replies(ticket) == ["Try this."]


def test_what_is_taken_back_is_a_draft_again_with_its_files_and_status(cast: Cast, ticket: Ticket) -> None:
    now = utc("2026-06-01 10:00")
    file = actions.keep_files(cast.bob, ticket.pk, "reply", [PHOTO], now)[0]
    press = press_reply(cast.bob, ticket, now, status="waiting_on_customer", file_ids=[file.pk])
    assert draft_of(cast.bob.pk, ticket.pk, "reply") is None
    actions.keep_draft(cast.bob, ticket.pk, "reply", "And another thing.", now + timedelta(seconds=4))
    actions.take_back(press.pk, cast.bob, now + timedelta(seconds=5))
    draft = draft_of(cast.bob.pk, ticket.pk, "reply")
    assert draft is not None
    assert draft.text == "Try this.\n\nAnd another thing."
    assert draft.data["status"] == "waiting_on_customer"
    assert [each.name for each in files_of(draft)] == ["photo.png"]
    with pytest.raises(actions.Refused, match="too late"):
        actions.take_back(press.pk, cast.bob, now + timedelta(seconds=6))


def test_only_who_pressed_it_takes_it_back_or_hurries_it(cast: Cast, ticket: Ticket) -> None:
    now = utc("2026-06-01 10:00")
    press = press_reply(cast.bob, ticket, now)
    for deed in (actions.take_back, actions.hurry):
        with pytest.raises(actions.Refused):
            deed(press.pk, cast.lena, now)
    actions.hurry(press.pk, cast.bob, now + timedelta(seconds=1))
    assert Presser().look(now + timedelta(seconds=1)) == 1
    with pytest.raises(actions.Refused):
        actions.take_back(press.pk, cast.bob, now + timedelta(seconds=2))


def test_files_go_along_and_are_stored_once(
    cast: Cast, ticket: Ticket, django_capture_on_commit_callbacks
) -> None:
    now = utc("2026-06-01 10:00")
    kept = actions.keep_files(cast.bob, ticket.pk, "reply", [PHOTO, NewFile("left out.txt", "", b"x")], now)
    with django_capture_on_commit_callbacks(execute=True):
        press_reply(cast.bob, ticket, now, file_ids=[kept[0].pk])
    assert not default_storage.exists(kept[1].stored_as), "what was unticked is forgotten with the draft"
    with django_capture_on_commit_callbacks(execute=True):
        Presser().look(now + timedelta(seconds=11))
    attached = Message.objects.get(ticket=ticket, kind=Message.Kind.REPLY).attachments.get()
    assert (attached.name, attached.size) == ("photo.png", len(PHOTO.content))
    assert not DraftFile.objects.exists()
    assert not default_storage.exists(kept[0].stored_as)
    assert default_storage.exists(attached.stored_as)


def test_what_would_be_refused_now_is_refused_at_the_press(cast: Cast, ticket: Ticket) -> None:
    now = utc("2026-06-01 10:00")
    for text, status in (("  ", ""), ("Half of it", "no_such_status"), ("Dear {{customer.first_name}}", "")):
        with pytest.raises(actions.Refused):
            press_reply(cast.bob, ticket, now, text, status=status)
    assert not Press.objects.exists()
    assert replies(ticket) == []


def test_what_is_refused_at_its_time_becomes_a_draft_and_its_author_hears_of_it(
    cast: Cast, ticket: Ticket
) -> None:
    now = utc("2026-06-01 10:00")
    other = cast.writes("2026-06-01 09:30", priority="urgent")
    press_reply(cast.bob, ticket, now)
    actions.merge_tickets(ticket.pk, other.number, cast.lena, at("2026-06-01 10:00:03"))
    assert Presser().look(now + timedelta(seconds=11)) == 1
    press = Press.objects.get()
    assert press.state == Press.State.REFUSED
    assert other.number in press.why
    assert replies(ticket) == []
    draft = draft_of(cast.bob.pk, ticket.pk, "reply")
    assert draft is not None
    assert draft.text == "Try this."
    assert Alert.objects.get(kind=NoticeKind.NOT_DONE).agent == cast.bob
    assert Notice.objects.get(kind=NoticeKind.NOT_DONE).to_address == "bob@desk.example.com"


def test_who_lost_the_right_meanwhile_sends_nothing(cast: Cast, ticket: Ticket) -> None:
    now = utc("2026-06-01 10:00")
    press_reply(cast.bob, ticket, now)
    cast.bob.memberships.all().delete()
    assert Presser().look(now + timedelta(seconds=11)) == 1
    assert Press.objects.get().state == Press.State.REFUSED
    assert replies(ticket) == []


def test_a_stranger_presses_nothing(cast: Cast, charlie: Agent, ticket: Ticket) -> None:
    charlie.undo_seconds = 10
    with pytest.raises(NotAllowed):
        press_reply(charlie, ticket, utc("2026-06-01 10:00"))
    assert not Press.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_proof_finds_nothing_where_something_was_pressed(cast: Cast) -> None:
    sent, back = (cast.writes("2026-06-01 09:00", priority="urgent") for _ in range(2))
    due_at = due(sent)
    press_reply(cast.bob, sent, due_at - timedelta(seconds=3))
    taken = press_reply(cast.bob, back, due_at - timedelta(seconds=3))
    actions.take_back(taken.pk, cast.bob, due_at + timedelta(seconds=2))
    sweep(due_at + timedelta(seconds=4))
    Presser().look(due_at + timedelta(seconds=8))
    sweep(due_at + timedelta(seconds=9))
    assert [verdict for verdict, _ in verdicts(sent)] == ["met"]
    assert verdicts(back) == [("breached", due_at)]
    for ticket in (sent, back):
        assert not verify_part(parts(ticket.desk_id, only=ticket.pk)[0]).found
