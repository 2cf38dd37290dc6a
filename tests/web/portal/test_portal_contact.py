"""The contact page: which ways there are, what is open at this moment, and when the rest opens."""

import re

import pytest
from django.test import Client

from harness.cast import Cast, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import Portal
from upheld.policy import pack

ADDRESS = "/help/school-devices/contact/"


def under(cast: Cast, name: str) -> None:
    """The desk answers under this shipped policy."""
    publish_policy(cast.desk, pack(name), now=utc("2026-03-01 00:00"), by="tests")


def ways(client: Client, address: str = ADDRESS) -> dict[str, str]:
    """What the page says about each way, in plain words, by its label."""
    page = client.get(address)
    assert page.status_code == 200
    found = re.findall(r'<li class="card way".*?</li>', page.content.decode(), re.S)
    plain = {re.search(r"<h2>(.*?)</h2>", each)[1]: each for each in found}  # type: ignore[index]
    return {label: " ".join(re.sub(r"<[^>]+>", " ", each).split()) for label, each in plain.items()}


def links(client: Client, address: str = ADDRESS) -> list[str]:
    return re.findall(r'class="way-to" href="([^"]+)"', client.get(address).content.decode())


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        # The helpdesk of this policy works in London, from Monday to Friday, 09:00 to 17:30.
        ("2026-03-16 12:00", "open now"),
        ("2026-03-16 08:59", "closed now"),
        ("2026-03-16 17:29", "open now"),
        ("2026-03-16 17:30", "closed now"),
        ("2026-03-21 12:00", "closed now"),
        # The clocks went forward in between: nine o'clock in London is 08:00 UTC now.
        ("2026-03-30 08:00", "open now"),
        # Good Friday.
        ("2026-04-03 12:00", "closed now"),
    ],
)
def test_a_number_for_each_region_with_what_is_open_now(
    stranger: Client, cast: Cast, noon, instant: str, words: str
) -> None:
    under(cast, "campaign-severity")
    noon.move_to(utc(instant))
    told = ways(stranger)
    for label, region in (
        ("Phone, Europe", "Europe"),
        ("Phone, North America", "North America"),
        ("Phone, Asia Pacific", "Asia Pacific"),
    ):
        assert words in told[label]
        assert region in told[label]
    assert "around the clock" in told["E-mail"]
    assert {each for each in links(stranger) if each.startswith("tel:")} == {
        "tel:+442079460101",
        "tel:+12125550101",
        "tel:+61255500101",
    }


def test_when_it_opens_next_in_the_desks_zone_and_in_the_readers(stranger: Client, cast: Cast, noon) -> None:
    under(cast, "campaign-severity")
    noon.move_to(utc("2026-03-27 18:00"))
    stranger.cookies["zone"] = "America/New_York"
    told = ways(stranger)["Phone, Europe"]
    # On the Sunday between, London's clocks go forward; those of New York went before.
    assert "Opens Monday 30 March 2026, 09:00 (London time, GMT+1)" in told
    assert "for you Monday 30 March 2026, 04:00 (New York time, GMT-4)" in told
    assert "Until then: Write to us; we answer when we open." in told
    stranger.cookies["zone"] = "Europe/Lisbon"
    assert "for you" not in ways(stranger)["Phone, Europe"]


def test_while_it_is_open_it_says_until_when(stranger: Client, cast: Cast, noon) -> None:
    under(cast, "campaign-severity")
    told = ways(stranger)["Phone, Europe"]
    assert "Open until Monday 16 March 2026, 17:30 (London time, GMT)" in told
    assert "Outside these hours: Write to us" in told


def test_a_hotline_says_for_what_it_is_meant(stranger: Client, cast: Cast, noon) -> None:
    under(cast, "always-on")
    told = ways(stranger)["Support hotline"]
    assert "Meant for: Critical and High." in told
    assert "at least “High”" in told
    assert "The on-call engineer answers for critical issues" in told


def test_the_option_to_choose_stands_beside_the_number(stranger: Client, cast: Cast, noon) -> None:
    under(cast, "maintenance-contract")
    assert "+1 866 555 0142, option 2" in ways(stranger)["Telephone"]
    assert "tel:+18665550142" in links(stranger)


def test_a_desk_that_takes_no_calls_says_so(stranger: Client, cast: Cast, noon) -> None:
    page = stranger.get(ADDRESS).content.decode()
    assert "Phone" not in ways(stranger)
    assert "No inbound phone support; we may phone you." in page.split('id="outbound"')[1]
    assert "we take no calls" in page
    under(cast, "campaign-severity")
    assert "we take no calls" not in stranger.get(ADDRESS).content.decode()


def test_mail_is_written_to_where_it_becomes_a_request(stranger: Client, cast: Cast, noon) -> None:
    assert links(stranger) == ["mailto:support@desk.example.com"]
    cast.desk.mailboxes.update(restricted=True)
    Portal.objects.update(mailbox=None)
    assert links(stranger) == ["mailto:help@devices.example"]


def test_the_form_is_reached_from_here(stranger: Client, cast: Cast, noon) -> None:
    assert "Submit a request" in ways(stranger)["Help desk portal"]
    assert 'href="/help/school-devices/requests/new/"' in stranger.get(ADDRESS).content.decode()


def test_anybody_reads_it(stranger: Client, cast: Cast, noon) -> None:
    """No account, no cookie, and nothing about who else is here."""
    answer = stranger.get(ADDRESS)
    assert answer.status_code == 200
    assert "sessionid" not in answer.cookies
