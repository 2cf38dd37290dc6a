"""`winmail.dat`: what Outlook sends to those whom it takes for Outlook (MS-OXTNEF).

A bounded reader of its own. It takes out the files with their long names and the body; a file that is a mail, an
archive or another `winmail.dat` stays as it is.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from upheld.mailboxes.parsing import rtf
from upheld.mailboxes.parsing.charsets import decode

CONTENT_TYPES = frozenset(["application/ms-tnef", "application/vnd.ms-tnef"])
_SIGNATURE = b"\x78\x9f\x3e\x22"
_MOST_ATTRIBUTES = 5_000
_MOST_PROPERTIES = 50_000
_MOST_FILES = 100
_BODY_BYTES = 1_000_000

_ATTRIBUTE = struct.Struct("<BII")
_NUMBER = struct.Struct("<I")
_PROPERTY = struct.Struct("<HH")

_MESSAGE_CLASS, _BODY, _CODEPAGE, _PROPERTIES = 0x78008, 0x2800C, 0x69007, 0x69003
_NEW_FILE, _TITLE, _DATA, _FILE_PROPERTIES = 0x69002, 0x18010, 0x6800F, 0x69005
_FIXED = {0x2: 4, 0x3: 4, 0x4: 4, 0x5: 8, 0x6: 8, 0x7: 8, 0xA: 4, 0xB: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_STRING, _UNICODE, _BINARY, _OBJECT = 0x1E, 0x1F, 0x102, 0xD
_MANY = 0x1000
_PLAIN, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_LONG_NAME, _NAME, _SHOWN_NAME, _TYPE, _CONTENT_ID, _CONTENT = 0x3707, 0x3704, 0x3001, 0x370E, 0x3712, 0x3701


@dataclass(slots=True)
class TnefFile:
    """A file that was inside; its name is as it stands there."""

    name: str = ""
    long_name: str = ""
    content_type: str = ""
    content_id: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What was inside. `whole` is False where something could not be read, or is more than mail and files: then the
    file is kept beside what was read of it."""

    text: str = ""
    markup: str = ""
    rich: bytes = b""
    files: list[TnefFile] = field(default_factory=list)
    whole: bool = True
    left: int = _MOST_PROPERTIES


def read(data: bytes) -> Tnef | None:
    """Return what is inside a `winmail.dat`; None where it is none."""
    if data[:4] != _SIGNATURE:
        return None
    found = Tnef()
    codepage = "cp1252"
    view = memoryview(data)
    for attribute, value in _attributes(view, found):
        if attribute == _CODEPAGE and len(value) >= 4:
            codepage = f"cp{_NUMBER.unpack_from(value)[0]}"
        elif attribute == _MESSAGE_CLASS:
            found.whole &= bytes(value[:60]).upper().find(b"NOTE") >= 0
        elif attribute == _BODY:
            found.text = found.text or _text(value, codepage)
        elif attribute == _PROPERTIES:
            _read_body(value, codepage, found)
        else:
            _read_file(attribute, value, codepage, found)
    found.files = [file for file in found.files if file.content]
    if found.rich:
        _read_rich(found)
    return found


def _attributes(view: memoryview, found: Tnef) -> Iterator[tuple[int, memoryview]]:
    at = 6
    for _ in range(_MOST_ATTRIBUTES):
        if at + _ATTRIBUTE.size > len(view):
            found.whole &= at >= len(view)
            return
        level, attribute, length = _ATTRIBUTE.unpack_from(view, at)
        start = at + _ATTRIBUTE.size
        if level not in (1, 2) or start + length > len(view):
            found.whole = False
            return
        yield attribute, view[start : start + length]
        at = start + length + 2
    found.whole = False


def _read_body(value: memoryview, codepage: str, found: Tnef) -> None:
    for name, kind, content in _properties(value, found):
        if name == _PLAIN:
            found.text = _string(kind, content, codepage) or found.text
        elif name == _HTML:
            found.markup = _string(kind, content, codepage)
        elif name == _RTF:
            found.rich = rtf.unpacked(bytes(content))


def _read_rich(found: Tnef) -> None:
    text, is_html = rtf.text_of(found.rich)
    if is_html:
        found.markup = found.markup or text
    else:
        found.text = found.text or text


def _read_file(attribute: int, value: memoryview, codepage: str, found: Tnef) -> None:
    if attribute == _NEW_FILE:
        if len(found.files) < _MOST_FILES:
            found.files.append(TnefFile())
        else:
            found.whole = False
    if not found.files:
        return
    file = found.files[-1]
    if attribute == _TITLE:
        file.name = _text(value, codepage)
    elif attribute == _DATA:
        file.content = bytes(value)
    elif attribute == _FILE_PROPERTIES:
        _read_file_properties(value, codepage, file, found)


def _read_file_properties(value: memoryview, codepage: str, file: TnefFile, found: Tnef) -> None:
    for name, kind, content in _properties(value, found):
        if name == _LONG_NAME:
            file.long_name = _string(kind, content, codepage)
        elif name in (_NAME, _SHOWN_NAME):
            file.name = file.name or _string(kind, content, codepage)
        elif name == _TYPE:
            file.content_type = _string(kind, content, codepage)
        elif name == _CONTENT_ID:
            file.content_id = _string(kind, content, codepage)
        elif name == _CONTENT and not file.content:
            # The first 16 bytes of an object say what it is.
            file.content = bytes(content[16:] if kind == _OBJECT else content)


def _properties(view: memoryview, found: Tnef) -> Iterator[tuple[int, int, memoryview]]:
    """Yield name, type and first value of each property. The first one that does not fit ends the row."""
    try:
        yield from _rows(view, found)
    except (struct.error, ValueError):
        found.whole = False


def _rows(view: memoryview, found: Tnef) -> Iterator[tuple[int, int, memoryview]]:
    (count,) = _NUMBER.unpack_from(view)
    at = 4
    for _ in range(count):
        _spend(found)
        kind, name = _PROPERTY.unpack_from(view, at)
        at += 4
        if name >= 0x8000:
            at = _behind_name(view, at)
        many, kind = kind & _MANY, kind & ~_MANY
        if kind in _FIXED:
            values = _NUMBER.unpack_from(view, at)[0] if many else 1
            at += 4 if many else 0
            first = view[at : at + _FIXED[kind]]
            at += values * _FIXED[kind]
        elif kind in (_STRING, _UNICODE, _BINARY, _OBJECT):
            at, first = _long_values(view, at, found)
        else:
            raise ValueError("a property of an unknown type")
        if at > len(view) + 3:
            raise ValueError("a property beyond the end")
        yield name, kind, first


def _behind_name(view: memoryview, at: int) -> int:
    (is_text,) = _NUMBER.unpack_from(view, at + 16)
    if not is_text:
        return at + 24
    return at + 24 + _padded(_NUMBER.unpack_from(view, at + 20)[0])


def _spend(found: Tnef) -> None:
    found.left -= 1
    if found.left < 0:
        raise ValueError("more properties than are read")


def _long_values(view: memoryview, at: int, found: Tnef) -> tuple[int, memoryview]:
    (count,) = _NUMBER.unpack_from(view, at)
    at += 4
    first = view[:0]
    for number in range(count):
        _spend(found)
        (length,) = _NUMBER.unpack_from(view, at)
        if at + 4 + length > len(view):
            raise ValueError("a value beyond the end")
        if number == 0:
            first = view[at + 4 : at + 4 + length]
        at += 4 + _padded(length)
    return at, first


def _padded(length: int) -> int:
    return length + -length % 4


def _string(kind: int, content: memoryview, codepage: str) -> str:
    if kind == _UNICODE:
        return bytes(content[:_BODY_BYTES]).decode("utf-16-le", "replace").partition("\0")[0]
    return _text(content, codepage)


def _text(content: memoryview, codepage: str) -> str:
    return decode(bytes(content[:_BODY_BYTES]).partition(b"\0")[0], codepage)
