"""What goes wrong with promises elsewhere, by theme: each of these must never go wrong here."""

from datetime import timedelta

import pytest
from desk_stories import HOUR, Story, clock, london, replying_school, school
from small_policies import shop, text

from upheld.clock import Calendar
from upheld.policy import ClockState, Mode, Verdict, evaluate, evaluate_under, explain, load, published

ANSWER = "id: answer, metric: first_response, within: 4 working hours"
SOLVE = "id: solve, metric: resolution, within: 16 working hours"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def of(policy, story, at, metric="first_response", cycle=1):
    return clock(evaluate(policy, story, london(at)), metric, cycle)


class TestDefects:
    """One test for each way in which a clock has been built wrongly."""

    def test_a_day_off_is_never_taken_from_the_time_that_has_to_pass(self):
        plain = of(shop(SOLVE), Story("2026-03-16 09:00"), "2026-03-16 09:00", "resolution").due_at
        shut = load(text(SOLVE).replace("days_off: {", "days_off: {2026-03-17: Shut, 2026-03-18: Shut, "))
        assert of(shut, Story("2026-03-16 09:00"), "2026-03-16 09:00", "resolution").due_at > plain

    def test_a_pause_is_counted_on_the_calendar_of_its_target(self):
        # The night is no pause on working time and a whole one on elapsed time.
        both = shop(SOLVE, "id: answer, metric: first_response, within: 30 elapsed hours")
        story = Story("09:00").status("16:00", "waiting").customer_writes("2026-03-17 10:00")
        assert of(both, story, "2026-03-17 10:00", "resolution").due_at == london("2026-03-18 11:00")
        assert of(both, story, "2026-03-17 10:00").due_at == london("2026-03-17 15:00") + 18 * HOUR

    def test_a_sparse_week_and_a_long_closure_lead_to_the_next_opening_and_never_to_the_start(self):
        weekly = load(text(ANSWER).replace("mon-fri: 09:00-17:00", "wed: 09:00-11:00"))
        assert of(weekly, Story("2026-03-20 09:00"), "2026-03-20 09:00").due_at == london("2026-04-01 11:00")
        year_end = Calendar("Europe/London", {"mon": [("09:00", "17:00")]}, overrides={})
        assert year_end.add(london("2026-12-22 09:00"), HOUR) == london("2026-12-28 10:00")

    def test_every_span_of_a_day_counts_and_overlapping_days_off_are_one(self):
        split = load(text(ANSWER).replace("09:00-17:00}", '"09:00-12:00, 13:00-17:00, 16:00-18:00"}', 1))
        assert of(split, Story("10:00"), "10:00").due_at == london("15:00")

    def test_a_breach_is_a_fact_that_closing_and_reopening_do_not_erase(self):
        story = Story("09:00").status("2026-03-20 09:00", "closed").customer_writes("2026-03-21 09:00")
        assert of(shop(ANSWER), story, "2026-03-23 09:00").verdict is Verdict.breached

    def test_each_priority_has_its_own_time_and_not_that_of_any_active_policy(self):
        for priority, hours in (("urgent", 2), ("high", 16), ("medium", 24), ("low", 40)):
            assert of(school(), Story("09:00", priority=priority), "09:00").budget == hours * HOUR

    def test_the_last_thirty_seconds_of_a_day_count(self):
        assert of(shop(ANSWER), Story("16:59:30"), "17:00").used == timedelta(seconds=30)

    def test_an_answer_at_the_deadline_is_met_and_stamped_with_itself_not_with_a_sweep(self):
        met = of(shop(ANSWER), Story("09:00").agent_answers("13:00"), "2026-03-18 09:00")
        assert (met.verdict, met.verdict_at) == (Verdict.met, london("13:00"))
        late = of(shop(ANSWER), Story("09:00"), "2026-03-18 09:00")
        assert late.verdict_at == london("13:00")

    def test_a_further_reply_counts_from_the_message_and_not_from_when_it_was_processed(self):
        story = Story("08:00").agent_answers("09:00")
        story.then("10:00", "message", story[0].actor, direction="in", public=True)
        fetched_late = story[-1].__class__(
            story[-1].at, "message", story[0].actor, story[-1].data, 2, london("15:00")
        )
        reply = of(replying_school(), [*story[:2], fetched_late], "15:30", "next_reply")
        assert reply.started_at == london("10:00")

    def test_reopening_arms_the_resolution_again(self):
        story = Story("09:00").status("10:00", "resolved").customer_writes("11:00")
        assert of(shop(SOLVE), story, "12:00", "resolution", 2).state is ClockState.running

    def test_a_status_without_a_message_is_no_response(self):
        story = Story("09:00").status("09:30", "waiting").status("09:40", "resolved")
        assert of(shop(ANSWER), story, "10:00").verdict is None

    def test_nothing_is_breached_while_it_stands_still_and_a_quarter_of_an_hour_is_exact(self):
        policy = shop("id: a, metric: first_response, within: 15 elapsed minutes")
        assert of(policy, Story("09:00").status("09:05", "waiting"), "20:00").verdict is None
        assert of(policy, Story("09:00"), "09:15").verdict_at == london("09:15")

    def test_a_pause_is_intersected_anew_with_another_calendar(self):
        nights = text(ANSWER).replace("09:00-17:00}", "00:00-24:00}", 1)
        story = Story("16:00").status("16:30", "waiting").customer_writes("2026-03-17 08:00")
        versions = published(shop(ANSWER), load(nights), london("2026-03-17 08:30"), Mode.recompute)
        again = clock(evaluate_under(versions, story, london("2026-03-17 08:30")), "first_response")
        assert again.used == HOUR

    def test_pauses_in_one_minute_and_a_status_that_is_renamed_keep_their_time(self):
        story = Story("09:00")
        for second in (0, 10, 20, 30):
            story.then(f"10:00:{second:02d}", "paused", reason="so").then(
                f"10:00:{second + 5:02d}", "resumed"
            )
        assert of(shop(ANSWER), story, "11:00").used == 2 * HOUR - timedelta(seconds=20)
        renamed = load(text(ANSWER).replace("label: Waiting", "label: On hold"))
        waited = Story("09:00").status("10:00", "waiting").customer_writes("11:00")
        assert of(renamed, waited, "12:00").used == of(shop(ANSWER), waited, "12:00").used

    def test_many_short_pauses_do_not_drift(self):
        story = Story("09:00")
        begun = london("09:00")
        for number in range(200):
            at = begun + timedelta(seconds=20 * number, microseconds=number)
            story.then(at, "paused", reason="so").then(at + timedelta(microseconds=333_333), "resumed")
        used = of(shop(ANSWER), story, "11:00").used
        assert used == 2 * HOUR - 200 * timedelta(microseconds=333_333)

    def test_a_whole_day_loses_nothing_at_midnight(self):
        always = load(text(ANSWER).replace("mon-fri: 09:00-17:00", "mon-sun: 00:00-24:00"))
        assert of(always, Story("23:30"), "23:30").due_at == london("2026-03-17 03:30")


class TestT1Pausing:
    def test_a_hold_of_months_is_not_counted(self):
        story = (
            Story("2026-02-02 09:00")
            .status("2026-02-02 10:00", "waiting")
            .status("2026-08-03 10:00", "resolved")
        )
        solved = of(
            shop(SOLVE, more="reopening: {within: 9000 elapsed hours}"),
            story,
            "2026-08-04 09:00",
            "resolution",
        )
        assert (solved.verdict, solved.used) == (Verdict.met, HOUR)

    def test_a_pause_over_a_weekend_gives_no_more_than_its_working_time(self):
        story = (
            Story("2026-03-20 09:00")
            .status("2026-03-20 16:00", "waiting")
            .customer_writes("2026-03-23 10:00")
        )
        assert of(shop(ANSWER, SOLVE), story, "2026-03-23 10:00", "resolution").due_at == london(
            "2026-03-24 11:00"
        )

    def test_time_after_the_solution_is_not_counted_as_waiting(self):
        story = Story("09:00").status("10:00", "resolved")
        (ledger,) = explain(shop(SOLVE), story, london("2026-03-20 09:00"))
        assert ledger.lines[-1].end == london("10:00") and ledger.used == HOUR


class TestT2OtherTargets:
    def test_used_time_and_pauses_survive_a_change_of_priority(self):
        story = Story("09:00").status("10:00", "waiting_on_third_party").status("11:00", "open")
        story.priority("12:00", "low")
        assert of(school(), story, "12:00").used == 2 * HOUR

    def test_a_target_that_is_no_longer_in_force_raises_no_alarm(self):
        versions = published(shop(ANSWER), shop("id: answer, metric: first_response, within: best effort"),
                             london("10:00"), Mode.recompute)  # fmt: skip
        now = evaluate_under(versions, Story("09:00"), london("2026-03-30 09:00"))
        assert now.clocks == () and now.wake_at is None and now.next_due_at is None


class TestT3Hours:
    @pytest.mark.parametrize(
        ("hours", "received", "due"),
        [
            ('mon-fri: "09:00-12:00, 13:00-17:00"', "11:30", "16:30"),
            ("mon-sun: 21:00-02:00", "20:00", "2026-03-17 01:00"),
            ("mon-sun: 22:00-02:00", "20:00", "2026-03-17 02:00"),
            ("mon-sun: 00:00-24:00", "22:00", "2026-03-17 02:00"),
        ],
    )
    def test_lunch_nights_and_whole_days(self, hours, received, due):
        policy = load(text(ANSWER).replace("mon-fri: 09:00-17:00", hours))
        assert of(policy, Story(received), received).due_at == london(due)


class TestT4Holidays:
    def test_a_short_day_before_a_day_off_counts_its_own_hours(self):
        story = Story("2026-03-19 09:00")
        assert of(shop(ANSWER), story, "2026-03-19 09:00").due_at == london("2026-03-20 10:00")

    def test_days_that_are_worked_are_no_days_off(self):
        names = school().holiday_names["help desk"]
        days = [day.isoformat()[5:] for day in names if day.year == 2026]
        assert days == ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-26", "12-28"]


class TestT5Zones:
    def test_an_instant_is_the_same_for_readers_in_every_zone(self):
        from zoneinfo import ZoneInfo

        elsewhere = london("10:00").astimezone(ZoneInfo("Pacific/Auckland"))
        assert evaluate(shop(ANSWER), Story("09:00"), elsewhere) == evaluate(
            shop(ANSWER), Story("09:00"), london("10:00")
        )

    def test_a_business_day_keeps_its_time_of_day_over_the_change_of_the_clocks(self):
        policy = shop("id: a, metric: first_response, within: 1 business day")
        assert of(policy, Story("2026-03-27 15:00"), "2026-03-27 15:00").due_at == london("2026-03-30 15:00")


class TestT6Events:
    def test_an_answer_and_a_pause_in_one_save_are_both_seen(self):
        story = Story("09:00").status("10:00", "waiting").agent_answers("10:00")
        now = evaluate(shop(ANSWER, SOLVE), story, london("11:00"))
        assert [each.state for each in now.clocks] == [ClockState.met, ClockState.paused]

    def test_no_update_is_missed_because_of_the_answer_that_came(self):
        policy = shop(ANSWER, "id: u, metric: update, every: 4 working hours")
        assert not [
            each
            for each in evaluate(policy, Story("09:00").agent_answers("12:59"), london("16:00")).consequences
            if each.data.get("verdict") == "breached"
        ]

    def test_thanks_run_to_no_breach(self):
        story = Story("08:00").agent_answers("09:00").customer_writes("09:10", reopens=False)
        assert evaluate(replying_school(), story, london("2026-03-30 09:00")).clocks[0].verdict is Verdict.met
        assert not [each for each in evaluate(replying_school(), story, london("2026-03-30 09:00")).clocks
                    if each.metric == "next_reply"]  # fmt: skip


class TestT7Ends:
    def test_a_ticket_that_is_closed_or_merged_raises_no_alarm(self):
        closed = Story("09:00").agent_answers("09:10").status("10:00", "closed")
        merged = Story("09:00").then("10:00", "merged", into="T-2")
        for story in (closed, merged):
            now = evaluate(shop(ANSWER, SOLVE), story, london("2026-04-30 09:00"))
            assert now.wake_at is None and now.next_due_at is None
            assert not [each for each in now.consequences if each.data.get("verdict") == "breached"]


class TestT8Numbers:
    def test_every_figure_names_its_clock_its_clause_and_its_sum(self):
        story = Story("09:00").status("10:00", "waiting").customer_writes("11:00")
        for ledger in explain(shop(ANSWER, SOLVE), story, london("12:00")):
            assert ledger.target and ledger.clause and ledger.calendar_hours
            assert sum((line.counted for line in ledger.lines), timedelta(0)) == ledger.used == 2 * HOUR

    def test_a_late_look_does_not_make_a_breach_a_month_long(self):
        breached = of(shop(ANSWER), Story("09:00").agent_answers("13:00:01"), "2026-04-20 09:00")
        assert breached.satisfied_at - breached.due_at == timedelta(seconds=1)
