"""Whether a mail is better read as its sender formatted it, and how much room that needs."""

import re

# So much of a mail is looked at to decide.
LOOKED_AT = 40_000
MANY_CELLS = 8
SMALLEST, LARGEST = 140, 720
_LINE, _LETTERS_A_LINE, _PICTURE = 23, 92, 190
_TAG = re.compile(r"<[^<>]*>")
_UNREAD = re.compile(r"<!--|<(?:style|script|title)\b")
_ENDS = {"<!--": "-->", "<style": "</style>", "<script": "</script>", "<title": "</title>"}
_CELL_END = re.compile(r"</t[dh]>", re.IGNORECASE)
_BLOCK_END = re.compile(r"<br\b|</(?:p|div|tr|li|h[1-6]|pre)>|<hr\b", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b[^<>]*>")
_HEIGHT = re.compile(r"""(?<![\w-])height\s*[=:]\s*["']?(\d{1,4})""")

_QUOTED_FROM = re.compile(
    r"<blockquote\b|gmail_quote|yahoo_quoted|protonmail_quote|moz-cite-prefix|divRplyFwdMsg|appendonsend"
    r"|border-top:\s?solid\s#(?:e1e1e1|b5c4df)",
    re.IGNORECASE,
)
_CELL = re.compile(r"<(t[dh])\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
# What somebody says by how it looks: "see my answers in red".
_SAID_BY_LOOKS = re.compile(
    r"(?<![\w-])color\s*[:=]\s*[\"']?(?:red\b|#f00\b|#ff0000|#c00000|#e00\b)|line-through|<(?:s|strike|del|mark)>"
    r"|background(?:-color)?\s*:\s*(?:yellow|#ff0\b|#ffff00)",
    re.IGNORECASE,
)


def formatting_matters(html: str) -> bool:
    """Most mails are best read as text; a table, a newsletter and marked words are not. `html` may be cut."""
    quoted = _QUOTED_FROM.search(html, 0, LOOKED_AT)
    new = html[: quoted.start() if quoted else LOOKED_AT]
    cells = [found.lower() for found in _CELL.findall(new)]
    if len(_ROW.findall(new)) >= 2 and (len(cells) >= MANY_CELLS or "th" in cells):
        return True
    return bool(_SAID_BY_LOOKS.search(new))


def frame_height(html: str) -> int:
    """Return about how high a mail is, in pixels, what it quotes folded: nothing within its frame may tell."""
    quoted = _QUOTED_FROM.search(html, 0, LOOKED_AT)
    words = _read(html[: quoted.start() if quoted else LOOKED_AT].lower())
    pictures = sum(map(_picture_height, _IMAGE.findall(words)))
    # The cells of a row stand beside each other.
    beside = _CELL_END.sub(" ", words)
    blocks = (_TAG.sub("", each).strip() for each in _BLOCK_END.split(beside))
    lines = sum(1 + len(each) // _LETTERS_A_LINE for each in blocks if each)
    quotation = 2 * _LINE if quoted else 0
    return max(SMALLEST, min(LARGEST, 64 + lines * (_LINE + 10) + pictures + quotation))


def _picture_height(picture: str) -> int:
    """How high a picture is that came with the mail; others are not shown at first."""
    if "cid:" not in picture:
        return _LINE
    told = _HEIGHT.search(picture)
    return min(int(told[1]), 400) if told else _PICTURE


def _read(html: str) -> str:
    """Leave out what no reader sees. Each end is looked for once, however many beginnings there are."""
    pieces, at = [], 0
    while found := _UNREAD.search(html, at):
        pieces.append(html[at : found.start()])
        end = html.find(_ENDS[found[0]], found.end())
        if end < 0:
            return "".join(pieces)
        at = end + len(_ENDS[found[0]])
    return "".join((*pieces, html[at:]))
