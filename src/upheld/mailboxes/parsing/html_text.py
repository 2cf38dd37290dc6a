"""The words of an HTML body, line by line, and what its structure says of each line.

Only a reading aid: what is shown as HTML goes through a real sanitiser elsewhere. One walk from each `<` to its
`>`: the standard library's HTMLParser takes quadratic time for text such as a long row of `<!--`.
"""

import html
import re
from dataclasses import dataclass, field

from upheld.mailboxes.parsing.cleaning import clean
from upheld.mailboxes.parsing.html_roles import Role, role_of

_TAG = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:]{0,19})")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s=>/"'][^\s=>/]*+)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+))?"""
)
_READ = frozenset(
    ["alt", "class", "data-marker", "height", "href", "id", "name", "start", "style", "type", "width"]
)
_SKIPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "template")}
_SPACED = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "dl", "fieldset", "pre"])
_BREAKS = frozenset(
    [
        *(
            "address",
            "article",
            "aside",
            "body",
            "caption",
            "center",
            "dd",
            "div",
            "dt",
            "figcaption",
            "figure",
        ),
        *("footer", "form", "header", "main", "nav", "section", "tbody", "tfoot", "thead"),
    ]
)
_DEEPEST_QUOTE = 5
_DEEPEST_LIST = 5
_DEEPEST_TABLE = 20
_DEEPEST_ROLE = 50
_LONGEST_ATTRIBUTE = 2_000
_LONGEST_ROW = 300
_NO_MARGIN = ("margin:0", "margin-bottom:0")
_SHOWN_LINKS = ("http://", "https://", "mailto:", "ftp://")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page, quotations behind `>`; `depth` says how deeply it is quoted."""

    text: str
    role: Role = Role.WORDS
    depth: int = 0


@dataclass(slots=True)
class _Element:
    """An element whose lines have a role. `open` counts the elements of its name within it, so that its own end
    is known."""

    name: str
    role: Role
    open: int = 1


@dataclass(slots=True)
class _Row:
    """A row of a table: where its lines begin, and those of each of its cells."""

    start: int
    cells: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Link:
    address: str
    line: int
    piece: int


def text_of(markup: str) -> str:
    """Return the text of HTML as a reader would see it."""
    return "\n".join(line.text for line in lines_of(markup))


def lines_of(markup: str) -> tuple[Line, ...]:
    """Return the lines of HTML as a reader would see them: blocks and rows on lines of their own, quotations
    behind `>`, links with their address where the text does not say it, pictures by their description."""
    page = _Page()
    at = 0
    while at < len(markup):
        start = markup.find("<", at)
        page.add(_unescaped(markup[at:] if start < 0 else markup[at:start]))
        at = len(markup) if start < 0 else _after_tag(markup, start, page)
    return tuple(page.finished())


def _after_tag(markup: str, start: int, page: "_Page") -> int:
    """Take in what begins with the `<` at `start`; return where to go on."""
    if markup.startswith("<!--", start):
        return _behind(markup, "-->", start + 4)
    tag = _TAG.match(markup, start + 1)
    if tag is None:
        if markup[start + 1 : start + 2] in ("!", "?", "/"):
            return _behind(markup, ">", start)
        page.add("<")
        return start + 1
    name = tag[1].lower()
    if markup[start + 1] == "/":
        page.close(name)
        return _behind(markup, ">", tag.end())
    end, attributes = _attributes(markup, tag.end())
    if name in _SKIPPED:
        found = _SKIPPED[name].search(markup, end)
        return found.start() if found else len(markup)
    page.open(name, attributes)
    return end


def _attributes(markup: str, at: int) -> tuple[int, dict[str, str]]:
    """The attributes that are of use, and where the tag ends. A `>` within quotation marks does not end it."""
    found: dict[str, str] = {}
    while attribute := _ATTRIBUTE.match(markup, at):
        at = attribute.end()
        name = attribute[1].lower() if len(attribute[1]) < 20 else ""
        if name in _READ and name not in found:
            value = (attribute[2] or "")[: _LONGEST_ATTRIBUTE + 2]
            found[name] = clean(_unescaped(value.strip("\"'")))
    return _behind(markup, ">", at), found


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


class _Page:
    """Lines under construction."""

    def __init__(self) -> None:
        self._done: list[Line] = []
        self._pieces: list[str] = []
        self._gap = False
        self._mark = ""
        self._quotes: list[bool] = []
        self._depth = 0
        self._preformatted = 0
        self._lists: list[int | None] = []
        self._tables: list[_Row | None] = []
        self._elements: list[_Element] = []
        self._link: _Link | None = None
        self._spaced_paragraph = True
        self._history_if_ruled = False
        self._history_next = False
        self._signature_next = False

    def finished(self) -> list[Line]:
        self._end_line()
        while self._done and not self._done[-1].text.strip("> "):
            self._done.pop()
        return self._done

    def add(self, text: str) -> None:
        text = clean(text)
        if not self._preformatted:
            self._pieces.append(text)
            return
        first, *others = text.split("\n")
        self._pieces.append(first)
        for piece in others:
            self._end_line(blank=True)
            self._pieces.append(piece)

    def open(self, name: str, attributes: dict[str, str]) -> None:
        self._lay_out_start(name, attributes)
        self._enter(name, attributes)

    def close(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name == "p":
            self._end_line()
            self._gap = self._gap or self._spaced_paragraph
        elif name in _SPACED:
            self._end_line()
            self._gap = True
            if name == "pre":
                self._preformatted = max(0, self._preformatted - 1)
        elif name == "blockquote":
            self._end_quotation()
        elif name in ("ul", "ol"):
            self._end_list()
        elif name in ("li", "tr", "table"):
            self._end_line()
            self._mark = ""
            if name != "li":
                self._end_row(last=name == "table")
        elif name in _BREAKS:
            self._end_line()
        self._leave(name)

    def _lay_out_start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "br":
            self._end_line(blank=True)
        elif name == "p":
            self._end_line()
            self._spaced_paragraph = _is_spaced(attributes)
            self._gap = self._gap or self._spaced_paragraph
        elif name == "hr":
            self._end_line()
            self._gap = True
            self._history_next = self._history_next or self._history_if_ruled
        elif name in _SPACED:
            self._end_line()
            self._gap = True
            self._preformatted += name == "pre"
        elif name == "blockquote":
            self._start_quotation(attributes)
        elif name in ("ul", "ol"):
            self._start_list(name, attributes)
        elif name == "li":
            self._start_item()
        elif name in ("table", "tr", "td", "th"):
            self._start_cell(name)
        elif name == "a":
            self._end_link()
            self._link = _Link(attributes.get("href", ""), len(self._done), len(self._pieces))
        elif name == "img":
            self._pieces.append(_picture(attributes))
        elif name in _BREAKS:
            self._end_line()

    def _end_line(self, *, blank: bool = False) -> None:
        raw = "".join(self._pieces)
        self._pieces = []
        if self._link:
            self._link.piece = 0
        text = raw.replace("\xa0", " ").rstrip() if self._preformatted else " ".join(raw.split())
        if text.strip():
            self._append(text)
        elif blank or "\xa0" in raw:
            self._append_blank(self._depth)

    def _append(self, text: str) -> None:
        if self._gap and self._done:
            self._append_blank(min(self._depth, self._done[-1].depth))
        self._gap = False
        role = self._role()
        if self._history_next and not self._depth:
            role = Role.HISTORY_BELOW
        self._history_next = self._history_if_ruled = self._signature_next = False
        mark = "> " * min(self._depth, _DEEPEST_QUOTE)
        self._done.append(Line(mark + self._mark + text, role, self._depth))
        self._mark = ""

    def _append_blank(self, depth: int) -> None:
        if self._done and self._done[-1].text.strip("> "):
            mark = "> " * min(depth, _DEEPEST_QUOTE)
            self._done.append(Line(mark.rstrip(), self._role(), depth))

    def _start_quotation(self, attributes: dict[str, str]) -> None:
        self._end_line()
        self._gap = True
        quotes = _is_quotation(attributes)
        self._quotes.append(quotes)
        self._depth += quotes
        for element in self._elements[-2:]:
            # What stands in the frame of a quotation above it introduces it; what stands below is an answer.
            if element.role is Role.INTRODUCTION_ABOVE:
                element.role = Role.WORDS

    def _end_quotation(self) -> None:
        self._end_line()
        self._gap = True
        if self._quotes:
            self._depth -= self._quotes.pop()

    def _start_list(self, name: str, attributes: dict[str, str]) -> None:
        self._end_line()
        self._gap = self._gap or not self._lists
        start = attributes.get("start", "")
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1
        self._lists.append(first if name == "ol" else None)

    def _end_list(self) -> None:
        self._end_line()
        if self._lists:
            self._lists.pop()
        self._gap = self._gap or not self._lists

    def _start_item(self) -> None:
        self._end_line()
        number = self._lists[-1] if self._lists else None
        indent = "  " * (min(len(self._lists), _DEEPEST_LIST) - 1)
        self._mark = f"{indent}- " if number is None else f"{indent}{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _start_cell(self, name: str) -> None:
        self._end_line()
        if name == "table":
            self._gap = self._gap or not self._tables
            self._tables.append(None)
        elif name == "tr":
            self._end_row()
            if self._tables:
                self._tables[-1] = _Row(len(self._done))
        elif self._tables and (row := self._tables[-1]):
            row.cells.append(len(self._done))

    def _end_row(self, *, last: bool = False) -> None:
        row = self._tables[-1] if self._tables else None
        if row and len(self._tables) <= _DEEPEST_TABLE:
            self._join(row)
        if self._tables:
            self._tables[-1] = None
            if last:
                self._tables.pop()
        self._gap = self._gap or (last and not self._tables)

    def _join(self, row: _Row) -> None:
        """Make one line of a row whose cells are short; a page that is laid out with a table keeps its lines."""
        if len(self._done) - row.start > 4 * len(row.cells):
            return
        starts = [row.start, *row.cells]
        cells: list[Line] = []
        for start, end in zip(starts, [*row.cells, len(self._done)], strict=True):
            said = [line for line in self._done[start:end] if line.text.strip("> ")]
            if len(said) > 1:
                return
            cells.extend(said)
        alike = {(cell.role, cell.depth) for cell in cells}
        if len(cells) > 1 and len(alike) == 1 and sum(len(cell.text) for cell in cells) <= _LONGEST_ROW:
            first, *others = cells
            mark = "> " * min(first.depth, _DEEPEST_QUOTE)
            joined = " | ".join([first.text, *(cell.text.removeprefix(mark) for cell in others)])
            above = [] if self._done[row.start] is first else [self._done[row.start]]
            self._done[row.start :] = [*above, Line(joined, first.role, first.depth)]
            self._gap = False

    def _end_link(self) -> None:
        link, self._link = self._link, None
        if link and link.address.strip().lower().startswith(_SHOWN_LINKS):
            address = "".join(link.address.split())
            if address.lower().startswith("mailto:"):
                address = address[7:].partition("?")[0]
            here = len(self._done) == link.line
            text = "".join(self._pieces[link.piece :]) if here else self._done[-1].text
            if len(address) < _LONGEST_ATTRIBUTE and not _says(text, address):
                self._pieces.append(f" <{address}>")

    def _role(self) -> Role:
        return self._elements[-1].role if self._elements else Role.WORDS

    def _enter(self, name: str, attributes: dict[str, str]) -> None:
        role = role_of(name, attributes) if attributes and not self._depth else None
        if self._signature_next and name == "div" and role is None:
            role = Role.SIGNATURE
            self._signature_next = False
        if role is Role.HISTORY_BELOW:
            self._history_next = True
        elif role is Role.HISTORY_IF_RULED:
            self._history_if_ruled = True
        elif role is Role.SIGNATURE_NEXT:
            self._signature_next = True
        elif role and len(self._elements) < _DEEPEST_ROLE:
            within = self._role()
            self._elements.append(_Element(name, within if within is Role.HISTORY else role))
            return
        if self._elements and self._elements[-1].name == name:
            self._elements[-1].open += 1

    def _leave(self, name: str) -> None:
        if self._elements and self._elements[-1].name == name:
            self._elements[-1].open -= 1
            if not self._elements[-1].open:
                self._elements.pop()


def _is_spaced(attributes: dict[str, str]) -> bool:
    """Whether a paragraph has space around it: those of word processors have none."""
    style = "".join(attributes.get("style", "").split())
    return not attributes.get("class", "").startswith("Mso") and not any(mark in style for mark in _NO_MARGIN)


def _is_quotation(attributes: dict[str, str]) -> bool:
    """Whether a `blockquote` quotes. With no border it is what the button for indenting makes."""
    style = "".join(attributes.get("style", "").lower().split())
    indents = "border:none" in style or "border:0" in style or "border-width:0" in style
    return (
        attributes.get("type") == "cite"
        or "quote" in attributes.get("id", "")
        or not (indents and "border-left" not in style)
    )


def _picture(attributes: dict[str, str]) -> str:
    """What stands for a picture: its description, if it has one and is more than a dot that counts readers."""
    said = " ".join(attributes.get("alt", "")[:400].split())[:200]
    if not said or "1" in (attributes.get("width"), attributes.get("height")):
        return ""
    return f"[{said}]" if any(letter.isalnum() for letter in said) else said


def _says(text: str, address: str) -> bool:
    """Whether the text of a link names its address already."""
    return not text.strip() or _plain(address) in "".join(text.lower().split())


def _plain(address: str) -> str:
    bare = "".join(address.lower().split()).removeprefix("https://").removeprefix("http://")
    return bare.removeprefix("www.").rstrip("/")
