"""Every page with a stranger's words, in Chromium: no script runs, nothing is fetched, no policy had to step in."""

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, BrowserContext

from harness.cast import LONG_AGO, Cast, at
from upheld.people.actions import find_or_add_contact
from upheld.people.models import Affiliation, Organization, User
from upheld.tickets import actions
from upheld.tickets.incoming import NewFile
from upheld.tickets.keys import link_token
from upheld.tickets.models import Message, Participant, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = (
    "\"'></title></textarea></script><script>window.ran=1;alert(1)</script><img src=//evil.example/i onerror=alert(2)>"
    "<svg onload=alert(3)><a href=javascript:alert(4)>x</a>{{7*7}}{% debug %}"
)
HTML = (
    WORDS + "<style>@import '//evil.example/s';body{background:url(//evil.example/b)}</style>"
    "<link rel=stylesheet href=//evil.example/l><link rel=preconnect href=//evil.example>"
    "<meta http-equiv=refresh content='0;url=//evil.example/m'><base href=//evil.example/>"
    "<iframe src=//evil.example/f srcdoc='<script>parent.alert(5)</script>'></iframe>"
    "<object data=//evil.example/o></object><embed src=//evil.example/e>"
    "<video poster=//evil.example/p src=//evil.example/v></video>"
    "<form action=//evil.example/x><input name=q autofocus onfocus=alert(6)>"
    "<button formaction=//evil.example/y>go</button></form>"
    "<div hx-get=//evil.example/h hx-trigger=load data-hx-get=/tickets/ hx-on:load=alert(7) hx-disable=false>x</div>"
    "<div id=notices class=notice style='position:fixed;inset:0;background:url(//evil.example/c)'>x</div>"
    "<svg><filter><feImage href=//evil.example/fe /></filter><style><img src=x onerror=alert(8)></style></svg>"
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=alert(9)&gt;'></table>"
    "<noscript><p title='</noscript><img src=x onerror=alert(10)>'></noscript>"
    "<img srcset='//evil.example/r 1x' loading=eager><a href='  java\tscript:alert(11)'>y</a>"
    "<!--><script>alert(12)</script>"
)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """A ticket on which every word is hostile."""
    cast.amina.name = WORDS[:160]
    school = Organization.objects.create(desk=cast.desk, name=WORDS[:160])
    Affiliation.objects.create(contact=cast.amina, organization=school, is_main=True)
    cast.amina.user = User.objects.create_user(cast.amina.address, None, WORDS[:120])
    cast.amina.save()
    cast.bob.user.name = WORDS[:120]
    cast.bob.user.save()
    cast.bob.signature = WORDS
    cast.bob.save()
    files = (NewFile(WORDS, "text/html", b"<script>alert(1)</script>"),)
    head = find_or_add_contact("head@school.example.org", WORDS[:160], LONG_AGO)
    ticket = cast.writes(
        "2026-03-20 15:00", WORDS, text=WORDS, quoted_text=WORDS, html=HTML, files=files, cc=(head,)
    )
    actions.reply(
        ticket.pk,
        cast.bob,
        WORDS + f"\n[x](javascript:alert(1)) ![i](//evil.example/i)\n{WORDS}",
        at("2026-03-20 15:10"),
    )
    actions.write_note(ticket.pk, cast.bob, WORDS, at("2026-03-20 15:20"))
    foreign = cast.answer_of_amina(
        "2026-03-20 15:30", WORDS, kind=Message.Kind.THIRD_PARTY, contact=head, html=HTML
    )
    message = actions.receive_message(ticket.pk, foreign, at("2026-03-20 15:30"))
    actions.release_message(message.pk, cast.bob, at("2026-03-20 15:40"))
    actions.set_priority(ticket.pk, cast.bob, "low", at("2026-03-20 15:50"), reason=WORDS)
    actions.set_status(ticket.pk, cast.bob, "waiting_on_third_party", at("2026-03-20 15:55"), reason=WORDS)
    return ticket


def entered(browser: Browser, url: str, user: User) -> BrowserContext:
    from django.test import Client

    client = Client()
    client.force_login(user)
    context = browser.new_context()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    return context


def test_nothing_runs_and_nothing_is_fetched(
    live_server, browser: Browser, cast: Cast, ticket: Ticket
) -> None:
    url, odd = live_server.url, quote(WORDS, safe="")
    message = ticket.messages.exclude(html="").first()
    link = f"/r/{link_token(Participant.objects.get(ticket=ticket, is_requester=True))}/"
    visits = {
        cast.bob.user: (
            "/tickets/",
            f"/tickets/?q={odd}",
            f"/tickets/{ticket.number}/",
            f"/messages/{message.pk}/html",
        ),
        cast.amina.user: ("/requests/", f"/requests/{ticket.number}/", link, f"/zone/?next={odd}"),
        None: (
            link,
            f"/accounts/login/?next={odd}",
            f"/nothing/{odd}/",
            "/help/school-devices/requests/new/",
        ),
    }
    said: list[str] = []
    for user, paths in visits.items():
        context = entered(browser, url, user) if user else browser.new_context()
        page = context.new_page()
        page.on("dialog", lambda dialog: (said.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on(
            "console",
            lambda message: said.append(message.text) if "Security Policy" in message.text else None,
        )
        page.on("request", lambda asked: said.append(asked.url) if not asked.url.startswith(url) else None)
        for path in paths:
            page.goto(url + path)
            for each in page.locator("details").all():
                each.evaluate("element => element.open = true")
            # The frame of a formatted message loads late.
            page.wait_for_load_state("networkidle" if path.startswith("/tickets/S") else "load")
            for frame in page.frames:
                if frame == page.main_frame or frame.url.startswith(url):
                    assert (
                        frame.evaluate(
                            "document.querySelectorAll('script:not([src]), base, object, embed').length"
                        )
                        == 0
                    )
            assert not page.evaluate("'ran' in window")
        context.close()
    assert said == []


def test_a_refused_form_shows_hostile_words_as_words(live_server, browser: Browser, cast: Cast) -> None:
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.on(
        "request", lambda asked: said.append(asked.url) if not asked.url.startswith(live_server.url) else None
    )
    page.goto(f"{live_server.url}/help/school-devices/requests/new/")
    page.evaluate("document.querySelector('form.request-form').noValidate = true")
    page.get_by_label("Your name").fill(WORDS[:160])
    page.get_by_label("Your e-mail address").fill("no address " + WORDS[:80])
    page.get_by_label("Subject").fill(WORDS[:250])
    page.get_by_label("What happened").fill(WORDS)
    page.get_by_role("button", name="Submit the request").click()
    assert page.get_by_label("What happened").input_value() == WORDS
    assert page.get_by_label("Subject").input_value() == WORDS[:250]
    assert said == []
    context.close()
