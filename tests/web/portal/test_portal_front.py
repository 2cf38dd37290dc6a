"""The front pages: what to expect, told from the policy that runs."""

from django.test import Client
from django.utils.html import escape

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import create_desk
from upheld.desks.policies import compiled, version_in_force


def test_the_only_desk_is_the_front_page(stranger: Client, cast: Cast) -> None:
    assert stranger.get("/help/")["Location"] == "/help/school-devices/"


def test_several_desks_are_a_choice(stranger: Client, cast: Cast) -> None:
    create_desk(
        slug="lab",
        name="<b>Lab</b>",
        prefix="LAB",
        zone="UTC",
        address="lab@desk.example.com",
        by="t",
        now=LONG_AGO,
    )
    page = stranger.get("/help/").content.decode()
    assert "/help/lab/" in page
    assert "&lt;b&gt;Lab&lt;/b&gt;" in page


def test_without_a_desk_the_page_says_so(stranger: Client, db: None) -> None:
    assert "No desk is open yet" in stranger.get("/help/").content.decode()


def test_the_policy_is_told_in_words(stranger: Client, cast: Cast, noon) -> None:
    page = stranger.get("/help/school-devices/").content.decode()
    policy = compiled(version_in_force(cast.desk, utc("2026-03-16 12:00")).pk)
    for words in (
        *(each.meaning for each in (*policy.priorities, *policy.statuses)),
        *(each.note for each in (*policy.channels, *policy.exclusions)),
        "Mon-Fri 07:30-17:00",
        "Europe/London",
        "2 working hours",
        "120 working hours",
        "Awaiting your reply",
        "95 % of first responses in time",
        "Friday 3 April 2026",
    ):
        assert escape(words) in page, words
    assert "days" not in page.split("What a status means")[0].lower().replace("holidays", "").replace(
        "mondays", ""
    )


def test_each_status_says_whether_the_timer_is_on(stranger: Client, cast: Cast, noon) -> None:
    page = stranger.get("/help/school-devices/").content.decode()
    statuses = page.split('id="statuses"')[1].split("</table>")[0]
    rows = statuses.split('<th scope="row">')[1:]
    on = [row.split("<")[0] for row in rows if 'data-state="running"' in row]
    assert on == ["Being processed", "Pending Action"]


def test_who_is_signed_in_follows_requests_at_once(signed_in: Client, stranger: Client, cast: Cast) -> None:
    assert signed_in.get("/help/school-devices/follow/")["Location"] == "/requests/"
    assert signed_in.get("/welcome/")["Location"] == "/requests/"
    assert stranger.get("/welcome/")["Location"] == "/help/"
    assert "Send me a code" in stranger.get("/help/school-devices/follow/").content.decode()
