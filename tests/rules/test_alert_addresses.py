"""To which addresses alerts may be pushed: services whose servers are fixed, and nothing else."""

import pytest

from upheld.rules.alert_addresses import SERVICES, AddressRefused, read_address


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        ("ntfy://harbour-alerts", "ntfy"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544", "tgram"),
        ("  discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js  ", "discord"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#alerts", "slack"),
    ],
)
def test_an_address_of_a_listed_service_is_read(text: str, scheme: str) -> None:
    known = read_address(text)
    assert (known.scheme, known.text) == (scheme, text.strip())
    assert known.service == SERVICES[scheme][0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "form"),
        ("harbour", "form"),
        ("ntfy:harbour", "form"),
        ("ntfy://", "form"),
        ("tgram://a b", "form"),
        ("tgram://a\nb", "form"),
        ("tgram://" + "a" * 600, "form"),
        # Where the user names the machine.
        ("json://inner.example.com/", "scheme"),
        ("jsons://169.254.169.254/latest", "scheme"),
        ("http://127.0.0.1:8000/", "scheme"),
        ("https://inner.example.com/", "scheme"),
        ("mailto://user:pass@example.com", "scheme"),
        ("gotify://inner.example.com/token", "scheme"),
        ("ntfys://inner.example.com/topic", "scheme"),
        ("matrix://user:pass@inner.example.com", "scheme"),
        ("mqtt://inner.example.com/topic", "scheme"),
        ("ntfy://inner.example.com/topic", "topic"),
        ("ntfy://10.0.0.1/topic", "topic"),
        ("ntfy://10.0.0.1", "topic"),
        ("ntfy://user:pass@topic", "topic"),
        ("ntfy://topic:8080/", "topic"),
        ("ntfy://one/two", "topic"),
        # Files and programs of this machine.
        ("file:///etc/passwd", "scheme"),
        ("dbus://", "scheme"),
        ("syslog://", "scheme"),
        ("windows://", "scheme"),
        ("macosx://", "scheme"),
        # What would turn off the check of certificates, or lead elsewhere by a parameter.
        ("tgram://123456789:abcdefg/1?verify=no", "query"),
        ("ntfy://topic?mode=private", "query"),
        ("discord://1/2?avatar_url=http://10.0.0.1/", "query"),
    ],
)
def test_everything_else_is_refused(text: str, why: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(text)
    assert refused.value.why == why
