"""The HTML part: inline styles only, nothing fetched, readable on light and dark ground."""

from django.template.loader import render_to_string

from upheld.mailboxes.outgoing.blocks import Block
from upheld.mailboxes.outgoing.looks import Look


def as_html(title: str, blocks: list[Block], language: str = "en", look: Look | None = None) -> str:
    """Return the HTML part of a mail."""
    context = {"title": title, "blocks": blocks, "language": language, "look": look or Look()}
    return render_to_string("mailboxes/mail.html", context)
