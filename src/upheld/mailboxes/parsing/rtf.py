"""Rich text, as Outlook packs it into `winmail.dat`: unpacked, and read as text or as the HTML that it wraps.

One walk over a bounded text with fixed tables; nothing that the text names is opened.
"""

import re
import struct
from dataclasses import dataclass

from upheld.mailboxes.parsing.charsets import decode

MOST_BYTES = 400_000
_DEEPEST = 200
_HEAD = struct.Struct("<II4sI")
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?[0-9]{1,10})? ?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_NOT_SHOWN = frozenset(
    [
        *("fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "listtable", "listoverridetable"),
        *("rsidtbl", "generator", "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl"),
        *("fldinst", "header", "headerf", "footer", "footerf", "revtbl", "pntext", "mmathPr"),
    ]
)
_CHARACTERS = {
    "par": "\n", "line": "\n", "row": "\n", "sect": "\n", "page": "\n", "tab": "\t", "cell": "\t", "emdash": "—",
    "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "emspace": " ",
    "enspace": " ",
}  # fmt: skip


def unpacked(packed: bytes) -> bytes:
    """Undo the compression of rich text (MS-OXRTFCP). What does not fit together ends the text; nothing is raised."""
    if len(packed) < _HEAD.size:
        return b""
    _, length, kind, _ = _HEAD.unpack_from(packed)
    length = min(length, MOST_BYTES)
    if kind == b"MELA":
        return packed[_HEAD.size : _HEAD.size + length]
    return _decompressed(packed, length) if kind == b"LZFu" else b""


def _decompressed(packed: bytes, length: int) -> bytes:
    out = bytearray(_DICTIONARY)
    at, end = _HEAD.size, len(packed)
    length += len(_DICTIONARY)
    while at < end and len(out) < length:
        flags = packed[at]
        at += 1
        for bit in range(8):
            if at >= end or len(out) >= length:
                break
            if not flags >> bit & 1:
                out.append(packed[at])
                at += 1
                continue
            if at + 1 >= end:
                return bytes(out[len(_DICTIONARY) :])
            distance, count = _reference(packed[at], packed[at + 1], len(out))
            at += 2
            if distance == 0:
                return bytes(out[len(_DICTIONARY) :])
            _repeat(out, distance, count)
    return bytes(out[len(_DICTIONARY) : length])


def _reference(high: int, low: int, written: int) -> tuple[int, int]:
    """How far back the bytes stand that come again, and how many; the window is a ring of 4096 places."""
    return (written - ((high << 4) | (low >> 4))) % 4096, (low & 15) + 2


def _repeat(out: bytearray, distance: int, count: int) -> None:
    start = len(out) - distance
    if start < 0:
        out += b" " * count  # before the window was ever written
        return
    piece = bytes(out[start : start + count])
    if 0 < len(piece) < count:
        piece *= count // len(piece) + 1
    out += piece[:count]


@dataclass(slots=True)
class _State:
    """What holds within one group of braces."""

    shown: bool = True
    markup: bool = False  # HTML that is wrapped as `\\*\\htmltag`
    rtf_only: bool = False  # between `\\htmlrtf` and `\\htmlrtf0`
    fallback: int = 1  # characters that stand behind `\\u` for old readers


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._wraps_html = "\\fromhtml" in text[:400]
        self._out: list[str] = []
        self._bytes = bytearray()
        self._codepage = "cp1252"
        self._skip = 0
        self._state = _State()
        self._outer: list[_State] = []
        self._starred = False

    def read(self) -> tuple[str, bool]:
        for token in _TOKEN.finditer(self._text):
            word, number, byte, symbol, brace, plain = token.groups()
            if byte is None:
                self._flush()
            if brace:
                self._brace(brace)
            elif word:
                self._word(word, int(number) if number else None)
            elif byte:
                self._byte(int(byte, 16))
            elif symbol:
                self._symbol(symbol)
            elif plain:
                self._plain(plain)
        self._flush()
        return "".join(self._out), self._wraps_html

    def _visible(self) -> bool:
        return self._state.shown and not (self._wraps_html and self._state.rtf_only)

    def _add(self, text: str) -> None:
        if self._visible():
            self._out.append(text)

    def _flush(self) -> None:
        if self._bytes:
            self._add(decode(bytes(self._bytes), self._codepage))
            self._bytes.clear()

    def _brace(self, brace: str) -> None:
        self._skip, self._starred = 0, False
        if brace == "{":
            state = self._state
            self._outer.append(state)
            # Groups beyond any sane depth share one state.
            if len(self._outer) < _DEEPEST:
                self._state = _State(state.shown, state.markup, state.rtf_only, state.fallback)
        elif self._outer:
            self._state = self._outer.pop()

    def _byte(self, byte: int) -> None:
        if self._skip:
            self._skip -= 1
        elif self._visible():
            self._bytes.append(byte)

    def _plain(self, text: str) -> None:
        cut = min(self._skip, len(text))
        self._skip -= cut
        self._add(text[cut:])

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
        elif self._skip:
            self._skip -= 1
        elif symbol in "\\{}":
            self._add(symbol)
        elif symbol == "~":
            self._add(" ")
        elif symbol == "_":
            self._add("-")

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word == "htmlrtf":
            self._state.rtf_only = number != 0
        elif word == "ansicpg" and number:
            self._codepage = f"cp{number}" if number != 65001 else "utf-8"
        elif word == "uc":
            self._state.fallback = min(max(number or 0, 0), 8)
        elif word == "u" and number is not None:
            self._unicode(number)
        elif word == "htmltag" and starred:
            self._state.markup, self._state.shown = True, self._wraps_html
        elif starred or word in _NOT_SHOWN:
            self._state.shown = False
        elif word in _CHARACTERS and not self._skip:
            self._add(_CHARACTERS[word])

    def _unicode(self, number: int) -> None:
        number %= 65536
        self._add(chr(number))
        self._skip = self._state.fallback


def text_of(rtf: bytes) -> tuple[str, bool]:
    """Return the text of rich text, and whether that text is HTML."""
    text, is_html = _Reader(rtf[:MOST_BYTES].decode("latin-1")).read()
    # Characters beyond the first plane come as two halves.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), is_html
