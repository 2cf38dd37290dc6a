"""What was said, as agents read it: formatted where that matters, folded where it is long, marked where it is new."""

import struct
import zlib
from datetime import timedelta

import pytest
import time_machine
from cast_of_pages import NOW, page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import Cast, at, utc
from upheld.tickets import actions
from upheld.tickets.incoming import NewFile
from upheld.tickets.looks import last_looks
from upheld.tickets.models import Message, Reading, SideConversation, StoryEvent, Ticket
from upheld.tickets.visibility import AgentViewer
from upheld.web.pictures import picture_kind
from upheld.web.presenting.formatting import frame_height

TABLE = "<table><tr><th>Room</th><th>Since</th></tr><tr><td>12</td><td>Monday</td></tr></table>"


def shown(client: Client, ticket: Ticket, more: str = "") -> str:
    return page(client.get(f"/tickets/{ticket.number}/{more}"))


def says(ticket: Ticket, count: int) -> None:
    """Amina writes many times, a minute apart."""
    start = utc("2026-03-20 10:00")
    Message.objects.bulk_create(
        Message(
            ticket=ticket,
            kind=Message.Kind.CUSTOMER,
            at=start + timedelta(minutes=number),
            contact=ticket.requester,
            channel="email",
            text=f"Word {number}.",
        )
        for number in range(count)
    )


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + b"IHDR"
        + head
        + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    )


def test_a_table_is_shown_as_it_was_sent_and_ordinary_words_as_text(cast: Cast, bob: Client) -> None:
    text = shown(bob, cast.writes("2026-03-20 15:00", html=f"<p>Look:</p>{TABLE}"))
    assert text.index('<iframe name="mail-') < text.index("As plain text")
    assert "As its sender formatted it</summary>" not in text
    text = shown(bob, cast.writes("2026-03-20 15:01", html="<p>It is <b>broken</b>.</p>"))
    assert "As plain text" not in text
    assert "As its sender formatted it</summary>" in text


def test_a_quoted_table_does_not_decide(cast: Cast, bob: Client) -> None:
    html = f"<p>Thanks!</p><blockquote>{TABLE}</blockquote>"
    assert "As plain text" not in shown(bob, cast.writes("2026-03-20 15:00", html=html))


def test_a_frame_is_about_as_high_as_its_mail_and_never_endless() -> None:
    short, long = frame_height("<p>Hello</p>"), frame_height("<p>Hello</p>" * 3_000)
    assert short < frame_height("<p>Hello</p>" * 8) < long == 720
    assert frame_height("<p>x</p><img src='cid:a' height=300>") > short + 150
    assert frame_height("<p>Hello</p><style>" + "p{color:red}\n" * 500 + "</style>") == short
    assert frame_height("<p>Hello</p><blockquote>" + "<p>old</p>" * 500) < 250


def test_what_it_quotes_is_folded_within_the_formatted_mail(cast: Cast, bob: Client) -> None:
    ticket = cast.writes(
        "2026-03-20 15:00", html=f"{TABLE}<div class=gmail_quote>Bob wrote<div>all is well</div></div>yes"
    )
    text = page(bob.get(f"/messages/{ticket.messages.get().pk}/html"))
    folded = '<summary>Quoted text</summary><div class="quoted">Bob wrote<div>all is well</div></div>'
    assert f'<details class="quotation">{folded}</details>yes' in text


def test_a_picture_within_a_mail_is_shown_from_our_own_store(
    cast: Cast, bob: Client, stranger: Client
) -> None:
    files = (
        NewFile("shot.png", "image/png", png(3, 2), content_id="<shot@x>", inline=True),
        NewFile("drawing.svg", "image/svg+xml", b"<svg onload=alert(1)>", content_id="drawn@x", inline=True),
    )
    html = '<p><img src="cid:shot@x" alt="Shot"><img src="cid:drawn@x" alt="Drawn"></p>'
    ticket = cast.writes("2026-03-20 15:00", html=html, files=files)
    address = f"/messages/{ticket.messages.get().pk}/html"
    text = page(bob.get(address))
    assert '<img src="data:image/png;base64,iVBOR' in text
    assert text.count("<img src=") == 1
    assert stranger.get(address).status_code == 404


def test_a_link_that_names_one_place_and_leads_to_another_says_so(cast: Cast, bob: Client) -> None:
    html = (
        '<a href="https://evil.example/in">https://bank.example.com</a> '
        '<a href="https://www.school.example.org/">school.example.org</a>'
    )
    ticket = cast.writes("2026-03-20 15:00", html=html)
    text = page(bob.get(f"/messages/{ticket.messages.get().pk}/html"))
    assert text.count('<span class="leads">') == 1
    assert 'bank.example.com</a> <span class="leads">evil.example</span>' in text


def test_a_mail_without_colours_follows_the_theme_and_one_with_them_stays_light(
    cast: Cast, bob: Client
) -> None:
    bob.cookies["theme"] = "dark"
    plain = cast.writes("2026-03-20 15:00", html="<p style='padding:3px'>x</p>")
    coloured = cast.writes("2026-03-20 15:01", html="<p style='color:black'>x</p>")
    assert 'data-theme="dark"' in page(bob.get(f"/messages/{plain.messages.get().pk}/html"))
    assert 'data-theme="light"' in page(bob.get(f"/messages/{coloured.messages.get().pk}/html"))


def test_agents_words_are_shown_as_the_customer_gets_them(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    text = "Please **try**:\n\n1. Hold the key\n2. `Wait`\n\n<script>x</script> https://help.example.com/a."
    actions.reply(ticket.pk, cast.bob, text, at("2026-03-20 15:10"))
    actions.write_note(ticket.pk, cast.bob, "@Lena Novak *look*, `@Ada` not @Zed", at("2026-03-20 15:20"))
    text = shown(bob, ticket)
    assert "Please <strong>try</strong>:" in text
    assert "<li>Hold the key</li>" in text
    assert "&lt;script&gt;x&lt;/script&gt;" in text
    assert '<a href="https://help.example.com/a"' in text
    assert '<span class="mention">@Lena Novak</span> <em>look</em>' in text
    assert text.count('class="mention"') == 1


def test_a_customer_s_words_stay_as_typed_and_addresses_in_them_can_be_followed(
    cast: Cast, bob: Client
) -> None:
    text = shown(
        bob, cast.writes("2026-03-20 15:00", text="**Not bold**, see https://x.example.com/?a=1&b=<b>.")
    )
    assert "**Not bold**" in text
    assert (
        '<a href="https://x.example.com/?a=1&amp;b=" target="_blank" rel="noopener noreferrer nofollow">'
        in text
    )
    assert "&lt;b&gt;." in text


def test_a_very_long_message_begins_with_its_beginning(cast: Cast, bob: Client) -> None:
    lines = "\n".join(f"line {number}" for number in range(200))
    text = shown(bob, cast.writes("2026-03-20 15:00", text=lines))
    assert "Show all: 160 more lines" in text
    assert text.index("line 39") < text.index("Show all") < text.index("line 40\n")
    word = "x" * 9_000
    text = shown(bob, cast.writes("2026-03-20 15:01", text=f"{word} end"))
    assert text.count("x" * 2_500) == 3
    assert "Show all: 1 more line<" in text


def test_a_signature_alone_is_called_one(cast: Cast, bob: Client) -> None:
    text = shown(bob, cast.writes("2026-03-20 15:00", quoted_text="-- \nAmina Yusuf\nRoom 12"))
    assert "<summary>Signature</summary>" in text


def test_a_long_thread_shows_its_first_and_latest_and_the_rest_by_a_link(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00", text="The very first.")
    says(ticket, 199)
    text = shown(bob, ticket)
    assert "The very first." in text
    assert "Word 198." in text
    assert "Word 178." not in text
    assert "Show 179 earlier messages" in text
    whole = shown(bob, ticket, "?messages=all")
    assert whole.count('class="message"') == 200
    assert "earlier messages" not in whole


def test_thirty_messages_are_shown_whole(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    says(ticket, 29)
    assert shown(bob, ticket).count('class="message"') == 30


def test_a_thread_of_two_hundred_costs_no_more_queries_than_a_short_one(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    shown(bob, ticket)
    with CaptureQueriesContext(connection) as short:
        shown(bob, ticket)
    says(ticket, 199)
    with CaptureQueriesContext(connection) as long:
        shown(bob, ticket)
    assert len(long) == len(short)


def test_what_is_new_since_the_last_look_is_marked_and_one_s_own_words_never(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    assert "New since" not in shown(bob, ticket)
    with time_machine.travel(NOW + timedelta(minutes=30), tick=False):
        actions.write_note(ticket.pk, cast.bob, "Mine.", at("2026-03-20 16:40"))
        assert "New since" not in shown(bob, ticket)
        actions.receive_message(ticket.pk, cast.answer_of_amina("2026-03-20 17:05"), at("2026-03-20 17:05"))
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        text = shown(bob, ticket)
        assert (
            text.index("Mine.")
            < text.index("New since you last looked, today 17:00")
            < text.index("still does not")
        )
        assert text.count(" data-new>") == 1
        assert "New since" not in shown(bob, ticket)
    looks = last_looks(AgentViewer.of(cast.bob), [ticket])
    assert looks == {ticket.pk: NOW + timedelta(hours=1)}
    assert last_looks(AgentViewer.of(cast.lena), [ticket]) == {}


def test_a_side_conversation_stands_in_the_thread_marked_as_such_and_the_customer_never_sees_it(
    cast: Cast, bob: Client
) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    side = SideConversation.objects.create(
        ticket=ticket,
        subject="A part",
        name="Mirror Parts Ltd",
        address="parts@mirror.example.net",
        opened_by=cast.bob,
        opened_at=utc("2026-03-20 15:05"),
    )
    Message.objects.create(
        ticket=ticket, kind=Message.Kind.REPLY, at=utc("2026-03-20 15:05"), agent=cast.bob, channel="email",
        text="Is there a lid?", side=side,
    )  # fmt: skip
    text = shown(bob, ticket)
    said = text[text.index('data-kind="side"') :]
    assert "with Mirror Parts Ltd" in said[: said.index("</li>")]
    assert "Not seen by the customer" in said[: said.index("</li>")]
    assert "Release to the customer" not in text


def test_a_picture_is_drawn_as_what_its_bytes_are_and_only_then(
    cast: Cast, bob: Client, stranger: Client
) -> None:
    files = (
        NewFile("photo.png", "image/png", png(40, 30)),
        NewFile("evil.png", "image/png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        NewFile("bomb.png", "image/png", png(60_000, 60_000)),
        NewFile("drawing.svg", "image/svg+xml", b"<svg/>"),
        NewFile("page.html", "text/html", b"<script>alert(1)</script>"),
    )
    ticket = cast.writes("2026-03-20 15:00", files=files)
    photo, evil, bomb, drawing, html = ticket.messages.get().attachments.order_by("pk")
    text = shown(bob, ticket)
    assert text.count('class="thumbnail"') == 3
    answer = bob.get(f"/files/{photo.pk}/picture/")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    for each in (evil, bomb, drawing, html):
        assert bob.get(f"/files/{each.pk}/picture/").status_code == 404
        assert bob.get(f"/attachments/{each.pk}/{each.name}").status_code == 200
    assert stranger.get(f"/files/{photo.pk}/picture/").status_code == 404


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"GIF89a\x10\x00\x10\x00", "image/gif"),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x10\x00\x10\x03\x01", "image/jpeg"),
        (b"RIFF....WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x0f\x00\x00\x0f\x00\x00", "image/webp"),
        (png(20_001, 1), ""),
        (png(0, 5), ""),
        (b"\xff\xd8\xff\xe0\x00", ""),
        (b"\xff\xd8\xff" + b"\xff\xe0\x00\x00" * 9_000, ""),
        (b"GIF89a\xff", ""),
        (b"BM" + bytes(60), ""),
        (b"", ""),
    ],
)
def test_kind_and_size_of_a_picture_are_read_from_its_bytes(content: bytes, kind: str) -> None:
    assert picture_kind(content) == kind


def test_a_text_file_is_looked_into_for_its_first_lines(cast: Cast, bob: Client, stranger: Client) -> None:
    log = "\n".join(f"<b>{number}</b>" for number in range(300)).encode()
    files = (
        NewFile("devices.log", "application/x-evil", log),
        NewFile("fake.txt", "text/plain", b"\0\1\2\3"),
    )
    ticket = cast.writes("2026-03-20 15:00", files=files)
    file, fake = ticket.messages.get().attachments.order_by("pk")
    assert shown(bob, ticket).count("Look into it") == 2
    answer = bob.get(f"/files/{file.pk}/beginning/")
    text = page(answer)
    assert "&lt;b&gt;199&lt;/b&gt;" in text
    assert "&lt;b&gt;200" not in text
    assert "The first 200 lines" in text
    assert "sandbox" in answer["Content-Security-Policy"]
    assert bob.get(f"/files/{fake.pk}/beginning/").status_code == 404
    assert stranger.get(f"/files/{file.pk}/beginning/").status_code == 404


def test_looking_at_files_of_a_restricted_ticket_is_written_down(cast: Cast, bob: Client) -> None:
    files = (NewFile("photo.png", "image/png", png(4, 4)), NewFile("a.txt", "text/plain", b"secret"))
    ticket = cast.writes("2026-03-20 15:00", restricted=True, files=files)
    photo, note = ticket.messages.get().attachments.order_by("pk")
    bob.get(f"/files/{photo.pk}/picture/")
    bob.get(f"/files/{note.pk}/beginning/")
    assert list(Reading.objects.order_by("pk").values_list("what", flat=True)) == ["file", "file"]
    page(bob.get(f"/tickets/{ticket.number}/history/"))
    assert Reading.objects.count() == 3


def test_the_history_is_told_by_day_and_what_somebody_looks_for_in_it(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-19 15:00")
    actions.set_priority(ticket.pk, cast.bob, "low", at("2026-03-20 15:05"), reason="one laptop only")
    message = actions.reply(ticket.pk, cast.bob, "Done.", at("2026-03-20 15:10"))
    actions.assign(ticket.pk, cast.bob, cast.lena, at("2026-03-20 15:11"))
    address = f"/tickets/{ticket.number}/history/"
    whole = page(bob.get(address))
    assert (
        whole.index("Friday 20 March 2026")
        < whole.index("set the priority to Low")
        < whole.index("Thursday 19 March")
    )
    said = page(bob.get(f"{address}?show=said"))
    assert f'href="/tickets/{ticket.number}/?messages=all#m{message.pk}">replied to the customer</a>' in said
    assert "set the priority" not in said
    assert "First response: met" not in said
    clocks = page(bob.get(f"{address}?show=clocks"))
    assert "First response: met" in clocks
    assert "set the priority to Low" in clocks
    assert "assigned it" not in clocks
    assert "replied to the customer" not in clocks
    assert "assigned it to Lena Novak" in whole


def test_a_long_history_is_paged_and_beside_the_ticket_stands_its_newest_part(
    cast: Cast, bob: Client
) -> None:
    ticket = cast.writes("2026-03-20 09:00")
    for minute in range(55):
        actions.write_note(ticket.pk, cast.bob, f"Note {minute}.", at(f"2026-03-20 10:{minute:02}"))
    total = StoryEvent.objects.filter(ticket=ticket).count()
    assert total > 55
    assert f"All of it: {total} lines" in shown(bob, ticket)
    assert shown(bob, ticket).count("wrote an internal note") == 12
    address = f"/tickets/{ticket.number}/history/"
    first, second = page(bob.get(f"{address}?show=said")), page(bob.get(f"{address}?show=said&page=2"))
    assert first.count("<li") - second.count("<li") > 30
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert 'rel="next"' not in second
    assert "Nothing of this kind" in page(bob.get(f"{address}?page=99"))
    assert page(bob.get(f"{address}?page=x&show=%00")).count("wrote an internal note") == 50


def test_the_history_of_a_ticket_that_is_not_theirs_does_not_exist(cast: Cast, stranger: Client) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    assert stranger.get(f"/tickets/{ticket.number}/history/").status_code == 404
