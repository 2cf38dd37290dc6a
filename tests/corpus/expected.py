"""The corpus: every mail below tests/mails, with what is expected of it.

Each folder has its `.eml` files and one `expected.toml`, a table a mail. tests/mails/README.md says how to add
one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from corpus.generated import GENERATED

FOLDER = Path(__file__).parents[1] / "mails"
SUPPORT = "support@desk.example.com"
ENDS = ("ticket", "follow-up", "answer", "held", "bounce", "copy", "ignored", "kept")
# What a mail can be filled with; `world.py` makes the values.
OF_A_STORY = frozenset(
    [
        *("number", "first_id", "ack_id", "reply_id", "head_reply_id", "forged_id", "foreign_id"),
        *("amina_reply", "head_reply", "ida_reply", "ended_reply", "mallory_reply", "forged_reply"),
        *("link_address", "bob_reply", "otto_reply", "lena_reply", "bounce_address", "head_bounce_address"),
        *("foreign_reply", "foreign_number", "absent_number", "second_number", "small_number"),
    ]
)
_PLACEHOLDER = re.compile(rb"\{([a-z_]{2,40})\}")


class CorpusError(Exception):
    """A mail without expectation, an expectation without mail, or one that says nothing sensible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of one mail.

    What is left out is not looked at; but of `doubt`, `machine`, `from_list`, `bounce` and `files` there is none
    where nothing is said, and "?" says that it does not matter.
    """

    proves: str
    becomes: str
    # as it comes
    envelope_from: str | None = None
    envelope_to: str = SUPPORT
    desk: str = "support"
    restricted: bool = False
    after: str = ""
    # as it is read
    sender: str | None = None
    name: str | None = None
    doubt: str = ""
    subject: str | None = None
    text: str | None = None
    says: list[str] = field(default_factory=list)
    omits: list[str] = field(default_factory=list)
    html_says: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    machine: str = ""
    from_list: str = ""
    bounce: dict[str, Any] | str | None = None
    defect: str = ""
    date: str | None = None
    # as it ends
    because: str = ""
    acknowledged: bool | None = None
    told: str = ""
    priority: str = ""
    people: list[str] | None = None
    title: str = ""

    def is_acknowledged(self) -> bool:
        """Whether the sender hears that it arrived."""
        if self.acknowledged is not None:
            return self.acknowledged
        return self.becomes == "ticket" and not self.doubt


@dataclass(frozen=True)
class CorpusMail:
    """One mail of the corpus: `folder/name`."""

    name: str
    path: Path
    expected: Expected

    @cached_property
    def stored(self) -> bytes:
        return self.path.read_bytes()

    @cached_property
    def is_template(self) -> bool:
        """Whether it needs a ticket of its own to speak of."""
        return bool(self._placeholders & OF_A_STORY) or self.expected.becomes in (
            "follow-up",
            "held",
            "answer",
        )

    @cached_property
    def _placeholders(self) -> set[str]:
        spoken = self.stored + f"{self.expected.envelope_to} {self.expected.envelope_from}".encode()
        return {found.decode() for found in _PLACEHOLDER.findall(spoken)}

    def filled(self, values: Mapping[str, str]) -> bytes:
        """The mail as it is sent."""
        return _fill(self.stored, values)

    def recipient(self, values: Mapping[str, str]) -> str:
        """To whom its envelope is addressed."""
        return _fill(self.expected.envelope_to.encode(), values).decode()

    def envelope_sender(self, values: Mapping[str, str]) -> str:
        """From whom its envelope comes; `<>` is nobody, as in reports."""
        said = self.expected.envelope_from
        if said is None:
            said = self.expected.sender or "somebody@relay.example.net"
        return _fill(said.encode(), values).decode()


def _fill(raw: bytes, values: Mapping[str, str]) -> bytes:
    def value(found: re.Match[bytes]) -> bytes:
        name = found[1].decode()
        if name in GENERATED:
            return GENERATED[name]()
        return values[name].encode() if name in values else found[0]

    return _PLACEHOLDER.sub(value, raw)


def read_corpus() -> list[CorpusMail]:
    """Every mail, by folder and name. Raises CorpusError for what does not belong together."""
    found: list[CorpusMail] = []
    for folder in _folders():
        found += _read_folder(folder)
    names = {mail.name for mail in found}
    for mail in found:
        if mail.expected.after and mail.expected.after not in names:
            raise CorpusError(f"{mail.name} comes after {mail.expected.after}, which does not exist")
    return found


def _folders() -> list[Path]:
    return [FOLDER, *sorted(path for path in FOLDER.iterdir() if path.is_dir())]


def _read_folder(folder: Path) -> list[CorpusMail]:
    mails, expected = _halves(folder)
    prefix = "" if folder == FOLDER else f"{folder.name}/"
    return [
        CorpusMail(prefix + name, path, _expectation(prefix + name, expected[name]))
        for name, path in mails.items()
        if name in expected
    ]


def _halves(folder: Path) -> tuple[dict[str, Path], dict[str, dict[str, Any]]]:
    mails = {path.stem: path for path in sorted(folder.glob("*.eml"))}
    table = folder / "expected.toml"
    return mails, tomllib.loads(table.read_text()) if table.exists() else {}


def without_counterpart() -> list[str]:
    """The mails without an expectation, and the expectations without a mail."""
    found: list[str] = []
    for folder in _folders():
        mails, expected = _halves(folder)
        found += [f"{folder.name}/{name}" for name in sorted(mails.keys() ^ expected.keys())]
    return found


def _expectation(name: str, said: dict[str, Any]) -> Expected:
    known = {each.name for each in fields(Expected)}
    if said.keys() - known:
        raise CorpusError(f"{name}: nothing is called {', '.join(sorted(said.keys() - known))}")
    missing = {"proves", "becomes"} - said.keys()
    if missing:
        raise CorpusError(f"{name}: it does not say {', '.join(sorted(missing))}")
    for key in ("says", "omits", "html_says", "files"):
        if isinstance(said.get(key), str):
            said = said | {key: [said[key]]}
    expected = Expected(**said)
    if expected.becomes not in ENDS:
        raise CorpusError(f"{name}: becomes {expected.becomes!r} is none of {', '.join(ENDS)}")
    return expected


CORPUS = read_corpus()
BY_NAME = {mail.name: mail for mail in CORPUS}
