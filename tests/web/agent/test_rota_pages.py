"""The pages about who is on call, by forms alone; and the calendar that anybody with its address reads."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from cast_of_pages import NOW, page
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from harness.cast import LONG_AGO, Cast
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry
from upheld.people.actions import set_sign_in
from upheld.people.models import Agent, Rota, RotaSwap
from upheld.people.rotas import staffed
from upheld.policy import pack
from upheld.rules.on_call import WEEK

ROLES = """
roles:
  - {id: on_call, label: On-call engineer}
"""
VALUES = {
    "name": "Nights",
    "role": "on_call",
    "weekday": "0",
    "hand_over_at": "09:00",
    "zone": "Europe/London",
    "answer_minutes": "10",
}


@pytest.fixture
def ada(cast: Cast, signed_in) -> Client:  # type: ignore[no-untyped-def]
    """The administrator's browser; the policy in force names a role."""
    text = pack("school-devices").replace("\ntargets:\n", ROLES + "\ntargets:\n", 1)
    publish_policy(cast.desk, text, now=LONG_AGO, by="tests", effective_from=LONG_AGO + timedelta(days=1))
    return signed_in(cast.ada)


@pytest.fixture
def rota(cast: Cast, ada: Client) -> Rota:
    """Bob has this week, Lena the next; it is Friday, and the week began on Monday at nine."""
    made = ada.post(
        reverse("new_rota", args=[cast.desk.slug]), VALUES | {"members": [cast.bob.pk, cast.lena.pk]}
    )
    assert made.status_code == 302
    return Rota.objects.get()


def on_call(rota: Rota, at: datetime = NOW) -> Agent | None:
    rota.refresh_from_db()
    return staffed([rota], at)[0].on_call(at)


def post(client: Client, deed: str, rota: Rota, *more: int, **values: object) -> int:
    return client.post(reverse(deed, args=[rota.pk, *more]), values).status_code


def test_an_administrator_makes_a_rota_and_everybody_on_the_desk_sees_who_is_on_call(
    cast: Cast, rota: Rota, bob: Client, stranger: Client
) -> None:
    assert (rota.answer_minutes, rota.starts_on.isoformat()) == (10, "2026-03-16")
    assert "Bob Tanaka" in page(bob.get(reverse("rotas")))
    shown = page(bob.get(reverse("rota", args=[rota.pk])))
    assert "every Monday at 09:00 (Europe/London)" in shown
    assert shown.index("Bob Tanaka") < shown.index("Lena Novak")
    assert reverse("change_rota", args=[rota.pk]) not in shown
    assert stranger.get(reverse("rota", args=[rota.pk])).status_code == 404
    assert AuditEntry.objects.get(action="rota added").data["members"] == [
        "bob@desk.example.com",
        "lena@desk.example.com",
    ]


def test_what_cannot_be_is_said_and_what_was_typed_stays(cast: Cast, ada: Client, rota: Rota) -> None:
    again = ada.post(reverse("new_rota", args=[cast.desk.slug]), VALUES | {"name": "Weekends"})
    assert again.status_code == 422
    assert "fills this role already" in again.content.decode()
    assert 'value="Weekends"' in again.content.decode()
    late = ada.post(reverse("change_rota", args=[rota.pk]), VALUES | {"hand_over_at": "25:00"})
    assert late.status_code == 422
    assert "Write the time of the hand-over" in late.content.decode()


def test_members_come_go_and_change_places(cast: Cast, ada: Client, rota: Rota) -> None:
    assert post(ada, "arrange_rota", rota, agent=cast.ada.pk, what="add") == 302
    assert post(ada, "arrange_rota", rota, agent=cast.lena.pk, what="up") == 302
    order = [each.name for each in staffed([rota], NOW)[0].order(NOW)]
    assert order == ["Lena Novak", "Bob Tanaka", "Ada Okafor"]
    assert on_call(rota) == cast.lena
    assert post(ada, "arrange_rota", rota, agent=cast.lena.pk, what="out") == 302
    assert on_call(rota) == cast.bob
    assert post(ada, "arrange_rota", rota, agent=0, what="add") == 422


def test_another_hand_over_leaves_this_week_to_who_has_it(cast: Cast, ada: Client, rota: Rota) -> None:
    with time_machine.travel(NOW + WEEK, tick=False):
        assert on_call(rota, NOW + WEEK) == cast.lena
        assert post(ada, "change_rota", rota, **(VALUES | {"weekday": "3", "hand_over_at": "18:00"})) == 302
        assert on_call(rota, NOW + WEEK) == cast.lena
    assert on_call(rota, datetime(2026, 4, 2, 17, 0, tzinfo=UTC)) == cast.bob


def test_an_agent_takes_a_shift_and_only_an_administrator_gives_one_to_others(
    cast: Cast, ada: Client, bob: Client, signed_in, rota: Rota
) -> None:  # type: ignore[no-untyped-def]
    lena, night = signed_in(cast.lena), {"starts": "2026-03-20T18:00", "ends": "2026-03-21T09:00"}
    assert post(lena, "take_shift", rota, **night) == 302
    assert on_call(rota, datetime(2026, 3, 20, 18, 0, tzinfo=UTC)) == cast.lena
    assert post(bob, "take_shift", rota, agent=cast.ada.pk, **night) == 403
    swap = RotaSwap.objects.get()
    assert post(bob, "give_shift_back", rota, swap.pk) == 403
    assert post(ada, "give_shift_back", rota, swap.pk) == 302
    assert on_call(rota, datetime(2026, 3, 20, 18, 0, tzinfo=UTC)) == cast.bob
    assert post(lena, "take_shift", rota, starts="2026-03-20T18:00", ends="2026-03-20T17:00") == 422
    assert post(lena, "take_shift", rota, starts="soon", ends="later") == 422


def test_who_left_stands_in_the_order_and_is_passed_over(cast: Cast, ada: Client, rota: Rota) -> None:
    set_sign_in(cast.desk.pk, cast.bob.pk, wanted=False, by=cast.ada, now=NOW)
    assert on_call(rota) == cast.lena
    shown = page(ada.get(reverse("rota", args=[rota.pk])))
    assert "works here no more" in shown
    assert "stands in for Bob Tanaka" in shown


def test_only_administrators_change_a_rota(bob: Client, ada: Client, rota: Rota) -> None:
    for deed in ("change_rota", "arrange_rota", "renew_rota_feed", "remove_rota"):
        assert post(bob, deed, rota, **VALUES, sure="yes") == 404
    assert post(ada, "remove_rota", rota) == 422
    assert post(ada, "remove_rota", rota, sure="yes") == 302
    assert not Rota.objects.exists()


# The calendar.


def feed(client: Client, rota: Rota, label: str) -> str:
    shown = page(client.get(reverse("rota", args=[rota.pk])))
    return urlsplit(shown.split(f'id="{label}" readonly value="')[1].split('"')[0]).path


def events(body: bytes) -> list[tuple[datetime, datetime, str]]:
    found = Calendar.from_ical(body).walk("VEVENT")
    return [(each.decoded("DTSTART"), each.decoded("DTEND"), str(each["SUMMARY"])) for each in found]


def test_the_calendar_needs_no_sign_in_and_follows_the_wall_clock(rota: Rota, ada: Client) -> None:
    answer = Client().get(feed(ada, rota, "feed"))
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer["Cache-Control"] == "no-store"
    shifts = events(answer.content)
    assert len(shifts) == 13
    assert shifts[0][0] == datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    # From 29 March on nine in London is eight in UTC.
    assert shifts[1][:2] == (
        datetime(2026, 3, 23, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 30, 8, 0, tzinfo=UTC),
    )
    assert [summary.split(" on call")[0] for _, _, summary in shifts[:3]] == [
        "Bob Tanaka",
        "Lena Novak",
        "Bob Tanaka",
    ]
    assert b"@desk.example.com" not in answer.content.replace(b"\r\n ", b"").split(b"UID")[0]
    assert b"bob@" not in answer.content


def test_a_shift_keeps_its_name_in_the_calendar_when_somebody_takes_it(
    cast: Cast, ada: Client, rota: Rota
) -> None:
    address = feed(ada, rota, "feed")
    before = Client().get(address)
    uids = [str(each["UID"]) for each in Calendar.from_ical(before.content).walk("VEVENT")]
    assert Client().get(address, HTTP_IF_NONE_MATCH=before["ETag"]).status_code == 304
    assert post(ada, "take_shift", rota, starts="2026-03-23T09:00", ends="2026-03-30T09:00") == 302
    after = Client().get(address, HTTP_IF_NONE_MATCH=before["ETag"])
    assert after.status_code == 200
    calendar = Calendar.from_ical(after.content)
    assert [str(each["UID"]) for each in calendar.walk("VEVENT")] == uids
    assert events(after.content)[1][2].startswith("Ada Okafor")


def test_ones_own_calendar_has_ones_own_shifts(rota: Rota, bob: Client) -> None:
    shifts = events(Client().get(feed(bob, rota, "own-feed")).content)
    assert {summary.split(" on call")[0] for _, _, summary in shifts} == {"Bob Tanaka"}


def test_ending_the_addresses_ends_every_one_of_them(cast: Cast, rota: Rota, ada: Client) -> None:
    given_out = [feed(ada, rota, label) for label in ("feed", "own-feed")]
    assert post(ada, "renew_rota_feed", rota) == 302
    assert [Client().get(address).status_code for address in given_out] == [404, 404]
    assert Client().get(feed(ada, rota, "feed")).status_code == 200
    other = Rota.objects.create(
        desk=cast.desk, name="Days", role="days", zone="UTC", starts_on=NOW.date(), hand_over_at=NOW.time()
    )
    key = given_out[0].rpartition("/")[2]
    assert Client().get(f"/rotas/{other.pk}/{key}").status_code == 404
