"""Placeholders of saved replies: a fixed list of names in double braces, replaced as plain text and by nothing else.

What they are replaced with is never read again, so nobody's name or subject can bring in another one.
"""

import re
from collections.abc import Mapping

# What there is, each with the words under which it is offered.
PLACEHOLDERS: Mapping[str, str] = {
    "customer.first_name": "the customer's first name",
    "customer.name": "the customer's whole name",
    "customer.organization": "the customer's organization",
    "ticket.number": "the ticket's number",
    "ticket.subject": "the ticket's subject",
    "ticket.status": "the status, as the customer reads it",
    "ticket.received": "when the request was received",
    "agent.name": "your name",
    "agent.first_name": "your first name",
    "desk.name": "the desk's name",
    "due.first_response": "by when the first answer is due",
    "due.next_reply": "by when the next reply is due",
    "due.update": "by when the next update is due",
    "due.resolution": "by when the solution is due",
}
_ANY = re.compile(r"\{\{[ \t]*([^{}\n]{0,80}?)[ \t]*\}\}")


def unknown_in(text: str) -> list[str]:
    """Return what stands in double braces and is no placeholder, as it was written, each once."""
    found = (each.group(0) for each in _ANY.finditer(text) if each.group(1) not in PLACEHOLDERS)
    return list(dict.fromkeys(found))


def left_in(text: str) -> list[str]:
    """Return the placeholders that still stand in a text, each once."""
    found = (each.group(0) for each in _ANY.finditer(text) if each.group(1) in PLACEHOLDERS)
    return list(dict.fromkeys(found))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the values in their places; one without a value stays, so that somebody sees it."""

    def value(found: re.Match[str]) -> str:
        return values.get(found.group(1), "") or found.group(0)

    return _ANY.sub(value, text)
