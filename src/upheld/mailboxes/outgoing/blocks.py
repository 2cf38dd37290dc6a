"""What a mail says, in pieces that are written both as text and as HTML, so that the two parts never differ."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
        pair = _("%(name)s: %(value)s")
        return "\n".join(pair % {"name": name, "value": value} for name, value in self.rows)


@dataclass(frozen=True, slots=True)
class Link:
    kind: ClassVar[str] = "link"
    label: str
    url: str

    def as_text(self) -> str:
        return _labelled(self.label, self.url)


@dataclass(frozen=True, slots=True)
class Button:
    """A link that asks for an answer; the page that it opens has the real button, since reading changes nothing."""

    kind: ClassVar[str] = "button"
    label: str
    url: str

    def as_text(self) -> str:
        return _labelled(self.label, self.url)


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


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words, marked as theirs: plain text that holds no link and no markup of ours."""

    kind: ClassVar[str] = "quote"
    text: str

    def as_text(self) -> str:
        return "\n".join(f"> {line}".rstrip() for line in self.text.strip("\n").split("\n"))


@dataclass(frozen=True, slots=True)
class Heading:
    kind: ClassVar[str] = "heading"
    text: str

    def as_text(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Item:
    """One ticket of a list: its number, which opens it, its subject, and what there is to say about it."""

    number: str
    subject: str
    detail: str
    url: str


@dataclass(frozen=True, slots=True)
class Items:
    kind: ClassVar[str] = "items"
    items: tuple[Item, ...]

    def as_text(self) -> str:
        return "\n\n".join(
            "\n".join(
                filter(None, (" ".join(filter(None, (item.number, item.subject))), item.detail, item.url))
            )
            for item in self.items
        )


@dataclass(frozen=True, slots=True)
class Footer:
    """The desk's own last lines: company, address, what the law asks for."""

    kind: ClassVar[str] = "footer"
    text: str

    def as_text(self) -> str:
        return f"-- \n{self.text}"


Block = (
    Paragraph
    | Lead
    | Rows
    | Link
    | Button
    | Written
    | Signature
    | Plain
    | Small
    | Quote
    | Heading
    | Items
    | Footer
)


def _labelled(label: str, url: str) -> str:
    return _("%(label)s:") % {"label": label} + f"\n{url}"


def as_text(blocks: list[Block]) -> str:
    """Return the text part."""
    return "\n\n".join(block.as_text() for block in blocks) + "\n"
