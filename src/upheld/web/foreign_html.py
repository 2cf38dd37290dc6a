"""Strangers' HTML: an allow-list at the moment of reading, and a page of its own that may do nothing."""

import nh3
from django.http import HttpResponse
from django.template.loader import render_to_string

ALLOWED_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small"),
    *("span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
ALLOWED_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
WITH_CONTENT = {"script", "style", "title", "template", "noscript", "svg", "math"}
# No image, font, script or form, whatever the allow-list lets through; links open outside.
POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)


# Nested lists and blocks cost the sanitiser their square: 10,000 marks a third of a second, 2 MB of them minutes.
MOST_MARKS = 10_000
TOO_COMPLEX = "<p>This message is too complex to be shown with its formatting. Read its text instead.</p>"


def clean(html: str) -> str:
    """Return what the allow-list leaves of a stranger's HTML; a note in its place where it is too complex."""
    if html.count("<") > MOST_MARKS:
        return TOO_COMPLEX
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        clean_content_tags=WITH_CONTENT,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        strip_comments=True,
    )


def foreign_page(html: str) -> HttpResponse:
    """A page that shows a stranger's HTML, for a sandboxed frame of ours and nothing else."""
    response = HttpResponse(render_to_string("web/foreign.html", {"content": clean(html)}))
    response["Content-Security-Policy"] = POLICY
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Referrer-Policy"] = "no-referrer"
    return response
