"""The pages of mail that waits for a person: who sees them, what they tell, what can be done there."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from cast_of_pages import HOSTILE, NOW, enter, page
from desk_post import PLAIN, mail, notice
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import Cast
from upheld.desks.models import AuditEntry, Desk, Mailbox
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeState
from upheld.people.actions import add_agent
from upheld.people.models import Agent, Membership
from upheld.rules.permissions import Role
from upheld.tickets.models import Ticket

LISTS = ("", "?list=unread", "?list=ignored", "?list=ticketed", "?list=discarded")


@pytest.fixture
def mailbox(cast: Cast) -> Mailbox:
    """The desk's mailbox."""
    return cast.desk.mailboxes.get()


@pytest.fixture
def lena(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The team lead's browser."""
    return signed_in(cast.lena)


@pytest.fixture
def ada(cast: Cast, signed_in: Callable[[Agent], Client]) -> Client:
    """The administrator's browser."""
    return signed_in(cast.ada)


def addresses(one: RawMail, letter: Notice) -> dict[str, str]:
    """Every address of these pages, and how it is asked."""
    return {
        "/mail/": "get",
        **{f"/mail/{each}": "get" for each in LISTS[1:]},
        f"/mail/{one.pk}/": "get",
        f"/mail/{one.pk}/html": "get",
        f"/mail/{one.pk}/bytes.eml": "get",
        f"/mail/{one.pk}/release/": "post",
        f"/mail/{one.pk}/release-onto/": "post",
        f"/mail/{one.pk}/retry/": "post",
        f"/mail/{one.pk}/discard/": "post",
        "/mail/outgoing/": "get",
        f"/mail/outgoing/{letter.pk}/again/": "post",
        f"/mail/outgoing/{letter.pk}/give-up/": "post",
    }


def test_an_agent_finds_none_of_these_pages_and_no_link_to_them(
    cast: Cast, bob: Client, mailbox: Mailbox
) -> None:
    one, letter = mail(mailbox), notice(cast.desk)
    for address, way in addresses(one, letter).items():
        assert getattr(bob, way)(address, {"reason": "x", "ticket": "SDS-1001"}).status_code == 404, address
    assert "/mail/" not in page(bob.get("/tickets/"))
    assert RawMail.objects.get().state == MailState.KEPT


def test_a_lead_sees_how_much_waits_from_every_page(lena: Client, mailbox: Mailbox) -> None:
    mail(mailbox)
    mail(mailbox, MailState.PARKED)
    mail(mailbox, MailState.IGNORED)
    mail(mailbox, MailState.WAITING)
    link = re.search(r'<a href="/mail/"[^>]*>.*?</a>', page(lena.get("/tickets/")), re.S)
    assert link
    assert re.sub(r"<[^>]+>", "", link[0]).split() == ["Mail", "waiting", "for", "you:", "2"]


def test_a_row_tells_who_wrote_when_and_why_it_waits(lena: Client, mailbox: Mailbox) -> None:
    mail(mailbox, MailState.PARKED, reason="it takes too long to read", attempts=5)
    text = page(lena.get("/mail/"))
    for words in (
        "today 16:10",
        "t.berg@supplier.example.net",
        "Delivery of the chargers",
        "support@desk.example.com",
        "Could not be read",
        "it takes too long to read",
        "tried 5 times",
    ):
        assert words in text, words


def test_times_are_told_in_the_readers_zone(cast: Cast, lena: Client, mailbox: Mailbox) -> None:
    cast.lena.zone = "Europe/Berlin"
    cast.lena.save(update_fields=["zone"])
    mail(mailbox)
    assert "today 17:10" in page(lena.get("/mail/"))


def test_unread_mail_tells_when_it_is_tried_next(lena: Client, mailbox: Mailbox) -> None:
    waiting = mail(mailbox, MailState.WAITING, attempts=2, from_address="", subject="", reason="an error")
    RawMail.objects.filter(pk=waiting.pk).update(next_try_at=NOW + timedelta(seconds=45))
    text = page(lena.get("/mail/?list=unread"))
    assert "tried 2 times" in text
    assert "next try" in text
    assert "t.berg@supplier.example.net" in text, "what the envelope says, until it is read"
    assert "Delivery" not in page(lena.get("/mail/"))


@pytest.mark.parametrize("query", LISTS)
def test_an_empty_list_says_so_in_a_sentence(lena: Client, query: str) -> None:
    text = page(lena.get(f"/mail/{query}"))
    assert re.search(r'class="empty">.*?<h2>[^<]+</h2>\s*<p>[^<]{20,}</p>', text, re.S)
    assert "<table" not in text


def test_a_list_goes_on_where_it_stopped_whatever_arrives_meanwhile(lena: Client, mailbox: Mailbox) -> None:
    for state in (MailState.KEPT, MailState.TICKETED):
        for number in range(60):
            mail(mailbox, state, subject=f"{state} {number:02}", at=NOW - timedelta(minutes=90 - number))
    for query, state in (("", MailState.KEPT), ("list=ticketed&", MailState.TICKETED)):
        first = page(lena.get(f"/mail/?{query}"))
        mail(mailbox, state, subject=f"{state} newcomer", at=NOW)
        next_page = re.search(r'href="(/mail/\?[^"]*after=[^"]+)"', first)
        assert next_page
        second = page(lena.get(next_page[1].replace("&amp;", "&")))
        found = [re.findall(rf"<bdi>{state} (\w+)</bdi>", text) for text in (first, second)]
        assert found[0] == [f"{number:02}" for number in range(59, 9, -1)]
        assert found[1] == [f"{number:02}" for number in range(9, -1, -1)]


def test_odd_places_desks_and_lists_are_as_good_as_none(lena: Client, mailbox: Mailbox) -> None:
    mail(mailbox)
    for odd in ("after=x", "after=2026-01-01~1", "after=~", "desk=99", "desk=%00", "list=%00", "list=all"):
        assert "Delivery of the chargers" in page(lena.get(f"/mail/?{odd}")), odd
    assert lena.get(f"/mail/?after=2026-03-20T16:00:00%2B00:00~{'9' * 40}").status_code == 200


def test_a_search_finds_the_start_of_an_address_and_words_of_a_subject(
    lena: Client, mailbox: Mailbox
) -> None:
    mail(mailbox)
    mail(mailbox, subject="Something else", from_address="x@y.example", envelope_from="x@y.example")
    for text in ("T.Berg@", "chargers delivery", "CHARGERS"):
        found = page(lena.get("/mail/", {"q": text}))
        assert "Delivery of the chargers" in found, text
        assert "Something else" not in found, text
    for text in ("berg@", "%", "_", "deliveries", "'; drop table"):
        assert "Nothing fits" in page(lena.get("/mail/", {"q": text})), text


def test_the_list_costs_the_same_however_long_it_is(lena: Client, mailbox: Mailbox) -> None:
    mail(mailbox)
    lena.get("/mail/")
    with CaptureQueriesContext(connection) as short:
        lena.get("/mail/")
    for _ in range(30):
        mail(mailbox, raw=PLAIN * 50)
    with CaptureQueriesContext(connection) as long:
        lena.get("/mail/")
    assert len(long) == len(short) <= 7
    assert not any('."raw",' in query["sql"] for query in long), "a list reads no mail"


def test_one_mail_tells_all_that_the_desk_makes_of_it(cast: Cast, lena: Client, mailbox: Mailbox) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    mailbox.checked_by = "mx.desk.example.com"
    mailbox.save()
    raw = (
        b"Authentication-Results: mx.desk.example.com; dmarc=fail header.from=school.example.org\n"
        b"Authentication-Results: mx.evil.example; dmarc=pass header.from=school.example.org\n"
        b"From: Amina <amina@school.example.org>\nTo: support@desk.example.com\nCc: head@school.example.org\n"
        b"Subject: Re: [" + ticket.number.encode() + b"] Laptop\nMessage-ID: <a1@school.example.org>\n"
        b"References: <r1@school.example.org>\nDate: Wed, 18 Mar 2026 16:00:00 +0000\n"
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nIt is worse now.\n\n"
        b"On Friday Bob wrote:\n> Restart it.\n--x\nContent-Type: text/html\n\n<p>It is <b>worse</b></p>\n"
        b"--x\nContent-Type: image/png\nContent-Disposition: attachment; filename=screen.png\n\nxxxx\n--x--\n"
    )
    one = mail(mailbox, raw=raw, reason="held back", from_address="amina@school.example.org")
    text = page(lena.get(f"/mail/{one.pk}/"))
    for words in (
        "Amina &lt;amina@school.example.org&gt;",
        "head@school.example.org",
        "before we received it",
        "a1@school.example.org",
        "r1@school.example.org",
        "its sender takes part there",
        f'value="{ticket.number}"',
        "it did not come from its sender&#x27;s domain",
        "believed: our own mail server wrote it",
        "a claim, which counts for nothing",
        "It is worse now.",
        "<summary>Quoted text</summary>",
        "screen.png",
        "192.0.2.7",
        one.digest,
        "nothing marks it as a machine",
    ):
        assert words in text, words
    assert text.count("believed: our own") == 1
    assert "<b>worse</b>" not in text
    frame = re.search(r"<iframe [^>]+>", text)
    assert frame
    assert "allow-scripts" not in frame[0]
    assert "allow-same-origin" not in frame[0]


def test_an_ambiguous_sender_is_told_with_the_reason(lena: Client, mailbox: Mailbox) -> None:
    raw = PLAIN.replace(b"To:", b"From: amina@school.example.org\nTo:", 1)
    assert "not certain" not in page(lena.get(f"/mail/{mail(mailbox).pk}/"))
    text = page(lena.get(f"/mail/{mail(mailbox, raw=raw).pk}/"))
    assert re.search(r'data-state="breached">.*?<bdi>[^<]{10,}</bdi>', text, re.S)


def test_a_mail_that_cannot_be_read_shows_how_it_begins(
    lena: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upheld.mailboxes.pool.SECONDS", 0.0)
    monkeypatch.setattr("upheld.mailboxes.pool.BYTES_A_SECOND", 1e12)
    one = mail(mailbox, MailState.PARKED, raw=PLAIN + b"<script>alert(1)</script>\0\xff" * 100_000)
    text = page(lena.get(f"/mail/{one.pk}/"))
    assert "It cannot be read" in text
    assert "it takes too long to read" in text
    assert "From: Tomas Berg &lt;t.berg@supplier.example.net&gt;" in text
    assert "<script>alert" not in text
    assert lena.get(f"/mail/{one.pk}/html").status_code == 404
    assert lena.get(f"/mail/{one.pk}/bytes.eml").content == bytes(one.raw)


def test_no_mail_is_read_in_the_process_of_the_pages(
    lena: Client, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(raw: bytes) -> None:
        raise AssertionError("read in the process of the pages")

    monkeypatch.setattr("upheld.mailboxes.parsing.reading.parse", never)
    monkeypatch.setattr("upheld.mailboxes.parsing.reading._parse", never)
    assert "The chargers come on Monday." in page(lena.get(f"/mail/{mail(mailbox).pk}/"))


def test_the_formatting_is_sanitised_on_a_page_that_may_do_nothing(lena: Client, mailbox: Mailbox) -> None:
    raw = PLAIN.replace(
        b"\n\n", b"\nContent-Type: text/html\n\n<p>Hi <b>you</b></p><script>alert(1)</script>", 1
    )
    one = mail(mailbox, raw=raw)
    answer = lena.get(f"/mail/{one.pk}/html")
    assert "<p>Hi <b>you</b></p>" in page(answer)
    assert "<script" not in page(answer)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "img-src data:;" in policy
    for right in ("script-src", "allow-scripts", "allow-same-origin", "allow-forms", "http"):
        assert right not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert lena.get(f"/mail/{mail(mailbox).pk}/html").status_code == 404


def test_the_bytes_are_a_download_that_no_browser_shows(lena: Client, mailbox: Mailbox) -> None:
    raw = b"Content-Type: text/html\n\n<script>alert(1)</script>"
    answer = lena.get(f"/mail/{mail(mailbox, raw=raw).pk}/bytes.eml")
    assert answer.content == raw
    assert re.fullmatch(r'attachment; filename="mail-\d+\.eml"', answer["Content-Disposition"])
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_another_desks_mail_is_in_no_list_no_count_no_page_and_no_download(
    cast: Cast, stranger: Client, mailbox: Mailbox
) -> None:
    def seen() -> list[str]:
        asked = [f"/mail/{each}" for each in (*LISTS, "?q=chargers", "?desk=1", "outgoing/")]
        return [
            re.sub(r'(name="csrfmiddlewaretoken" value|data-token)="\w+"', "", page(stranger.get(each)))
            for each in asked
        ]

    before = seen()
    for state in MailState:
        mail(mailbox, state)
    one, letter = mail(mailbox), notice(cast.desk)
    assert seen() == before
    for address, way in addresses(one, letter).items():
        if str(one.pk) in address or str(letter.pk) in address:
            absent = re.sub(rf"/({one.pk}|{letter.pk})/", "/999999/", address)
            ask = getattr(stranger, way)
            forbidden, nothing = ask(address, {"reason": "x"}), ask(absent, {"reason": "x"})
            assert forbidden.status_code == nothing.status_code == 404, address
            assert forbidden.content == nothing.content
    one.refresh_from_db()
    assert one.state == MailState.KEPT


def test_a_ticket_of_a_desk_one_may_not_see_is_no_place_for_a_mail(
    cast: Cast, charlie: Agent, stranger: Client, mailbox: Mailbox
) -> None:
    ticket = cast.writes("2026-03-20 15:00")
    theirs = Mailbox.objects.get(desk__slug="other")
    one = mail(theirs)
    answers = [
        stranger.post(f"/mail/{one.pk}/release-onto/", {"ticket": number})
        for number in (ticket.number, "SDS-9999")
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "There is no ticket of that number on this desk." in answer.content.decode()
    one.refresh_from_db()
    assert one.state == MailState.KEPT
    assert ticket.messages.count() == 1


def test_somebody_of_two_desks_sees_what_their_role_on_each_allows(
    cast: Cast, charlie: Agent, mailbox: Mailbox
) -> None:
    other = Desk.objects.get(slug="other")
    add_agent(other, address="lena@desk.example.com", name="Lena", role=Role.agent, by="tests", now=NOW)
    mail(mailbox, subject="Ours")
    mail(other.mailboxes.get(), subject="Theirs")
    lena = enter(cast.lena.user)
    text = page(lena.get("/mail/"))
    assert "Ours" in text
    assert "Theirs" not in text
    assert 'name="desk"' not in text
    Membership.objects.filter(agent=cast.lena, desk=other).update(role=Role.lead.value)
    text = page(lena.get("/mail/"))
    assert "Ours" in text
    assert "Theirs" in text
    narrowed = page(lena.get(f"/mail/?desk={other.pk}"))
    assert "Ours" not in narrowed
    assert "Theirs" in narrowed


def test_mail_to_none_of_our_mailboxes_is_for_administrators(cast: Cast, lena: Client, ada: Client) -> None:
    lost = mail(None, envelope_to="nobody@desk.example.com")
    assert "nobody@desk.example.com" in page(ada.get("/mail/"))
    assert "It belongs to" in page(ada.get(f"/mail/{lost.pk}/"))
    assert "nobody@" not in page(lena.get("/mail/"))
    assert lena.get(f"/mail/{lost.pk}/").status_code == 404


def test_looking_changes_nothing(cast: Cast, lena: Client, mailbox: Mailbox) -> None:
    one, letter = mail(mailbox), notice(cast.desk)
    before = (list(RawMail.objects.values()), list(Notice.objects.values()), AuditEntry.objects.count())
    for address, way in addresses(one, letter).items():
        answer = lena.get(address)
        assert answer.status_code == (405 if way == "post" else answer.status_code)
        lena.head(address)
    assert (
        list(RawMail.objects.values()),
        list(Notice.objects.values()),
        AuditEntry.objects.count(),
    ) == before


def test_hostile_words_stay_words_everywhere(cast: Cast, lena: Client, mailbox: Mailbox) -> None:
    bad = HOSTILE.encode()
    raw = (
        b'From: "'
        + bad.replace(b'"', b"")
        + b'" <a@b.example>\nTo: x'
        + bad
        + b"\nSubject: "
        + bad
        + b"\nMessage-ID: <"
        + bad
        + b">\nReferences: <"
        + bad
        + b">\nAuto-Submitted: "
        + bad
        + b"\nAuthentication-Results: "
        + bad
        + b"\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\n"
        + bad
        + b"\n--x\nContent-Type: text/"
        + bad
        + b'; name="<b>evil</b>.html"\n\nx\n--x--\n'
    )
    said = {"subject": HOSTILE, "from_address": HOSTILE, "reason": HOSTILE, "envelope_from": HOSTILE}
    one = mail(mailbox, raw=raw, envelope_to=HOSTILE, peer=HOSTILE[:60], settled_by=HOSTILE, **said)
    notice(cast.desk, last_error=HOSTILE + "\r\nX: y", ticket_number="")
    notice(cast.desk, NoticeState.WAITING, last_error=HOSTILE)
    pages = [f"/mail/{each}" for each in (*LISTS, "outgoing/", "outgoing/?list=retrying", f"{one.pk}/")]
    refused = lena.post(f"/mail/{one.pk}/release-onto/", {"ticket": HOSTILE})
    texts = [page(lena.get(each)) for each in pages]
    texts += [page(lena.get("/mail/", {"q": HOSTILE})), refused.content.decode()]
    for text in texts:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>evil" not in text
    assert "&lt;script&gt;" in texts[0]


def test_what_a_refused_form_held_is_shown_again(lena: Client, mailbox: Mailbox) -> None:
    one = mail(mailbox)
    answer = lena.post(f"/mail/{one.pk}/release-onto/", {"ticket": "SDS-4711"})
    assert answer.status_code == 422
    assert 'value="SDS-4711"' in answer.content.decode()
    answer = lena.post(f"/mail/{one.pk}/discard/", {"reason": "   "})
    assert answer.status_code == 422
    assert "Say why it is put aside" in answer.content.decode()
    one.refresh_from_db()
    assert one.state == MailState.KEPT


def test_a_forged_form_is_refused(cast: Cast, mailbox: Mailbox) -> None:
    one, letter = mail(mailbox), notice(cast.desk)
    lena = enter(cast.lena.user, enforce_csrf_checks=True)
    for address, way in addresses(one, letter).items():
        if way == "post":
            assert lena.post(address, {"reason": "x"}).status_code == 403, address
    one.refresh_from_db()
    assert one.state == MailState.KEPT
    assert Ticket.objects.count() == 0
