"""What a mail domain of an organization can be."""

import re

from upheld.people.refused import CustomerRefused
from upheld.rules.colleagues import PUBLIC_PROVIDERS

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"\A(?:{_LABEL}\.)+{_LABEL}\Z")


def checked_domain(text: str) -> str:
    """Return a domain as it is kept; what was copied from an address is as good. Raises CustomerRefused."""
    name = text.strip().lower().rpartition("@")[2].rstrip(".")
    try:
        name = name.encode("idna").decode("ascii") if not name.isascii() else name
    except UnicodeError:
        name = ""
    if len(name) > 253 or not _DOMAIN.match(name):
        raise CustomerRefused("domain", "This is no mail domain. Write one such as example.com.")
    if name in PUBLIC_PROVIDERS:
        raise CustomerRefused(
            "domain",
            f"Anybody can have an address at {name}. Enter the people themselves instead of the domain.",
        )
    return name
