"""What an agent was told, on its page; and how they choose to be told."""

import re
from datetime import timedelta

import pytest
from cast_of_pages import NOW, page
from django.test import Client

from harness.cast import Cast, at
from upheld.notices.models import Alert, Notice, Push
from upheld.people.models import Agent, AlertAddress
from upheld.tickets.actions import assign, reply, restrict_ticket, settle_ticket
from upheld.tickets.models import Ticket

PHONE = {"label": "My phone", "address": "ntfy://geheim4711"}


@pytest.fixture
def late(cast: Cast) -> Ticket:
    """Bob's ticket, of whose first response three quarters are used."""
    ticket = cast.writes("2026-03-19 10:30", priority="high")
    assign(ticket.pk, cast.lena, cast.bob, at("2026-03-19 10:35"))
    settle_ticket(ticket.pk, at("2026-03-20 16:00"))
    assert Alert.objects.filter(agent=cast.bob, kind="warning").exists()
    return ticket


def unread(agent: Agent) -> int:
    return Alert.objects.filter(agent=agent, read_at=None).count()


def bell(text: str) -> str:
    """What stands beside Alerts in the bar."""
    found = re.search(r'href="/alerts/".*?</a>', text, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>|\s+", " ", found[0])


def test_it_says_what_why_which_ticket_and_how_long_is_left(cast: Cast, bob: Client, late: Ticket) -> None:
    said = page(bob.get("/alerts/"))
    assert f"First response of {late.number} is due by" in said
    assert "75 % of the time for the first response was used." in said
    assert "The ticket is assigned to you." in said
    assert "Laptop will not start" in said
    assert re.search(r"\d+ (h|min).* left", said)
    assert f'href="/tickets/{late.number}/"' in said
    assert ">Today<" in said and ">Yesterday<" in said


def test_the_bell_counts_what_is_unread_and_looking_at_the_ticket_reads_it(
    cast: Cast, bob: Client, late: Ticket
) -> None:
    assert unread(cast.bob) == 2
    assert bell(page(bob.get("/tickets/"))).strip().endswith("2")
    bob.head(f"/tickets/{late.number}/")
    assert unread(cast.bob) == 2
    page(bob.get(f"/tickets/{late.number}/"))
    assert unread(cast.bob) == 0
    assert "waiting for you" not in bell(page(bob.get("/tickets/")))


def test_one_and_all_are_marked_as_read_and_nobody_elses(
    cast: Cast, bob: Client, stranger: Client, late: Ticket
) -> None:
    alert = Alert.objects.filter(agent=cast.bob).first()
    assert alert is not None
    stranger.post("/alerts/read/", {"alert": str(alert.pk)})
    stranger.post("/alerts/read/", {"alert": "all"})
    assert unread(cast.bob) == 2
    assert bob.post("/alerts/read/", {"alert": str(alert.pk), "list": "unread"}).url == "/alerts/?list=unread"
    assert unread(cast.bob) == 1
    bob.post("/alerts/read/", {"alert": "all"})
    assert unread(cast.bob) == 0
    for odd in ("", "x", "9" * 40, "-1"):
        assert bob.post("/alerts/read/", {"alert": odd, "after": odd}).status_code == 302


def test_lists_by_kind_and_the_unread(cast: Cast, bob: Client, late: Ticket) -> None:
    assert "is due by" in page(bob.get("/alerts/?list=warning"))
    assert "was assigned to you" not in page(bob.get("/alerts/?list=warning"))
    bob.post("/alerts/read/", {"alert": "all"})
    assert "You have read everything" in page(bob.get("/alerts/?list=unread"))
    assert "is due by" in page(bob.get("/alerts/?list=nonsense&after=nonsense"))


def test_what_is_over_stays_and_says_so(cast: Cast, bob: Client, late: Ticket) -> None:
    reply(late.pk, cast.bob, "Try this.", at("2026-03-20 16:10"))
    assert "over: it was answered" in page(bob.get("/alerts/?list=warning"))


def test_what_waits_for_ones_hours_says_until_when(cast: Cast, bob: Client, late: Ticket) -> None:
    Alert.objects.filter(kind="warning").update(leaves_at=NOW + timedelta(days=2))
    assert "Outside these pages you are told" in page(bob.get("/alerts/"))


def test_many_are_paged(cast: Cast, bob: Client, late: Ticket) -> None:
    pattern = Alert.objects.get(agent=cast.bob, kind="warning")
    rows = [Alert(**{**fields_of(pattern), "key": f"many:{number}"}) for number in range(120)]
    Alert.objects.bulk_create(rows)
    seen, url = 0, "/alerts/?list=warning"
    while url:
        said = page(bob.get(url))
        seen += said.count('class="alert-row"')
        following = re.search(r'href="([^"]+)">Next page', said)
        url = following[1].replace("&amp;", "&") if following else ""
    assert seen == 121
    assert bell(said).strip().endswith("99+")


def fields_of(alert: Alert) -> dict[str, object]:
    names = (
        "desk_id",
        "agent_id",
        "kind",
        "ticket_id",
        "ticket_number",
        "data",
        "at",
        "created_at",
        "leaves_at",
    )
    return {name: getattr(alert, name) for name in names}


def test_a_restricted_ticket_is_a_number_to_its_readers_and_nothing_to_others(
    cast: Cast, bob: Client, signed_in, late: Ticket
) -> None:
    cast.reads_what_is_restricted(cast.lena)
    pattern = Alert.objects.get(agent=cast.bob, kind="warning")
    Alert.objects.create(**{**fields_of(pattern), "agent_id": cast.lena.pk, "key": "lena"})
    restrict_ticket(late.pk, cast.bob, "A pupil is named.", at("2026-03-20 16:20"))
    hers = page(signed_in(cast.lena).get("/alerts/"))
    assert late.number in hers and "Laptop will not start" not in hers
    his = page(bob.get("/alerts/"))
    assert late.number not in his and "Laptop will not start" not in his
    assert "waiting for you" not in bell(his)


def test_the_bar_costs_one_query_more_at_most(
    cast: Cast, bob: Client, late: Ticket, django_assert_max_num_queries
) -> None:
    page(bob.get("/alerts/"))
    with django_assert_max_num_queries(16):
        page(bob.get("/alerts/"))


def test_hours_are_chosen_and_what_was_typed_stays(cast: Cast, bob: Client) -> None:
    week = {"hours": "own", "times-mon": "09:00-12:00, 13:00-17:00", "times-sun": "22:00-06:00"}
    bob.post("/alerts/hours/", week)
    agent = Agent.objects.get(pk=cast.bob.pk)
    assert agent.alert_hours == "own"
    assert agent.alert_times == {"mon": [["09:00", "12:00"], ["13:00", "17:00"]], "sun": [["22:00", "06:00"]]}
    said = page(bob.get("/preferences/"))
    assert 'value="own" checked' in said and 'value="09:00-12:00, 13:00-17:00"' in said
    refused = bob.post("/alerts/hours/", {"hours": "own", "times-tue": "nine to five"})
    assert refused.status_code == 422
    assert "Write the hours of Tuesday like 09:00-17:30" in refused.content.decode()
    assert 'value="nine to five"' in refused.content.decode()
    assert bob.post("/alerts/hours/", {"hours": "own"}).status_code == 422
    assert bob.post("/alerts/hours/", {"hours": "sometimes"}).status_code == 422
    assert Agent.objects.get(pk=cast.bob.pk).alert_times == agent.alert_times


def test_ways_are_chosen_by_kind(cast: Cast, bob: Client) -> None:
    bob.post("/alerts/ways/", {"way-breach": ["mail"], "way-warning": ["push", "nonsense"]})
    chosen = Agent.objects.get(pk=cast.bob.pk).alert_ways
    assert (chosen["breach"], chosen["warning"], chosen["assigned"]) == (["mail"], ["push"], [])
    said = page(bob.get("/preferences/"))
    assert 'name="way-breach" value="mail" checked' in said
    assert 'name="way-breach" value="push">' in said
    assert 'name="way-answer_kept" value="mail" checked disabled' in said


def test_an_address_is_added_tried_turned_off_and_removed(cast: Cast, bob: Client) -> None:
    assert "Added: My phone." in page(bob.post("/alerts/addresses/", PHONE, follow=True))
    address = AlertAddress.objects.get(agent=cast.bob)
    said = page(bob.get("/preferences/"))
    assert "My phone" in said and "geheim4711" not in said
    bob.post(f"/alerts/addresses/{address.pk}/test/")
    assert Push.objects.get().address == address
    bob.post(f"/alerts/addresses/{address.pk}/turn/")
    assert not AlertAddress.objects.get().is_on
    bob.post(f"/alerts/addresses/{address.pk}/turn/", {"on": "on"})
    assert AlertAddress.objects.get().is_on
    bob.post(f"/alerts/addresses/{address.pk}/remove/")
    assert not AlertAddress.objects.exists()


def test_a_refused_address_says_why_and_is_not_shown_again(cast: Cast, bob: Client) -> None:
    answer = bob.post("/alerts/addresses/", {"label": "Inner", "address": "json://geheim4711.example.com/"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Alerts cannot be sent to this kind of address." in said
    assert 'value="Inner"' in said and "geheim4711" not in said
    assert not AlertAddress.objects.exists()


def test_anothers_address_is_as_good_as_none(cast: Cast, bob: Client, stranger: Client) -> None:
    bob.post("/alerts/addresses/", PHONE)
    address = AlertAddress.objects.get()
    for deed in ("test", "turn", "remove"):
        assert stranger.post(f"/alerts/addresses/{address.pk}/{deed}/").status_code == 422
    address.refresh_from_db()
    assert address.is_on and not Push.objects.exists()


def test_a_mail_that_was_left_out_stands_in_a_list_with_its_reason(
    cast: Cast, signed_in, late: Ticket
) -> None:
    notice = Notice.objects.get(kind="warning", ticket_id=late.pk)
    Notice.objects.filter(pk=notice.pk).update(
        state="left_out", last_error="Left out: it was answered meanwhile."
    )
    lena = signed_in(cast.lena)
    said = page(lena.get("/mail/outgoing/?list=left-out"))
    assert "Left out: it was answered meanwhile." in said
    assert f"/mail/outgoing/{notice.pk}/again/" not in said
    assert "is over, so it was left out" in page(lena.post(f"/mail/outgoing/{notice.pk}/again/", follow=True))
    notice.refresh_from_db()
    assert notice.state == "left_out"
