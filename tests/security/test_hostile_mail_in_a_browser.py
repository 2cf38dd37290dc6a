"""Kept mail and mail that came back, every word of it hostile, in a team lead's browser: nothing runs, nothing is
fetched; and the pages serve a keyboard and a phone as well."""

import hashlib
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from test_strangers_words_in_a_browser import HTML, WORDS, entered

from harness.cast import Cast
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.tickets.models import Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOW = datetime(2026, 3, 20, 16, 30, tzinfo=UTC)
LINE = WORDS.encode()
RAW = b"\r\n".join(
    [
        b"Authentication-Results: " + LINE,
        b"From: " + LINE + b" <a@b.example>",
        b"To: " + LINE + b" <support@desk.example.com>",
        b"Cc: " + LINE + b" <c@d.example>",
        b"Subject: " + LINE,
        b"Date: " + LINE,
        b"Message-ID: <" + LINE + b">",
        b"References: <" + LINE + b">",
        b"Precedence: " + LINE,
        b"Auto-Submitted: " + LINE,
        b"MIME-Version: 1.0",
        b'Content-Type: multipart/mixed; boundary="x"',
        b"",
        b"--x",
        b"Content-Type: text/plain",
        b"",
        LINE,
        b"> " + LINE,
        b"--x",
        b"Content-Type: text/html",
        b"",
        HTML.encode(),
        b"--x",
        b"Content-Type: text/" + LINE,
        b'Content-Disposition: attachment; filename="' + LINE.replace(b'"', b"") + b'"',
        b"",
        b"<script>alert(1)</script>",
        b"--x--",
    ]
)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.writes("2026-03-20 15:00")


@pytest.fixture
def mails(cast: Cast, ticket: Ticket) -> list[RawMail]:
    """One in every state; the first was kept."""
    states = sorted(MailState, key=lambda state: state != MailState.KEPT)
    return [
        RawMail.objects.create(
            mailbox=cast.desk.mailboxes.get(),
            state=state,
            raw=RAW,
            digest=hashlib.sha256(RAW).hexdigest(),
            received_at=NOW,
            next_try_at=NOW,
            way=WORDS[:10],
            peer=WORDS[:60],
            envelope_from=WORDS[:320],
            envelope_to=WORDS[:320],
            reason=WORDS,
            from_address=WORDS[:254],
            subject=WORDS[:250],
            settled_by=WORDS[:254],
            settled_at=NOW,
            attempts=3,
            ticket=ticket,
        )
        for state in states
    ]


@pytest.fixture
def notices(cast: Cast, ticket: Ticket) -> list[Notice]:
    """One in every kind of trouble."""
    Message.objects.create(
        ticket=ticket,
        kind=Message.Kind.THIRD_PARTY,
        at=NOW,
        contact=cast.amina,
        channel="email",
        text=WORDS,
        released=False,
        held_because=WORDS[:300],
    )
    return [
        Notice.objects.create(
            desk=cast.desk,
            kind=NoticeKind.REPLY,
            key=f"tests:{number}",
            message_id=f"<{number}@desk.example.com>",
            ticket_id=ticket.pk,
            ticket_number=ticket.number,
            participant_id=1,
            to_address="amina@school.example.org",
            state=state,
            attempts=2,
            created_at=NOW,
            next_try_at=NOW,
            last_error=WORDS + "\r\n" + HTML,
            data={"subject": WORDS} | given_up,
        )
        for number, (state, given_up) in enumerate(
            [
                (NoticeState.WAITING, {}),
                (NoticeState.FAILED, {}),
                (NoticeState.BOUNCED, {"given_up": {"by": WORDS, "at": NOW.isoformat()}}),
            ]
        )
    ]


def paths(mails: list[RawMail], ticket: Ticket) -> list[str]:
    lists = ("", "?list=unread", "?list=ignored", "?list=ticketed", "?list=discarded", "?q=%3Cscript%3E")
    outgoing = ("", "?list=retrying", "?list=given-up")
    return [
        *(f"/mail/{each}" for each in lists),
        *(f"/mail/outgoing/{each}" for each in outgoing),
        *(f"/mail/{mail.pk}/" for mail in mails[:2]),
        f"/mail/{mails[0].pk}/html",
        f"/tickets/{ticket.number}/",
    ]


def watched(context: BrowserContext, url: str, said: list[str]) -> Page:
    page = context.new_page()
    page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda line: said.append(line.text) if "Security Policy" in line.text else None)
    page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(url) else None)
    return page


def test_nothing_runs_and_nothing_is_fetched_on_the_pages_of_mail(
    live_server, browser: Browser, cast: Cast, ticket: Ticket, mails: list[RawMail], notices: list[Notice]
) -> None:
    said: list[str] = []
    context = entered(browser, live_server.url, cast.lena.user)
    page = watched(context, live_server.url, said)
    for path in paths(mails, ticket):
        answer = page.goto(live_server.url + path)
        assert answer and answer.status == 200, path
        for each in page.locator("details").all():
            each.evaluate("element => element.open = true")
        page.wait_for_load_state("networkidle" if path[-2].isdigit() else "load")
        for frame in page.frames:
            if frame == page.main_frame or frame.url.startswith(live_server.url):
                acting = (
                    "document.querySelectorAll('script:not([src]), base, object, embed, [onerror]').length"
                )
                assert frame.evaluate(acting) == 0
        assert not page.evaluate("'ran' in window")
        if not path.endswith("/html"):
            assert "{{7*7}}" in page.inner_text("body"), path
    page.goto(f"{live_server.url}/mail/{mails[0].pk}/")
    page.get_by_label("Put aside, because").fill(WORDS[:300])
    page.get_by_role("button", name="Put aside").click()
    page.get_by_text("Put aside. The mail stays").wait_for()
    context.close()
    assert said == []


def test_the_bytes_are_saved_and_never_shown(
    live_server, browser: Browser, cast: Cast, mails: list[RawMail]
) -> None:
    context = entered(browser, live_server.url, cast.lena.user)
    page = context.new_page()
    page.goto(f"{live_server.url}/mail/{mails[0].pk}/")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download as it came").click()
    assert saved.value.suggested_filename == f"mail-{mails[0].pk}.eml"
    assert saved.value.path().read_bytes() == RAW
    context.close()


@pytest.mark.parametrize("width", [320, 800])
def test_no_page_of_mail_is_wider_than_a_phone(
    live_server,
    browser: Browser,
    cast: Cast,
    ticket: Ticket,
    mails: list[RawMail],
    notices: list[Notice],
    width: int,
) -> None:
    context = entered(browser, live_server.url, cast.lena.user)
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    for path in paths(mails, ticket):
        if path.endswith("/html"):
            continue
        page.goto(live_server.url + path)
        for each in page.locator("main details").all():
            each.evaluate("element => element.open = true")
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider == 0, f"{path} is {wider} px too wide"
    context.close()


def test_a_mail_is_put_aside_with_the_keyboard_alone_and_without_scripts(
    live_server, browser: Browser, cast: Cast, mails: list[RawMail]
) -> None:
    entry = entered(browser, live_server.url, cast.lena.user)
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(entry.cookies())
    page = context.new_page()
    page.goto(f"{live_server.url}/mail/")
    reach(page, ".mails .what a:focus")
    page.keyboard.press("Enter")
    page.get_by_label("Put aside, because").wait_for()
    reach(page, "#reason:focus")
    page.keyboard.type("advertising")
    page.keyboard.press("Enter")
    page.get_by_text("Put aside. The mail stays").wait_for()
    assert RawMail.objects.filter(reason="advertising").count() == 1
    context.close()
    entry.close()


def reach(page: Page, focused: str) -> None:
    """Press Tab until that has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(focused).count():
            return
    raise AssertionError(f"{focused} cannot be reached with the keyboard")
