"""A link opens one ticket, for one contact, until it is revoked; and nothing else, whatever a stranger tries."""

from collections.abc import Iterator

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from portal_cast import hidden_fields, link

from harness.cast import Cast, at, utc
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Contact
from upheld.rules.tokens import Purpose
from upheld.tickets.actions import receive_message, release_message, reply, set_status, write_note
from upheld.tickets.incoming import NewFile
from upheld.tickets.keys import participant_by, reply_token
from upheld.tickets.models import Attachment, Message, Participant, Ticket

FILE = NewFile("plan.html", "text/html", b"<script>alert(1)</script>")


@pytest.fixture
def ticket(cast: Cast, noon: object, head: Contact) -> Iterator[Ticket]:
    """Amina wrote, Bob answered and noted, a third party wrote what nobody released."""
    ticket = cast.writes("2026-03-16 08:00", priority="high", files=(FILE,), cc=(head,))
    reply(ticket.pk, cast.bob, "Please hold the **power** button.", at("2026-03-16 09:00"))
    write_note(
        ticket.pk,
        cast.bob,
        "NOTE: spoiled child",
        at("2026-03-16 09:05"),
        files=(NewFile("note.txt", "text/plain", b"n"),),
    )
    maker = find_or_add_contact("maker@parts.example.net", "Parts Ltd", utc("2026-03-16 09:00"))
    third = cast.answer_of_amina(
        "2026-03-16 09:10",
        "UNRELEASED price",
        kind=Message.Kind.THIRD_PARTY,
        contact=maker,
        files=(NewFile("offer.txt", "text/plain", b"o"),),
    )
    receive_message(ticket.pk, third, at("2026-03-16 09:10"))
    return ticket


def test_the_link_shows_the_request_without_signing_in(stranger: Client, ticket: Ticket) -> None:
    page = stranger.get(link(ticket)).content.decode()
    for words in (
        ticket.number,
        "Laptop will not start",
        "Being processed",
        "It shows a black screen.",
        "<strong>power</strong>",
    ):
        assert words in page


def test_notes_and_unreleased_messages_are_on_no_page_of_the_customer(
    stranger: Client, ticket: Ticket
) -> None:
    page = stranger.get(link(ticket)).content.decode()
    for words in ("NOTE", "spoiled", "UNRELEASED", "note.txt", "offer.txt", "maker@", "Parts Ltd"):
        assert words not in page


def test_a_released_message_is_shown_as_a_third_partys(stranger: Client, ticket: Ticket, cast: Cast) -> None:
    third = ticket.messages.get(kind=Message.Kind.THIRD_PARTY)
    release_message(third.pk, cast.bob, at("2026-03-16 09:20"))
    page = stranger.get(link(ticket)).content.decode()
    assert "UNRELEASED price" in page
    assert 'data-kind="third"' in page
    assert "maker@parts.example.net" not in page


def test_what_an_agent_wrote_as_a_reason_stays_in_the_desk(
    stranger: Client, ticket: Ticket, cast: Cast
) -> None:
    set_status(
        ticket.pk, cast.bob, "waiting_on_third_party", at("2026-03-16 10:00"), reason="REASON: cheap parts"
    )
    page = stranger.get(link(ticket)).content.decode()
    assert "Waiting on Third Party" in page
    assert "REASON" not in page


def test_the_page_asks_the_database_little(
    stranger: Client, ticket: Ticket, django_assert_max_num_queries
) -> None:
    stranger.get(link(ticket))
    with django_assert_max_num_queries(12):
        stranger.get(link(ticket))


def test_no_address_of_anybody_is_shown(stranger: Client, ticket: Ticket, cast: Cast, head: Contact) -> None:
    receive_message(ticket.pk, cast.answer_of_amina("2026-03-16 10:00", contact=head), at("2026-03-16 10:00"))
    page = stranger.get(link(ticket)).content.decode()
    assert "Somebody who takes part" in page
    assert "@school.example.org" not in page
    assert "bob@desk.example.com" not in page


def test_the_link_is_no_session_and_shows_no_account(
    stranger: Client, signed_in: Client, ticket: Ticket
) -> None:
    stranger.get(link(ticket))
    assert "sessionid" not in stranger.cookies
    assert stranger.get("/requests/").status_code == 302
    assert stranger.get(f"/requests/{ticket.number}/").status_code == 302
    page = signed_in.get(link(ticket)).content.decode()
    assert "Sign out" not in page
    assert "My requests" not in page


def _others(ticket: Ticket, cast: Cast) -> list[str]:
    token = link(ticket).split("/")[2]
    other = cast.writes("2026-03-16 08:30", subject="Another", files=(FILE,))
    foreign = other.messages.get().attachments.get()
    hidden = Attachment.objects.filter(message__ticket=ticket, name__in=("note.txt", "offer.txt"))
    body, serial, mac = token.split("-")
    neighbour = link(other).split("/")[2].split("-")
    return [
        *(f"/r/{token}/files/{each.pk}/{each.name}" for each in (foreign, *hidden)),
        f"/r/{token}/files/999999999999999999999999/x",
        f"/r/{neighbour[0]}-{serial}-{mac}/",
        f"/r/{body}-2-{mac}/",
        f"/r/{body}-{serial}-{mac[:-1]}{'a' if mac[-1] != 'a' else 'b'}/",
        f"/r/{reply_token(Participant.objects.get(ticket=ticket, is_requester=True))}/",
        "/r/1-1-aaaaaaaaaaaaaaaa/",
        "/r/x/",
        f"/r/{ticket.number}/",
    ]


def test_what_a_stranger_tries_looks_like_what_does_not_exist(
    stranger: Client, ticket: Ticket, cast: Cast
) -> None:
    nothing = stranger.get("/r/9999999-1-aaaaaaaaaaaaaaaa/")
    for address in _others(ticket, cast):
        for ask in (stranger.get, stranger.head):
            answer = ask(address)
            assert answer.status_code == 404, address
        assert stranger.get(address).content == nothing.content, address


def test_a_reply_through_a_false_link_writes_nothing(ticket: Ticket, cast: Cast) -> None:
    messages = Message.objects.count()
    for address in _others(ticket, cast):
        assert Client().post(address, {"text": "hello"}).status_code in (404, 405)
    assert Message.objects.count() == messages + 1


def test_a_participant_who_was_removed_is_out(stranger: Client, ticket: Ticket, head: Contact) -> None:
    address = link(ticket, head)
    file = Attachment.objects.get(name="plan.html")
    assert stranger.get(f"{address}files/{file.pk}/x").status_code == 200
    Participant.objects.filter(contact=head).update(removed_at=utc("2026-03-16 11:00"))
    assert stranger.get(address).status_code == 404
    assert stranger.get(f"{address}files/{file.pk}/x").status_code == 404


def test_a_raised_serial_ends_every_link_made_before(stranger: Client, ticket: Ticket) -> None:
    before = link(ticket)
    Participant.objects.filter(ticket=ticket, is_requester=True).update(key_serial=2)
    assert stranger.get(before).status_code == 404
    assert stranger.get(link(ticket)).status_code == 200


def test_who_came_later_sees_what_came_later(stranger: Client, ticket: Ticket, head: Contact) -> None:
    Participant.objects.filter(contact=head).update(sees_from=utc("2026-03-16 08:30"))
    page = stranger.get(link(ticket, head)).content.decode()
    assert "black screen" not in page
    assert "<strong>power</strong>" in page


def test_a_reply_through_the_link_is_the_contacts_message(
    stranger: Client, ticket: Ticket, cast: Cast
) -> None:
    address = link(ticket)
    typed = hidden_fields(stranger.get(address).content.decode())
    file = SimpleUploadedFile("photo.jpg", b"jpg", "image/jpeg")
    answer = stranger.post(address, typed | {"text": "It works now?", "files": file})
    message = ticket.messages.latest("pk")
    assert answer["Location"] == f"{address}#message-{message.pk}"
    assert (message.kind, message.contact, message.channel) == ("customer", cast.amina, "portal")
    assert message.attachments.get().name == "photo.jpg"
    assert "It works now?" in stranger.get(address).content.decode()


def test_a_reply_sent_twice_is_one_message(stranger: Client, ticket: Ticket) -> None:
    typed = hidden_fields(stranger.get(link(ticket)).content.decode()) | {"text": "Once."}
    for _ in range(2):
        assert stranger.post(link(ticket), typed).status_code == 302
    assert ticket.messages.filter(text="Once.").count() == 1


def test_with_htmx_the_answer_is_the_request_without_the_page_around_it(
    stranger: Client, ticket: Ticket
) -> None:
    typed = hidden_fields(stranger.get(link(ticket)).content.decode()) | {"text": "In place."}
    page = stranger.post(link(ticket), typed, headers={"hx-request": "true"}).content.decode()
    assert "In place." in page
    assert "Your reply has arrived." in page
    assert "<html" not in page


def test_an_empty_reply_and_one_with_too_large_files_keep_what_was_typed(
    stranger: Client, ticket: Ticket, settings
) -> None:
    settings.ATTACHMENT_SIZE_LIMIT = 10
    typed = hidden_fields(stranger.get(link(ticket)).content.decode())
    assert stranger.post(link(ticket), typed | {"text": " "}).status_code == 422
    large = SimpleUploadedFile("film.mp4", b"x" * 11)
    refused = stranger.post(link(ticket), typed | {"text": "See the film.", "files": large})
    assert refused.status_code == 422
    assert "See the film." in refused.content.decode()
    assert "film.mp4" in refused.content.decode()
    assert not ticket.messages.filter(text="See the film.").exists()


def test_a_reply_without_the_token_against_forgery_is_refused(stranger: Client, ticket: Ticket) -> None:
    assert stranger.post(link(ticket), {"text": "forged"}).status_code == 403
    assert not ticket.messages.filter(text="forged").exists()


def test_looking_changes_nothing(stranger: Client, ticket: Ticket) -> None:
    before = (ticket.story.count(), Session.objects.count(), Ticket.objects.values().get(pk=ticket.pk))
    for address in (link(ticket), f"{link(ticket)}files/{Attachment.objects.get(name='plan.html').pk}/x"):
        stranger.get(address)
        stranger.head(address)
    assert before == (
        ticket.story.count(),
        Session.objects.count(),
        Ticket.objects.values().get(pk=ticket.pk),
    )


def test_files_are_only_ever_downloaded(stranger: Client, ticket: Ticket) -> None:
    file = Attachment.objects.get(name="plan.html")
    answer = stranger.get(f"{link(ticket)}files/{file.pk}/plan.html")
    assert b"".join(answer.streaming_content) == FILE.content
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "html" not in answer["Content-Type"]


def test_nobody_else_learns_the_address(stranger: Client, ticket: Ticket) -> None:
    answer = stranger.get(link(ticket))
    assert answer["Referrer-Policy"] == "same-origin"
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_reply_token_is_no_link(ticket: Ticket) -> None:
    token = reply_token(Participant.objects.get(ticket=ticket, is_requester=True))
    assert participant_by(Purpose.reply, token)
    assert participant_by(Purpose.link, token) is None
