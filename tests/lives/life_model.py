"""The lives of tickets on paper: a second opinion that shares no code with the program.

A life is led forwards, from one instant to the next: what was told to the desk is a list of facts, and between two of
them the paper looks what comes next by itself, goes there, and notes it down. All time is elapsed time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE, HOUR, NOTHING = timedelta(minutes=1), timedelta(hours=1), timedelta()
# What each version of the policy promises: by priority and metric. The first is what lives.yaml says.
PROMISES = {
    "first": {
        ("high", "first_response"): 60 * MINUTE,
        ("normal", "first_response"): 240 * MINUTE,
        ("high", "resolution"): 8 * HOUR,
        ("normal", "resolution"): 24 * HOUR,
        ("high", "update"): 2 * HOUR,
    },
    "tighter": {
        ("high", "first_response"): 30 * MINUTE,
        ("normal", "first_response"): 120 * MINUTE,
        ("high", "resolution"): 4 * HOUR,
        ("normal", "resolution"): 12 * HOUR,
        ("high", "update"): 1 * HOUR,
    },
    "looser": {
        ("high", "first_response"): 90 * MINUTE,
        ("normal", "first_response"): 480 * MINUTE,
        ("high", "resolution"): 16 * HOUR,
        ("normal", "resolution"): 48 * HOUR,
        ("high", "update"): 5 * HOUR,
    },
}
DONE = ("resolved", "closed")
AFTER = {
    "waiting_on_customer": [(24 * HOUR, "remind"), (72 * HOUR, "remind"), (96 * HOUR, "close")],
    "resolved": [(72 * HOUR, "close")],
}
A_REPLY_LEAVES = ("waiting_on_customer", "resolved", "closed")
REOPENS_WITHIN = 720 * HOUR
ENTERED_SOON = 15 * MINUTE
RUNGS = [NOTHING, 2 * HOUR]


@dataclass(frozen=True)
class Fact:
    """What the desk was told: when it counts, what it was, and its place among all that was told."""

    at: datetime
    kind: str
    place: int
    status: str = ""
    priority: str = ""
    version: str = ""
    other: str = ""
    brought: tuple[tuple[str, timedelta, timedelta], ...] = ()

    @property
    def ends_work(self) -> bool:
        return self.status in DONE or self.kind == "merged"

    @property
    def in_time(self) -> tuple[str, ...]:
        """Whose time this fact ends just in time, at the very instant at which it runs out."""
        answers = ("first_response", "update") if self.kind in ("reply", "answer") else ()
        if self.kind == "merged":
            # The interval in which a ticket becomes part of another is not judged.
            return ("update",)
        return (*answers, "resolution", "update") if self.status in DONE else answers


@dataclass
class Lane:
    """A promise that runs on a clock; `origin` is the ticket from which it came, if it came from one."""

    budget: timedelta
    since: datetime
    used: timedelta = NOTHING
    origin: str = ""

    @property
    def left(self) -> timedelta:
        return max(NOTHING, self.budget - self.used)


@dataclass
class Clock:
    """One obligation in one cycle. `over` while the work is over and may be taken up again; `spent` if it is known
    meanwhile that nothing will be left then."""

    metric: str
    cycle: int
    start: datetime
    plan: tuple[str, str] | None = None
    lanes: list[Lane] = field(default_factory=list)
    ran: list[tuple[datetime, datetime]] = field(default_factory=list)
    came_with: set[str] = field(default_factory=set)
    warned: bool = False
    verdict: str = ""
    over: bool = False
    spent: bool = False

    @property
    def own(self) -> list[Lane]:
        return [lane for lane in self.lanes if not lane.origin]

    @property
    def lead(self) -> Lane:
        return min(self.lanes, key=lambda lane: lane.left)

    @property
    def is_live(self) -> bool:
        return not self.verdict and not self.over and bool(self.lanes)

    @property
    def may_change(self) -> bool:
        return not self.spent and (not self.verdict or (self.over and self.verdict != "breached"))

    def ran_since(self, since: datetime) -> timedelta:
        return sum((end - max(start, since) for start, end in self.ran if end > since), NOTHING)

    def warns_after(self) -> timedelta | None:
        return None if self.warned or self.lead.origin else self.lead.budget * 3 / 4


@dataclass(frozen=True)
class Ended:
    """How a clock ended, and of which priority the ticket was then. `due` is None where it had run out before anybody
    could know."""

    verdict: str
    at: datetime
    due: datetime | None
    priority: str


class Life:
    """One ticket. `noted` is everything that happened by itself, each with its instant, `ended` every clock that ended,
    and `stood` how long at least one stood still in a status."""

    def __init__(self, opened: Fact) -> None:
        self.now = self.entered = self.waits_since = opened.at
        self.priority, self.version = opened.priority, opened.version
        self.named = {opened.priority: opened.at}
        self.status, self.steps, self.merged_at, self.status_before = "open", 0, None, ""
        self.noted: list[tuple[object, ...]] = []
        self.ended: dict[tuple[str, int], Ended] = {}
        self.stood: dict[str, timedelta] = {}
        self.cycles = {"first_response": 0, "resolution": 0, "update": 0}
        self.high_since = opened.at if opened.priority == "high" else None
        self.climbed, self.reached, self.taken = NOTHING, set(), set()
        self.answer: Clock | None = self._begin("first_response")
        self.fix: Clock = self._begin("resolution")
        self.news: Clock | None = None
        self._begin_news()

    # What comes by itself

    @property
    def is_done(self) -> bool:
        return self.status in DONE or self.merged_at is not None

    @property
    def runs(self) -> bool:
        return self.status == "open" and self.merged_at is None

    @property
    def clocks(self) -> list[Clock]:
        return [each for each in (self.answer, self.fix, self.news) if each is not None]

    def next_at(self) -> datetime | None:
        """When something comes by itself, if nobody does anything."""
        found = []
        if self.merged_at is None and self.steps < len(AFTER.get(self.status, ())):
            found.append(self.waits_since + AFTER[self.status][self.steps][0])
        for clock in self.clocks if self.runs else ():
            if clock.is_live:
                found.append(self.now + clock.lead.left)
                if (share := clock.warns_after()) is not None:
                    found.append(self.now + max(NOTHING, share - clock.lead.used))
        found += [self.now + max(NOTHING, rung) for rung in self._rungs_ahead()]
        return min(found, default=None)

    def _rungs_ahead(self) -> list[timedelta]:
        if self.is_done or self.priority != "high":
            return [RUNGS[each] - self.climbed for each in self._climbing() if each not in self.reached]
        ready = [NOTHING for each in self.reached - self.taken]
        return ready + [RUNGS[each] - self.climbed for each in self._climbing() if each not in self.reached]

    def _climbing(self) -> list[int]:
        return list(range(len(RUNGS))) if self.runs and self.high_since is not None else []

    def pass_until(self, until: datetime, *, inclusive: bool) -> None:
        """Let time pass, and note what it brings."""
        while (at := self.next_at()) is not None and (at < until or (inclusive and at == until)):
            self._go_to(at)
            self._judge(())
            self._climb()
            self._step()
        self._go_to(until)

    def _go_to(self, at: datetime) -> None:
        for clock in self.clocks if self.runs else ():
            if not clock.over:
                clock.ran.append((self.now, at))
                for lane in clock.lanes:
                    lane.used = min(lane.budget, lane.used + (at - self.now))
        if self.runs and self.high_since is not None:
            self.climbed += at - self.now
        if not self.runs and not self.is_done and any(each.is_live for each in self.clocks):
            self.stood[self.status] = self.stood.get(self.status, NOTHING) + (at - self.now)
        self.now = at

    def _judge(self, in_time: tuple[str, ...]) -> None:
        for clock in self.clocks if self.runs else ():
            if clock.metric in in_time or not clock.is_live:
                continue
            share = clock.warns_after()
            if share is not None and clock.lead.used >= share:
                clock.warned = True
                self.noted.append(("warned", clock.metric, clock.cycle, self.now))
            if clock.lead.left == NOTHING:
                self._breach(clock, is_known=True)

    def _breach(self, clock: Clock, *, is_known: bool = False) -> None:
        if clock.over:
            clock.spent = True
            return
        self._give(clock, "breached", is_known=is_known)
        if clock is self.news:
            self._begin_news()

    def _give(self, clock: Clock, verdict: str, *, is_known: bool = True) -> None:
        if not clock.verdict and clock.lanes:
            due = self.now + clock.lead.left if is_known else None
            self.ended[clock.metric, clock.cycle] = Ended(verdict, self.now, due, self.priority)
            clock.verdict = verdict
            self.cycles[clock.metric] = clock.cycle
            self.noted.append(("verdict", clock.metric, clock.cycle, verdict, self.now))

    def _climb(self, *, only_reach: bool = False) -> None:
        self.reached |= {each for each in self._climbing() if self.climbed >= RUNGS[each]}
        if only_reach or self.is_done or self.priority != "high":
            return
        for each in sorted(self.reached - self.taken):
            self.taken.add(each)
            self.noted.append(("escalated", each + 1, self.now))

    def _step(self) -> None:
        steps = AFTER.get(self.status, ()) if self.merged_at is None else ()
        while self.steps < len(steps) and self.waits_since + steps[self.steps][0] == self.now:
            self.steps += 1
            if steps[self.steps - 1][1] == "remind":
                self.noted.append(("reminder", self.now))
                continue
            self.noted.append(("status", "closed", self.now))
            self._enter("closed", "abandoned")
            return

    # What the desk is told

    def happen(self, fact: Fact) -> None:
        """A fact, at its instant; what runs out at that very instant has run out, unless the fact came in time."""
        self.pass_until(fact.at, inclusive=False)
        self._judge(fact.in_time)
        if not fact.ends_work:
            self._climb(only_reach=True)
        getattr(self, f"_{fact.kind}")(fact)

    def _reply(self, fact: Fact) -> None:
        reopens = self.is_done and fact.status and fact.status not in DONE
        if reopens:
            self._enter(fact.status)
        self.wait_again()
        self._answer(fact)
        if fact.status and not reopens:
            self._enter(fact.status)

    def _answer(self, fact: Fact) -> None:
        if self.answer is not None:
            if not self.answer.over:
                self._give(self.answer, "met")
            self.answer = None
        news = self.news
        if news is not None and fact.at > news.start:
            self._give(news, "met")
            self._end_news()
            self._begin_news()

    def _spoke(self, fact: Fact) -> None:
        self.wait_again()

    _thanked = _spoke

    def _wrote(self, fact: Fact) -> None:
        if self.status in A_REPLY_LEAVES:
            self.noted.append(("status", "open", self.now))
            self._enter("open")
        self.wait_again()

    def _set(self, fact: Fact) -> None:
        self._enter(fact.status)

    def wait_again(self) -> None:
        self.waits_since, self.steps = self.now, 0

    def _enter(self, status: str, verdict: str = "met") -> None:
        was_done, self.status, self.entered = self.is_done, status, self.now
        self.wait_again()
        if self.is_done and not was_done:
            self._end_work(verdict)
        if self.is_done and verdict != "met" and self.answer is not None and not self.answer.over:
            self._give(self.answer, verdict)
            self.answer.over = self.answer.verdict != "breached"
        if was_done and not self.is_done:
            self._take_up()

    def _end_work(self, verdict: str) -> None:
        self._give(self.fix, verdict)
        self.fix.over = True
        self._end_news()

    def _take_up(self) -> None:
        for clock in (self.answer, self.fix):
            if clock is None or not clock.over:
                continue
            clock.over = False
            if clock.verdict != "breached":
                clock.verdict = ""
                self.cycles[clock.metric] += 1
                clock.cycle = self.cycles[clock.metric]
                if clock.spent:
                    clock.spent = False
                    self._breach(clock)
        self._begin_news()

    def _priority(self, fact: Fact) -> None:
        raised = fact.priority == "high"
        self.named.setdefault(fact.priority, self.now)
        self.priority = fact.priority
        if raised and self.high_since is None:
            self.high_since = self.now
        for clock in self.clocks:
            if clock.may_change and clock.plan != self._plan():
                self._reclassify(clock, raised=raised)

    def _reclassify(self, clock: Clock, *, raised: bool) -> None:
        own, since = clock.own, max(clock.start, self.named["high"]) if raised else clock.start
        lane = self._lane(clock.metric, since)
        if lane is None:
            clock.plan, clock.lanes = self._plan(), [each for each in clock.lanes if each.origin]
            return
        if not own and not raised:
            return
        spent = clock.ran_since(since)
        lane.used = min(lane.budget, spent)
        gives_more = bool(own) and lane.left > own[0].left
        gives_less = bool(own) and (lane.left < own[0].left or spent >= lane.budget)
        if gives_more if raised else gives_less:
            return
        self._put(clock, lane)

    def _published(self, fact: Fact) -> None:
        if self.is_done:
            return
        self.version = fact.version
        self.noted.append(("published", self.now))
        for clock in self.clocks:
            if clock.may_change and clock.own and (lane := self._lane(clock.metric, clock.own[0].since)):
                lane.used = min(lane.budget, clock.own[0].used)
                self._put(clock, lane)

    def _put(self, clock: Clock, lane: Lane) -> None:
        clock.plan = self._plan()
        clock.lanes = [lane, *(each for each in clock.lanes if each.origin)]
        if any(each.left == NOTHING for each in clock.lanes):
            self._breach(clock)

    # Two that become one

    @property
    def open_promises(self) -> tuple[tuple[str, timedelta, timedelta], ...]:
        """What a ticket that is merged brings along: its nearest promise of each kind that has no verdict."""
        clocks = (each for each in (self.answer, self.fix) if each is not None and each.is_live)
        return tuple((each.metric, each.lead.budget, each.lead.used) for each in clocks)

    def _merged(self, fact: Fact) -> None:
        self.status_before = self.status
        self._enter("closed", "transferred")
        self.merged_at = self.now

    def _parted(self, fact: Fact) -> None:
        since, self.merged_at = self.merged_at, None
        taken_up = [each for each in (self.answer, self.fix) if each is not None and each.over]
        self._enter(self.status_before)
        for clock in taken_up if self.runs else ():
            clock.ran.append((since, self.now))
            for lane in clock.lanes:
                lane.used = min(lane.budget, lane.used + (self.now - since))
            if not clock.verdict and any(each.left == NOTHING for each in clock.lanes):
                self._breach(clock)

    def _absorbed(self, fact: Fact) -> None:
        for metric, budget, used in fact.brought:
            lane = Lane(budget, self.now, used, fact.other)
            clock = self.fix if metric == "resolution" else self.answer
            if clock is None:
                self.cycles[metric] += 1
                clock = self.answer = Clock(metric, self.cycles[metric], self.now, came_with={fact.other})
                clock.lanes.append(lane)
            elif clock.may_change:
                clock.lanes.append(lane)
                if clock.came_with:
                    clock.came_with.add(fact.other)

    def _let_go(self, fact: Fact) -> None:
        self.fix.lanes = [each for each in self.fix.lanes if each.origin != fact.other]
        clock = self.answer
        if clock is None:
            return
        if clock.came_with == {fact.other}:
            if not clock.over:
                self._give(clock, "transferred")
            self.answer = None
            return
        clock.came_with.discard(fact.other)
        clock.lanes = [each for each in clock.lanes if each.origin != fact.other]

    # Beginnings

    def _plan(self) -> tuple[str, str]:
        return self.version, self.priority

    def _lane(self, metric: str, since: datetime) -> Lane | None:
        budget = PROMISES[self.version].get((self.priority, metric))
        return None if budget is None else Lane(budget, since)

    def _begin(self, metric: str) -> Clock:
        lane = self._lane(metric, self.now)
        clock = Clock(metric, self.cycles[metric] + 1, self.now, self._plan(), [lane] if lane else [])
        if metric != "update":
            self.cycles[metric] += 1
        return clock

    def _begin_news(self) -> None:
        self.news = self._begin("update")

    def _end_news(self) -> None:
        # An interval of which somebody was warned keeps its number.
        if self.news is not None and self.news.warned:
            self.cycles["update"] = self.news.cycle
        self.news = None


def lead(facts: list[Fact], until: datetime) -> Life:
    """Lead a life from its first fact to an instant."""
    first, *others = sorted(
        (each for each in facts if each.at <= until), key=lambda each: (each.at, each.place)
    )
    life = Life(first)
    for fact in others:
        life.happen(fact)
    life.pass_until(until, inclusive=True)
    return life
