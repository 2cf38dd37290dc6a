"""Addresses elsewhere, as a page may link them."""

from urllib.parse import urlsplit

from django import template

register = template.Library()


@register.filter
def on_the_web(address: str) -> str:
    """Return an address of the web as it is, and nothing for any other: no row, however old, makes a script a link."""
    try:
        return address if urlsplit(address).scheme in ("http", "https") else ""
    except ValueError:
        return ""
