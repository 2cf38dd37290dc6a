"""A corpus of hostile markup in Chromium, on every way to a page: as a mail from its bytes to an agent's page, as an
agent's own words, as a desk's words to all. No script runs, nothing is asked of anybody, nothing leads away or stands
over the page. Each of the three layers runs no script by itself either; without them the corpus acts."""

import base64
from collections.abc import Iterator, Sequence
from itertools import groupby

import pytest
import time_machine
from desk_twice import BACKEND, NOW
from django.http import HttpResponse
from django.test import Client, RequestFactory
from hostile_markup import CHARSETS, Vector, numbered
from playwright.sync_api import Browser, Error, Frame
from watched_page import JUDGE, Trouble, WatchedPage

from harness.cast import Cast
from upheld.mailboxes.parsing.reading import parse
from upheld.tickets.models import Message, Ticket
from upheld.web import foreign_html
from upheld.web.mail_html import Harmless, as_sent

pytestmark = pytest.mark.browser

VECTORS = tuple(numbered())
# As the ticket's page writes it; the first test looks at the frame that is really there.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
# Without the sandbox of ours scripts may run, but still not lead the page of the test away.
NO_SANDBOX = "allow-scripts allow-forms allow-modals allow-same-origin"
# Ends whatever a vector left open, so that the next one is tried as well.
ENDS = (
    "'\">--></script></style></title></textarea></xmp></noscript></noembed></noframes></iframe></template></svg></math>"
    "</select></option></button></a></table></form></dialog></object></video></audio></div>"
)
AT_ONCE = 8
SECTIONS = "[...document.querySelectorAll('body > section')].map(each => [each.title, each])"
TEXTS = "[...document.querySelectorAll('.foreign .text, .turn .words')].map(each => [each.closest('li').id, each])"


@pytest.fixture(scope="module")
def watched(browser: Browser) -> Iterator[WatchedPage]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    yield WatchedPage(context)
    context.close()


@pytest.fixture
def ticket(cast: Cast) -> Iterator[Ticket]:
    with time_machine.travel(NOW, tick=False):
        yield cast.writes("2026-03-20 09:00")


def entered(user: object) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


# --- a mail, from its bytes to the page


def test_from_a_mails_bytes_to_an_agents_page_nothing_acts(
    watched: WatchedPage, cast: Cast, ticket: Ticket
) -> None:
    arrived = _arrive(cast, ticket)
    bob, address = entered(cast.bob.user), f"/tickets/{ticket.number}/"
    page, formatted = bob.get(f"{address}?messages=all"), [each for each in arrived if each.html]
    assert page.status_code == 200 and len(formatted) > 440
    # What the frame of each is answered with, all of them in one frame.
    for each in formatted[::40]:
        assert _body(bob.get(f"/messages/{each.pk}/html")) == as_sent(each.html).html
    frame_of = f"/messages/{formatted[0].pk}/html"
    frame = _in_sections(bob.get(frame_of), [as_sent(each.html).html for each in formatted])
    others = {f"/messages/{each.pk}/html": HttpResponse() for each in formatted[1:]}
    watched.show(address, {address: page, frame_of: frame, **others})
    of_it = watched.page.locator(f"iframe[src='{frame_of}']")
    of_it.evaluate("each => { each.closest('details').open = true; each.loading = 'eager'; }")
    of_it.content_frame.locator(f"[title='{len(formatted) - 1}']").wait_for(state="attached")
    shown = dict(watched.frames())[frame_of]
    assert watched.settle().named(VECTORS) == []
    # Nothing left its place: as many messages and as many mails stand side by side as there were.
    assert watched.page.locator("ol > li.message").count() == len(arrived) + 1
    assert shown.locator("body > section").count() == len(formatted)
    assert shown.locator("body > :not(section)").count() == 0
    assert _wrong(shown, SECTIONS) == []
    assert _wrong(watched.page.main_frame, TEXTS) == []
    _stands_alone(shown)


def _arrive(cast: Cast, ticket: Ticket) -> list[Message]:
    """Every vector as a mail that was read as any other. What was written raw stands in its text as well."""
    mails = [(each.markup, _as_mail(each.markup.encode("utf-8", "surrogatepass"))) for each in VECTORS]
    mails += [(markup.decode("latin-1"), _as_mail(markup, charset)) for charset, markup in CHARSETS.values()]
    read = [(markup, parse(raw)) for markup, raw in mails]
    common = {
        "ticket": ticket,
        "kind": Message.Kind.CUSTOMER,
        "at": NOW,
        "contact": cast.amina,
        "channel": "email",
    }
    return Message.objects.bulk_create(
        Message(text=mail.body_text, quoted_text=markup.replace("\0", ""), html=mail.body_html, **common)
        for markup, mail in read
    )


def _as_mail(html: bytes, charset: str = "utf-8") -> bytes:
    head = f'MIME-Version: 1.0\r\nFrom: amina@school.example.org\r\nContent-Type: text/html; charset="{charset}"\r\n'
    return f"{head}Content-Transfer-Encoding: base64\r\n\r\n".encode() + base64.encodebytes(html)


def _body(page: HttpResponse) -> str:
    return page.content.decode().partition("<body")[2].partition(">")[2].rpartition("</body>")[0]


def _in_sections(page: HttpResponse, pieces: Sequence[str]) -> HttpResponse:
    """The page with these pieces for its body, under its own headers: what one leaves open takes the next one in."""
    head = page.content.decode().partition("<body")[0]
    sections = "".join(f'<section title="{place}">{each}</section>' for place, each in enumerate(pieces))
    return HttpResponse(f"{head}<body>{sections}</body></html>", headers=dict(page.items()))


def _wrong(frame: Frame, roots: str) -> list[str]:
    return frame.evaluate(f"({JUDGE})({roots})")


def _stands_alone(frame: Frame) -> None:
    """No script of it could read what the desk's pages keep, if one ran."""
    assert frame.evaluate("self.origin") == "null"
    for kept in ("document.cookie", "localStorage.length", "parent.document.title"):
        with pytest.raises(Error, match=r"sandboxed|Blocked a frame|Access is denied"):
            frame.evaluate(kept)


# --- what the desk says itself


def test_what_agents_write_acts_on_no_page(watched: WatchedPage, cast: Cast, ticket: Ticket) -> None:
    """Whatever is pasted into a reply is Markdown without HTML, for colleagues and for customers."""
    common = {"ticket": ticket, "agent": cast.bob, "at": NOW, "channel": "web"}
    notes = [each for each in VECTORS if each.kind == "places of ours"]
    Message.objects.bulk_create(
        [Message(kind=Message.Kind.REPLY, text=each.markup.replace("\0", ""), **common) for each in VECTORS]
        + [Message(kind=Message.Kind.NOTE, text=each.markup, **common) for each in notes]
    )
    bob, amina = entered(cast.bob.user), _signed_in(cast)
    for client, address, places in (
        (bob, f"/tickets/{ticket.number}/", len(VECTORS) + len(notes) + 1),
        (amina, f"/requests/{ticket.number}/", len(VECTORS) + 1),
    ):
        watched.show(address, {address: client.get(f"{address}?messages=all")})
        assert watched.settle().named(VECTORS) == []
        assert watched.page.locator("ol > li.message, ol > li.turn").count() == places
        assert _wrong(watched.page.main_frame, TEXTS) == []


def test_the_preview_of_a_reply_acts_as_little(watched: WatchedPage, cast: Cast, ticket: Ticket) -> None:
    bob, address = entered(cast.bob.user), f"/tickets/{ticket.number}/preview/"
    pieces = []
    for _, group in groupby(VECTORS, lambda each: each.kind):
        text = "\n\n".join(each.markup.replace("\0", "") for each in group if len(each.markup) < 9_000)
        answer = bob.post(address, {"kind": "reply", "text": text}, HTTP_HX_REQUEST="true")
        assert answer.status_code == 200
        pieces.append(answer.content.decode())
    watched.show("/preview", {"/preview": _in_sections(answer, pieces)})
    assert watched.settle().named(VECTORS) == []
    assert watched.page.locator("body > section > .preview").count() == len(pieces)
    watched.page.evaluate("document.querySelectorAll('.signature').forEach(each => each.remove())")
    assert _wrong(watched.page.main_frame, SECTIONS.replace("each]", "each.querySelector('.preview')]")) == []


def test_what_a_desk_says_to_everybody_is_text(watched: WatchedPage, cast: Cast, ticket: Ticket) -> None:
    said = "\n\n".join(each.markup.replace("\0", "") for each in VECTORS if len(each.markup) < 9_000)
    cast.desk.introduction = said
    cast.desk.save()
    cast.desk.portals.update(introduction=said, guidance=said)
    answer = Client().get("/help/school-devices/")
    watched.show("/help/school-devices/", {"/help/school-devices/": answer})
    assert watched.settle().named(VECTORS) == []
    assert "onpointerrawupdate" in watched.page.inner_text(".introduction")
    assert "onpointerrawupdate" in watched.page.inner_text(".guidance")
    places = "[...document.querySelectorAll('.introduction, .guidance .words')].map(each => [each.className, each])"
    assert _wrong(watched.page.main_frame, places) == []


def _signed_in(cast: Cast) -> Client:
    from upheld.people.models import User

    cast.amina.user = User.objects.create_user(cast.amina.address, "correct horse battery", "Amina")
    cast.amina.save(update_fields=["user"])
    return entered(cast.amina.user)


# --- one layer without the others


@pytest.mark.parametrize("layer", ["sanitiser", "sandbox", "policy"])
def test_each_layer_by_itself_runs_no_script(
    layer: str, watched: WatchedPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = _through(watched, monkeypatch, layer)
    assert not trouble.ran, trouble.named(VECTORS)
    if layer == "sanitiser":
        assert trouble.named(VECTORS) == []
    elif layer == "policy":
        # A page may lead itself elsewhere; to hold that is the sandbox's part.
        kinds = {each.kind for each in VECTORS if trouble.asked_by(each)}
        assert kinds <= {"what leads away", "what dangles"}, trouble.named(VECTORS)


def test_without_any_of_them_the_corpus_acts(watched: WatchedPage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the tests above would show nothing. What acts only when touched is not counted."""
    trouble = _through(watched, monkeypatch, "")
    acted = {each.kind for each in VECTORS if str(each.number) in trouble.ran or trouble.asked_by(each)}
    assert len(trouble.ran) > 90 and len(trouble.asked) > 45
    assert {each.kind for each in VECTORS} - acted == {"what stands over others"}


def _through(watched: WatchedPage, monkeypatch: pytest.MonkeyPatch, layer: str) -> Trouble:
    if layer != "sanitiser":
        monkeypatch.setattr(foreign_html, "as_sent", lambda html, *_, **__: Harmless(html))
    groups = list(_groups())
    answers = {f"/frame/{place}": _page(each, layer) for place, each in enumerate(groups)}
    sandbox = SANDBOX if layer == "sandbox" else NO_SANDBOX
    frames = "".join(f'<iframe src="{path}" sandbox="{sandbox}"></iframe>' for path in answers)
    watched.show("/frames", {"/frames": HttpResponse(f"<!doctype html><title>x</title>{frames}"), **answers})
    return watched.settle()


def _groups() -> Iterator[list[Vector]]:
    """Some at a time; what nothing ends, and what is very long, stands alone."""
    rest = []
    for each in VECTORS:
        if "<plaintext" in each.markup or len(each.markup) > 9_000:
            yield [each]
        else:
            rest.append(each)
    for first in range(0, len(rest), AT_ONCE):
        yield rest[first : first + AT_ONCE]


def _page(group: list[Vector], layer: str) -> HttpResponse:
    answer = foreign_html.foreign_page(
        RequestFactory().get("/"), "".join(each.markup + ENDS for each in group)
    )
    policy = answer["Content-Security-Policy"]
    del answer["Content-Security-Policy"]
    if layer == "policy":
        # What of it is not the sandbox.
        answer["Content-Security-Policy"] = policy.partition("; sandbox")[0]
    return answer
