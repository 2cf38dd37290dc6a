"""All addresses of the program, and whether somebody who knocks gets in."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

_SHUT = (403, 404, 405)
_SIGN_IN = "/accounts/"


@dataclass(frozen=True)
class Route:
    """`name` is with its namespace, as `portal:mine`; `placeholders` are what its address holds."""

    name: str
    pattern: str
    placeholders: tuple[str, ...]

    def address(self, values: dict[str, Any]) -> str:
        """The address for these values; one that is meant for this route alone comes first."""
        chosen = {}
        for each in self.placeholders:
            number = "version_number" if self.name.startswith("policy_") and each == "number" else each
            chosen[each] = values.get(f"{self.name}.{each}", values.get(number))
        return reverse(self.name, kwargs=chosen)


def routes() -> Iterator[Route]:
    """Every address that the program answers at."""
    yield from _walk(get_resolver().url_patterns)


def _walk(patterns: Any, before: str = "", namespace: str = "") -> Iterator[Route]:
    for each in patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLPattern):
            name = f"{namespace}{each.name}"
            yield Route(name, pattern, tuple(_placeholders(pattern)))
        else:
            inner = f"{namespace}{each.namespace}:" if each.namespace else namespace
            yield from _walk(each.url_patterns, pattern, inner)


def _placeholders(pattern: str) -> Iterator[str]:
    for part in pattern.replace("(?P<", "<").split("<")[1:]:
        yield part.split(">")[0].rpartition(":")[2]


def knock(client: Client, method: str, address: str) -> bool:
    """Whether whoever sends this is let in: not refused, not told that there is nothing, not sent to sign in. The next
    one comes with the same cookies, whatever this answer did to them."""
    cookies = deepcopy(client.cookies)
    answer: HttpResponseBase = client.generic(
        method, address, content_type="application/x-www-form-urlencoded"
    )
    client.cookies = cookies
    if answer.status_code in _SHUT:
        return False
    return not (answer.status_code == 302 and answer["Location"].startswith(_SIGN_IN))
