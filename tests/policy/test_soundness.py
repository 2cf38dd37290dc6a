"""What the check looks for: what it finds, what it leaves alone, and that it never breaks."""

import json
import re
import time

import pytest
from desk_stories import Story
from hypothesis import given
from hypothesis import strategies as st
from lengths import tries
from small_policies import text

from upheld.clock import from_micros
from upheld.policy import Metric, PolicyError, check, evaluate, freeze, load, pack
from upheld.policy.loading import DRAFT_YEARS, read_sound
from upheld.policy.page import Page, sentences
from upheld.policy.soundness.matrix import Matrix
from upheld.policy.soundness.order import overtaken

RESPONSE = "metric: first_response"


def codes(document, **asked):
    report = check(document, **asked)
    return [each.code for each in (*report.problems, *report.findings)]


def remark(document, code, **asked):
    """Return the only remark of a code."""
    report = check(document, **asked)
    (found,) = [each for each in (*report.problems, *report.findings) if each.code == code]
    return found


class TestTheOrderOfDues:
    """Somebody who asks later is not due an answer before somebody who asked earlier."""

    INSIDE = f"id: inside, {RESPONSE}, when: {{received: inside}}, within: 1 elapsed hour, calendar: shop"
    OUTSIDE = f"id: outside, {RESPONSE}, when: {{received: outside}}, within: 4 elapsed hours, calendar: shop"
    MORNING = (
        f"id: morning, {RESPONSE}, when: {{received: outside}}, also: true, within: 1 elapsed hour, "
        "start: next_opening, calendar: shop"
    )

    def test_at_closing_an_hour_and_four_hours_are_in_order_and_at_opening_they_are_not(self):
        found = remark(text(self.INSIDE, self.OUTSIDE), "out-of-order")
        assert re.search(r"a request of \w+ \d+ \w+ 2026 09:00 \w+ would", found.message)
        assert "08:59:59.999999" in found.message
        assert "('inside')" in found.message and "('outside')" in found.message
        assert codes(text(self.INSIDE, self.OUTSIDE, self.MORNING)).count("out-of-order") == 0

    def test_what_is_found_is_what_the_policy_would_do(self):
        document = text(self.INSIDE, self.OUTSIDE)
        sound = read_sound_anyway(document)
        numbers = next(iter(Matrix(sound.dated, Metric.first_response, with_hours=False).combinations()))
        pairs = list(overtaken(Metric.first_response, {}, numbers, sound.trials, sound.trials.edges))
        policy = loaded_anyway(document)
        assert len(pairs) > 200
        for pair in pairs[::17]:
            dues = [clock_due(policy, from_micros(each.at)) for each in (pair.earlier, pair.later)]
            assert pair.earlier.at < pair.later.at and dues[1] < dues[0]
            assert dues == [from_micros(pair.earlier.due), from_micros(pair.later.due)]

    def test_a_cut_off_and_a_count_of_hours_may_cross_at_noon_for_one_region_only(self):
        targets = (
            f"id: far, {RESPONSE}, when: {{region: [apac], received: inside}}, within: 3 working hours, calendar: shop",
            f"id: far_night, {RESPONSE}, when: {{region: [apac]}}, within: cut-off 12:00",
            f"id: near, {RESPONSE}, within: cut-off 12:00",
        )
        found = remark(text(*targets), "out-of-order")
        assert "region apac" in found.message

    def test_days_of_the_documents_own_in_other_years_are_tried_too(self):
        targets = (
            f"id: inside, {RESPONSE}, when: {{received: inside}}, within: 1 business day, calendar: shop",
            f"id: outside, {RESPONSE}, when: {{received: outside}}, within: 8 working hours, calendar: shop",
        )
        quiet = text(*targets).replace("2026-03-19: 09:00-12:00", "2026-03-21: closed")
        assert "out-of-order" not in codes(quiet)
        assert (
            "2029"
            in remark(quiet.replace("2026-03-21: closed", "2029-03-22: 09:00-12:00"), "out-of-order").message
        )

    def test_what_the_source_words_so_may_be_accepted_and_what_was_made_up_may_not(self):
        cited = [f"{each}, cites: [so it says]" for each in (self.INSIDE, self.OUTSIDE)]
        assert "out-of-order-in-source" in codes(text(*cited))
        accepted = text(cited[0] + ", accept: {out-of-order-in-source: It is so.}", cited[1])
        assert "out-of-order-in-source" not in codes(accepted)
        assert load(accepted).targets
        with pytest.raises(PolicyError, match="due before one of"):
            load(text(cited[0], self.OUTSIDE + ", assumed: true, note: so"))

    def test_two_requests_in_the_hour_that_clocks_read_twice_are_no_fault_of_the_document(self):
        around = text(
            f"id: a, {RESPONSE}, when: {{received: inside}}, within: 1 business day, calendar: shop",
            f"id: b, {RESPONSE}, when: {{received: outside}}, within: 1 business day, calendar: shop",
        ).replace("mon-fri: 09:00-17:00", "mon-sun: 00:00-24:00")
        around = around.replace("2026-04-03: Good Friday, 2026-04-06: Easter Monday", "").replace(
            "2026-03-19: 09:00-12:00", ""
        )
        assert "out-of-order" not in codes(around)

    amounts = st.sampled_from(
        [
            *(
                "30 elapsed minutes",
                "5 elapsed hours",
                "2 elapsed days",
                "3 working hours",
                "30 working hours",
            ),
            *(
                "1 business day",
                "3 business days",
                "2 business days at close",
                "cut-off 12:00",
                "cut-off 09:00",
            ),
            *("cut-off 23:30", "2 business days of 8 working hours"),
        ]
    )
    hours = st.sampled_from(
        [
            "mon-fri: 09:00-17:00",
            "mon-fri: '08:00-12:00, 13:00-18:00', sat: 10:00-13:00",
            "mon-sun: 22:00-06:00",
            "mon-sun: 00:00-24:00",
            "tue: 00:30-01:30, sun: 00:30-03:30",
            "mon-fri: 07:30-17:00, sun: 23:00-24:00",
        ]
    )
    zones = st.sampled_from(
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"]
    )
    starts = st.sampled_from(["", ", start: next_opening, calendar: shop", ", start: acknowledged"])

    @tries(12, long=2_000)
    @given(hours, zones, st.lists(st.tuples(amounts, starts), min_size=1, max_size=3))
    def test_where_the_hours_decide_nothing_nobody_overtakes(self, hours, zone, promises):
        """It is why such promises are not tried."""
        targets = [
            f"id: t{number}, {RESPONSE}, within: {amount}{start}{', also: true' if number else ''}"
            for number, (amount, start) in enumerate(promises)
        ]
        document = text(*targets).replace("mon-fri: 09:00-17:00", hours).replace("Europe/London", zone)
        sound = read_sound(document, "shop", DRAFT_YEARS)
        (numbers,) = Matrix(sound.dated, Metric.first_response).combinations()
        instants = sorted({*sound.trials.edges, *sound.trials.instants[::7]})
        assert len(instants) > 1_000
        found = overtaken(Metric.first_response, {}, numbers, sound.trials, instants)
        assert next(found, None) is None


def read_sound_anyway(document):
    """Read a document that would be refused for its order of dues: let the page word it so."""
    return read_sound(
        document.replace("calendar: shop}", "calendar: shop, cites: [so]}"), "shop", DRAFT_YEARS
    )


def loaded_anyway(document):
    return load(document.replace("calendar: shop}", "calendar: shop, cites: [so]}"))


def clock_due(policy, at):
    return evaluate(policy, Story(at), at).clocks[0].due_at


class TestJoinedTargets:
    HOURS = f"id: hours, {RESPONSE}, within: 48 elapsed hours"
    DAYS = f"id: days, {RESPONSE}, also: true, within: 2 business days"

    def test_two_times_for_the_same_are_a_contradiction(self):
        found = remark(text(self.HOURS, self.DAYS), "contradiction")
        assert found.path == "targets[1]" and "'hours' and 'days'" in found.message

    @pytest.mark.parametrize(
        "more",
        [", when: {channel: [email]}", ", start: acknowledged", ", when: {priority: [high]}"],
        ids=["for one channel", "from the acknowledgement", "for one priority"],
    )
    def test_a_promise_for_some_or_from_another_start_contradicts_nothing(self, more):
        assert "contradiction" not in codes(text(self.HOURS, self.DAYS + more))

    def test_two_lists_of_priorities_that_share_one_contradict_each_other(self):
        hours = self.HOURS + ", when: {priority: [high]}"
        days = self.DAYS + ", when: {priority: [high, normal]}"
        assert "contradiction" in codes(text(hours, days))

    def test_a_target_that_decides_only_after_a_pause_decides(self):
        # Two business days are never earlier than forty-eight hours, until a night is paused.
        ordinary = text(self.HOURS, self.DAYS).replace("2026-03-19: 09:00-12:00", "")
        assert "never-decides" not in codes(ordinary)

    def test_a_target_that_no_pause_helps_is_told_with_what_beats_it(self):
        late = f"id: late, {RESPONSE}, also: true, within: 3 business days"
        days = f"id: days, {RESPONSE}, within: 2 business days"
        found = remark(text(days, late), "never-decides")
        assert found.path == "targets[1]" and "never due before 'days'" in found.message

    def test_the_first_of_the_joined_may_be_the_one_that_never_decides(self):
        late = f"id: late, {RESPONSE}, within: 3 business days"
        days = f"id: days, {RESPONSE}, also: true, within: 2 business days"
        assert remark(text(late, days), "never-decides").path == "targets[0]"

    def test_what_decides_for_one_channel_decides(self):
        mail = f"id: mail, {RESPONSE}, when: {{channel: [email]}}, also: true, within: 1 business day"
        days = f"id: days, {RESPONSE}, within: 2 business days"
        assert not {"never-decides", "contradiction"} & set(codes(text(days, mail)))


class TestZones:
    @pytest.mark.parametrize(
        ("zone", "note", "found"),
        [
            ("America/Los_Angeles", "6:30 am to 5:30 pm Pacific Time (GMT-08:00)", {"zone-told-twice"}),
            ("America/Los_Angeles", "6:30 am to 5:30 pm UTC−8", {"zone-told-twice"}),
            ("Europe/Berlin", "open until six (+01:00)", {"zone-told-twice"}),
            ("Europe/London", "until five, GMT", {"zone-told-twice"}),
            ("Asia/Tokyo", "from nine to five (UTC+09:00)", set()),
            ("Asia/Tokyo", "from nine to five (UTC+08:00)", {"zone-told-twice"}),
            ("America/Phoenix", "from nine to five (UTC-07:00)", set()),
            ("America/Phoenix", "from nine to five (UTC+07:00)", {"zone-told-twice"}),
            ("Europe/London", "Mon-Fri 9:00-17:00, call +44 20 7946 0000", set()),
            ("Europe/London", "the sum of 8 and -3 is 5", set()),
            ("Etc/GMT+8", "", {"fixed-offset"}),
            ("Etc/GMT+8", "The contract fixes the offset, summer and winter.", set()),
            ("UTC", "", set()),
            ("Asia/Kolkata", "from nine to five IST", {"ambiguous-zone"}),
            ("Asia/Kolkata", "it is what it is, est. 1950", set()),
        ],
    )
    def test_a_zone_is_told_once(self, zone, note, found):
        document = text(f"id: a, {RESPONSE}, within: 8 working hours").replace("Europe/London", zone)
        document = document.replace("  shop:\n", f"  shop:\n    note: '{note}'\n", 1)
        asked = {"zone-told-twice", "fixed-offset", "ambiguous-zone"}
        assert asked & set(codes(document)) == found

    def test_what_the_page_says_belongs_to_the_first_calendar(self):
        document = text(f"id: a, {RESPONSE}, within: 8 working hours")
        found = remark(document, "zone-told-twice", page="Our hours are nine to five (GMT+00:00).")
        assert found.path == "calendars.shop"
        meant = document.replace("  shop:\n", "  shop:\n    accept: {zone-told-twice: London is meant.}\n", 1)
        assert "zone-told-twice" not in codes(meant, page="Our hours are nine to five (GMT+00:00).")


class TestWords:
    @pytest.mark.parametrize(
        ("clause", "more", "found"),
        [
            ("Who writes in the morning hears by the end of the day.", "", ["morning", "end of day"]),
            ("You hear from us the next day.", "", ["next day"]),
            ("We call back as soon as reasonably practicable.", "", ["as soon as possible"]),
            ("As quickly as possible, and at once where we can.", "", ["as soon as possible", "immediately"]),
            ("Within two business days, in office hours.", "", []),
            ("This evening.", "definitions: {Evening: from 18:00}", []),
            ("By close of business.", "definitions: {close of business: 17:00}", []),
            ("We say how soon we answer; goodnight.", "", []),
        ],
    )
    def test_a_word_that_sounds_like_a_time_is_defined(self, clause, more, found):
        document = text(f"id: a, {RESPONSE}, within: 8 working hours, clause: '{clause}'", more=more)
        remedies = [each.remedy for each in check(document).findings if each.code == "undefined-word"]
        assert [re.search(r"\{(.*?):", each)[1] for each in remedies] == found

    def test_a_target_without_a_time_says_itself_what_as_soon_as_possible_is_worth(self):
        clause = "as soon as reasonably practicable"
        assert "undefined-word" not in codes(
            text(f"id: a, {RESPONSE}, within: best effort, clause: {clause}")
        )

    def test_urgent_is_defined_by_a_priority_of_that_name(self):
        target = f"id: a, {RESPONSE}, within: 8 working hours, clause: Urgent cases first."
        assert "undefined-word" in codes(text(target))
        assert "undefined-word" not in codes(text(target).replace("label: High", "label: Urgent"))


class TestReferences:
    """Every key that names something names something that there is."""

    ROLE = "roles: [{id: manager, label: Manager}]\n"

    @pytest.mark.parametrize(
        ("more", "path", "said"),
        [
            (
                "default_priority: none",
                "default_priority",
                "there is no priority 'none'; known: high, normal",
            ),
            ("initial_status: gone", "initial_status", "no status 'gone'"),
            (
                "priorities:\n  - {id: high, label: H, report_by: [pigeon]}\n  - {id: normal, label: N}",
                "priorities[0].report_by[0]",
                "no channel 'pigeon'; known: none",
            ),
            (
                "priorities:\n  - {id: high, label: H, criteria: {data: lost}}\n  - {id: normal, label: N}",
                "priorities[0].criteria.data",
                "no axis 'data'",
            ),
            (
                "priorities:\n  - {id: high, label: H, workarounds: [tape]}\n  - {id: normal, label: N}",
                "priorities[0].workarounds[0]",
                "no workaround 'tape'",
            ),
            ("channels: [{id: phone, label: Phone, region: moon}]", "channels[0].region", "no region 'moon'"),
            (
                "channels: [{id: phone, label: Phone, calendar: moon}]",
                "channels[0].calendar",
                "no calendar 'moon'",
            ),
            (
                "channels: [{id: phone, label: Phone, for_priorities: [none]}]",
                "channels[0].for_priorities[0]",
                "no priority 'none'",
            ),
            (
                "channels: [{id: phone, label: Phone, raises_to: none}]",
                "channels[0].raises_to",
                "no priority 'none'",
            ),
            ("entitlement: {default_plan: gold}", "entitlement.default_plan", "no plan 'gold'"),
            (
                "scope: [{id: a, label: A, instead: B, exclusion: c}]",
                "scope[0].exclusion",
                "no exclusion 'c'; known: spam",
            ),
            (
                "information: {items: [{id: a, label: A, products: [pump]}]}",
                "information.items[0].products[0]",
                "no product 'pump'",
            ),
            (
                "information: {items: [{id: a, label: A, request_types: [fix]}]}",
                "information.items[0].request_types[0]",
                "no kind of request 'fix'",
            ),
            ("information: {never_for: [none]}", "information.never_for[0]", "no priority 'none'"),
            (
                "triage: {requires: [reason]}",
                "triage.requires[0]",
                "triage asks for the reason, and the document lists none",
            ),
            (
                "escalation: {ladders: [{id: up, steps: [{after: at once, tell: [nobody]}]}]}",
                "escalation.ladders[0].steps[0].tell[0]",
                "no role 'nobody'",
            ),
            (
                f"{ROLE}escalation:\n  ladders:\n    - id: up\n      when: {{priority: [none]}}\n"
                "      steps: [{after: at once, tell: [manager]}]",
                "escalation.ladders[0].when.priority[0]",
                "no priority 'none'",
            ),
            (
                ROLE
                + "escalation: {ladders: [{id: up, calendar: moon, steps: [{after: at once, tell: [manager]}]}]}",
                "escalation.ladders[0].calendar",
                "no calendar 'moon'",
            ),
            (
                "escalation: {hand_overs: [{id: on, reason: Too hard., to_role: nobody}]}",
                "escalation.hand_overs[0].to_role",
                "no role 'nobody'",
            ),
            (
                "escalation: {hand_overs: [{id: on, reason: Too hard., to_tier: two}]}",
                "escalation.hand_overs[0].to_tier",
                "no tier 'two'",
            ),
            (
                "escalation: {customer_path: [{role: nobody}]}",
                "escalation.customer_path[0].role",
                "no role 'nobody'",
            ),
            (
                "plans: [{id: gold}]\nexamples:\n  - name: x\n    received: 2026-03-16 09:00\n"
                "    fields: {plan: iron}\n    expect: [{status: open}]",
                "examples[0].fields.plan",
                "no plan 'iron'; known: gold",
            ),
            (
                "examples: [{name: x, received: 2026-03-16 09:00, expect: [{told: [nobody]}]}]",
                "examples[0].expect[0].told[0]",
                "no role 'nobody'",
            ),
        ],
    )
    def test_what_is_named_and_is_not_there_is_told_at_its_place(self, more, path, said):
        document = text(f"id: a, {RESPONSE}, within: 8 working hours")
        for key in re.findall(r"^(\w+):", more, re.MULTILINE):
            document = re.sub(rf"^{key}:.*?\n(?=\w)", "", document, flags=re.DOTALL | re.MULTILINE)
        problems = check(f"{document}\n{more}\n").problems
        found = {each.path: each.describe("shop") for each in problems if each.code == "unknown-reference"}
        assert said in found[path], problems


class TestLadders:
    @staticmethod
    def ladder(*steps, more=""):
        rungs = ", ".join(f"{{after: {step}, tell: [manager]}}" for step in steps)
        return text(
            f"id: a, {RESPONSE}, within: 8 working hours",
            more=f"roles: [{{id: manager, label: Manager}}]\nescalation:\n  ladders:\n"
            f"    - {{id: up, until: first_response, steps: [{rungs}]{more}}}\n",
        )

    @pytest.mark.parametrize(
        ("steps", "in_order"),
        [
            (("at once", "2 elapsed hours", "4 working hours", "1 business day"), True),
            (("2 elapsed hours", "2 working hours"), True),
            (("1 elapsed day", "1 business day", "1 elapsed day"), True),
            (("8 working hours", "1 business day"), True),
            (("1 business day", "8 working hours"), False),
            (("1 business day at close", "1 business day"), False),
            (("2 elapsed days", "2 business days"), True),
            (("2 elapsed hours", "at once"), False),
        ],
    )
    def test_steps_of_different_units_are_compared_from_a_mondays_opening(self, steps, in_order):
        assert ("ladder-order" not in codes(self.ladder(*steps))) is in_order

    def test_a_ladder_in_a_status_in_which_the_work_is_over_never_holds_though_clocks_run_there(self):
        document = self.ladder("at once", more=", when: {status: [resolved]}")
        document = document.replace("category: resolved, clocks: none", "category: resolved, clocks: all")
        assert "ladder-never-holds" in codes(document)

    def test_a_ladder_that_counts_from_a_due_needs_a_time_for_one_of_its_requests(self):
        from_due = ", counts_from: due, when: {priority: [high]}"
        document = self.ladder("at once", more=from_due)
        assert "ladder-without-target" not in codes(document)
        best_effort = f"  - {{id: high, {RESPONSE}, when: {{priority: [high]}}, within: best effort}}\n"
        assert "ladder-without-target" in codes(document.replace("targets:\n", f"targets:\n{best_effort}"))

    def test_a_ladder_in_working_time_needs_to_know_on_which_calendar(self):
        night = "  night:\n    hours: {mon-sun: 22:00-06:00}\npriorities:"
        document = self.ladder("2 working hours").replace("priorities:", night, 1)
        document = document.replace("within: 8 working hours", "within: 8 working hours, calendar: shop")
        assert "needs-calendar" in codes(document)
        assert "useless-calendar" in codes(self.ladder("2 elapsed hours", more=", calendar: shop"))


class TestCadences:
    SOLVE = "id: solve, metric: resolution, within: 4 working hours"

    @pytest.mark.parametrize(
        ("news", "too_long"),
        [
            ("every: 4 working hours", False),
            ("every: 5 working hours", True),
            ("every: 1 business day at close", True),
            ("every: 2 elapsed hours", False),
            ("every: 8 working hours, when: {status: [waiting]}", False),
        ],
    )
    def test_an_update_comes_before_what_it_bridges(self, news, too_long):
        rest = ("id: rest, metric: update, within: discretionary",) if "when" in news else ()
        document = text(self.SOLVE, f"id: news, metric: update, {news}", *rest)
        assert ("cadence-too-long" in codes(document)) is too_long

    def test_a_cadence_is_compared_with_the_resolution_of_the_same_requests(self):
        document = text(
            "id: high, metric: resolution, when: {priority: [high]}, within: 4 working hours",
            "id: solve, metric: resolution, within: 80 working hours",
            "id: often, metric: update, when: {priority: [high]}, every: 2 working hours",
            "id: news, metric: update, every: 16 working hours",
        )
        assert "cadence-too-long" not in codes(document)
        seldom = document.replace("every: 2 working hours", "every: 16 working hours")
        assert "priority high" in remark(seldom, "cadence-too-long").message


class TestClauses:
    @pytest.mark.parametrize(
        ("amount", "clause", "differs"),
        [
            ("8 working hours", "within 8 working hours", False),
            ("8 working hours", "within eight hours", False),
            ("8 working hours", "within 480 minutes", False),
            ("8 working hours", "within 6 working hours", True),
            ("2 business days", "within 2-3 working days", False),
            ("3 business days", "within 2 to 3 business days", False),
            ("3 business days", "within two days", True),
            ("2 elapsed days", "within 48 hours", False),
            ("2 business days", "within 48 hours", True),
            ("1 business day of 8 working hours", "within 8 hours", False),
            ("cut-off 12:00", "within 2 hours", False),
            ("8 working hours", "as the page of 2013 says", False),
            ("best effort", "24 hours a day", False),
        ],
    )
    def test_a_clause_names_the_time_that_holds(self, amount, clause, differs):
        document = text(f"id: a, {RESPONSE}, within: {amount}, clause: {clause}")
        assert ("clause-differs" in codes(document)) is differs

    def test_an_amount_that_differs_by_the_hours_may_be_told_in_part(self):
        amounts = "{inside: 1 elapsed hour, outside: 1 elapsed hour}"
        assert "clause-differs" in codes(text(f"id: a, {RESPONSE}, within: {amounts}, clause: in 4 hours"))
        assert "clause-differs" not in codes(text(f"id: a, {RESPONSE}, within: {amounts}, clause: in 1 hour"))


class TestAcceptance:
    TARGETS = (TestJoinedTargets.HOURS, TestJoinedTargets.DAYS)

    def test_a_finding_is_accepted_by_the_block_or_by_one_around_it(self):
        inner = text(self.TARGETS[0], self.TARGETS[1] + ", accept: {contradiction: Both are said.}")
        outer = text(*self.TARGETS, more="accept: {contradiction: Both are said.}")
        for document in (inner, outer):
            report = check(document)
            assert "contradiction" not in [each.code for each in report.findings]
            (accepted,) = report.accepted
            assert (accepted.finding.code, accepted.reason) == ("contradiction", "Both are said.")

    @pytest.mark.parametrize(
        ("accept", "said"),
        [
            ("trap: There is none.", "there is no 'trap' here to accept"),
            (
                "contradition: Both are said.",
                "there is no finding 'contradition'; did you mean 'contradiction'?",
            ),
            ("missing-cell: No promise.", "'missing-cell' cannot be accepted; mend it"),
            ("assumed: So.", "'assumed' cannot be accepted; leave it out"),
            ("contradiction: ' '", "'contradiction' is accepted without a reason"),
        ],
    )
    def test_an_acceptance_that_accepts_nothing_is_a_finding(self, accept, said):
        document = text(self.TARGETS[0], f"{self.TARGETS[1]}, accept: {{{accept}}}")
        assert said in remark(document, "accepted-in-vain").describe("shop")

    def test_another_block_accepts_nothing(self):
        document = text(self.TARGETS[0] + ", accept: {contradiction: Both are said.}", self.TARGETS[1])
        assert {"contradiction", "accepted-in-vain"} <= set(codes(document))

    def test_what_was_not_looked_for_is_not_accepted_in_vain(self):
        more = "accept: {unfilled-role: Ada does it., citation-not-found: The page has changed.}"
        document = text(self.TARGETS[0], more=more)
        assert "accepted-in-vain" not in codes(document)
        assert codes(document, page="We answer.", filled_roles=frozenset()).count("accepted-in-vain") == 2

    def test_a_problem_stays_a_problem(self):
        target = f"id: a, {RESPONSE}, when: {{priority: [high]}}, within: 1 working hour"
        assert not check(text(target, more="accept: {missing-cell: Nobody else asks.}")).ok


class TestAssumptions:
    def test_every_block_may_be_assumed_and_is_listed_with_its_reason(self):
        document = text(
            f"id: a, {RESPONSE}, within: 8 working hours",
            more="""\
scope:
  - {id: pumps, label: Pumps, instead: Buy one., assumed: true, note: Nobody said so.}
reopening: {within: 30 elapsed days, assumed: true}
""",
        ).replace(
            "    hours: {mon-fri",
            "    assumed: true\n    note: The page is silent.\n    holidays: {country: GB, assumed: true}\n"
            "    hours: {mon-fri",
        )
        report = check(document)
        assert {each.what: each.note for each in report.assumptions} == {
            "calendars.shop": "The page is silent.",
            "calendars.shop.holidays": "The page is silent.",
            "scope.pumps": "Nobody said so.",
            "reopening": "",
        }
        (missing,) = [each for each in report.findings if each.code == "assumed-without-reason"]
        assert missing.path == "reopening" and document.splitlines()[missing.line - 1].startswith("reopening")


class TestThePage:
    PAGE = """\
Support hours
We work from 7.30 to 17:00, e.g. on Mondays. After that
we are at home, and “nobody” answers!
• Low priority – up to 40 working hours
Status | Meaning |
Open | The ticket has been logged. A technician picks it up. |
---
the end of the story is told by
Dr. Smith of Example Ltd. in person.
"""

    def test_a_page_is_read_as_people_read_it(self):
        assert [tuple(each) for each in sentences(self.PAGE)] == [
            (1, "Support hours"),
            (2, "We work from 7.30 to 17:00, e.g. on Mondays."),
            (2, "After that we are at home, and “nobody” answers!"),
            (4, "Low priority – up to 40 working hours"),
            (5, "Status"),
            (5, "Meaning"),
            (6, "Open"),
            (6, "The ticket has been logged."),
            (6, "A technician picks it up."),
            (8, "the end of the story is told by Dr. Smith of Example Ltd. in person."),
        ]

    @pytest.mark.parametrize(
        ("citation", "stands"),
        [
            ('After that we are at home, and "nobody" answers!', True),
            ("low priority - UP TO 40 working hours", True),
            ("up to 40\n   working hours", True),
            ("up to 40 working hour", False),
            ("A technician picks it up. the end of the story", True),
            ("up to 4 working hours", False),
            ("", False),
        ],
    )
    def test_a_citation_stands_on_the_page_word_for_word(self, citation, stands):
        assert Page(self.PAGE).has(citation) is stands

    def test_what_nothing_cites_is_counted_and_listed(self):
        found = Page(self.PAGE).citations(["up to 40 working hours", "Open", "logged", "support hours"])
        assert (found.sentences, found.cited) == (10, 3)
        assert [each.line for each in found.uncited] == [2, 2, 5, 5, 6, 6, 8]

    def test_a_citation_that_is_nearly_right_is_told_what_the_page_reads(self):
        target = (
            f"id: a, {RESPONSE}, within: 40 working hours, cites: [Low priority - up to 42 working hours]"
        )
        found = remark(text(target), "citation-not-found", page=self.PAGE)
        assert found.path == "targets[0].cites[0]"
        assert "line 4 reads 'Low priority – up to 40 working hours'" in found.remedy

    @pytest.mark.parametrize(
        "page",
        ["We answer within 8 hours. " * 4000, "." * 100_000, "A. " * 33_000, "a | " * 25_000, '."' * 50_000],
    )
    def test_a_long_page_is_read_in_no_time(self, page):
        started = time.perf_counter()
        Page(page[:100_000]).citations([f"within 8 hours{' We' * number}" for number in range(20)])
        assert time.perf_counter() - started < 3


class TestTheForm:
    """Errors stand at the right line, and say what would fit."""

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            (
                "within: 8 working hours",
                "within: {inside: 1 business day}",
                "the key 'outside' is missing; add it",
            ),
            (
                "within: 8 working hours",
                "within: {inside: 1 business day, outside: soon}",
                "'soon' is not an amount of time",
            ),
            (
                "within: 8 working hours",
                "within: {inside: 1 business day, outside: 1 elapsed hour, night: 2 elapsed hours}",
                "there is no key 'night'; known: ",
            ),
            (
                "within: 8 working hours",
                "within: [8 working hours]",
                "this does not fit; write a text or `{inside: ..., outside: ...}`",
            ),
            (
                "hours: {mon-fri",
                "holidays: GB\n    hours: {mon-fri",
                "'GB' does not fit; write `{country: GB",
            ),
            (
                "hours: {mon-fri",
                "holidays: {country: gb}\n    hours: {mon-fri",
                "write the code of a country, such as GB",
            ),
            ("hours: {mon-fri", "holidays: {land: GB}\n    hours: {mon-fri", "there is no key 'land'"),
            (
                "hours: {mon-fri",
                "holidays:\n      - {country: GB, hours: 9-17}\n    hours: {mon-fri",
                "'9-17' is not hours",
            ),
            ("clocks: all", "clocks: most", "'most' does not fit; write 'all' or 'none' or a list"),
            ("clocks: all", "clocks: [first_respons]", "did you mean 'first_response'?"),
            ("category: open", "category: opn", "'opn' does not fit; did you mean 'open'?"),
            (
                "id: open,",
                "id: Open,",
                "'Open' does not fit; write lower-case letters, digits and underscores",
            ),
            ("label: Open,", "label: true,", "true does not fit; write a text"),
            ("zone: Europe/London", "zone: Europe/Lodnon", "did you mean 'Europe/London'?"),
            ("zone: Europe/London", "zone: CST", "write a place, such as Europe/London"),
            ("2026-03-19: 09:00-12:00", "2026-03-19: 25:00-26:00", "is not a time of day"),
            ("2026-03-19: 09:00-12:00", "2126-03-19: 09:00-12:00", "2126-03-19 is far away"),
            ("days_off: {2026-04-03", "days_off: {2026-04-33", "'2026-04-33' is not a date"),
        ],
    )
    def test_what_does_not_fit_is_told_at_its_line(self, old, new, said):
        document = text(f"id: a, {RESPONSE}, within: 8 working hours")
        assert old in document
        changed = document.replace(old, new, 1)
        with pytest.raises(PolicyError) as caught:
            load(changed)
        (problem,) = caught.value.problems
        assert said in problem.describe("shop")
        lines = [
            number
            for number, line in enumerate(changed.splitlines(), start=1)
            if new.splitlines()[0][:12] in line
        ]
        assert problem.line in range(lines[0], lines[0] + 2), problem
        assert 1 <= problem.column <= len(changed.splitlines()[problem.line - 1]) + 1

    def test_an_item_without_a_list_around_it_has_the_path_that_its_author_wrote(self):
        document = text(f"id: a, {RESPONSE}, within: 8 working hours")
        one = document.replace("hours: {mon-fri", "holidays: {country: ZZ}\n    hours: {mon-fri", 1)
        many = document.replace("hours: {mon-fri", "holidays: [{country: ZZ}]\n    hours: {mon-fri", 1)
        assert remark(one, "unknown-holidays").path == "calendars.shop.holidays"
        assert remark(many, "unknown-holidays").path == "calendars.shop.holidays[0]"

    def test_every_remark_is_json_with_a_code_and_where_it_is_explained(self):
        told = json.loads(json.dumps(check("zone: 1\n").to_json("shop.yaml")))
        assert told["name"] == "shop.yaml" and not told["ok"]
        for each in told["problems"]:
            assert each["documentation"] == f"docs/policy/findings.md#{each['code']}"
            assert {"line", "column", "path", "message", "remedy"} <= each.keys()


class TestBounds:
    BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + number)}: &{chr(98 + number)} [{','.join(9 * ['*' + chr(97 + number)])}]\n"
        for number in range(8)
    )

    @pytest.mark.parametrize("read", [check, load, lambda document: freeze(document, [2026])])
    def test_a_bomb_of_aliases_does_not_go_off(self, read):
        assert len(self.BOMB) < 400
        started = time.perf_counter()
        try:
            found = list(read(self.BOMB).problems)
        except PolicyError as error:
            found = error.problems
        assert [each.code for each in found] == ["alias"] and time.perf_counter() - started < 1

    @pytest.mark.parametrize(
        ("document", "code"),
        [
            (
                text(*(f"id: t{number}, {RESPONSE}, within: best effort" for number in range(301))),
                "too-large",
            ),
            (
                text(
                    f"id: a, {RESPONSE}, within: 8 working hours",
                    more="roles: [{id: m, label: M}]\nescalation:\n  ladders:\n"
                    + "".join(
                        f"    - {{id: l{number}, steps: [{{after: at once, tell: [m]}}]}}\n"
                        for number in range(101)
                    ),
                ),
                "too-large",
            ),
            (
                text(f"id: a, {RESPONSE}, within: 87000 working hours").replace("mon-fri", "mon"),
                "out-of-bounds",
            ),
            (
                text(f"id: a, {RESPONSE}, within: 2600 business days").replace("mon-fri", "mon"),
                "out-of-bounds",
            ),
            (text(f"id: a, {RESPONSE}, within: 400 business days of 25 working hours"), "out-of-bounds"),
        ],
    )
    def test_what_would_take_for_ever_is_refused_at_once(self, document, code):
        started = time.perf_counter()
        assert codes(document) == [code] and time.perf_counter() - started < 3

    def test_an_example_that_would_count_for_hours_is_refused(self):
        document = text(
            f"id: a, {RESPONSE}, within: 8 working hours", "id: u, metric: update, every: 5 elapsed minutes"
        )
        document += "examples:\n  - name: Long\n    received: 2026-03-16 09:00\n"
        document += "    expect: [{at: 2033-03-16 09:00, status: open}]\n"
        assert "spans too much time" in remark(document, "too-large").message


class TestExamples:
    """What a failing example says came close."""

    TARGETS = (
        f"id: answer, {RESPONSE}, within: 8 working hours",
        "id: solve, metric: resolution, within: 3 business days, aim: 2 business days",
        "id: hours, metric: resolution, also: true, within: 96 elapsed hours",
        "id: news, metric: update, within: best effort",
    )
    MORE = """\
roles: [{id: manager, label: Manager}, {id: owner, label: Owner}]
escalation:
  ladders:
    - id: up
      steps: [{after: 1 elapsed hour, tell: [manager], page: true}, {after: 2 elapsed hours, tell: [owner, manager]}]
responses: {only_when_assigned: true}
"""

    def expected(self, expectation, *events):
        document = text(*self.TARGETS, more=self.MORE).replace(
            "label: Waiting, category: waiting, clocks: none, on_reply: open",
            "label: Waiting, category: waiting, clocks: none, on_reply: open, "
            "after: [{wait: 24 elapsed hours, remind: customer}, {wait: 48 elapsed hours, become: closed}]",
        )
        happened = "".join(f"      - {{{each}}}\n" for each in events)
        return document + (
            "examples:\n  - name: one\n    received: 2026-03-16 09:00\n"
            + (f"    events:\n{happened}" if events else "")
            + f"    expect:\n      - {{{expectation}}}\n"
        )

    ANSWERED = ("at: 2026-03-16 10:00, assigns: Bob, agent: answers, status: waiting",)

    @pytest.mark.parametrize(
        ("expectation", "events"),
        [
            ("clock: first_response, due: 2026-03-16 17:00", ()),
            ("clock: resolution, warning: 2026-03-18 09:00, target: solve, due: 2026-03-19 09:00", ()),
            ("clock: next_reply, exists: false", ()),
            ("clock: update, exists: false", ()),
            ("at: 2026-03-16 09:59, told: [], paged: []", ()),
            ("at: 2026-03-16 10:00, told: [manager], paged: [manager]", ()),
            ("at: 2026-03-16 11:00, told: [manager, owner, manager], paged: [manager]", ()),
            ("clock: first_response, verdict: met", ANSWERED),
            ("at: 2026-03-17 09:59, reminders: 0", ANSWERED),
            ("at: 2026-03-17 10:00, reminders: 1", ANSWERED),
            ("at: 2026-03-18 10:00, status: closed", ANSWERED),
        ],
    )
    def test_an_example_may_expect_it(self, expectation, events):
        report = check(self.expected(expectation, *events))
        assert report.ok, report.problems

    @pytest.mark.parametrize(
        ("expectation", "events", "said"),
        [
            (
                "clock: first_response, due: 2026-03-16 16:30",
                (),
                "expected due 2026-03-16 16:30, it is 2026-03-16 17:00:00; 30 min later, by 'answer', "
                "counted from 2026-03-16 09:00:00",
            ),
            (
                "clock: resolution, due: 2026-03-20 09:00",
                (),
                "24 h earlier, by 'solve', counted from 2026-03-16 09:00:00; it would be so by 'hours', "
                "but the earlier due governs",
            ),
            ("clock: resolution, target: hours", (), "'hours' is joined, and would be due 24 h later"),
            (
                "clock: resolution, warning: 2026-03-18 10:00",
                (),
                "it is 2026-03-18 09:00:00; by 'solve', due 2026-03-19",
            ),
            ("clock: first_response, cycle: 2", (), "no first_response clock in cycle 2; its cycles are 1"),
            (
                "clock: update",
                (),
                "there is no update clock in cycle 1; 'news' promises no time: best effort",
            ),
            ("clock: next_reply", (), "no target promises next_reply"),
            (
                "clock: resolution, exists: false",
                (),
                "there is one; it is running, due 2026-03-19 09:00:00 by 'solve'",
            ),
            (
                "at: 2026-03-16 10:30, told: []",
                (),
                "expected nobody to be told, it is manager; at 2026-03-16 10:00:00",
            ),
            (
                "at: 2026-03-16 11:30, paged: [manager, owner]",
                (),
                "expected manager, owner to be paged, it is manager",
            ),
            (
                "clock: first_response, verdict: met",
                ("at: 2026-03-16 10:00, agent: answers",),
                "expected the verdict met, it is not given yet; due 2026-03-16 17:00:00",
            ),
            (
                "at: 2026-03-18 09:00, reminders: 2",
                ANSWERED,
                "expected 2 reminders, there are 1; at 2026-03-17 10:00:00",
            ),
            (
                "at: 2026-03-18 09:00, status: closed",
                ANSWERED,
                "it is waiting; the next thing that happens by itself comes at 2026-03-18 10:00:00",
            ),
            (
                "at: 2026-03-16 12:00, clock: resolution, state: running, due: 2026-03-19 09:00",
                ANSWERED,
                "expected due 2026-03-19 09:00, it is never; it is paused since 2026-03-16 10:00:00: Waiting",
            ),
        ],
    )
    def test_a_failure_says_what_came_close(self, expectation, events, said):
        report = check(self.expected(expectation, *events))
        assert any(said in each.describe("shop") for each in report.problems), report.problems

    def test_an_example_that_lies_outside_all_calendars_is_told(self):
        document = self.expected("clock: first_response, due: 9998-03-16 17:00").replace(
            "received: 2026-03-16", "received: 9998-12-30"
        )
        assert "cannot be counted" in remark(document, "example-failed").message


# Anything that somebody may type ends in a report.

_keys = st.sampled_from(
    [*re.findall(r"\w+(?=:)", pack("school-devices")), *("accept", "holidays", "aim", "every", "ladders")]
)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**6), 10**18),
    st.text(max_size=12),
    st.sampled_from(
        [
            "open",
            "all",
            "none",
            "2 business days",
            "cut-off 12:00",
            "mon-fri",
            "09:00-17:00",
            "2026-03-16 09:00",
        ]
    ),
)
_values = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_keys, inner, max_size=4),
    max_leaves=12,
)
_LINES = TestExamples().expected("clock: first_response, due: 2026-03-16 17:00").splitlines(keepends=True)


def ends_in_a_report(document):
    report = check(document)
    assert report.ok or all(each.code and each.line >= 1 for each in report.problems)
    try:
        load(document)
    except PolicyError as error:
        assert error.problems


@tries(300)
@given(st.text())
def test_any_text_ends_in_a_report(document):
    ends_in_a_report(document)


@tries(150)
@given(st.dictionaries(_keys, _values, max_size=8))
def test_any_data_ends_in_a_report(data):
    ends_in_a_report(json.dumps(data))


@tries(150)
@given(st.data())
def test_any_damage_to_a_policy_ends_in_a_report(data):
    lines = list(_LINES)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        damage = data.draw(st.sampled_from(["drop", "repeat", "cut", "value"]))
        if damage == "drop":
            del lines[place]
        elif damage == "repeat":
            lines.insert(place, data.draw(st.sampled_from(_LINES)))
        elif damage == "cut":
            lines[place] = lines[place][: data.draw(st.integers(0, 12))] + "\n"
        else:
            lines[place] = lines[place].partition(":")[0] + f": {json.dumps(data.draw(_values))}\n"
    ends_in_a_report("".join(lines))


@tries(150)
@given(st.data())
def test_any_value_in_place_of_another_ends_in_a_report(data):
    document = text(
        f"id: a, {RESPONSE}, when: {{received: inside}}, within: 1 working hour, calendar: shop",
        f"id: b, {RESPONSE}, within: 2 business days, calendar: shop",
        "id: c, metric: update, every: 4 working hours, calendar: shop",
        more="examples:\n  - {name: x, received: 2026-03-16 09:00, expect: [{clock: update, cycle: 1}]}",
    )
    places = [match.span(1) for match in re.finditer(r": ([^\n{}\[\],]+)", document)]
    start, end = data.draw(st.sampled_from(places))
    ends_in_a_report(document[:start] + json.dumps(data.draw(_values)) + document[end:])
