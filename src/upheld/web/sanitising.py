"""The allow-list for strangers' HTML. Knows no Django, so that the command line can use it as well.

The sanitiser takes the square of some things for its time; how many of them there may be is bounded first.
"""

import re

import nh3

ALLOWED_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "q", "s", "small"),
    *("span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul"),
}
ALLOWED_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
WITH_CONTENT = {"script", "style", "title", "template", "noscript", "svg", "math"}

# Nested lists and blocks: 10,000 marks take a third of a second, 2 MB of them minutes.
MOST_MARKS = 10_000
# Characters by name: 20,000 take a fifth of a second, 2 MB of `&` more than a minute.
MOST_NAMED = 20_000
# Attributes of one tag: 20,000 take a quarter of a second, 2 MB of them minutes. What may part two of them is
# counted, text included; where that is more, no tag may have many.
MOST_SEPARATORS = 30_000
MOST_SEPARATORS_OF_A_TAG = 1_000
TOO_COMPLEX = "<p>This message is too complex to be shown with its formatting. Read its text instead.</p>"

_SEPARATORS = " \t\n\f/\"'"
_TAG = re.compile(r"<[a-zA-Z]")
_QUOTED = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
# A tag that begins and ends at the same place for every reader, wherever that reader believes to be.
_REGULAR_TAG = re.compile(
    r"""<[a-zA-Z][^\s<>/"'=]*+"""
    r"""(?:[\s/]++(?:[^\s<>/"'=]++(?:\s*+=\s*+(?:"[^"<>]*+"|'[^'<>]*+'|[^\s"'<>]++))?)?)*+>"""
)


def clean(html: str) -> str:
    """Return what the allow-list leaves of a stranger's HTML; a note in its place where it is too complex."""
    if is_too_complex(html):
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


def is_too_complex(html: str) -> bool:
    """Whether the sanitiser would take a time that nobody waits for."""
    if html.count("<") > MOST_MARKS or html.count("&") > MOST_NAMED:
        return True
    if _separators(html) <= MOST_SEPARATORS:
        return False
    tags = (_REGULAR_TAG.match(html, found.start()) for found in _TAG.finditer(html))
    return any(tag is None or _separators(_QUOTED.sub("", tag[0])) > MOST_SEPARATORS_OF_A_TAG for tag in tags)


def _separators(text: str) -> int:
    return sum(text.count(each) for each in _SEPARATORS)
