"""What an agent does on a ticket: done once, told clearly, and nothing typed is lost."""

from cast_of_pages import HTMX, enter, page
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from harness.cast import Cast
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.models import Message, StoryEvent, Ticket


def again(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def test_a_reply_is_sent_and_sets_the_status_in_one_step(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    answer = bob.post(
        f"/tickets/{ticket.number}/reply/", {"text": "Which PIN?", "status": "waiting_on_customer"}
    )
    assert answer.status_code == 302
    assert answer["Location"] == f"/tickets/{ticket.number}/"
    assert again(ticket).status == "waiting_on_customer"
    assert Notice.objects.filter(kind=NoticeKind.REPLY, ticket_id=ticket.pk).count() == 1
    assert "Your reply is on its way" in page(bob.get(answer["Location"]))


def test_a_note_goes_to_nobody(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    before = Notice.objects.count()
    bob.post(f"/tickets/{ticket.number}/note/", {"text": "The battery is old."})
    assert Notice.objects.count() == before
    assert Message.objects.get(kind=Message.Kind.NOTE).text == "The battery is old."


def test_files_come_with_a_reply(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    files = [SimpleUploadedFile("one.txt", b"1"), SimpleUploadedFile("two.txt", b"22")]
    bob.post(f"/tickets/{ticket.number}/reply/", {"text": "See these.", "files": files})
    kept = Message.objects.get(kind=Message.Kind.REPLY).attachments.order_by("name")
    assert [(each.name, each.size) for each in kept] == [("one.txt", 1), ("two.txt", 2)]


def test_a_file_that_is_too_large_is_refused_and_the_text_stays(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    with override_settings(ATTACHMENT_SIZE_LIMIT=10):
        answer = bob.post(
            f"/tickets/{ticket.number}/reply/",
            {"text": "A long answer.", "files": SimpleUploadedFile("big.bin", b"x" * 11)},
        )
    assert answer.status_code == 422
    assert "A long answer.</textarea>" in answer.content.decode()
    assert not Message.objects.filter(kind=Message.Kind.REPLY).exists()


def test_a_refused_reply_keeps_what_was_typed_in_its_own_form(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for options in ({}, HTMX):
        answer = bob.post(
            f"/tickets/{ticket.number}/reply/", {"text": "Half of it", "status": "no_such_status"}, **options
        )
        text = answer.content.decode()
        assert answer.status_code == 422
        assert text.count("Half of it</textarea>") == 1
        assert "cannot become" in text
    assert not Message.objects.filter(kind=Message.Kind.REPLY).exists()


def test_an_empty_reply_or_note_is_refused(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for form in ("reply", "note"):
        assert bob.post(f"/tickets/{ticket.number}/{form}/", {"text": "  "}).status_code == 422


def test_lowering_the_priority_asks_why(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00", priority="urgent")
    address = f"/tickets/{ticket.number}/priority/"
    refused = bob.post(address, {"priority": "low"}, **HTMX)
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    assert again(ticket).priority == "urgent"
    assert bob.post(address, {"priority": "low", "reason": "one laptop"}).status_code == 302
    assert again(ticket).priority == "low"
    assert StoryEvent.objects.get(ticket=ticket, kind="priority").data["reason"] == "one laptop"


def test_htmx_gets_only_the_parts_that_changed(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    status = page(bob.post(f"/tickets/{ticket.number}/status/", {"status": "waiting_on_customer"}, **HTMX))
    for part in ("notices", "ticket-head", "side", "reply-status"):
        assert status.count(f'id="{part}"') == 1
    assert 'id="conversation"' not in status, "a half-typed reply must survive a change of status"
    assert "<html" not in status
    reply = page(bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Done."}, **HTMX))
    assert reply.count('id="conversation"') == 1
    assert "Done." in reply


def test_assigning_takes_agents_of_this_desk_only(cast: Cast, bob: Client, stranger: Client) -> None:
    from upheld.people.models import Agent

    ticket = cast.writes("2026-03-20 16:00")
    address = f"/tickets/{ticket.number}/assignee/"
    bob.post(address, {"assignee": cast.lena.pk})
    assert again(ticket).assignee_id == cast.lena.pk
    foreign = Agent.objects.get(user__email="charlie@other.example.com").pk
    for nobody in (foreign, 999_999, "x", "9" * 30):
        assert bob.post(address, {"assignee": nobody}).status_code == 422
    assert again(ticket).assignee_id == cast.lena.pk
    bob.post(address, {"assignee": ""})
    assert again(ticket).assignee_id is None


def test_a_held_message_can_be_released(cast: Cast, bob: Client) -> None:
    ticket, other = cast.writes("2026-03-20 15:00"), cast.writes("2026-03-20 15:00")
    message = ticket.messages.get()
    Message.objects.filter(pk=message.pk).update(released=False, kind=Message.Kind.THIRD_PARTY)
    assert bob.post(f"/tickets/{other.number}/messages/{message.pk}/release/").status_code == 404
    assert bob.post(f"/tickets/{ticket.number}/messages/{message.pk}/release/").status_code == 302
    assert Message.objects.get(pk=message.pk).released


def test_a_right_that_was_withdrawn_is_gone_at_once(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    cast.bob.memberships.all().delete()
    assert bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Too late"}).status_code == 404
    assert not Message.objects.filter(kind=Message.Kind.REPLY).exists()


def test_reading_changes_nothing(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for act in ("reply", "note", "status", "priority", "assignee"):
        assert bob.get(f"/tickets/{ticket.number}/{act}/").status_code == 405


def test_a_forged_form_is_refused(cast: Cast) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    strict = enter(cast.bob.user, enforce_csrf_checks=True)
    answer = strict.post(f"/tickets/{ticket.number}/reply/", {"text": "Forged"})
    assert answer.status_code == 403
    assert "too old to be trusted" in answer.content.decode()
