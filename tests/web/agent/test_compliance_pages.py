"""How promises were kept, on its page: the figures, the list behind each number, and who sees which."""

import json
import re
from collections.abc import Callable

import pytest
from cast_of_pages import page
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from harness.cast import LONG_AGO, Cast, at
from upheld.config.commands import report
from upheld.config.trouble import Trouble
from upheld.desks.actions import create_desk
from upheld.people.actions import name_auditor
from upheld.people.models import Agent, Membership
from upheld.policy import Actor
from upheld.tickets.actions import reply, set_status, settle_ticket
from upheld.tickets.models import Ticket
from upheld.tickets.pen import Pen
from upheld.tickets.visibility import AgentViewer

HERE = "/reports/compliance/"


@pytest.fixture
def march(cast: Cast) -> dict[str, Ticket]:
    """March so far: one answered in time, one too late, one overdue and open, one that falls due later today."""
    met = cast.writes("2026-03-09 09:00", subject="Screen is cracked")
    reply(met.pk, cast.bob, "We send a new one.", at("2026-03-09 10:00"))
    late = cast.writes("2026-03-10 09:00", subject="Charger is lost")
    reply(late.pk, cast.bob, "Sorry for the wait.", at("2026-03-19 10:00"))
    overdue = cast.writes("2026-03-11 09:00", subject="Keys fell off")
    pending = cast.writes("2026-03-20 09:00", subject="Asks for a password")
    for each in (met, late, overdue, pending):
        settle_ticket(each.pk, at("2026-03-20 16:30"))
    return {"met": met, "late": late, "overdue": overdue, "pending": pending}


@pytest.fixture
def secret(cast: Cast, march: dict[str, Ticket]) -> Ticket:
    """A restricted ticket, answered in time, that Lena reads and Bob and Ada do not."""
    cast.reads_what_is_restricted(cast.lena)
    ticket = cast.writes("2026-03-09 11:00", subject="A worry about a pupil", priority="urgent")
    reply(ticket.pk, cast.lena, "We look into it.", at("2026-03-09 11:30"))
    set_status(
        ticket.pk, cast.lena, "waiting_on_customer", at("2026-03-09 11:40"), reason="the words of a pupil"
    )
    return ticket


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def links(text: str, place: str = "clocks") -> dict[str, str]:
    """The lists behind the numbers of a page, by address, with the number."""
    found = re.findall(rf'<a href="({HERE}{place}/\?[^"]+)">([^<]+)</a>', text)
    return {address.replace("&amp;", "&"): number for address, number in found}


def test_shares_are_told_exactly_and_each_number_leads_to_its_clocks(
    bob: Client, march: dict[str, Ticket]
) -> None:
    text = page(bob.get(HERE))
    said = words(text)
    assert "The tickets that you see" in said
    assert "33.3 % 1 of 3" in said
    assert "Not reached" in said and "2 misses too many." in said
    assert "This month is not over" in said
    behind = links(text)
    assert len(behind) > 8
    for address, number in behind.items():
        wanted = re.match(r"(?:\d+ of )?(\d+)", number)
        assert wanted, number
        listed = page(bob.get(address))
        assert listed.count('<th scope="row">') == int(wanted[1]), address
    overdue = next(
        page(bob.get(each)) for each in behind if "outcomes=overdue" in each and "first_response" in each
    )
    assert march["overdue"].number in overdue and march["late"].number not in overdue
    assert "so far" in overdue


def test_a_row_says_what_became_of_a_clock_and_leads_to_its_explanation(
    bob: Client, march: dict[str, Ticket]
) -> None:
    text = page(bob.get(f"{HERE}clocks/?metrics=first_response&outcomes=missed"))
    late = march["late"]
    said = words(text)
    assert "First response · Missed" in said
    assert late.number in said and "Charger is lost" in said and "Amina Yusuf" in said
    assert f'href="/tickets/{late.number}/#clock-first_response-1"' in text
    assert 'id="clock-first_response-1"' in page(bob.get(f"/tickets/{late.number}/"))
    # Due on 12 March at 14:00, answered on the 19th at 10:00.
    assert "6 d 20 h" in said, said


def test_a_corrected_verdict_counts_as_corrected_and_says_by_whom(
    cast: Cast, bob: Client, march: dict[str, Ticket]
) -> None:
    pen = Pen.on(march["late"].pk, at("2026-03-20 15:00"))
    data = {"metric": "first_response", "cycle": 1, "verdict": "met", "reason": "Rang them the same day"}
    pen.fact("corrected", Actor.agent, agent=cast.lena, **data)
    pen.close()
    text = page(bob.get(HERE))
    assert "2 of 3" in words(text) and "Corrected" in words(text)
    address = next(each for each in links(text) if "mark=corrected" in each)
    listed = words(page(bob.get(address)))
    assert march["late"].number in listed
    assert "Met first: Breached corrected by Lena Novak: Rang them the same day" in listed


def test_only_an_auditor_sees_the_whole(
    cast: Cast, signed_in: Callable[[Agent], Client], secret: Ticket
) -> None:
    bob, ada, lena = signed_in(cast.bob), signed_in(cast.ada), signed_in(cast.lena)
    assert "1 of 3" in words(page(bob.get(HERE)))
    assert "2 of 4" in words(page(lena.get(HERE)))
    for client in (bob, ada, lena):
        assert client.get(f"{HERE}?scope=whole").status_code == 404
        assert client.get(f"{HERE}clocks/?scope=whole").status_code == 404
        assert client.get(f"{HERE}pauses/?scope=whole").status_code == 404
    name_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    whole = words(page(bob.get(HERE)))
    assert "All tickets of the desk" in whole and "2 of 4" in whole and "Urgent" in whole
    own = words(page(bob.get(f"{HERE}?scope=seen")))
    assert "1 of 3" in own and "Urgent" not in own


def test_a_list_names_no_ticket_that_its_reader_may_not_read(
    cast: Cast, signed_in: Callable[[Agent], Client], secret: Ticket
) -> None:
    name_auditor(cast.desk.pk, cast.bob.pk, by=cast.ada, now=LONG_AGO)
    bob = signed_in(cast.bob)
    figures = page(bob.get(HERE))
    assert secret.subject not in figures and "the words of a pupil" not in figures
    everything = links(figures) | links(figures, "pauses")
    listed = {address: page(bob.get(address)) for address in everything}
    assert any("And 1 that you may not read" in words(each) for each in listed.values())
    for address, text in listed.items():
        for hidden in (secret.number, secret.subject, "the words of a pupil"):
            assert hidden not in text, address
    # Its reader sees it named, and as an auditor nothing that is hidden.
    name_auditor(cast.desk.pk, cast.lena.pk, by=cast.ada, now=LONG_AGO)
    lena = signed_in(cast.lena)
    shown = [page(lena.get(address)) for address in links(page(lena.get(HERE)))]
    assert any(secret.number in each for each in shown)
    assert not any("that you may not read" in each for each in shown)


def test_pauses_are_told_by_reason_and_author(
    cast: Cast, bob: Client, march: dict[str, Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = march["pending"]
    set_status(ticket.pk, cast.bob, "waiting_on_customer", at("2026-03-20 12:00"), reason="the serial number")
    text = page(bob.get(HERE))
    assert "Waiting on Customer: the serial number" in words(text)
    assert "Bob Tanaka 1 1 4 h 30 min" in words(text)
    (address,) = links(text, "pauses")
    listed = words(page(bob.get(address)))
    assert ticket.number in listed and "goes on" in listed and "4 h 30 min" in listed
    set_status(
        march["overdue"].pk, cast.bob, "waiting_on_third_party", at("2026-03-20 16:00"), reason="parts"
    )
    monkeypatch.setattr("upheld.web.agent.compliance.page.MOST_PAUSES", 1)
    assert "And 1 more reason" in words(page(bob.get(HERE)))


def test_months_are_beside_each_other_and_an_empty_one_says_what_comes(
    bob: Client, march: dict[str, Ticket]
) -> None:
    text = page(bob.get(HERE))
    assert "February 2026" in text and "April 2026" not in text
    empty = words(page(bob.get(f"{HERE}?month=2026-02")))
    assert "Nothing falls due in February 2026" in empty
    assert "March 2026" in empty
    for odd in (
        "month=x",
        "month=2026-13",
        "metrics=x&outcomes=y&mark=z&side=q&key=%00",
        "page=999999",
        "agent=9x",
    ):
        for place in ("", "clocks/", "pauses/"):
            assert bob.get(f"{HERE}{place}?{odd}").status_code == 200, odd
    assert bob.get(f"{HERE}?desk=another").status_code == 404


def test_another_desk_sees_nothing_of_it(stranger: Client, march: dict[str, Ticket]) -> None:
    assert stranger.get(f"{HERE}?desk=school-devices").status_code == 404
    assert "Nothing falls due" in words(page(stranger.get(HERE)))


def test_a_page_costs_the_same_however_much_was_closed(
    cast: Cast, signed_in: Callable[[Agent], Client], march: dict[str, Ticket]
) -> None:
    name_auditor(cast.desk.pk, cast.ada.pk, by=cast.ada, now=LONG_AGO)
    auditor = signed_in(cast.ada)

    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(auditor.get(address))
        return len(queries)

    addresses = (HERE, f"{HERE}clocks/", f"{HERE}pauses/")
    for each in addresses:
        asked(each)
    before = [asked(each) for each in addresses]
    for day in range(2, 6):
        ticket = cast.writes(f"2026-03-0{day} 09:00")
        reply(ticket.pk, cast.bob, "Which?", at(f"2026-03-0{day} 10:00"), status="waiting_on_customer")
        set_status(ticket.pk, cast.lena, "resolved", at(f"2026-03-0{day} 10:05"))
    assert [asked(each) for each in addresses] == before
    assert max(before) <= 10


def test_a_long_list_is_paged(
    cast: Cast, bob: Client, march: dict[str, Ticket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upheld.web.agent.compliance.lists.PAGE_SIZE", 2)
    seen: list[str] = []
    address = f"{HERE}clocks/?metrics=first_response&month=2026-03"
    while address:
        text = page(bob.get(address))
        seen += re.findall(r'class="number" href="/tickets/([^/]+)/"', text)
        following = re.search(r'href="([^"]+)">Next 50', text)
        address = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(each.number for each in march.values())


def test_administrators_name_and_strike_auditors_on_a_page_of_the_desk(
    cast: Cast, signed_in: Callable[[Agent], Client]
) -> None:
    place, ada = "/desk/school-devices/auditors/", signed_in(cast.ada)
    assert signed_in(cast.lena).get(place).status_code == 404
    assert "Nobody is named" in words(page(ada.get(place)))
    ada.post(f"{place}name/", {"agent": cast.bob.pk})
    named = words(page(ada.get(place)))
    assert "Bob Tanaka" in named and "Ada Okafor named bob@desk.example.com" in named
    assert "All tickets of the desk" in page(signed_in(cast.bob).get(HERE))
    assert ada.post(f"{place}{cast.lena.pk}/strike/").status_code == 422
    ada.post(f"{place}{cast.bob.pk}/strike/")
    assert "Ada Okafor struck bob@desk.example.com" in words(page(ada.get(place)))
    assert "All tickets of the desk" not in page(signed_in(cast.bob).get(HERE))


def test_a_desk_without_a_policy_has_promised_nothing(cast: Cast, bob: Client) -> None:
    bare = create_desk(
        slug="bare",
        name="Bare Desk",
        prefix="BAR",
        zone="Europe/London",
        address="bare@desk.example.com",
        by="tests",
        now=LONG_AGO,
    )
    Membership.objects.create(agent=cast.bob, desk=bare, role="agent")
    assert "No policy is in force" in words(page(bob.get(f"{HERE}?desk=bare")))
    assert bob.get(f"{HERE}clocks/?desk=bare").status_code == 404


def test_the_command_tells_everything_and_quotes_no_restricted_ticket(
    cast: Cast, secret: Ticket, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = report._figures(cast.desk, "2026-03", None)
    data = report.as_data(cast.desk, figures)
    assert (data["scope"], data["month"], data["is_over"]) == ("whole", "2026-03", False)
    (objective,) = data["objectives"]
    assert (objective["kept"], objective["percent"], objective["reached"]) == ("2/4", "95", False)
    (whole,) = (
        each for each in data["lines"] if (each["metric"], each["side"]) == ("first_response", "metric")
    )
    assert (whole["met"], whole["missed"] + whole["overdue"], whole["pending"]) == (2, 2, 1)
    assert data["pauses"] and "the words of a pupil" not in json.dumps(data)
    report._print(cast.desk, figures)
    printed = capsys.readouterr().out
    assert "restricted ones too" in printed and "2 of 4" in printed and "Urgent" in printed
    assert "the words of a pupil" not in printed
    # As an agent sees it.
    seen = report.as_data(cast.desk, report._figures(cast.desk, "2026-03", AgentViewer.of(cast.bob)))
    assert (seen["scope"], seen["objectives"][0]["kept"], seen["pauses"]) == ("seen", "1/3", [])
    with pytest.raises(Trouble, match="no month"):
        report._figures(cast.desk, "March", None)
