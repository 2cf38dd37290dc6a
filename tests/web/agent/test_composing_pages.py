"""Writing on a ticket: what is kept, shown, offered and taken back - by whoever writes, and by nobody else."""

import json

from cast_of_pages import HOSTILE, HTMX, NOW, enter, page
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from harness.cast import Cast, at
from upheld.notices.models import Alert, NoticeKind
from upheld.people.models import Agent
from upheld.tickets import actions
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Draft, DraftFile, Message, Press, SavedReply, Ticket

JSON = {"HTTP_ACCEPT": "application/json"}  # as our scripts ask


def waits_ten_seconds(settings) -> None:
    settings.LONGEST_UNDO = 60


def keep(client: Client, ticket: Ticket, text: str, kind: str = "reply", **fields: str) -> dict[str, str]:
    answer = client.post(
        f"/tickets/{ticket.number}/draft/", {"kind": kind, "text": text, "answer": "json", **fields}, **JSON
    )
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def restrict(ticket: Ticket, cast: Cast) -> None:
    """From here on Lena alone reads it."""
    cast.reads_what_is_restricted(cast.lena)
    actions.restrict_ticket(ticket.pk, cast.lena, "Personal data.", at("2026-03-20 16:20"))


def test_a_reply_waits_at_the_foot_of_every_page_and_is_taken_back(cast: Cast, bob: Client, settings) -> None:
    waits_ten_seconds(settings)
    ticket = cast.writes("2026-03-20 16:00")
    bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Which PIN?", "status": "waiting_on_customer"})
    press = Press.objects.get()
    for address in ("/tickets/", "/alerts/"):
        said = page(bob.get(address))
        assert f"Your reply on {ticket.number}" in said
        assert "happens at 16:30:10" in said
        assert f'action="/presses/{press.pk}/undo/"' in said
    assert f'data-press="{press.pk}"' not in page(enter(cast.lena.user).get("/tickets/"))
    answer = bob.post(f"/presses/{press.pk}/undo/", {"back": "/alerts/"})
    assert answer["Location"] == f"/tickets/{ticket.number}/#composer"
    again = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "Which PIN?</textarea>" in again
    assert '<option value="waiting_on_customer" selected>' in again
    assert 'data-press="' not in again
    assert not Message.objects.filter(kind=Message.Kind.REPLY).exists()


def test_pressed_by_a_script_the_answer_itself_brings_the_bar(cast: Cast, bob: Client, settings) -> None:
    waits_ten_seconds(settings)
    ticket = cast.writes("2026-03-20 16:00")
    said = page(bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Done."}, **HTMX))
    press = Press.objects.get()
    assert f'data-press="{press.pk}"' in said
    assert said.count('id="leaving"') == 1
    hurried = page(bob.post(f"/presses/{press.pk}/now/", **HTMX))
    assert "happens now" in hurried
    Press.objects.update(state=Press.State.DONE)
    assert f"Your reply on {ticket.number}</bdi>: done" in page(bob.get(f"/presses/?of={press.pk},x,-1"))


def test_only_ones_own_presses_are_there(cast: Cast, bob: Client, stranger: Client, settings) -> None:
    waits_ten_seconds(settings)
    ticket = cast.writes("2026-03-20 16:00")
    bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Which PIN?"})
    press = Press.objects.get()
    for other in (enter(cast.lena.user), stranger):
        assert ticket.number not in page(other.get(f"/presses/?of={press.pk}"))
        other.post(f"/presses/{press.pk}/undo/")
        assert Press.objects.get().state == Press.State.WAITING
    for elsewhere in ("https://evil.example.net/", "//evil.example.net/", "javascript:alert(1)"):
        assert bob.post("/presses/999999/now/", {"back": elsewhere})["Location"] == "/tickets/"


def test_what_is_written_is_kept_and_found_again(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    kept = keep(bob, ticket, f"Half {HOSTILE}", status="waiting_on_customer")
    assert kept["said"] == "Kept today 16:30."
    keep(bob, ticket, "For us.", "note")
    said = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "Half &lt;script&gt;" in said
    assert HOSTILE not in said
    assert "For us.</textarea>" in said
    assert 'class="tag draft-mark"' in said
    assert "For us." in page(bob.get("/drafts/"))
    lena = enter(cast.lena.user)
    for address in (f"/tickets/{ticket.number}/", "/drafts/"):
        assert "For us." not in page(lena.get(address))


def test_sent_it_is_no_draft_any_more(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    for kind in ("reply", "note"):
        keep(bob, ticket, "All of it.", kind)
        bob.post(f"/tickets/{ticket.number}/{kind}/", {"text": "All of it."})
        assert not Draft.objects.exists()
    assert "draft-mark" not in page(bob.get(f"/tickets/{ticket.number}/"))


def test_of_two_windows_the_later_one_wins_and_is_told(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    first = keep(bob, ticket, "One.")
    Draft.objects.update(updated_at=at("2026-03-20 16:25").at)
    second = keep(bob, ticket, "Two.", was=first["was"])
    assert "another window" in second["said"]
    assert Draft.objects.get().text == "Two."
    assert "another window" not in keep(bob, ticket, "Three.", was=second["was"])["said"]


def test_an_emptied_or_discarded_draft_is_gone(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    keep(bob, ticket, "One.")
    assert keep(bob, ticket, " ")["was"] == ""
    assert not Draft.objects.exists()
    keep(bob, ticket, "Two.")
    enter(cast.lena.user).post(f"/tickets/{ticket.number}/draft/discard/", {"kind": "reply"})
    assert Draft.objects.exists()
    answer = bob.post(f"/tickets/{ticket.number}/draft/discard/", {"kind": "reply", "back": "drafts"})
    assert answer["Location"] == "/drafts/"
    assert not Draft.objects.exists()


def test_without_scripts_a_button_keeps_the_draft(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    answer = bob.post(f"/tickets/{ticket.number}/draft/", {"kind": "reply", "text": "Half of it"})
    assert answer["Location"] == f"/tickets/{ticket.number}/#composer"
    assert "Half of it</textarea>" in page(bob.get(f"/tickets/{ticket.number}/"))


def test_of_a_ticket_that_one_may_no_longer_read_no_draft_is_shown(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    keep(bob, ticket, "Between us.")
    restrict(ticket, cast)
    said = page(bob.get("/drafts/"))
    assert "Between us." not in said
    assert ticket.number not in said
    answer = bob.post(f"/tickets/{ticket.number}/draft/", {"kind": "reply", "text": "More."}, **JSON)
    assert answer.status_code == 404
    assert Draft.objects.get().text == "Between us."


def test_files_go_up_one_by_one_and_along_with_the_reply(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    address = f"/tickets/{ticket.number}/files/"
    ids = []
    for name in ("one.png", "two.png", "three.png"):
        answer = bob.post(address, {"kind": "reply", "files": SimpleUploadedFile(name, b"12345")}, **JSON)
        ids.append(json.loads(answer.content)["files"][0]["id"])
    enter(cast.lena.user).post(f"{address}remove/", {"file": ids[0]})
    assert DraftFile.objects.count() == 3
    bob.post(f"{address}remove/", {"file": ids[0]})
    said = page(bob.get(f"/tickets/{ticket.number}/"))
    assert "one.png" not in said
    assert f'name="kept" value="{ids[1]}" checked' in said
    more = SimpleUploadedFile("four.txt", b"4")
    bob.post(
        f"/tickets/{ticket.number}/reply/", {"text": "See these.", "kept": [ids[1], ids[0]], "files": more}
    )
    attached = Message.objects.get(kind=Message.Kind.REPLY).attachments.order_by("name")
    assert [each.name for each in attached] == ["four.txt", "two.png"]
    assert not DraftFile.objects.exists()


def test_nobody_sends_the_files_of_another(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    theirs = actions.keep_files(cast.lena, ticket.pk, "reply", [NewFile("hers.txt", "", b"x")], NOW)[0]
    bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Done.", "kept": [theirs.pk]})
    assert not Message.objects.get(kind=Message.Kind.REPLY).attachments.exists()
    assert DraftFile.objects.filter(pk=theirs.pk).exists()


def test_files_are_too_large_together_and_a_refused_reply_keeps_them(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    address = f"/tickets/{ticket.number}/files/"
    with override_settings(ATTACHMENT_SIZE_LIMIT=10):
        for content, status in ((b"123456", 200), (b"12345", 422), (b"1" * 11, 422)):
            sent = {"kind": "reply", "files": SimpleUploadedFile("a.bin", content)}
            answer = bob.post(address, sent, **JSON)
            assert answer.status_code == status
        assert "Too large: a.bin" in json.loads(answer.content)["problem"]
    files = SimpleUploadedFile("b.txt", b"b")
    refused = bob.post(f"/tickets/{ticket.number}/reply/", {"text": "x", "status": "no_such", "files": files})
    assert refused.status_code == 422
    assert "b.txt" in refused.content.decode()


def test_the_preview_is_what_the_mail_shows(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    text = f"**Bold** and {HOSTILE}\n\n> said\n\n[x](javascript:alert(1)) {{{{customer.first_name}}}}"
    address = f"/tickets/{ticket.number}/preview/"
    said = page(bob.post(address, {"kind": "reply", "text": text}, **HTMX))
    assert "<strong>Bold</strong>" in said
    assert "<blockquote>" in said
    assert "Bob Tanaka" in said
    assert "To be filled in" in said
    for never in ("<script", "<img", 'href="javascript', "style="):
        assert never not in said
    whole = page(bob.post(address, {"kind": "reply", "text": text}))
    assert "<strong>Bold</strong>" in whole
    assert "**Bold** and" in whole


def test_who_wrote_meanwhile_is_read_first_and_the_next_press_sends(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    seen = ticket.messages.get().pk
    actions.write_note(ticket.pk, cast.lena, "Mind the battery.", at("2026-03-20 16:10"))
    actions.receive_message(
        ticket.pk, cast.answer_of_amina("2026-03-20 16:20", "It works again!"), at("2026-03-20 16:20")
    )
    address = f"/tickets/{ticket.number}/reply/"
    stopped = bob.post(address, {"text": "Send it in.", "seen": seen})
    said = stopped.content.decode()
    assert stopped.status_code == 422
    assert "Amina Yusuf wrote meanwhile" in said
    assert "It works again!" in said
    assert "Send it in.</textarea>" in said
    newest = Message.objects.order_by("pk").last().pk
    assert f'name="seen" value="{newest}"' in said
    assert bob.post(address, {"text": "Send it in.", "seen": newest}).status_code == 302


def test_ones_own_messages_and_notes_stop_nothing(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    seen = ticket.messages.get().pk
    actions.reply(ticket.pk, cast.bob, "First.", at("2026-03-20 16:10"))
    actions.write_note(ticket.pk, cast.lena, "A note.", at("2026-03-20 16:11"))
    assert bob.post(f"/tickets/{ticket.number}/reply/", {"text": "Second.", "seen": seen}).status_code == 302


def test_a_button_sends_and_sets_the_likely_status(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    said = page(bob.get(f"/tickets/{ticket.number}/"))
    assert 'name="then" value="waiting_on_customer"' in said
    bob.post(
        f"/tickets/{ticket.number}/reply/", {"text": "PIN?", "status": "", "then": "waiting_on_customer"}
    )
    assert Ticket.objects.get().status == "waiting_on_customer"


def test_after_sending_one_goes_on_as_one_chose(cast: Cast, bob: Client) -> None:
    first, second, third = (cast.writes(f"2026-03-20 16:0{place}") for place in range(3))
    came = {"HTTP_REFERER": f"http://testserver/tickets/{first.number}/?in=list%3Dopen"}
    answer = bob.post(f"/tickets/{first.number}/reply/", {"text": "Done."}, **came)
    assert answer["Location"] == f"/tickets/{second.number}/?in=list%3Dopen"
    Agent.objects.update(after_sending="list")
    came = {"HTTP_REFERER": f"http://testserver/tickets/{second.number}/?in=list%3Dopen"}
    answer = bob.post(f"/tickets/{second.number}/reply/", {"text": "Done."}, **came, **HTMX)
    assert answer["HX-Redirect"] == "/tickets/"
    Agent.objects.update(after_sending="stay")
    assert third.number in bob.post(f"/tickets/{third.number}/reply/", {"text": "Done."})["Location"]


def test_a_colleague_named_in_a_note_is_told(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    bob.post(
        f"/tickets/{ticket.number}/note/", {"text": "@Lena Novak, and @bob: look. Write to x@ada.example"}
    )
    told = Alert.objects.get(kind=NoticeKind.MENTIONED)
    assert told.agent == cast.lena
    assert "has named you in a note" in page(enter(cast.lena.user).get("/alerts/"))


def test_only_readers_can_be_named_on_a_restricted_ticket(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    lena, address = enter(cast.lena.user), f"/tickets/{ticket.number}/people/"
    assert json.loads(lena.get(address).content)["people"] == ["Ada Okafor", "Bob Tanaka"]
    restrict(ticket, cast)
    assert json.loads(lena.get(address).content)["people"] == []
    lena.post(f"/tickets/{ticket.number}/note/", {"text": "@Bob Tanaka must not hear of it."})
    assert not Alert.objects.filter(kind=NoticeKind.MENTIONED).exists()
    assert bob.get(address).status_code == 404


def test_a_saved_reply_is_filled_in_for_the_ticket(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00", subject="{{agent.name}}")
    text = "Dear {{customer.first_name}}, {{ticket.number}}: {{ticket.subject}}."
    text += " {{customer.organization}} {{ agent.name }}"
    bob.post("/desk/school-devices/replies/save/", {"name": "Greeting", "text": text})
    saved = SavedReply.objects.get()
    address = f"/tickets/{ticket.number}/saved/"
    assert json.loads(bob.get(address).content)["replies"][0]["name"] == "Greeting"
    filled = json.loads(bob.get(address, {"saved": saved.pk}).content)
    # What stands in a subject is never read as a placeholder.
    assert filled["text"].startswith(f"Dear Amina, {ticket.number}: {{{{agent.name}}}}. ")
    assert filled["text"].endswith("{{customer.organization}} Bob Tanaka")
    assert "{{customer.organization}}" in filled["gaps"]
    refused = bob.post(f"/tickets/{ticket.number}/reply/", {"text": filled["text"]})
    assert refused.status_code == 422
    assert "Fill in" in refused.content.decode()
    assert "Put it in" in page(bob.post(address, {"kind": "reply", "text": "Before."}))
    whole = page(bob.post(address, {"kind": "reply", "text": "Before.", "saved": saved.pk}))
    assert "Before.\n\nDear Amina" in whole


def test_an_unknown_placeholder_is_refused_when_it_is_saved(cast: Cast, bob: Client) -> None:
    address = "/desk/school-devices/replies/save/"
    for text in ("{{customer.password}}", "{{ desk.secret_key }}", "{{}}", "{{customer.name|safe}}"):
        answer = bob.post(address, {"name": "x", "text": text})
        assert answer.status_code == 422
        assert "There is no placeholder" in answer.content.decode()
    assert not SavedReply.objects.exists()


def test_what_is_the_desks_leads_change_and_everybody_uses(cast: Cast, bob: Client, stranger: Client) -> None:
    address, lena = "/desk/school-devices/replies/", enter(cast.lena.user)
    shared = {"name": "Closing", "text": "All the best", "shared": "yes"}
    assert bob.post(f"{address}save/", shared).status_code == 403
    lena.post(f"{address}save/", shared)
    lena.post(f"{address}save/", {"name": "Mine", "text": "Lena's own"})
    closing, own = SavedReply.objects.get(name="Closing"), SavedReply.objects.get(name="Mine")
    said = page(bob.get(address))
    assert "All the best" in said
    assert "Lena's own" not in said
    assert bob.post(f"{address}save/", {"reply": own.pk, "name": "x", "text": "x"}).status_code == 404
    assert bob.post(f"{address}save/", {"reply": closing.pk, "name": "x", "text": "x"}).status_code == 403
    assert bob.post(f"{address}remove/", {"reply": closing.pk}).status_code == 403
    again = lena.post(f"{address}save/", {"name": "Closing", "text": "Another", "shared": "yes"})
    assert "one called" in again.content.decode()
    assert stranger.get(address).status_code == 404
    lena.post(f"{address}remove/", {"reply": closing.pk})
    assert not SavedReply.objects.filter(pk=closing.pk).exists()


def test_a_signature_is_chosen_in_the_preferences_and_shown_where_one_writes(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    assert bob.post("/preferences/signature/", {"signature": "Bob\nDevices"}).status_code == 302
    assert "<bdi>Bob\nDevices</bdi>" in page(bob.get(f"/tickets/{ticket.number}/"))
    refused = bob.post("/preferences/signature/", {"signature": "x" * 1001})
    assert refused.status_code == 422
    assert "x" * 1001 in refused.content.decode()
