"""The desk for software under a maintenance contract: it promises responses, and never a resolution."""

import json
from bisect import bisect_left
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest
from pack_texts import all_that_is_said, cited, document, unexplained
from quarter_hours import HOUR, QUARTER, differences, out_of_order

from upheld.clock import zone
from upheld.policy import (
    Actor,
    Event,
    Metric,
    Verdict,
    check,
    evaluate,
    explain,
    ledger_sentences,
    load,
    pack,
)

NAME = "maintenance-contract"

# Every figure of the page, as a page that is made from the policy tells it.
FIGURES = (
    "Level 1: system down",
    "Level 2: seriously impaired",
    "Level 3: impaired",
    "Level 4: question or wish",
    "America/Los_Angeles",
    "GMT-08:00",
    "06:30–17:30",
    "09:00–13:00",
    "around the clock",
    "support@contracts.example",
    "+1 866 555 0142, option 2",
    "Level 1, received in office hours: an engineer contacts you within 1 business hour.",
    "Level 1, received in office hours: in no case later than 4 hours after the receipt.",
    "Level 1, received outside office hours: an engineer contacts you within 4 hours of the receipt.",
    "Level 1, received outside office hours: at the latest 1 business hour after the next opening.",
    "Level 2, received in office hours: an engineer contacts you within 4 business hours.",
    "Level 2, received in office hours: in no case later than 4 hours after the receipt.",
    "Level 2, received outside office hours: an engineer contacts you within 4 hours of the receipt.",
    "Level 2, received outside office hours: at the latest 4 business hours after the next opening.",
    "Level 3: an engineer contacts you within 8 business hours; what comes outside office hours counts from the next "
    "opening.",
    "Level 4: an engineer contacts you within 2 business days, at the same time of day; what comes outside office "
    "hours counts from the next opening.",
    "at once",
    "2 hours",
    "4 hours",
    "8 hours",
    "2 business days",
    "5 business days",
    "First level",
    "Second level",
    "Third level",
    "Company, type of installation, and where it is",
    "Type of database, and the server on which call tracking runs",
    "Maker and model of the telephone system",
    "Technical contact - name, phone number and e-mail address",
    "What is wrong, in a few words",
    "Case number",
    "Product of somebody else that is affected, with its version",
    "What happens, what you have tried so far, and the priority level",
)

LEVELS = ("level_1", "level_2", "level_3", "level_4")

# Worked out by hand: a figure, and what comes of it. Friday 20 March 2026 is an ordinary day, 25 May a holiday.
KEPT = (
    ("within 1 business hour.", "level_1", "2026-03-20 10:00", "2026-03-20 11:00"),
    ("in no case later than 4 hours after", "level_1", "2026-03-20 17:00", "2026-03-20 21:00"),
    ("within 4 hours of the receipt.", "level_1", "2026-03-20 21:00", "2026-03-21 01:00"),
    ("1 business hour after the next opening.", "level_1", "2026-03-20 05:00", "2026-03-20 07:30"),
    ("within 4 business hours.", "level_2", "2026-03-20 10:00", "2026-03-20 14:00"),
    ("in no case later than 4 hours after", "level_2", "2026-03-20 17:00", "2026-03-20 21:00"),
    ("within 4 hours of the receipt.", "level_2", "2026-03-20 21:00", "2026-03-21 01:00"),
    ("within 8 business hours", "level_3", "2026-03-20 16:30", "2026-03-23 13:30"),
    ("counts from the next opening", "level_3", "2026-03-20 17:30", "2026-03-23 14:30"),
    ("within 2 business days", "level_4", "2026-03-20 16:30", "2026-03-24 16:30"),
    ("06:30–17:30", "level_3", "2026-03-20 06:30", "2026-03-20 14:30"),
    ("09:00–13:00", "level_3", "2026-05-25 06:30", "2026-05-26 10:30"),
)

# Four weeks each: around the changes of the clocks and Thanksgiving, and with a holiday that is a Saturday.
WEEKS = {
    "the change to summer time": "2026-02-22",
    "the end of summer time": "2026-10-18",
    "Thanksgiving": "2026-11-12",
    "Independence Day": "2026-06-15",
}
HOLIDAYS = {
    date(2026, 6, 19),
    date(2026, 7, 3),
    date(2026, 11, 11),
    date(2026, 11, 26),
    date(2026, 12, 25),
    date(2027, 1, 1),
}
FOUR_HOURS = timedelta(hours=4)
PACIFIC = zone("America/Los_Angeles")


@cache
def policy():
    return load(pack(NAME))


def pacific(text):
    """Return the instant of a wall time on the west coast of the United States."""
    return datetime.fromisoformat(text).replace(tzinfo=PACIFIC).astimezone(UTC)


def received(at, priority, **data):
    return Event(at, "opened", Actor.customer, {"channel": "email", "priority": priority, **data})


def due(at, priority):
    """Return by when the first response to a request is due, as it looks at its receipt."""
    (clock,) = evaluate(policy(), [received(at, priority)], at).clocks
    assert clock.metric is Metric.first_response
    return clock.due_at


class Office:
    """The office from quarter hour to quarter hour, off a wall calendar; shares no code with the desk's calendars."""

    def __init__(self, first):
        start = pacific(f"{first} 00:00")
        self.receipts = [start + number * QUARTER for number in range(4 * 7 * 24 * 4)]
        ahead = [start + number * QUARTER for number in range(7 * 7 * 24 * 4)]
        self.open = [at for at in ahead if self._is_open(at)]
        self.days: dict[date, list[datetime]] = {}
        for at in self.open:
            self.days.setdefault(at.astimezone(PACIFIC).date(), []).append(at)

    def _is_open(self, at):
        wall = at.astimezone(PACIFIC)
        minute = 60 * wall.hour + wall.minute
        opens, closes = (9 * 60, 13 * 60) if wall.date() in HOLIDAYS else (6 * 60 + 30, 17 * 60 + 30)
        return wall.weekday() < 5 and opens <= minute < closes

    def opening(self, at):
        """Return this instant, or the next at which the office is open."""
        return self.open[bisect_left(self.open, at)]

    def after(self, at, hours):
        """Return when so many open hours have passed."""
        return self.open[bisect_left(self.open, at) + 4 * hours - 1] + QUARTER

    def days_after(self, at, days):
        """Return the same time of day so many business days later: on a short day, as near as the office is open."""
        wall = self.opening(at).astimezone(PACIFIC)
        dates = list(self.days)
        day = dates[dates.index(wall.date()) + days]
        there = self.days[day]
        same = datetime.combine(day, time(wall.hour, wall.minute), PACIFIC).astimezone(UTC)
        return min(max(same, there[0]), there[-1] + QUARTER)

    def due(self, at, priority):
        """Return by when a first response is promised."""
        match priority:
            case "level_1":
                return min(self.after(at, 1), at + FOUR_HOURS)
            case "level_2":
                return min(self.after(at, 4), at + FOUR_HOURS)
            case "level_3":
                return self.after(at, 8)
        return self.days_after(at, 2)


def test_it_is_sound_and_does_what_its_examples_say():
    report = check(pack(NAME))
    assert [each.message for each in (*report.problems, *report.findings)] == []
    assert report.examples_run == len(document(NAME).examples) > 90


@pytest.mark.parametrize("figure", FIGURES)
def test_every_figure_of_the_page_is_said(figure):
    assert figure.replace("–", "-") in all_that_is_said(NAME).replace(" elapsed hours", " hours")


@pytest.mark.parametrize(("figure", "priority", "at", "by"), KEPT)
def test_every_time_of_the_page_is_kept(figure, priority, at, by):
    assert any(figure in each for each in FIGURES)
    assert due(pacific(at), priority) == pacific(by)


def test_no_time_of_the_page_is_left_out():
    assert {each.id: (each.amount.text, each.start.value, each.also) for each in policy().targets} == {
        "level_1_inside": ("1 working hour", "received", False),
        "level_1_inside_at_most": ("4 elapsed hours", "received", True),
        "level_1_outside": ("4 elapsed hours", "received", False),
        "level_1_outside_opening": ("1 working hour", "next_opening", True),
        "level_2_inside": ("4 working hours", "received", False),
        "level_2_inside_at_most": ("4 elapsed hours", "received", True),
        "level_2_outside": ("4 elapsed hours", "received", False),
        "level_2_outside_opening": ("4 working hours", "next_opening", True),
        "level_3_response": ("8 working hours", "next_opening", False),
        "level_4_response": ("2 business days", "next_opening", False),
    }


def test_what_is_assumed_says_why_and_every_sentence_of_the_page_is_cited():
    assert unexplained(NAME) == []
    sentences = document(NAME).source.text.splitlines()
    assert [each for each in cited(NAME) if not any(each in sentence for sentence in sentences)] == []
    assert [each for each in sentences if not any(part in each for part in cited(NAME))] == []


def test_what_the_page_contradicts_is_found_and_meant():
    accepted = {each.finding.path: each.finding.code for each in check(pack(NAME)).accepted}
    assert accepted == {
        "calendars.office": "zone-told-twice",
        "targets[1]": "contradiction",
        "targets[5]": "contradiction",
        "targets[7]": "never-decides",
    }


def test_only_the_four_hours_of_the_night_are_the_pages_own():
    assert {each.id for each in policy().targets if not each.assumed} == {
        "level_1_outside",
        "level_2_outside",
    }
    assert all(each.assumed for each in document(NAME).escalation.ladders)
    assert all(each.assumed for each in document(NAME).statuses)


def test_the_zone_has_summer_time_though_the_page_names_an_offset_too():
    assert policy().calendars["office"].zone == "America/Los_Angeles"
    assert "GMT-08:00" in document(NAME).calendars["office"].note
    for day, hours in (("2026-01-14", 14 * HOUR + HOUR / 2), ("2026-07-14", 13 * HOUR + HOUR / 2)):
        midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
        assert policy().calendars["office"].next_opening(midnight + 6 * HOUR) == midnight + hours


def test_ladders_are_guidelines_that_tell_managers_at_their_times():
    manager, sales, executive = ["support_manager"], ["sales_manager"], ["executive"]
    told = {each.id: [(step.delay.text, list(step.tell)) for step in each.steps] for each in policy().ladders}
    assert told == {
        "level_1_ladder": [
            ("at once", manager),
            ("2 elapsed hours", manager),
            ("4 elapsed hours", sales),
            ("8 elapsed hours", executive),
        ],
        "level_2_ladder": [("4 elapsed hours", manager), ("8 elapsed hours", sales)],
        "levels_3_and_4_ladder": [("2 business days", manager), ("5 business days", manager)],
    }
    assert {step.binding for each in policy().ladders for step in each.steps} == {"guideline"}


def test_eight_things_are_asked_of_everybody_and_no_clock_waits_for_them():
    information = document(NAME).information
    asked = [each for each in information.items if not each.request_types]
    assert len(asked) == 8
    assert [each.id for each in asked if each.where == "subject"] == ["summary", "case_number"]
    assert [each.id for each in asked if each.products] == ["server"]
    assert (information.pauses, information.never_for) == ([], ["level_1", "level_2"])


def test_without_a_contract_a_request_is_held_and_its_sender_told_what_to_do():
    entitlement = document(NAME).entitlement
    assert (entitlement.contract, entitlement.without) == ("required", "hold")
    assert "reply with its number" in entitlement.told and "need not send it again" in entitlement.told


def test_a_held_request_goes_on_from_its_receipt_if_there_was_a_contract_and_from_its_admission_if_not():
    start = pacific("2026-03-16 09:00")
    for had_contract, by in ((True, "2026-03-16 17:00"), (False, "2026-03-17 09:00")):
        admitted = Event(
            start + 3 * HOUR, "admitted", Actor.agent, {"contract_at_receipt": had_contract}, seq=1
        )
        standing = evaluate(policy(), [received(start, "level_3", held=True), admitted], admitted.at)
        assert standing.clocks[0].due_at == pacific(by)


def test_a_new_version_goes_to_the_named_contact_under_a_contract_only():
    types = {each.id: (each.needs_contract, each.only_for) for each in document(NAME).request_types}
    assert types == {"bug_fix": (False, "anybody"), "version_upgrade": (True, "named_contact")}
    steps = next(each for each in document(NAME).information.items if each.id == "steps_to_reproduce")
    assert steps.request_types == ["bug_fix"]


def test_the_desk_is_reached_in_three_ways_and_by_phone_in_its_hours():
    channels = {each.id: (each.address, each.calendar) for each in document(NAME).channels}
    assert channels == {
        "portal": ("https://support.contracts.example", None),
        "email": ("support@contracts.example", None),
        "phone": ("+1 866 555 0142, option 2", "office"),
    }
    assert [each.report_by[0] for each in document(NAME).priorities] == ["phone", "phone", "portal", "portal"]


def test_a_customer_who_is_not_satisfied_turns_to_one_of_two_managers():
    path = document(NAME).escalation.customer_path
    assert [each.role for each in path] == ["support_manager", "sales_manager"]
    assert {each.id: each.by for each in document(NAME).roles if each.by} == {"sales_manager": ["region"]}


@pytest.mark.parametrize("priority", LEVELS)
@pytest.mark.parametrize("first", WEEKS.values(), ids=WEEKS)
def test_every_quarter_hour_of_four_weeks_is_promised_what_the_page_says(first, priority):
    office = Office(first)
    dues = [due(at, priority) for at in office.receipts]
    assert differences(office.receipts, dues, [office.due(at, priority) for at in office.receipts]) == []
    assert out_of_order(office.receipts, dues) == []
    if priority in ("level_1", "level_2"):
        longest = max(by - at for at, by in zip(office.receipts, dues, strict=True))
        assert longest == FOUR_HOURS


def long_lives():
    """Stories with everything that could begin, stop or end a clock."""
    start = pacific("2026-03-16 09:00")
    asks, answers = {"direction": "in", "public": True}, {"direction": "out", "public": True}
    for priority in LEVELS:
        story = [received(start, priority)]
        for number, status in enumerate(each.id for each in policy().statuses):
            at = start + 20 * number * HOUR
            story.append(Event(at, "status", Actor.agent, {"to": status}, seq=len(story)))
            story.append(Event(at + QUARTER, "message", Actor.customer, asks, seq=len(story)))
            story.append(Event(at + FOUR_HOURS, "message", Actor.agent, answers, seq=len(story)))
        yield story


def test_no_clock_of_a_resolution_is_anywhere():
    assert policy().metrics == {Metric.first_response}
    for story in long_lives():
        for days in range(40):
            standing = evaluate(policy(), story, story[0].at + timedelta(days=days))
            # A step of a ladder names what is owed until the work is done; it has no due time and no verdict.
            steps = [each for each in standing.consequences if each.kind == "escalated"]
            assert all({"due_at", "verdict"}.isdisjoint(each.data) for each in steps)
            others = tuple(each for each in standing.consequences if each.kind != "escalated")
            assert "resolution" not in json.dumps(replace(standing, consequences=others).to_json())
            assert {each.metric for each in standing.clocks} <= {Metric.first_response}
            assert standing.unclocked == ()


@pytest.mark.parametrize("audience", ["agent", "customer"])
def test_no_explanation_speaks_of_a_resolution(audience):
    for story in long_lives():
        (ledger,) = explain(policy(), story, story[-1].at)
        said = ledger_sentences(ledger, zone="America/Los_Angeles", audience=audience)
        assert said and "resol" not in " ".join(said).lower()


def test_nothing_but_a_person_responds_and_no_status_holds_the_response_up():
    start = pacific("2026-03-16 09:00")
    story = [
        received(start, "level_1"),
        Event(start, "acknowledged", Actor.system, {}, seq=1),
        Event(start + QUARTER, "status", Actor.agent, {"to": "waiting_on_customer"}, seq=2),
        Event(start + 2 * QUARTER, "message", Actor.system, {"direction": "out", "public": True}, seq=3),
    ]
    assert evaluate(policy(), story, start + HOUR).clocks[0].verdict is Verdict.breached
