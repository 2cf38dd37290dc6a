"""The HTML part: inline styles only, nothing fetched, readable on light and dark ground."""

from django.template.loader import render_to_string

from upheld.mailboxes.outgoing.blocks import Block


def as_html(title: str, blocks: list[Block]) -> str:
    """Return the HTML part of a mail."""
    return render_to_string("mailboxes/mail.html", {"title": title, "blocks": blocks})
