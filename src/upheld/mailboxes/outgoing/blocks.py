"""What a mail says, in pieces that are written both as text and as HTML, so that the two parts never differ."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString

from upheld.mailboxes.outgoing.markdown import to_html


@dataclass(frozen=True, slots=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Lead:
    """The sentence for which the mail was sent."""

    kind: ClassVar[str] = "lead"
    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Rows:
    """Names and values, a line each."""

    kind: ClassVar[str] = "rows"
    rows: tuple[tuple[str, str], ...]

    def as_text(self) -> str:
        return "\n".join(f"{name}: {value}" for name, value in self.rows)


@dataclass(frozen=True, slots=True)
class Link:
    kind: ClassVar[str] = "link"
    label: str
    url: str

    def as_text(self) -> str:
        return f"{self.label}:\n{self.url}"


@dataclass(frozen=True, slots=True)
class Button:
    """A link that asks for an answer; the page that it opens has the real button, since reading changes nothing."""

    kind: ClassVar[str] = "button"
    label: str
    url: str

    def as_text(self) -> str:
        return f"{self.label}:\n{self.url}"


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote: as written in the text part, as Markdown in the HTML part."""

    kind: ClassVar[str] = "written"
    text: str

    def as_text(self) -> str:
        return self.text.strip("\n")

    @property
    def html(self) -> SafeString:
        return to_html(self.text)


@dataclass(frozen=True, slots=True)
class Signature:
    kind: ClassVar[str] = "signature"
    text: str

    def as_text(self) -> str:
        return self.text.strip("\n")


@dataclass(frozen=True, slots=True)
class Plain:
    """Text of ours that may hold links, such as the mails about signing in."""

    kind: ClassVar[str] = "plain"
    text: str

    def as_text(self) -> str:
        return self.text.strip("\n")


@dataclass(frozen=True, slots=True)
class Small:
    kind: ClassVar[str] = "small"
    text: str

    def as_text(self) -> str:
        return self.text


Block = Paragraph | Lead | Rows | Link | Button | Written | Signature | Plain | Small


def as_text(blocks: list[Block]) -> str:
    """Return the text part."""
    return "\n\n".join(block.as_text() for block in blocks) + "\n"
