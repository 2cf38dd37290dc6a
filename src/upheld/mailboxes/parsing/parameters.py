"""A header's value with parameters - `text/plain; charset=utf-8` - and RFC 2231 in it, in one walk."""

import re
import urllib.parse
from dataclasses import dataclass, field

from upheld.mailboxes.parsing.charsets import decode

_QUOTED = r'"((?:[^"\\]++|\\.?)*+)"?'
# A parameter, or a quoted text that is none and whose semicolons count for nothing.
_PARAMETER = re.compile(rf';\s*+([^=;"\s]{{1,60}})\s*+=\s*+(?:{_QUOTED}|([^;"]*+))|{_QUOTED}', re.DOTALL)
_NUMBERED = re.compile(r"(.+?)\*([0-9]{1,3})(\*?)")
_COMMENT = re.compile(r"\([^()]*\)")
_MOST = 200


@dataclass(frozen=True, slots=True)
class Value:
    """The word before the first semicolon, in lower case, and the parameters, their names in lower case."""

    word: str = ""
    parameters: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, "")


def read(value: str) -> Value:
    """Read a Content-Type or a Content-Disposition. A first parameter wins over a second one of the same name, and
    an extended one (`name*=`) over a plain one, since it is the plain one that was shortened for old readers."""
    words = _COMMENT.sub("", value.partition(";")[0]).split()
    word = words[0].strip("\"'").lower() if words else ""
    plain: dict[str, str] = {}
    extended: dict[str, str] = {}
    numbered: dict[str, dict[int, tuple[bool, str]]] = {}
    for found in list(_PARAMETER.finditer(value))[:_MOST]:
        if found[1] is None:
            continue
        name, text = found[1].lower(), _unquoted(found)
        if part := _NUMBERED.fullmatch(name):
            numbered.setdefault(part[1], {}).setdefault(int(part[2]), (bool(part[3]), text))
        elif name.endswith("*"):
            extended.setdefault(name[:-1], _extended(text))
        else:
            plain.setdefault(name, text)
    joined = {name: _joined(pieces) for name, pieces in numbered.items()}
    return Value(word, plain | joined | extended)


def _unquoted(found: re.Match[str]) -> str:
    if found[2] is not None:
        return re.sub(r"\\(.)", r"\1", found[2], flags=re.DOTALL)
    return found[3].strip()


def _extended(text: str) -> str:
    charset, mark, rest = text.partition("'")
    _, second, quoted = rest.partition("'")
    if not mark or not second:
        charset, quoted = "", text
    return decode(urllib.parse.unquote_to_bytes(quoted), charset)


def _joined(pieces: dict[int, tuple[bool, str]]) -> str:
    """Put the pieces of a continued parameter together; the first tells the charset, only starred ones are quoted."""
    charset, data = "", []
    for number in sorted(pieces):
        starred, text = pieces[number]
        if starred and not data:
            head, mark, rest = text.partition("'")
            if mark and "'" in rest:
                charset, text = head, rest.partition("'")[2]
        data.append(urllib.parse.unquote_to_bytes(text) if starred else text.encode("utf-8", "replace"))
    return decode(b"".join(data), charset)
