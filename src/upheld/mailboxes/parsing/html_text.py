"""The words of an HTML body, for mails that bring no plain text.

Only a reading aid: what is shown as HTML goes through a real sanitiser elsewhere. One walk from each `<` to its
`>`: the standard library's HTMLParser takes quadratic time for text such as a long row of `<!--`.
"""

import html
import re

_TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]{0,19})")
_SKIPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template")}
_PARAGRAPHS = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol"])
_BREAKS = _PARAGRAPHS.union(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "div",
        "dl",
        "dd",
        "dt",
        "fieldset",
        "footer",
    ],
    ["form", "header", "hr", "li", "main", "nav", "pre", "section", "tbody", "tfoot", "thead", "tr"],
)
_DEEPEST_QUOTE = 5


class _Lines:
    """Lines under construction; each remembers how deeply it is quoted."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._pieces: list[str] = []
        self._depth = 0

    def add(self, text: str) -> None:
        self._pieces.append(text)

    def end_line(self, *, paragraph: bool = False) -> None:
        line = " ".join("".join(self._pieces).split())
        self._pieces = []
        mark = "> " * min(self._depth, _DEEPEST_QUOTE)
        if line:
            self._done.append(mark + line)
        if paragraph and self._done and self._done[-1].strip("> "):
            self._done.append(mark.rstrip())

    def quote(self, by: int) -> None:
        self._depth = max(0, self._depth + by)

    def text(self) -> str:
        self.end_line()
        return "\n".join(self._done).strip("\n")


def text_of(markup: str) -> str:
    """Return the text of HTML as a reader would see it: blocks on lines of their own, quotations behind `>`."""
    lines = _Lines()
    at = 0
    while at < len(markup):
        start = markup.find("<", at)
        lines.add(_unescaped(markup[at:] if start < 0 else markup[at:start]))
        at = len(markup) if start < 0 else _after_tag(markup, start, lines)
    return lines.text()


def _after_tag(markup: str, start: int, lines: _Lines) -> int:
    """Take in what begins with the `<` at `start`; return where to go on."""
    if markup.startswith("<!--", start):
        return _behind(markup, "-->", start + 4)
    tag = _TAG.match(markup, start + 1)
    if tag is None:
        if markup[start + 1 : start + 2] in ("!", "?", "/"):
            return _behind(markup, ">", start)
        lines.add("<")
        return start + 1
    name = tag[1].lower()
    end = _behind(markup, ">", tag.end())
    closing = markup[start + 1] == "/"
    if name in _SKIPPED and not closing:
        found = _SKIPPED[name].search(markup, end)
        return found.start() if found else len(markup)
    _lay_out(name, closing, lines)
    return end


def _lay_out(name: str, closing: bool, lines: _Lines) -> None:
    if name in _BREAKS:
        lines.end_line(paragraph=closing and name in _PARAGRAPHS)
    elif name in ("td", "th"):
        lines.add(" ")
    if name == "blockquote":
        lines.quote(-1 if closing else 1)
    elif name == "li" and not closing:
        lines.add("- ")


def _behind(markup: str, mark: str, start: int) -> int:
    found = markup.find(mark, start)
    return len(markup) if found < 0 else found + len(mark)


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:  # a number too long for Python to read
        return text
