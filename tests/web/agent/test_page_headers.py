"""Headers of every answer, whichever the address."""

import pytest
from cast_of_pages import enter
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from harness.cast import Cast

SAMPLES = {
    "int": "1",
    "number": "SDS-1001",
    "str": "SDS-1001",
    "slug": "school-devices",
    "uuid": "0" * 32,
    "path": "x",
}


def addresses() -> list[str]:
    """One address for every route of the program."""
    return sorted({_sample(route) for route in _routes(get_resolver().url_patterns, "")})


def _routes(patterns: list[URLPattern | URLResolver], before: str) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, route)
        elif "(?P" not in route:
            found.append(route)
    return found


def _sample(route: str) -> str:
    parts = []
    for part in route.split("<"):
        kind, _, rest = part.partition(">")
        parts.append(SAMPLES[kind.partition(":")[0]] + rest if ">" in part else part)
    return "/" + "".join(parts).replace("^", "").replace("$", "")


def check(answer: object) -> None:
    assert answer.status_code < 500
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy or "sandbox" in policy


def test_every_route_for_visitors_and_agents(cast: Cast, client: Client) -> None:
    cast.writes("2026-03-20 16:00", html="<p>x</p>")
    assert len(addresses()) > 12
    for address in addresses():
        for browser in (client, enter(cast.bob.user)):
            check(browser.get(address))
            check(browser.post(address))


@pytest.mark.django_db
def test_no_answer_leads_away_from_the_desk(client: Client) -> None:
    for elsewhere in (
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
    ):
        assert client.post("/theme/", {"theme": "dark", "next": elsewhere})["Location"] == "/"
    assert client.post("/theme/", {"theme": "dark", "next": "/tickets/?q=a"})["Location"] == "/tickets/?q=a"


@pytest.mark.django_db
def test_the_theme_is_kept_and_only_known_ones_reach_the_page(client: Client) -> None:
    client.post("/theme/", {"theme": "dark", "next": "/"})
    assert b'data-theme="dark"' in client.get("/nothing-here/").content
    client.cookies["theme"] = '"><script>'
    assert b"data-theme" not in client.get("/nothing-here/").content
    client.post("/theme/", {"theme": "system", "next": "/"})
    assert client.cookies["theme"].value == ""
