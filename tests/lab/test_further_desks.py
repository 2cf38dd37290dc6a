"""The demo's five desks: each shows on its tour the one case for which its policy is worth a look."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client, modify_settings, override_settings

from upheld.desks.models import Desk
from upheld.lab.demo import load
from upheld.lab.founding import SLUGS, described, scripts_of
from upheld.lab.times import instant
from upheld.notices.models import Notice, NoticeKind
from upheld.policy import Metric, Standing, Verdict, pack
from upheld.policy import load as load_policy
from upheld.tickets.complaints import next_level, path_of
from upheld.tickets.models import HeldRequest, Message, Ticket

WEDNESDAY = datetime(2026, 3, 18, 11, 7, tzinfo=UTC)


@pytest.mark.parametrize("slug", SLUGS)
def test_stories_name_what_the_policy_and_the_desk_know(slug: str) -> None:
    policy, told = load_policy(pack(slug)), described(slug)
    products = {each.id for each in policy.choices.get("products", ())}
    reasons = {each.id for each in policy.choices.get("reasons", ())}
    stories = list(scripts_of(slug))
    assert sum(each.case is not None for each in stories) == (2 if slug == "always-on" else 1)
    for story in stories:
        assert story.who in told["contacts"]
        assert story.priority is None or policy.has_priority(story.priority)
        assert not story.product or story.product in products
        assert not story.reason or story.reason in reasons
        for step in story.steps:
            assert step.who in {**told["agents"], **told["contacts"]}
            assert step.status is None or policy.has_status(step.status)


def test_a_day_of_the_week_is_the_latest_one() -> None:
    calendar = next(iter(load_policy(pack("campaign-severity")).calendars.values()))
    expected = datetime(2026, 3, 13, 14, 10, tzinfo=UTC)
    for now in (WEDNESDAY, expected, expected + timedelta(days=6, hours=23)):
        assert instant("fri 14:10", now, now, calendar, by_agent=False) == expected


@pytest.fixture
def demo(db: None) -> Iterator[Client]:
    load(lambda *told: None, WEDNESDAY)
    with (
        time_machine.travel(WEDNESDAY, tick=False),
        modify_settings(INSTALLED_APPS={"append": "upheld.lab"}),
        override_settings(ROOT_URLCONF="lab.demo_urls"),
    ):
        yield Client(SERVER_NAME="localhost")


def standing(subject: str) -> Standing:
    return Standing.from_json(Ticket.objects.get(subject__startswith=subject).standing)


def test_every_case_is_what_the_tour_says_and_every_link_of_it_opens(demo: Client) -> None:
    assert Desk.objects.count() == 5

    over_the_weekend = next(
        each for each in standing("Opening rates").clocks if each.metric is Metric.first_response
    )
    assert over_the_weekend.due_at == datetime(2026, 3, 16, 12, 0, tzinfo=UTC)

    complaint = Ticket.objects.get(subject__startswith="The same invoice")
    assert next_level(path_of(complaint)) is None
    turned_to = {"kind": NoticeKind.ESCALATED, "key__contains": ":complaint:"}
    told = Notice.objects.filter(ticket_id=complaint.pk, **turned_to).order_by("pk")
    assert [each.to_address.partition("@")[0] for each in told] == ["malik", "katrin", "sabine"]

    hourly = [each for each in standing("Nobody can sign in").clocks if each.metric is Metric.update]
    assert Verdict.breached not in {each.verdict for each in hourly}
    assert WEDNESDAY < hourly[-1].due_at < WEDNESDAY + timedelta(minutes=30)

    reached = Message.objects.filter(channel="broadcast").values_list("ticket__channel", flat=True)
    assert sorted(reached) == ["email", "email", "email", "portal", "problem"]
    together = [each for each in standing("Nightly import").clocks if each.metric is Metric.update]
    assert together[-1].pause_reason.startswith("told together")

    held = HeldRequest.objects.get()
    assert (held.contact.name, held.ticket, held.state) == ("Nora Finch", None, "held")

    page = demo.get("/tour/").content.decode()
    assert page.count('aria-labelledby="desk-') == 5
    stops = [each for each in links(page) if "?to=" in each]
    assert len(stops) == 8
    unseen = [each for each in stops if "/administrator/" in each]
    assert [opened(demo, each) for each in stops if each not in unseen] == [200] * 7
    assert [opened(demo, each) for each in unseen] == [404]
    for address in set(links(page)) - set(stops):
        assert demo.get(urlsplit(address).path).status_code == 302


def links(page: str) -> list[str]:
    """The addresses that sign somebody in."""
    return [unescape(each) for each in re.findall(r'href="([^"]*/demo/enter/[^"]+)"', page)]


def opened(demo: Client, stop: str) -> int:
    """Follow a stop of the tour to its page."""
    parts = urlsplit(stop)
    answer = demo.get(f"{parts.path}?{parts.query}")
    assert (answer.status_code, answer["Location"]) == (302, parse_qs(parts.query)["to"][0])
    return int(demo.get(answer["Location"]).status_code)
