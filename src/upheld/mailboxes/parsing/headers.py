"""The header block of a mail or of one of its parts, read line by line with fixed limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from upheld.mailboxes.parsing import limits, parameters
from upheld.mailboxes.parsing.charsets import decode, is_known

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,996}>")
_HEADER = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
# Lines that programs put above or between headers and that end no header block.
_MAILBOX_LINE = (b"From ", b">From ")
_CHARSET = re.compile(rb"charset\s{0,5}=\s{0,5}\"?([\w.:+-]{1,40})", re.IGNORECASE)
_CHARSET_WITHIN = 4_000


@dataclass(frozen=True, slots=True)
class Headers:
    """Header lines in their order: names in lower case, values unfolded and not yet decoded. `cut` says that there
    were more than are read."""

    lines: tuple[tuple[str, str], ...]
    cut: bool = False

    def all(self, name: str, limit: int = limits.HEADER_VALUE) -> list[str]:
        """Every value of a header."""
        return [value[:limit] for known, value in self.lines if known == name]

    def first(self, name: str, limit: int = limits.HEADER_VALUE) -> str:
        """The first value of a header, empty where there is none."""
        return next((value[:limit] for known, value in self.lines if known == name), "")

    def word(self, name: str) -> str:
        """The first word of a header, in lower case."""
        words = self.first(name, 200).replace(";", " ").replace("(", " ").lower().split()
        return words[0] if words else ""

    def message_ids(self, *names: str) -> list[str]:
        """The ids in angle brackets that the named headers hold."""
        joined = " ".join(value for name in names for value in self.all(name, limits.ADDRESS_HEADER))
        return message_ids(joined)

    def own_id(self) -> str:
        """The Message-ID, in angle brackets even where it came without."""
        value = self.first("message-id", limits.HEADER_VALUE)
        if found := message_ids(value) or message_ids("".join(value.split())):
            return found[0]
        bare = value.strip()
        return next(iter(message_ids(f"<{bare}>")), "") if "@" in bare else ""

    def content_type(self) -> parameters.Value:
        """The Content-Type with its parameters."""
        return parameters.read(self.first("content-type", limits.CONTENT_HEADER))

    def disposition(self) -> parameters.Value:
        """The Content-Disposition with its parameters."""
        return parameters.read(self.first("content-disposition", limits.CONTENT_HEADER))


def message_ids(text: str) -> list[str]:
    """The ids in angle brackets in a text."""
    return [found for found in _MESSAGE_ID.findall(text) if found.isprintable()]


def split(data: bytes) -> tuple[Headers, int]:
    """Return the headers at the start of `data`, whose lines end in LF, and where the body begins."""
    if data.startswith(b"\n"):
        return Headers(()), 1
    if not _begins_with_header(data):
        return Headers(()), 0
    end = data.find(b"\n\n")
    block_end, body = (_end_of_lines(data), 0) if end < 0 else (end + 1, end + 2)
    block = data[: min(block_end, limits.HEADER_BLOCK)]
    lines = block.split(b"\n", limits.HEADER_LINES)
    cut = block_end > len(block) or any(lines[limits.HEADER_LINES :])
    found = tuple(_unfold(lines[: limits.HEADER_LINES], _charset(data, block_end)))
    return Headers(found, cut), body or block_end


def _begins_with_header(data: bytes) -> bool:
    first = data[: data.find(b"\n") + 1 or len(data)]
    return bool(_HEADER.match(first)) or first.startswith(_MAILBOX_LINE) or first[:1] in (b" ", b"\t")


def _end_of_lines(data: bytes) -> int:
    """Where the headers end that no empty line parts from the body: at the first line that cannot be one."""
    at = 0
    for _ in range(limits.HEADER_LINES):
        end = data.find(b"\n", at)
        line = data[at : at + 300 if end < 0 else min(end, at + 300)]
        ours = _HEADER.match(line) or line[:1] in (b" ", b"\t") or line.startswith(_MAILBOX_LINE)
        if not ours:
            return at
        if end < 0:
            return len(data)
        at = end + 1
    return at


def _charset(data: bytes, block_end: int) -> str:
    """The first charset that the mail names: that of header text which is neither ASCII nor UTF-8."""
    found = _CHARSET.search(data, 0, min(block_end, limits.HEADER_BLOCK) + _CHARSET_WITHIN)
    label = found[1].decode("ascii", "replace") if found else ""
    return label if label and is_known(label) else "cp1252"


def _unfold(lines: list[bytes], charset: str) -> Iterator[tuple[str, str]]:
    name, pieces = "", [b""]
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            pieces.append(b" " + line.strip())
            continue
        if name:
            yield name, decode(b"".join(pieces), "utf-8", charset)
        before, colon, after = line.partition(b":")
        # A space before the colon is the old form: some readers take it for the header, so it counts as one.
        name = before.strip().decode("ascii", "replace").lower() if colon else ""
        pieces = [after.strip()]
    if name:
        yield name, decode(b"".join(pieces), "utf-8", charset)
