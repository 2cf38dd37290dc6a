"""A desk that looks at a ticket at every tick of the clock: a second opinion that shares no code with evaluation.

A tick is a minute or a second. Time is a number of ticks since an origin; what is open is looked up in the wall time
of each tick. Every promise is found by walking: nothing is computed that could be counted.
"""

from datetime import UTC, datetime, time, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from walked_policy import CLOCKS, DATES, REOPEN_MINUTES, TABLES, WEEK

with resources.files("tzdata.zoneinfo").joinpath("Europe", "London").open("rb") as file:
    LONDON = ZoneInfo.from_file(file)


class WallClock:
    """Which ticks are open, and what the wall reads at each."""

    def __init__(self, origin, tick, count):
        self.origin, self.tick = origin, tick
        self.walls = [(origin + tick * number).astimezone(LONDON) for number in range(count)]
        self.open = [self._is_open(wall) for wall in self.walls]

    def _is_open(self, wall):
        default = WEEK if wall.weekday() < 5 else []
        minute = wall.hour * 60 + wall.minute
        return any(opens <= minute < closes for opens, closes in DATES.get(wall.date().isoformat(), default))

    def number(self, at):
        number, rest = divmod(at - self.origin, self.tick)
        assert not rest
        return number

    def instant(self, number):
        return self.origin + self.tick * number

    def next_opening(self, number):
        while not self.open[number]:
            number += 1
        return number

    def business_dates(self, number):
        """Yield from here on (date, first open tick, tick at which the date closes)."""
        while True:
            first = self.next_opening(number)
            day = self.walls[first].date()
            last = number = first
            while self.walls[number].date() == day:
                if self.open[number]:
                    last = number
                number += 1
            yield day, first, last + 1

    def at_wall(self, number, close, wall):
        """Walk a date until the wall reads a time at which the desk is open, or until its close."""
        while number < close and not (self.open[number] and self.walls[number].time() >= wall):
            number += 1
        return number

    def cut_off(self, amount, start):
        """By the close of the date of receipt, where that is a business date and it came before the cut-off."""
        wall = self.walls[start]
        day, first, close = next(self.business_dates(start))
        comes_late = day > wall.date() and self.was_open_on(wall.date(), start)
        if not comes_late and (day > wall.date() or wall.hour * 60 + wall.minute < amount):
            return close
        if not comes_late:
            dates = self.business_dates(close)
            _, first, close = next(dates)
        return self.at_wall(first, close, time(amount // 60, amount % 60))

    def was_open_on(self, date, number):
        while number > 0 and self.walls[number - 1].date() == date:
            number -= 1
            if self.open[number]:
                return True
        return False

    def nominal(self, kind, amount, start, goes_on=False):
        if kind == "cut_off":
            return self.cut_off(amount, start)
        if goes_on:
            today = self.walls[start - 1 if self.open[start - 1] else start].date()
            dates = (day for day in self.business_dates(start) if day[0] > today)
        else:
            start = self.next_opening(start)
            dates = self.business_dates(start)
            today = next(dates)
        for _ in range(amount):
            _, first, close = next(dates)
        if kind == "at_close":
            return close
        return self.at_wall(first, close, self.walls[start].time())


class Promise:
    """One target of one clock."""

    def __init__(self, wall, row, start, unit, goes_on=False):
        self.id, self.kind, amount, self.begins, _ = row
        self.wall = wall
        self.first = wall.next_opening(start) if self.begins == "next_opening" else start
        self.used, self.at_opening, self.counted_on = 0, False, False
        if self.kind in ("elapsed", "working"):
            self.budget = amount * unit
            return
        due = wall.nominal(self.kind, amount, self.first, goes_on)
        self.budget = sum(wall.open[self.first : due])
        self.at_opening = wall.open[due] and not wall.open[due - 1]

    def live(self, number):
        counts = self.kind == "elapsed" or self.wall.open[number]
        if number >= self.first and counts:
            self.counted_on = self.used == self.budget
            self.used = min(self.used + 1, self.budget)

    def is_over(self, number):
        return self.used == self.budget and (not self.at_opening or self.counted_on or self.wall.open[number])


class Clock:
    def __init__(self, metric, start, promises):
        self.metric, self.start, self.promises = metric, start, promises
        self.verdict, self.at, self.unseen = None, None, []

    def end(self, verdict, number):
        if self.verdict is None and self.promises:
            self.verdict, self.at = verdict, number

    @property
    def is_over(self):
        return self.verdict is not None


class WalkingDesk:
    """Walks from the receipt to `at`; `results` lists [verdict, instant] by metric in the order of the cycles."""

    def __init__(self, wall, story, priority, at, unit):
        self.wall, self.priority, self.unit = wall, priority, unit
        self.clocks = {metric: [] for metric in ("first_response", "next_reply", "update", "resolution")}
        self.status, self.since, self.paused, self.answered, self.acknowledged = (
            "open",
            0,
            False,
            False,
            False,
        )
        self.refused, self.together, self.spam_since = 0, False, None
        number, end = wall.number(story[0].at), wall.number(at)
        self.since = number
        for metric in ("first_response", "update", "resolution"):
            self.start(metric, number)
        facts = list(story[1:])
        while number <= end:
            now = []
            while facts and facts[0].at == wall.instant(number):
                now.append(facts.pop(0))
            # An answer at the due instant is in time, whatever else happens at that instant.
            self.answered_now = any(self.is_answer(fact) for fact in now)
            self.ran = {clock.metric for clock in self.live_clocks()}
            for place, fact in enumerate(now):
                # So is work that ends then, until it is taken up again.
                self.ends_now = any(self.is_end(each) for each in now[place:])
                self.happens(fact, number)
            self.answered_now = self.ends_now = False
            self.judge(number)
            if number < end:
                self.pass_tick(number)
            number += 1

    def start(self, metric, number, goes_on=False):
        rows = TABLES[metric, self.priority]
        came = "inside" if self.wall.open[number] else "outside"
        promises = [
            Promise(self.wall, row, number, self.unit, goes_on) for row in rows if row[4] in (None, came)
        ]
        self.clocks[metric].append(Clock(metric, number, promises))

    @staticmethod
    def is_answer(fact):
        return fact.kind == "message" and fact.data["direction"] == "out"

    @staticmethod
    def is_end(fact):
        return fact.kind == "status" and fact.data["to"] == "resolved"

    def runs(self, metric):
        told_elsewhere = metric == "update" and self.together
        would = metric in CLOCKS[self.status] and not self.paused and not told_elsewhere
        return would and self.spam_since is None

    def live_clocks(self):
        for metric, clocks in self.clocks.items():
            if clocks and not clocks[-1].is_over and self.runs(metric):
                yield clocks[-1]

    def pass_tick(self, number):
        if self.spam_since is not None:
            # Nobody looks, but what would have counted is noted, in case somebody asked after all.
            noted, self.spam_since = self.spam_since, None
            for clock in self.live_clocks():
                clock.unseen.append(number)
            self.spam_since = noted
        for clock in self.live_clocks():
            for promise in clock.promises:
                promise.live(number)

    def not_spam(self, number):
        self.spam_since = None
        for clocks in self.clocks.values():
            noted = [(clock, tick) for clock in clocks for tick in clock.unseen]
            for clock, tick in noted:
                for promise in clock.promises:
                    promise.live(tick)
                clock.unseen = []
            if noted:
                self.judge_one(clocks[-1], number)

    def judge(self, number):
        for clock in list(self.live_clocks()):
            self.judge_one(clock, number)

    def judge_what_ran(self, number):
        """What has run out by this instant; what was taken up and laid aside within it has not run at all."""
        for clock in list(self.live_clocks()):
            if clock.metric in self.ran:
                self.judge_one(clock, number)

    def judge_one(self, clock, number):
        if self.answered_now and clock.metric != "resolution" and clock.start < number:
            return
        if self.ends_now and clock.metric in ("resolution", "update") and clock.start < number:
            return
        if any(promise.is_over(number) for promise in clock.promises) and not clock.is_over:
            clock.end("breached", number)
            if clock.metric == "update":
                self.start("update", number, goes_on=True)

    def last(self, metric):
        return self.clocks[metric][-1] if self.clocks[metric] else None

    def happens(self, fact, number):
        if fact.kind == "message":
            self.answer(number) if self.is_answer(fact) else self.ask(number)
        elif fact.kind == "status":
            self.set_status(fact.data["to"], number)
        elif fact.kind == "paused":
            self.judge_what_ran(number)
            self.paused = True
        elif fact.kind == "resumed":
            self.paused = False
        elif fact.kind == "spam" and self.spam_since is None:
            self.judge_what_ran(number)
            self.spam_since = number
        elif fact.kind == "not_spam" and self.spam_since is not None:
            self.not_spam(number)
        elif fact.kind in ("problem_joined", "problem_left"):
            self.judge_what_ran(number)
            self.together = fact.kind == "problem_joined"
        elif fact.kind == "acknowledged" and not self.acknowledged:
            self.acknowledged = True
            self.acknowledged_at = number
            self.acknowledge(number)

    def acknowledge(self, number):
        clock = self.last("resolution")
        if clock is not None and not clock.is_over:
            # What has run out at this very instant has run out before it.
            self.judge_what_ran(number)
        if not clock.is_over:
            clock.promises = self.from_acknowledgement() or clock.promises

    def from_acknowledgement(self):
        rows = [row for row in TABLES["resolution", self.priority] if row[3] == "acknowledged"]
        return [Promise(self.wall, row, self.acknowledged_at, self.unit) for row in rows]

    def answer(self, number):
        self.answered = True
        for metric in ("first_response", "next_reply"):
            if self.last(metric) is not None:
                self.last(metric).end("met", number)
        self.open_question = None
        self.update_as_the_work_ends(number)
        if self.status == "resolved":
            return
        update = self.last("update")
        if update.start < number and update.promises:
            update.end("met", number)
            self.start("update", number, goes_on=True)

    unjudged = work_ended_at = None

    def update_as_the_work_ends(self, number):
        """At the very instant, it counts whichever of the two was written down first."""
        update = self.unjudged
        if update is not None and self.work_ended_at == number and update.start < number and update.promises:
            update.end("met", number)
            clocks = self.clocks["update"]
            clocks.insert(len(clocks) - (self.status != "resolved"), update)
        self.unjudged = None

    open_question = acknowledged_at = None
    answered_now = ends_now = False

    def ask(self, number):
        if self.status == "resolved" and (number - self.since) > REOPEN_MINUTES * self.unit:
            self.refused += 1
            return
        if self.answered and self.open_question is None:
            self.open_question = number
            self.start("next_reply", number)
        if self.status in ("waiting", "resolved"):
            self.judge_what_ran(number)
            self.enter("open", number)

    def set_status(self, to, number):
        is_late = (number - self.since) > REOPEN_MINUTES * self.unit
        if self.status == "resolved" and to != "resolved" and is_late:
            self.refused += 1
            return
        if to == "resolved" and self.status != "resolved":
            # Work that ends at the due instant ends in time.
            self.last("resolution").end("met", number)
            if self.last("update").verdict is None:
                self.unjudged, self.work_ended_at = self.clocks["update"].pop(), number
        self.judge_what_ran(number)
        self.enter(to, number)

    def enter(self, to, number):
        reopened = self.status == "resolved" and to != "resolved"
        self.status, self.since = to, number
        if not reopened:
            return
        before = self.last("resolution")
        if before.verdict == "met":
            promises = before.promises
            if self.acknowledged_at is not None and self.acknowledged_at >= before.at:
                promises = self.from_acknowledgement() or promises
            again = Clock("resolution", before.start, promises)
            self.clocks["resolution"].append(again)
            if any(promise.counted_on for promise in promises):
                self.judge_one(again, number)
        self.start("update", number)

    @property
    def results(self):
        return {
            metric: [
                [clock.verdict, None if clock.at is None else self.wall.instant(clock.at)]
                for clock in clocks
                if clock.promises
            ]
            for metric, clocks in self.clocks.items()
        }


def ticks_of_days(first, days, tick):
    origin = datetime.fromisoformat(first).replace(tzinfo=UTC)
    return WallClock(origin, tick, timedelta(days=days) // tick)
