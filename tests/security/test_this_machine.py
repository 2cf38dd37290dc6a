"""What is open to this machine alone is open to nobody who comes through a proxy on it."""

from collections.abc import Iterator

import pytest
from django.test import Client, modify_settings, override_settings

CHAINS = (
    "203.0.113.9",
    "127.0.0.1",  # as a client claims it, through a proxy that passes X_Forwarded_For on as it came
    "::1",
    "203.0.113.9:4711",
    '"[2001:db8::1]:4711"',
    "unix:",
    "unknown",
    "127.0.0.1, 203.0.113.9",
)
PAGES = ("/metrics", "/outbox/")
HERE = {"REMOTE_ADDR": "127.0.0.1"}
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_X_FORWARDED_PROTO")


@pytest.fixture
def demo(db: None) -> Iterator[None]:
    """The addresses of a demo."""
    with (
        modify_settings(INSTALLED_APPS={"append": "upheld.lab"}),
        override_settings(ROOT_URLCONF="lab.demo_urls"),
    ):
        yield


def answered(paths: tuple[str, ...], **headers: str) -> list[str]:
    return [path for path in paths if Client().get(path, **headers).status_code != 404]


def test_another_machine_finds_nothing(demo: None) -> None:
    for address in ("203.0.113.9", "10.0.0.7", "2001:db8::1", "", "unix:"):
        assert answered(("/metrics", "/outbox/", "/outbox/1/", "/outbox/1/html"), REMOTE_ADDR=address) == []


def test_this_machine_itself_is_answered(demo: None) -> None:
    assert answered(PAGES, **HERE) == list(PAGES)


def test_who_comes_through_a_known_proxy_is_never_this_machine(demo: None) -> None:
    with override_settings(TRUSTED_PROXIES=["127.0.0.1"]):
        open_to = {each: answered(PAGES, **HERE, HTTP_X_FORWARDED_FOR=each) for each in CHAINS}
    assert {each: paths for each, paths in open_to.items() if paths} == {}


def test_who_comes_through_a_proxy_that_was_never_named_is_not_either(demo: None) -> None:
    open_to = {each: answered(PAGES, **HERE, **{each: "203.0.113.9"}) for each in FORWARDED}
    assert {each: paths for each, paths in open_to.items() if paths} == {}


def test_a_network_that_may_read_the_figures_is_the_clients_and_never_the_proxys(demo: None) -> None:
    with override_settings(TRUSTED_PROXIES=["10.0.0.1"], METRICS_NETWORKS=["10.0.0.0/8"]):
        read_by = [
            each
            for each in (*CHAINS, "10.0.0.7")
            if answered(("/metrics",), REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=each)
        ]
    assert read_by == ["10.0.0.7"]
