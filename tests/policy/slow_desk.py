"""A desk that looks at every ticket every minute: a second opinion that shares no code with evaluation.

It knows one priority, one zone and the statuses of the school desk, and stories in whole minutes.
"""

from datetime import timedelta
from importlib import resources
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
RUNNING = {"open", "pending_action"}
DONE = {"resolved", "closed"}
REOPENING = {"waiting_on_customer", "resolved", "closed"}
STEPS = {
    "waiting_on_customer": {24 * 60: "remind", 72 * 60: "remind", 96 * 60: "close"},
    "resolved": {72 * 60: "close"},
}
EASTER = {"2026-04-03", "2026-04-06"}

with resources.files("tzdata.zoneinfo").joinpath("Europe", "London").open("rb") as file:
    LONDON = ZoneInfo.from_file(file)


def desk_is_open(at):
    local = at.astimezone(LONDON)
    minute = local.hour * 60 + local.minute
    return local.weekday() < 5 and 450 <= minute < 1020 and local.date().isoformat() not in EASTER


class SlowDesk:
    """Walks from receipt to `at`; then `status`, `response` and `resolution` tell what has become of it.

    The two are lists of [verdict, instant] by cycle, the last of which may be [None, None].
    """

    def __init__(self, story, budgets, at):
        self.budgets = budgets
        self.used = {"response": timedelta(0), "resolution": timedelta(0)}
        self.results = {"response": [], "resolution": []}
        self.status, self.since = "open", story[0].at
        self.start("resolution")
        if not story[0].data["by_staff"]:
            self.start("response")
        now, facts = story[0].at, list(story[1:])
        while now <= at:
            while facts and facts[0].at == now:
                self.happens(facts.pop(0), now)
            self.take_steps(now)
            self.judge(now)
            if now < at:
                self.tick(now)
            now += MINUTE

    def start(self, name):
        self.results[name].append([None, None])

    def last(self, name):
        return self.results[name][-1] if self.results[name] else ["none", None]

    def tick(self, now):
        if self.status in RUNNING and desk_is_open(now):
            for name in self.used:
                if self.last(name)[0] is None:
                    self.used[name] += MINUTE

    def judge(self, now):
        for name, used in self.used.items():
            if self.last(name)[0] is None and used >= self.budgets[name] and self.status in RUNNING | {"?"}:
                self.results[name][-1] = ["breached", now]

    def ran_out(self, name):
        return self.last(name)[0] is None and self.used[name] >= self.budgets[name]

    def end(self, name, verdict, now):
        if self.last(name)[0] is None:
            self.results[name][-1] = [verdict, now]

    def happens(self, fact, now):
        if fact.kind == "message" and fact.data["direction"] == "out":
            self.end("response", "met", now)
            self.since = now
        elif fact.kind == "message":
            self.since = now
            if fact.data["reopens"]:
                if not self.results["response"]:
                    self.used["response"] = timedelta(0)
                    self.start("response")
                if self.status in REOPENING:
                    self.enter("open", now)
        elif fact.kind == "status":
            if fact.data["to"] in DONE and self.status not in DONE:
                self.end("resolution", "met", now)
            elif fact.data["to"] not in RUNNING:
                self.breach_what_ran_out(now)
            self.enter(fact.data["to"], now)

    def breach_what_ran_out(self, now):
        for name in self.used:
            if self.ran_out(name):
                self.results[name][-1] = ["breached", now]

    def enter(self, status, now):
        reopened = self.status in DONE and status not in DONE
        self.status, self.since = status, now
        for name in self.used:
            again = {"abandoned", "met"} if name == "resolution" else {"abandoned"}
            if reopened and self.last(name)[0] in again:
                self.start(name)

    def take_steps(self, now):
        waited = (now - self.since) // MINUTE
        if STEPS.get(self.status, {}).get(waited) == "close":
            for name in self.used:
                self.end(name, "abandoned", now)
            self.enter("closed", now)
