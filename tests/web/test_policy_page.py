"""The desk's whole policy as anybody may read it: what it says is what the clocks do."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import product

import pytest
import time_machine
from django.test import Client
from django.utils.html import escape

from harness.cast import LONG_AGO, Cast, utc
from upheld.clock import to_micros
from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.desks.policies import compiled
from upheld.desks.policy_documents import document_of
from upheld.policy import Metric, freeze, from_frozen, load, pack, packs
from upheld.policy.document import Document
from upheld.policy.phrases import read_promise
from upheld.web.portal.policy_file import policy_file
from upheld.web.portal.presenting.policy import policy_page
from upheld.web.portal.presenting.policy.amounts import plain_amount
from upheld.web.portal.presenting.policy.cases import Cases, hours_now

ADDRESS = "/help/school-devices/policy/"
# A desk that is open Mon-Fri 09:00-17:00, with two plans, two regions, and statuses in which the timers differ.
SHOP = """\
policy: 1
name: shop
title: How the shop helps
introduction: What you may expect of us.
zone: Europe/London
definitions: {morning: before noon}
calendars:
  shop:
    hours: {mon-fri: 09:00-17:00}
    days_off: {2026-04-03: Good Friday, 2026-04-04: A Saturday}
    other_hours: {2026-03-19: 09:00-12:00}
priorities:
  - {id: high, label: High, meaning: Nothing works., examples: [Nobody signs in.]}
  - {id: normal, label: Normal, meaning: Something is wrong., restricted: true}
default_priority: normal
plans:
  - {id: gold, label: Gold, meaning: For those in a hurry.}
  - {id: plain, label: Plain}
regions:
  - {id: north, label: The North}
  - {id: south, label: The South}
entitlement: {default_plan: plain}
initial_status: open
statuses:
  - {id: open, label: Open, public_label: We are at it, category: open, clocks: all}
  - id: waiting
    label: Waiting
    category: waiting
    clocks: [first_response]
    on_reply: open
    after: [{wait: 24 elapsed hours, remind: customer}, {wait: 96 elapsed hours, become: closed}]
  - {id: closed, label: Closed, category: closed, clocks: none, on_reply: open}
targets:
TARGETS
channels:
  - {id: portal, label: Portal}
  - {id: phone, label: Phone, address: +44 20 7946 0000, calendar: shop, outside: Write to us.}
exclusions: [{id: spam, label: Spam}]
"""
ANSWER = (
    "id: gold_high, metric: first_response, when: {plan: [gold], priority: [high]}, within: 1 working hour",
    "id: gold, metric: first_response, when: {plan: [gold]}, within: 4 working hours",
    "id: all, metric: first_response, within: 2 business days",
)


def shop(*targets: str, **changes: str) -> str:
    text = SHOP.replace("TARGETS", "\n".join(f"  - {{{each}}}" for each in targets or ANSWER))
    for old, new in changes.items():
        text = text.replace(old, new)
    return text


def plain(page: str) -> str:
    """The words of a page, without marks and with single spaces."""
    words = " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
    return re.sub(r" (?=[.,;:])", "", words)


def section(page: str, name: str) -> str:
    return page.split(f'<section id="{name}"')[1].split("</section>")[0]


def rows(page: str, name: str) -> list[list[str]]:
    """The words of a section's table rows, cell by cell."""
    found = re.findall(r"<tr>(.*?)</tr>", section(page, name), re.DOTALL)
    return [[plain(cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL)] for row in found]


def file_of(text: str, at: str = "2026-03-16 12:00") -> str:
    frozen = freeze(text, range(2025, 2028))
    document = Document.model_validate(frozen["document"])
    return policy_file(document, from_frozen(frozen), utc(at), document.zone)


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    """Monday 16 March 2026, 12:00 in London."""
    with time_machine.travel(utc("2026-03-16 12:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def shop_desk(db: None) -> Desk:
    desk = create_desk(
        slug="shop",
        name="The Shop",
        prefix="SHP",
        zone="Europe/London",
        address="shop@desk.example.com",
        by="tests",
        now=LONG_AGO,
    )
    publish_policy(desk, shop(), now=LONG_AGO, by="tests")
    return desk


def test_the_start_page_leads_to_it_and_nobody_asks_for_an_account(
    stranger: Client, cast: Cast, noon
) -> None:
    assert f'href="{ADDRESS}"' in stranger.get("/help/school-devices/").content.decode()
    answer = stranger.get(ADDRESS)
    assert answer.status_code == 200
    assert "How we support school devices" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert stranger.post(ADDRESS).status_code == 403
    assert stranger.get("/help/no-such-desk/policy/").status_code == 404


def test_everything_that_the_document_says_is_there(stranger: Client, cast: Cast, noon) -> None:
    page = stranger.get(ADDRESS).content.decode()
    document = document_of(cast.desk.policy_versions.get().pk)
    for part in (*document.priorities, *document.statuses, *document.channels, *document.exclusions):
        for words in (part.label, getattr(part, "meaning", ""), part.note):
            assert escape(words) in page, words
    for words in (*(part.clause for part in document.targets), "95 % of first responses in time"):
        assert escape(words) in page, words


def test_what_somebody_is_told_is_what_their_ticket_gets(stranger: Client, cast: Cast) -> None:
    for written_at, priority in (("2026-03-20 16:50", "high"), ("2026-04-02 16:00", "urgent")):
        with time_machine.travel(utc(written_at), tick=False):
            ticket = cast.writes(written_at, priority=priority, channel="portal")
            page = stranger.get(ADDRESS).content.decode()
        clocks = {each["metric"]: each["due_at"] for each in ticket.standing["clocks"]}
        (row,) = [row for row in rows(page, "now") if row[0].lower().startswith(priority)]
        told = re.findall(r'datetime="([^"]+)"', section(page, "now"))
        for metric in ("first_response", "resolution"):
            assert clocks[metric].replace(".000000Z", "+00:00") in told
        assert row[1].startswith("by ")
    assert row == ["Urgent", "by Tuesday 7 April, 09:30 within 2 working hours", row[2]]


def test_times_are_told_in_the_readers_zone(stranger: Client, cast: Cast, noon) -> None:
    stranger.cookies["zone"] = "Asia/Kolkata"
    page = stranger.get(ADDRESS).content.decode()
    assert rows(page, "now")[1][1] == "by Monday 16 March, 19:30 within 2 working hours"
    assert "times of Asia/Kolkata" in page
    assert "It is Monday 16 March 2026, 17:30 (Kolkata time, GMT+5:30)." in plain(page)


def test_the_version_in_force_is_named_and_the_next_announced(stranger: Client, shop_desk: Desk) -> None:
    sooner = shop("id: all, metric: first_response, within: 1 business day")
    publish_policy(shop_desk, sooner, now=LONG_AGO, by="tests", effective_from=utc("2026-04-01 00:00"))
    with time_machine.travel(utc("2026-03-31 22:59"), tick=False):
        before = plain(stranger.get("/help/shop/policy/").content.decode())
    with time_machine.travel(utc("2026-04-01 00:00"), tick=False):
        after = plain(stranger.get("/help/shop/policy/").content.decode())
    assert "Version 1, in force since Wednesday 1 January 2025, 00:00 (London time, GMT)." in before
    assert "Version 2 comes into force on Wednesday 1 April 2026, 01:00 (London time, GMT+1)." in before
    assert "within 2 business days" in before and "within 1 business day" not in before
    assert "Version 2, in force since Wednesday 1 April 2026, 01:00 (London time, GMT+1)." in after
    assert "within 1 business day" in after and "within 2 business days" not in after
    assert "comes into force" not in after


def test_a_desk_without_a_policy_says_so_and_when_one_comes(stranger: Client, db: None, noon) -> None:
    desk = create_desk(
        slug="new", name="New", prefix="NEW", zone="UTC", address="new@desk.example.com", by="t", now=LONG_AGO
    )
    assert "This desk has no policy in force." in stranger.get("/help/new/policy/").content.decode()
    publish_policy(desk, shop(), now=LONG_AGO, by="t", effective_from=utc("2026-04-01 00:00"))
    page = plain(stranger.get("/help/new/policy/").content.decode())
    assert "This desk has no policy in force." in page
    assert "Version 1 comes into force on Wednesday 1 April 2026" in page


def test_each_plan_finds_its_own_promise(stranger: Client, shop_desk: Desk, noon) -> None:
    page = stranger.get("/help/shop/policy/").content.decode()
    assert rows(page, "promises")[1:] == [
        ["High", "Gold within 1 working hour Plain within 2 business days (at the same time of day)"],
        [
            "Normal usual",
            "Gold within 4 working hours Plain within 2 business days (at the same time of day)",
        ],
    ]
    assert rows(page, "now")[1:] == [
        ["High", "Gold", "by Monday 16 March, 13:00 within 1 working hour"],
        ["Plain", "by Wednesday 18 March, 12:00 within 2 business days (at the same time of day)"],
        ["Normal usual", "Gold", "by Monday 16 March, 16:00 within 4 working hours"],
        ["Plain", "by Wednesday 18 March, 12:00 within 2 business days (at the same time of day)"],
    ]


def test_who_says_their_plan_sees_their_times_only(stranger: Client, shop_desk: Desk, noon) -> None:
    page = stranger.get("/help/shop/policy/?plan=gold").content.decode()
    assert '<option value="gold" selected>Gold</option>' in page
    assert "Times for: Gold." in plain(section(page, "now"))
    assert rows(page, "now")[1:] == [
        ["High", "by Monday 16 March, 13:00 within 1 working hour"],
        ["Normal usual", "by Monday 16 March, 16:00 within 4 working hours"],
    ]
    # A region decides nothing here, so nobody is asked for it.
    assert 'name="region"' not in page


@pytest.mark.parametrize(
    "asked", ["plan=platinum", "plan=%3Cscript%3E", "region=north", "status=closed", "x=y"]
)
def test_what_the_policy_does_not_know_is_passed_over(
    stranger: Client, shop_desk: Desk, noon, asked: str
) -> None:
    page = stranger.get(f"/help/shop/policy/?{asked}").content.decode()
    assert rows(page, "now") == rows(stranger.get("/help/shop/policy/").content.decode(), "now")
    assert "platinum" not in section(page, "now").split('next="')[0].split("?next=")[0]
    assert "<script>" not in page


def test_too_many_cases_ask_who_is_reading() -> None:
    plans = "\n".join(f"  - {{id: p{number}, label: Plan {number}}}" for number in range(30))
    targets = [
        f"id: t{number}, metric: first_response, when: {{plan: [p{number}]}}, within: {number + 1} working hours"
        for number in range(30)
    ]
    last = "id: rest, metric: first_response, within: 3 business days"
    text = shop(*targets, last).replace("plans:\n", f"plans:\n{plans}\n")
    page = file_of(text)
    assert "Yours may be others" in page
    assert [row[0] for row in rows(page, "now")[1:]] == ["High", "Normal usual"]
    assert "within 3 business days" in plain(section(page, "now"))


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (("within: best effort",), "as soon as we can; no time is promised"),
        (("within: discretionary",), "no fixed time; we may promise you one"),
        (("within: 16 working hours",), "within 16 working hours"),
        (("within: 1 working hour",), "within 1 working hour"),
        (("within: 90 working minutes",), "within 90 working minutes"),
        (("within: 48 elapsed hours",), "within 48 hours"),
        (("within: 2 elapsed days",), "within 2 days"),
        (("within: 2 business days",), "within 2 business days (at the same time of day)"),
        (("within: 1 business day at close",), "by closing on the next business day"),
        (("within: 3 business days at close",), "by closing, 3 business days later"),
        (
            ("within: 2 business days of 8 working hours",),
            "within 2 business days (together 16 working hours)",
        ),
        (
            ("within: cut-off 12:00",),
            "by closing the same day if received before 12:00, else by 12:00 the next business day",
        ),
        (
            ("within: 3 business days, aim: 2 business days",),
            "aim 2, at the latest 3 business days (at the same time of day)",
        ),
        (
            ("within: 8 working hours, aim: 4 working hours",),
            "aim 4 working hours, at the latest 8 working hours",
        ),
        (
            ("within: {inside: 1 elapsed hour, outside: 1 working hour}",),
            "Received in our hours within 1 hour, around the clock"
            " Received outside our hours within 1 working hour",
        ),
        (
            ("within: {inside: 2 business days at close, outside: 1 business day at close}",),
            "Received in our hours by closing, 2 business days later"
            " Received outside our hours by closing on the business day after we next open",
        ),
        (
            ("within: 48 elapsed hours", "also: true, note: meant, within: 2 business days"),
            "the earlier of within 48 hours, around the clock within 2 business days (at the same time of day)",
        ),
        (
            ("start: acknowledged, within: 1 business day",),
            "within 1 business day (at the same time of day), counted from our acknowledgement",
        ),
        (
            ("start: next_opening, calendar: shop, within: 4 elapsed hours",),
            "within 4 hours, counted from when we next open",
        ),
    ],
)
def test_amounts_are_told_in_words(targets: tuple[str, ...], words: str) -> None:
    page = file_of(
        shop(*(f"id: t{number}, metric: first_response, {each}" for number, each in enumerate(targets)))
    )
    told = rows(page, "promises")
    if "Received" in words:
        assert " ".join(" ".join(row) for row in told[1:]) == words
    else:
        assert [row[1] for row in told[1:]] == [words, words]


@pytest.mark.parametrize(
    ("every", "words"),
    [
        ("every: 4 working hours", "every 4 working hours"),
        ("every: 1 elapsed hour", "every hour"),
        ("every: 1 elapsed hour, runs_while_paused: true", "every hour, also while the timer is off"),
        ("every: 1 business day at close", "every business day, by closing"),
        ("every: 2 business days", "every 2 business days (at the same time of day)"),
        ("within: discretionary", "no fixed time; we may promise you one"),
    ],
)
def test_updates_are_told_in_words(every: str, words: str) -> None:
    page = file_of(
        shop("id: answer, metric: first_response, within: best effort", f"id: news, metric: update, {every}")
    )
    assert rows(page, "promises")[1] == ["High", "as soon as we can; no time is promised", words]


def test_hours_are_never_told_as_days(stranger: Client, cast: Cast, noon) -> None:
    page = plain(section(stranger.get(ADDRESS).content.decode(), "promises"))
    assert "120 working hours" in page
    assert not re.search(r"\d+ (business )?days", page)
    assert plain_amount(read_promise("72 elapsed hours")) == "72 hours"


def test_where_nothing_is_promised_it_is_said_in_words(noon) -> None:
    page = file_of(
        shop(
            "id: high, metric: first_response, when: {priority: [high]}, within: best effort",
            "id: rest, metric: first_response, within: discretionary",
        )
    )
    assert rows(page, "now")[1:] == [
        ["High", "As soon as we can; no time is promised"],
        ["Normal usual", "No fixed time; we may promise you one"],
    ]


def test_without_a_target_for_resolutions_nothing_speaks_of_them() -> None:
    page = file_of(shop())
    assert rows(page, "promises")[0] == ["Priority", "First response"]
    assert rows(page, "now")[0] == ["Priority", "For whom", "You hear from us"]
    assert "resol" not in plain(page.split("</style>")[1]).lower()
    assert "solved" not in plain(page.split("</style>")[1]).lower()


def test_a_status_says_for_which_promise_the_timer_is_on() -> None:
    resolution = "id: done, metric: resolution, within: 8 working hours"
    assert [row[2] for row in rows(file_of(shop(*ANSWER, resolution)), "statuses")[1:]] == [
        "on",
        "on: first response; off: resolution",
        "off",
    ]
    assert [row[2] for row in rows(file_of(shop()), "statuses")[1:]] == ["on", "on", "off"]


def test_a_cadence_that_nothing_stops_is_on_until_the_work_is_done() -> None:
    update = "id: news, metric: update, every: 1 elapsed hour, runs_while_paused: true"
    waiting = "clocks: [first_response]"
    page = file_of(shop(update).replace(waiting, "clocks: none"))
    assert [row[2] for row in rows(page, "statuses")[1:]] == ["on", "on", "off"]


def test_what_happens_by_itself_is_told_in_table_and_picture() -> None:
    page = file_of(shop())
    (waiting,) = [row for row in rows(page, "statuses") if row[0] == "Waiting"]
    happens = "When you reply, it becomes “We are at it”. After 24 hours we remind you."
    assert waiting[3] == f"{happens} After 96 hours becomes “Closed” by itself."
    assert rows(page, "flow")[1:] == [
        ["Waiting", "when you reply", "becomes “We are at it”"],
        ["Waiting", "after 24 hours", "we remind you"],
        ["Waiting", "after 96 hours", "becomes “Closed” by itself"],
        ["Closed", "when you reply", "becomes “We are at it”"],
    ]
    for drawing in re.findall(r"<svg class=\"flow.*?</svg>", section(page, "flow"), re.DOTALL):
        drawn = [unescape(words) for words in re.findall(r"<text[^>]*>([^<]+)</text>", drawing)]
        assert [each for each in drawn if each in ("We are at it", "Waiting", "Closed")] == [
            "We are at it",
            "Waiting",
            "Closed",
        ]
        assert "after 24 hours: we remind you" in " ".join(drawn).lower()
        assert drawing.count('data-kind="reply"') == 1 and drawing.count('data-kind="auto"') == 1


def test_agents_moves_are_told_where_they_are_limited() -> None:
    page = file_of(shop())
    assert "We may move a request from any status to any other." in page
    limited = shop().replace("category: open, clocks: all", "category: open, clocks: all, next: [waiting]")
    page = file_of(limited)
    assert "We may move a request from any status to any other." not in page
    assert ["We are at it", "when we move it", "becomes one of: Waiting"] in rows(page, "flow")


def test_the_next_days_with_other_hours_are_those_that_change_something() -> None:
    page = plain(section(file_of(shop()), "hours"))
    assert "Thursday 19 March 2026 09:00–12:00" in page
    assert "Friday 3 April 2026 closed Good Friday" in page
    assert "A Saturday" not in page
    assert "Monday to Friday 09:00–17:00" in page


def test_open_and_closed_are_told_at_the_instant() -> None:
    assert "We are open until Monday 16 March 2026, 17:00 (London time, GMT)." in plain(file_of(shop()))
    closed = plain(file_of(shop(), "2026-04-02 17:00"))
    assert "We are closed and open again on Monday 6 April 2026, 09:00 (London time, GMT+1)." in closed
    assert "closed now" in section(file_of(shop(), "2026-04-02 17:00"), "channels")


def test_what_was_assumed_is_marked_and_its_reading_told_once() -> None:
    assumed = "assumed: true, note: We guess that this is meant."
    page = file_of(
        shop(
            f"id: a, metric: first_response, when: {{priority: [high]}}, within: 1 working hour, {assumed}",
            f"id: b, metric: first_response, within: 2 working hours, {assumed}",
            "id: c, metric: resolution, within: 3 working hours, assumed: true",
            "id: d, metric: update, every: 4 working hours, note: As we said.",
        )
    )
    told = section(page, "readings")
    assert told.count("We guess that this is meant.") == 1
    assert "First response, High; First response" in told
    assert "The source does not say this; the desk supplied it." in told
    assert "As we said." in section(page, "promises") and "As we said." not in told
    for number in re.findall(r'href="#reading-(\d+)"', page):
        assert f'id="reading-{number}"' in told
    assert rows(page, "promises")[1][1] == "within 1 working hour our reading 1"


def test_a_restricted_priority_keeps_its_promise_and_tells_nothing_else(
    stranger: Client, cast: Cast, noon
) -> None:
    ticket = cast.writes("2026-03-16 09:00", subject="Somebody is in danger", priority="urgent")
    page = stranger.get(ADDRESS).content.decode()
    assert ["Urgent", "within 2 working hours", "within 16 working hours"] in rows(page, "promises")
    for secret in (ticket.number, "Somebody is in danger", "Amina", "Bob"):
        assert secret not in page
    assert "Only named people see these requests." in file_of(shop())


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("+44 20 7946 0000", "tel:+442079460000"),
        ("help@shop.example", "mailto:help@shop.example"),
        ("https://shop.example/help?a=b", "https://shop.example/help?a=b"),
        ("'+44 20 7946 0000, option 2'", "tel:+442079460000"),
        ("shop.example", ""),
        ("http://shop.example", ""),
        ("javascript:alert(1)", ""),
        ("'https://shop.example/\"onclick=\"alert(1)'", ""),
    ],
)
def test_addresses_that_lead_somewhere_are_links(address: str, href: str) -> None:
    page = section(file_of(shop().replace("+44 20 7946 0000", address)), "channels")
    assert re.findall(r'<a href="([^"]+)" rel="noreferrer">', page) == ([href] if href else [])
    assert 'onclick="' not in page


def test_under_a_contract_it_says_so_first() -> None:
    contract = "entitlement: {contract: required, without: hold, default_plan: plain, told: Ask us for one.}"
    page = file_of(shop().replace("entitlement: {default_plan: plain}", contract))
    assert "The times below hold under a contract that is in force." in section(page, "now")
    assert "Ask us for one." in section(page, "asking")
    assert "Without a contract in force it is held, without a number." in section(page, "flow")


def test_hostile_words_are_text_everywhere() -> None:
    hostile = "\"><script>alert(1)</script><img src=x onerror=alert(2)>{{7777*7}}'` style=x"
    quoted = "'" + hostile.replace("'", "''") + "'"
    text = shop()
    for word in (
        "How the shop helps",
        "Nothing works.",
        "For those in a hurry.",
        "The North",
        "Write to us.",
        "Gold",
    ):
        text = text.replace(word, quoted)
    text = text.replace("public_label: We are at it", f"public_label: {quoted}")
    text = text.replace("+44 20 7946 0000", "'javascript:alert(1)'")
    page = file_of(text).split("</style>")[1]
    assert "<script" not in page and "<img" not in page and "54439" not in page
    assert 'href="javascript' not in page
    assert not re.search(r"<[a-z]+[^>]*\son[a-z]+=", page)


class _Outline(HTMLParser):
    """What a screen reader goes by: headings, table headers, ids, and what names a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.without_scope: list[str] = []
        self.ids: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.tables = self.captions = 0
        self.named: set[str] = set()
        self.styles: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "th" and given.get("scope") not in ("col", "row", "rowgroup"):
            self.without_scope.append(str(given))
        self.tables += tag == "table"
        self.captions += tag == "caption"
        if "id" in given:
            self.ids.append(str(given["id"]))
        if tag == "svg" and given.get("role") == "img":
            self.pictures.append(given)
        if tag in ("title", "desc") and "id" in given:
            self.named.add(str(given["id"]))
        if "style" in given:
            self.styles.append(tag)


@pytest.mark.parametrize("name", packs())
def test_a_screen_reader_finds_its_way(name: str) -> None:
    outline = _Outline()
    outline.feed(file_of(pack(name)))
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(
        after - before <= 1 for before, after in zip(outline.headings, outline.headings[1:], strict=False)
    )
    assert outline.without_scope == []
    assert outline.tables == outline.captions > 3
    assert len(outline.ids) == len(set(outline.ids))
    assert outline.pictures
    for picture in outline.pictures:
        title, desc = str(picture["aria-labelledby"]).split()
        assert {title, desc} <= outline.named
    assert outline.styles == []


@pytest.mark.parametrize("name", packs())
def test_the_page_finds_the_targets_that_govern(name: str) -> None:
    """For every case that a policy tells apart, inside and outside its hours."""
    text = pack(name)
    policy, document = load(text), Document.model_validate(freeze(text, [2026])["document"])
    cases = Cases(document, policy)
    fields = [field for field in policy.governing.fields if field != "priority"]
    instants = [utc("2026-03-16 00:30") + timedelta(hours=7 * step) for step in range(24)]
    known = [[*cases.names.ids(field), ""] for field in fields]
    tried = 0
    for at, priority in product(instants, policy.priorities):
        hours = hours_now(policy, lambda calendar, at=at: policy.calendars[calendar].is_open(at))
        for values in product(*known):
            case = {"priority": priority.id, **dict(zip(fields, values, strict=True))}
            for metric in policy.metrics:
                plans = policy.governing.plans(metric, policy.governing.case(case), to_micros(at))
                told = cases.given(metric, {**case, **hours})
                assert [each.target.id for each in told] == [each.target.id for each in plans], (case, at)
                amounts = [plan.term(to_micros(at)).amount for plan in plans]
                assert [each.amount for each in told] == amounts
                tried += 1
    assert tried >= 24 * len(policy.priorities) * len(policy.metrics)


def test_a_version_is_read_once(cast: Cast, django_assert_num_queries) -> None:
    version = cast.desk.policy_versions.get()
    document_of.cache_clear()
    with django_assert_num_queries(1):
        assert document_of(version.pk) is document_of(version.pk)
    assert document_of(version.pk).name == compiled(version.pk).name == "school-devices"


def test_the_page_costs_few_queries(
    stranger: Client, cast: Cast, noon, django_assert_max_num_queries
) -> None:
    stranger.get(ADDRESS)
    with django_assert_max_num_queries(5):
        stranger.get(ADDRESS)


def test_the_page_is_made_from_what_is_given_alone() -> None:
    frozen = freeze(shop(), [2026])
    document, policy = Document.model_validate(frozen["document"]), from_frozen(frozen)
    page = policy_page(document, policy, utc("2026-03-16 12:00"), "UTC", {"plan": "gold"})
    assert page == policy_page(document, policy, utc("2026-03-16 12:00"), "UTC", {"plan": "gold"})
    assert page.now is not None and page.now.chosen == "Gold"
    assert Metric.resolution not in policy.metrics
