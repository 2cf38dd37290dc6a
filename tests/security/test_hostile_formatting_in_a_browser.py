"""Mail that is formatted to harm, in an agent's Chromium, with a log of every request: nothing is fetched, nothing
leaves its frame, and what somebody asks to see is all that is asked for."""

import pytest
from playwright.sync_api import Browser, Page, Route
from test_strangers_words_in_a_browser import entered

from harness.cast import Cast
from upheld.tickets.models import Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVIL = "//evil.example"
CORPUS = {
    "a background": f"<p style='background:url({EVIL}/1)'>x</p><p style='background-image:url({EVIL}/2)'>x</p>",
    "escaped": rf"<p style='background:\75rl({EVIL}/3)'>x</p><p style='background:u/**/rl({EVIL}/4)'>x</p>",
    "a list": f"<ul style='list-style:url({EVIL}/5)'><li style='list-style-image:url({EVIL}/6)'>x</li></ul>",
    "a pointer": f"<p style='cursor:url({EVIL}/7),auto'>x</p><p style='content:url({EVIL}/8)'>x</p>",
    "an image set": f"<p style='background:image-set(\"{EVIL}/9\" 1x)'>x</p><p style='mask:url({EVIL}/10)'>x</p>",
    "a border": f"<p style='border-image:url({EVIL}/11) 30'>x</p><p style='border:1px solid url({EVIL}/12)'>x</p>",
    "a variable": f"<p style='--u:url({EVIL}/13);background:var(--u)'>x</p>",
    "an expression": "<p style='width:expression(alert(1));behavior:url(#x);-moz-binding:url(#y)'>x</p>",
    "a sheet": f"<style>@import '{EVIL}/14';*{{background:url({EVIL}/15)}}</style><link rel=stylesheet href={EVIL}/16>",
    "a font": f"<style>@font-face{{font-family:z;src:url({EVIL}/17)}}</style><p style='font-family:z'>x</p>",
    "an overlay": "<div style='position:fixed;inset:0;z-index:2147483647;background:red'>pay here</div>",
    "moved away": "<p style='position:absolute;top:-500px;margin:-900px;transform:scale(90);opacity:0'>x</p>",
    "a base": f"<base href=http:{EVIL}/><a href=relative>x</a><meta http-equiv=refresh content='0;url={EVIL}/18'>",
    "a form": f"<form action={EVIL}/19><input name=password><button formaction={EVIL}/20>go</button></form>",
    "a set": f"<img srcset='{EVIL}/21 1x' src='{EVIL}/22'><picture><source srcset='{EVIL}/23'></picture>",
    "pictures": "<img src=https://evil.example/24><img src=http://evil.example/25 loading=eager>",
    "drawn": f"<svg><image href={EVIL}/26 /><style>*{{fill:url({EVIL}/27)}}</style><use href={EVIL}/28 /></svg>",
    "data": "<img src='data:image/svg+xml,<svg onload=alert(2)>'><a href='data:text/html,<script>alert(3)'>x</a>",
    "frames": f"<iframe src={EVIL}/29></iframe><object data={EVIL}/30></object><embed src={EVIL}/31>",
    "media": f"<video src={EVIL}/32 poster={EVIL}/33 autoplay></video><audio src={EVIL}/34 autoplay></audio>",
    "a table": f"<table background={EVIL}/35><tr><td background={EVIL}/36>x</table><body background={EVIL}/37>",
    "hints": f"<link rel=preconnect href={EVIL}><link rel=prefetch href={EVIL}/38><link rel=dns-prefetch href={EVIL}>",
    "brackets": f"<img alt='><script src={EVIL}/39></script>' width=1><a href='x><img src={EVIL}/40>'>y</a>",
    "a quotation": f"<blockquote><img alt='</blockquote></details><img src={EVIL}/41>'></blockquote>",
    "a class": f"<div class='gmail_quote quoted quotation'><a class=leads ping={EVIL}/42 href={EVIL}/43>x</a></div>",
    "pings": "<a ping=https://evil.example/44 href=https://evil.example/45>x</a>",
}
PICTURES = (
    "<table><tr><th>News</th></tr><tr><td>of today</td></tr></table>"
    "<p>Bars <img id=bar src='https://news.example.net/bar.png' width=40 height=40 alt=bar>"
    "<img src='http://old.example.net/plain.png' alt=old>"
    "<img src='https://track.example.com/1.gif' width=1 height=1>"
    "<img src='https://hide.example.com/2.gif' style='display:none'>"
    "<img src='https://127.0.0.1/router.png'><img src='https://printer.local/x.png'>"
    "<img src='https://news.example.net:8443/p.png'></p>"
)


def listening(browser: Browser, url: str, cast: Cast, asked: list[str], said: list[str]) -> Page:
    """Bob's browser; whatever it asks of others is written down and goes nowhere."""
    context = entered(browser, url, cast.bob.user)
    page = context.new_page()

    def others(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(lambda address: not address.startswith((url, "data:")), others)
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    return page


def drawn(page: Page, ticket: Ticket, and_also: str = "true") -> None:
    """Wait until the frame has all that it will ever have."""
    frame = page.frame(name=f"mail-{ticket.messages.get().pk}")
    assert frame
    # A frame out of sight draws no frames, so that it is asked by the clock.
    ready = f"document.readyState === 'complete' && document.images.length > 2 && {and_also}"
    frame.wait_for_function(ready, polling=100)


def test_whatever_a_mail_is_made_of_nothing_is_fetched_and_nothing_acts(
    live_server, browser: Browser, cast: Cast
) -> None:
    ticket = cast.writes(
        "2026-03-20 15:00", html="".join(f"<section>{each}</section>" for each in CORPUS.values())
    )
    asked: list[str] = []
    said: list[str] = []
    page = listening(browser, live_server.url, cast, asked, said)
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.get_by_text("As its sender formatted it").click()
    page.frame_locator(".as-sent iframe").get_by_text("pay here").wait_for()
    frame = page.frame(name=f"mail-{ticket.messages.get().pk}")
    assert frame
    frame.wait_for_function("document.readyState === 'complete'", polling=100)
    assert "pay here" in frame.locator("body").inner_text()
    strays = (
        "script, base, meta[http-equiv], link:not([href*='foreign']), form, input, iframe, object, embed, svg"
    )
    assert frame.locator(f"{strays}, video, style").count() == 0
    placed = (
        "getComputedStyle(each).position !== 'static' || getComputedStyle(each).backgroundImage !== 'none'"
    )
    assert frame.evaluate(f"[...document.body.querySelectorAll('*')].filter(each => {placed}).length") == 0
    assert frame.evaluate(
        "[...document.querySelectorAll('a')].every(each => !each.ping && each.target === '_blank')"
    )
    with pytest.raises(Exception, match=r"cross-origin|sandboxed|Blocked a frame"):
        frame.evaluate("parent.document.title")
    assert (asked, said) == ([], [])
    page.context.close()


@pytest.mark.parametrize("kind", CORPUS)
def test_no_kind_of_it_keeps_an_address_that_loads(kind: str) -> None:
    from upheld.web.mail_html import Pictures, as_sent

    kept = as_sent(CORPUS[kind], Pictures(elsewhere=kind not in ("pictures", "a set"))).html
    for attribute in (
        ' src="',
        "srcset",
        "url(",
        "background=",
        "ping=",
        "position",
        "<script",
        "<style",
        "<link",
    ):
        assert attribute not in kept, kept


def test_pictures_from_elsewhere_come_when_they_are_asked_for_and_beacons_never(
    live_server, browser: Browser, cast: Cast
) -> None:
    ticket = cast.writes("2026-03-20 15:00", html=PICTURES)
    asked: list[str] = []
    page = listening(browser, live_server.url, cast, asked, [])
    page.goto(f"{live_server.url}/tickets/{ticket.number}/")
    page.frame_locator(".as-sent iframe").get_by_text("of today").wait_for()
    drawn(page, ticket)
    assert asked == []
    with page.expect_response(lambda answer: "pictures=shown" in answer.url) as answer:
        page.get_by_role("link", name="Show pictures from news.example.net and 1 other place").click()
    frame = page.frame(name=f"mail-{ticket.messages.get().pk}")
    frame.wait_for_function(
        "location.search && document.readyState === 'complete' && document.images.length > 2"
    )
    assert sorted(set(asked)) == ["https://news.example.net/bar.png", "https://old.example.net/plain.png"]
    policy = answer.value.headers["content-security-policy"]
    assert "img-src data: https://news.example.net https://old.example.net;" in policy
    assert answer.value.headers["referrer-policy"] == "no-referrer"
    # Another look at the page shows none again.
    asked.clear()
    page.reload()
    page.frame_locator(".as-sent iframe").get_by_text("of today").wait_for()
    drawn(page, ticket)
    assert asked == []
    page.context.close()
