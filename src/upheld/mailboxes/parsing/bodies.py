"""Which parts of a mail are its text and which are files, and the text itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from upheld.mailboxes.parsing import calendar_text, limits, tnef, uuencode
from upheld.mailboxes.parsing.charsets import decode, is_known
from upheld.mailboxes.parsing.cleaning import clean, clean_file_name, clean_line
from upheld.mailboxes.parsing.flowed import unflowed
from upheld.mailboxes.parsing.headers import split
from upheld.mailboxes.parsing.html_text import text_of
from upheld.mailboxes.parsing.mail import MailFile
from upheld.mailboxes.parsing.parts import Part
from upheld.mailboxes.parsing.words import decode_words

_PLAIN, _HTML, _ENRICHED = "text/plain", "text/html", ("text/enriched", "text/richtext")
_BODIES = frozenset([_PLAIN, _HTML, *_ENRICHED])
# Other forms of the same words, for readers of one kind.
_TWINS = frozenset(["text/x-amp-html", "text/watch-html", *_ENRICHED])
_CALENDARS = frozenset(["text/calendar", "application/ics"])
# Texts that are no words for a reader.
_NO_WORDS = frozenset(
    [
        *("text/rfc822-headers", "text/vcard", "text/x-vcard", "text/directory", "text/rtf", "text/css"),
        *("text/javascript", "text/xml"),
    ]
)
_CALENDAR_BYTES = 256 * 1024
_META_CHARSET = re.compile(rb"<meta[^<>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ENRICHED_MARK = re.compile(r"<[^<>\n]{1,60}>")
_NOTHING = " \t\n\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"
_UU_BYTES = 40 * 1024 * 1024
_ENDINGS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "text/calendar": ".ics",
    "application/ics": ".ics",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
    "application/pkcs7-mime": ".p7m",
    "application/x-pkcs7-mime": ".p7m",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "text/plain": ".txt",
    "text/html": ".html",
}


@dataclass(slots=True)
class Bodies:
    """The text of a mail, its HTML as it came, and its files."""

    text: str = ""
    markup: str = ""
    files: list[MailFile] = field(default_factory=list)


def read(leaves: list[Part], defects: list[str]) -> Bodies:
    """Part the leaves into text and files. Whatever is not shown as text is kept as a file."""
    bodies = [leaf for leaf in leaves if _is_body(leaf)]
    files = [leaf for leaf in leaves if not _is_body(leaf) and not _is_twin(leaf)]
    found = Bodies()
    _Texts(found, defects).add(bodies)
    if not found.text.strip(_NOTHING):
        shown = _named_text(files, found, defects)
        files = [file for file in files if file is not shown or file.file_name]
    _keep(files, found, defects)
    if not found.text.strip(_NOTHING):
        found.text = _from_calendar(files)
    found.text = found.text.strip("\n")
    return found


def _is_body(part: Part) -> bool:
    return part.content_type in _BODIES and part.disposition != "attachment" and not part.file_name


def _is_twin(part: Part) -> bool:
    return part.content_type in _TWINS and "multipart/alternative" in part.inside


class _Texts:
    """Text and HTML under construction, each as long as its limit allows."""

    def __init__(self, found: Bodies, defects: list[str]) -> None:
        self._found = found
        self._defects = defects
        self._markup: list[str] = []
        self._left = limits.TEXT
        self._markup_left = limits.HTML
        self._read_left = limits.HTML_READ

    def add(self, bodies: list[Part]) -> None:
        texts = [self._of_group(group) for group in _groups(bodies)]
        self._found.text = "\n\n".join(text for text in texts if text.strip(_NOTHING))
        self._found.markup = "\n\n".join(markup for markup in self._markup if markup)
        longest = max((body.end - body.start for body in bodies), default=0)
        if min(self._left, self._markup_left) <= 0 or longest > limits.ENCODED_TEXT:
            self._defects.append("its text is longer than what is read of it")

    def _of_group(self, group: list[Part]) -> str:
        """The words of parts that say the same: the plain ones, those of the HTML where there are none."""
        plain = [self._plain(part) for part in group if part.content_type not in (_HTML, *_ENRICHED)]
        markup = [self._html(part) for part in group if part.content_type == _HTML]
        if not any(text.strip(_NOTHING) for text in plain):
            plain = [self._words(text) for text in markup]
        if not plain:
            plain = [self._bounded(_from_enriched(part, self._defects)) for part in group]
        return "\n\n".join(text.rstrip("\n") for text in plain)

    def _plain(self, part: Part) -> str:
        data = part.content(limits.ENCODED_TEXT)
        if b"begin " in data:
            data, files = uuencode.files(part.content(_UU_BYTES))
            for file in files:
                name = clean_file_name(decode(file.name, part.charset), limits.FILE_NAME)
                _add_file(self._found, MailFile(name or "file", "application/octet-stream", file.content))
        text = clean(_decoded(data[: limits.ENCODED_TEXT], part, self._defects))[: max(0, self._left)]
        if part.typed["format"].lower() == "flowed":
            text = unflowed(text, delete_space=part.typed["delsp"].lower() == "yes")
        return self._bounded(text)

    def _bounded(self, text: str) -> str:
        text = text[: max(0, self._left)]
        self._left -= len(text)
        return text

    def _html(self, part: Part) -> str:
        text = clean(_decoded(part.content(limits.ENCODED_TEXT), part, self._defects))
        text = text[: max(0, self._markup_left)]
        self._markup_left -= len(text)
        self._markup.append(text.rstrip("\n"))
        return text

    def _words(self, markup: str) -> str:
        markup = markup[: max(0, self._read_left)]
        self._read_left -= len(markup)
        return self._bounded(clean(text_of(markup)))


def _groups(bodies: list[Part]) -> Iterator[list[Part]]:
    """Bodies that say the same thing in several forms are one group, every other one is a group of its own."""
    groups: dict[tuple[str, int], list[Part]] = {}
    for number, part in enumerate(bodies):
        choices = [
            group
            for kind, group in zip(part.inside, part.groups, strict=True)
            if kind == "multipart/alternative"
        ]
        groups.setdefault(("choice", choices[0]) if choices else ("own", number), []).append(part)
    yield from groups.values()


def _decoded(data: bytes, part: Part, defects: list[str]) -> str:
    label = part.charset
    if not label and part.content_type == _HTML and (found := _META_CHARSET.search(data[:4_000])):
        label = found[1].decode("ascii", "replace")
    if label and not is_known(label):
        defects.append(f"its text has an unknown character set: {clean_line(label, 40)}")
    return decode(data, label)


def _from_enriched(part: Part, defects: list[str]) -> str:
    text = clean(_decoded(part.content(limits.ENCODED_TEXT), part, defects))
    return _ENRICHED_MARK.sub("", text.replace("<<", "‹")).replace("‹", "<")


def _named_text(files: list[Part], found: Bodies, defects: list[str]) -> Part | None:
    """Show the first text that has a name, but is no attachment, as that of a mail that has no other; one of a rare
    kind where there is none (RFC 2046: it is read as plain)."""
    shown = [part for part in files if part.disposition != "attachment"]
    named = [part for part in shown if part.content_type in (_PLAIN, _HTML)]
    rare = [part for part in shown if _is_rare_text(part)]
    text = next(iter([*named, *rare]), None)
    if text is not None:
        _Texts(found, defects).add([text])
    return text


def _is_rare_text(part: Part) -> bool:
    return part.content_type.startswith("text/") and part.content_type not in _CALENDARS | _NO_WORDS | _TWINS


def _from_calendar(files: list[Part]) -> str:
    calendars = [part for part in files if part.content_type in _CALENDARS]
    return next((text for part in calendars[:3] if (text := _calendar(part))), "")


def _calendar(part: Part) -> str:
    return calendar_text.text_of(clean(decode(part.content(_CALENDAR_BYTES), part.charset)))


def _keep(files: list[Part], found: Bodies, defects: list[str]) -> None:
    if len(files) > limits.FILES:
        defects.append(f"only the first {limits.FILES} of its {len(files)} files are read")
    for number, part in enumerate(files[: limits.FILES], 1):
        file = _file(part, number)
        if part.content_type in tnef.CONTENT_TYPES or file.name.lower() == "winmail.dat":
            _unpack(file, found)
        else:
            _add_file(found, file)


def _add_file(found: Bodies, file: MailFile) -> None:
    if len(found.files) < limits.FILES:
        found.files.append(file)


def _unpack(file: MailFile, found: Bodies) -> None:
    """Put the files that are inside a `winmail.dat` in its place, and its text where the mail has no other."""
    inside = tnef.read(file.content)
    if inside is None:
        _add_file(found, file)
        return
    for each in inside.files:
        name = clean_file_name(each.long_name, limits.FILE_NAME) or clean_file_name(
            each.name, limits.FILE_NAME
        )
        content_id = clean_line(each.content_id.strip(" <>"), 200)
        content_type = clean_line(each.content_type, 100) or "application/octet-stream"
        _add_file(
            found, MailFile(name or "file", content_type, each.content, content_id, inline=bool(content_id))
        )
    if not inside.whole:
        _add_file(found, file)
    if not found.text.strip(_NOTHING):
        markup = clean(inside.markup)[: limits.HTML]
        found.markup = found.markup or markup
        found.text = clean(inside.text)[: limits.TEXT] or clean(text_of(markup[: limits.HTML_READ]))


def _file(part: Part, number: int) -> MailFile:
    name = clean_file_name(decode_words(part.file_name[: limits.HEADER_VALUE]), limits.FILE_NAME)
    content_id = clean_line(part.headers.first("content-id", 400).strip(" <>"), 200)
    content = part.content()
    return MailFile(
        name=_with_ending(name, part, content) if name else _usual_name(part, content, number),
        content_type=clean_line(part.content_type, 100),
        content=content,
        content_id=content_id,
        inline=part.disposition != "attachment" and bool(content_id),
    )


def _with_ending(name: str, part: Part, content: bytes) -> str:
    """A mail inside a mail is opened by its ending, which those who name it by its subject leave out."""
    if part.content_type == "message/rfc822" and not name.lower().endswith((".eml", ".msg", ".mht", ".txt")):
        return clean_file_name(name[: limits.FILE_NAME - 4] + ".eml", limits.FILE_NAME)
    return name


def _usual_name(part: Part, content: bytes, number: int) -> str:
    ending = _ENDINGS.get(part.content_type, "")
    if part.content_type == "message/rfc822":
        headers, _ = split(content[: limits.HEADER_BLOCK])
        subject = clean_file_name(decode_words(headers.first("subject", 400)), 80)
        if subject:
            return f"{subject}{ending}"
    if part.content_type in _CALENDARS:
        return "invitation.ics"
    if "signature" in part.content_type and ending:
        return f"signature{ending}"
    return f"part-{number}{ending}"
