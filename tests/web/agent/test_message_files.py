"""Strangers' files and strangers' HTML."""

import pytest
from cast_of_pages import page
from django.test import Client

from harness.cast import Cast
from upheld.tickets.incoming import NewFile
from upheld.web.foreign_html import clean

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<p style="background:url(http://evil.example/)">x</p>',
    '<p id="side" class="x" data-hx-get="/" hx-get="/" hx-on:click="alert(1)">x</p>',
    "<form action=http://evil.example><input name=password></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<link rel=stylesheet href=http://evil.example/>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<object data=http://evil.example></object><embed src=http://evil.example>",
    "<video src=http://evil.example autoplay></video>",
]
NEVER = (
    *(
        "<script",
        "onerror",
        "onload",
        "javascript:",
        "<svg",
        "<img",
        "style=",
        " id=",
        "class=",
        "hx-",
        "data-",
    ),
    *("<form", "<input", "<iframe", "<base", "<meta", "<link", "<object", "<embed", "<video", "<style"),
)


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_acts_survives(vector: str) -> None:
    kept = clean(vector).lower()
    assert not [each for each in NEVER if each in kept]


def test_links_open_outside_and_tell_nothing(cast: Cast) -> None:
    kept = clean('<a href="https://example.org/?a=1" target="_top" rel="opener">x</a>')
    assert 'target="_blank"' in kept
    assert 'rel="noopener noreferrer nofollow"' in kept


def test_the_formatted_message_has_a_policy_of_its_own(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00", html="<p>Hello <b>you</b></p><script>alert(1)</script>")
    answer = bob.get(f"/messages/{ticket.messages.get().pk}/html")
    assert "<p>Hello <b>you</b></p>" in page(answer)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "img-src data:;" in policy
    assert "style-src-elem 'self'; style-src-attr 'unsafe-inline';" in policy
    for right in ("script-src", "allow-scripts", "allow-same-origin", "allow-forms", "http"):
        assert right not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"


def test_a_message_without_html_has_no_formatted_page(cast: Cast, bob: Client) -> None:
    ticket = cast.writes("2026-03-20 16:00")
    assert bob.get(f"/messages/{ticket.messages.get().pk}/html").status_code == 404


@pytest.mark.parametrize(
    ("name", "kind"),
    [("page.html", "text/html"), ("drawing.svg", "image/svg+xml"), ("naïve é.pdf", "application/pdf")],
)
def test_a_file_is_always_a_download(cast: Cast, bob: Client, name: str, kind: str) -> None:
    ticket = cast.writes("2026-03-20 16:00", files=(NewFile(name, kind, b"<script>alert(1)</script>"),))
    file = ticket.messages.get().attachments.get()
    answer = bob.get(f"/attachments/{file.pk}/{name}")
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
