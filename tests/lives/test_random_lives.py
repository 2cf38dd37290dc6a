"""Random lives of a few tickets, led on the real database and on paper: whatever people do and whenever the worker
runs, or does not, what the policy makes of it is in the story, once, at its instant, and nothing else is."""

from __future__ import annotations

import itertools
import os
import re
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from life_model import DONE, ENTERED_SOON, HOUR, MINUTE, PROMISES, REOPENS_WITHIN, Fact, Life, lead

from upheld.desks.actions import create_desk, publish_policy
from upheld.insight.compliance import month_figures
from upheld.insight.figures import Outcome, Scope, Side
from upheld.mailboxes.horizon import moment
from upheld.mailboxes.models import MailState, RawMail
from upheld.notices.models import Alert, Notice
from upheld.people.actions import add_agent, find_or_add_contact
from upheld.people.models import AlertHours, RoleHolder
from upheld.policy import Mode
from upheld.rules.permissions import Role
from upheld.tickets.actions import (
    Goal,
    Publication,
    assign,
    hand_over,
    log_call,
    merge_tickets,
    open_ticket,
    publish,
    receive_message,
    reply,
    set_priority,
    set_status,
    undo_merge,
)
from upheld.tickets.incoming import Call, Incoming, NewRequest
from upheld.tickets.models import ClockResult, Message, Page, Participant, StoryEvent, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.verifying import parts, verify_part
from upheld.worker import clocks
from upheld.worker.clocks import UNDER_WAY, Sweeper

LONG = os.environ.get("LONG_TESTS", "") not in ("", "0")
LONG_AGO, MONDAY = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
INSTANT, DAY = timedelta(microseconds=1), timedelta(days=1)
MOST_TICKETS = 4
BY_ITSELF_AN_HOUR = 10
LINES = {
    ("high", "first_response"): "high_answer",
    ("normal", "first_response"): "answer",
    ("high", "resolution"): "high_fix",
    ("normal", "resolution"): "fix",
    ("high", "update"): "high_news",
}
STATUSES = ("open", "waiting_on_customer", "waiting_on_third_party", "resolved", "closed")
numbers = itertools.count(1)

# How long nothing is done: some time, or until what comes next by itself, to the microsecond.
some_time = st.sampled_from(
    [
        *(7 * MINUTE, 20 * MINUTE, 45 * MINUTE, HOUR, 90 * MINUTE, 3 * HOUR, 7 * HOUR),
        *(DAY, 2 * DAY, 4 * DAY, 31 * DAY),
        *("just before", "at", "at", "just after"),
    ]
)
which = st.integers(0, MOST_TICKETS - 1)
# What waits for the customer, and what is done, has most before it.
statuses = st.sampled_from(["waiting_on_customer", "waiting_on_customer", "resolved", *STATUSES])
FIGURED = {"met": "met", "breached": "missed", "transferred": "transferred", "abandoned": "abandoned"}
AROUND = {"just before": -INSTANT, "at": timedelta(), "just after": INSTANT}


def document(version: str) -> str:
    """The policy with what a version promises in it."""
    text = (Path(__file__).parent / "lives.yaml").read_text()
    for of, name in LINES.items():
        minutes = PROMISES[version][of] // MINUTE
        text, found = re.subn(
            rf"(id: {name}, .*(?:within|every): )[^,}}]+", rf"\g<1>{minutes} elapsed minutes", text
        )
        assert found == 1
    return text


class Killed(BaseException):
    """The worker is killed."""


@dataclass
class Told:
    """A ticket, and all that the desk was told of it."""

    id: int
    number: str
    requester: int
    facts: list[Fact]
    assignees: list[tuple[datetime, int | None]]
    merges: list[list[datetime | None]] = field(default_factory=list)
    into: Told | None = None
    set_at: set[tuple[datetime, str]] = field(default_factory=set)

    def was_part_at(self, at: datetime) -> bool:
        return any(begun <= at and (ended is None or at < ended) for begun, ended in self.merges)

    def assignee_at(self, at: datetime) -> int | None:
        return [agent for since, agent in self.assignees if since <= at][-1]


class Lives(RuleBasedStateMachine):
    """A desk on which things happen."""

    def __init__(self) -> None:
        super().__init__()
        number = next(numbers)
        self.now, self.places, self.version = MONDAY, itertools.count(), "first"
        self.published = [(LONG_AGO, "first", Mode.pin)]
        self.desk = create_desk(
            slug=f"lives-{number}",
            name="Lives",
            prefix=f"L{number}",
            zone="Europe/Berlin",
            address=f"help-{number}@desk.example.com",
            by="tests",
            now=LONG_AGO,
        )
        publish_policy(self.desk, document("first"), now=LONG_AGO, by="tests")
        self.bob, self.lena, self.ada = (
            self._agent(f"{name}-{number}", role)
            for name, role in (("bob", Role.agent), ("lena", Role.lead), ("ada", Role.administrator))
        )
        for role, agent in (("duty", self.bob), ("manager", self.lena)):
            RoleHolder.objects.create(desk=self.desk, role=role, agent=agent)
        self.amina = find_or_add_contact("amina@school.example.org", "Amina Yusuf", LONG_AGO)
        self.tickets: list[Told] = []
        self.unread: tuple[RawMail, Told] | None = None
        self.sweeper = Sweeper()
        self.swept_until = MONDAY

    def _agent(self, name: str, role: Role):
        address = f"{name}@desk.example.com"
        agent = add_agent(address=address, name=name, role=role, desk=self.desk, by="tests", now=LONG_AGO)
        agent.alert_hours = AlertHours.ALWAYS
        agent.save(update_fields=["alert_hours"])
        return agent

    # The paper

    def life(self, told: Told) -> Life:
        return lead(told.facts, self.now)

    def note(self, told: Told, kind: str, *, at: datetime | None = None, **more: object) -> None:
        told.facts.append(Fact(at or self.now, kind, next(self.places), **more))

    def go_on(self, pause: timedelta | str) -> Moment:
        """Let nothing be done for a while; return the moment at which something is done again."""
        if isinstance(pause, str):
            ahead = [
                at for each in self.tickets if (at := self.life(each).next_at()) and at > self.now + INSTANT
            ]
            pause = min(ahead) + AROUND[pause] - self.now if ahead else HOUR
        self.now += pause
        return moment(self.desk.pk, self.now)

    def chosen(self, number: int) -> Told:
        """A ticket that is not part of another."""
        alone = [each for each in self.tickets if each.into is None]
        return alone[number % len(alone)]

    # What people do

    @rule(pause=some_time, priority=st.sampled_from(["normal", "high"]))
    @precondition(lambda self: len(self.tickets) < MOST_TICKETS)
    def customer_asks(self, pause, priority):
        now = self.go_on(pause)
        self._opened(open_ticket(self._request(priority), now), priority)

    def _request(self, priority: str) -> NewRequest:
        return NewRequest(
            desk=self.desk,
            contact=self.amina,
            subject="Laptop will not start",
            text="It shows a black screen.",
            received_at=self.now,
            channel="email",
            priority=priority,
        )

    def _opened(self, ticket: Ticket, priority: str) -> None:
        requester = Participant.objects.get(ticket=ticket, is_requester=True)
        received = ticket.received_at
        in_force = [version for at, version, _ in self.published if at <= received][-1]
        opened = Fact(received, "opened", next(self.places), priority=priority, version=in_force)
        told = Told(ticket.pk, ticket.number, requester.pk, [opened], [(received, None)])
        self.tickets.append(told)
        # One that was received before somebody read its mail may have lived through a publication already.
        for at, version, mode in self.published:
            if at > received and mode is Mode.carry:
                self.note(told, "published", at=at, version=version)

    @rule(pause=some_time, number=which, thanks=st.sampled_from([False, False, True]))
    @precondition(lambda self: self.tickets)
    def customer_writes(self, pause, number, thanks):
        now = self.go_on(pause)
        self._writes(self.tickets[number % len(self.tickets)], self.now, now, thanks=thanks)

    def _writes(self, told: Told, at: datetime, now: Moment, *, thanks: bool = False) -> None:
        written_on = told.id
        while told.into is not None:
            told = told.into
        life = lead(told.facts, at)
        is_late = life.is_done and at > life.entered + REOPENS_WITHIN and not thanks
        incoming = Incoming(
            kind=Message.Kind.CUSTOMER,
            contact=self.amina,
            text="Thank you!" if thanks else "It still does not start.",
            received_at=at,
            channel="email",
            thanks=thanks,
        )
        message = receive_message(written_on, incoming, now)
        if is_late:
            assert message.ticket_id not in {each.id for each in self.tickets}, "it belongs on a new ticket"
            self._opened(message.ticket, "normal")
        else:
            assert message.ticket_id == told.id
            self.note(told, "thanked" if thanks else "wrote", at=at)

    @rule(pause=some_time, number=which, status=st.none() | statuses)
    @precondition(lambda self: self.tickets)
    def agent_replies(self, pause, number, status):
        now, told = self.go_on(pause), self.chosen(number)
        life = self.life(told)
        if status == life.status or self._comes_too_late(life, status):
            status = None
        reply(told.id, self.bob, "Press the button for ten seconds.", now, status=status)
        self.note(told, "reply", status=status or "")

    def _comes_too_late(self, life: Life, status: str | None) -> bool:
        return life.is_done and status not in (None, *DONE) and self.now > life.entered + REOPENS_WITHIN

    @rule(pause=some_time, number=which, status=statuses)
    @precondition(lambda self: self.tickets)
    def agent_sets_status(self, pause, number, status):
        now, told = self.go_on(pause), self.chosen(number)
        life = self.life(told)
        if self._comes_too_late(life, status):
            return
        set_status(told.id, self.bob, status, now)
        if status != life.status:
            self.note(told, "set", status=status)
            told.set_at.add((self.now, status))

    @rule(pause=some_time, number=which)
    @precondition(lambda self: self.tickets)
    def agent_changes_priority(self, pause, number):
        now, told = self.go_on(pause), self.chosen(number)
        priority = "normal" if self.life(told).priority == "high" else "high"
        set_priority(told.id, self.bob, priority, now, reason="It is what it is.")
        self.note(told, "priority", priority=priority)

    @rule(pause=some_time, number=which, ago=st.sampled_from([0 * MINUTE, 10 * MINUTE, 15 * MINUTE, HOUR]))
    @precondition(lambda self: self.tickets)
    def agent_logs_a_call(self, pause, number, ago):
        now, told = self.go_on(pause), self.chosen(number)
        before = lead(told.facts, self.now)
        # What has become of the ticket meanwhile is another story: that of a correction.
        if ago <= ENTERED_SOON and self._something_between(told, before, self.now - ago):
            ago = 0 * MINUTE
        log_call(told.id, self.bob, "We spoke.", Call("out", self.now - ago), now)
        self.note(told, "answer", at=self.now - ago if ago <= ENTERED_SOON else self.now)
        self.note(told, "spoke")

    @staticmethod
    def _something_between(told: Told, life: Life, since: datetime) -> bool:
        instants = [each[-1] for each in life.noted] + [each.at for each in told.facts]
        return any(since <= at <= life.now for at in instants)

    @rule(pause=some_time, number=which, to=st.sampled_from(["bob", "ada", None]))
    @precondition(lambda self: self.tickets)
    def agent_assigns(self, pause, number, to):
        now, told = self.go_on(pause), self.chosen(number)
        agent = getattr(self, to) if to else None
        assign(told.id, self.bob, agent, now)
        told.assignees.append((self.now, agent and agent.pk))

    @rule(pause=some_time, number=which)
    @precondition(lambda self: self.tickets)
    def agent_hands_over(self, pause, number):
        now, told = self.go_on(pause), self.chosen(number)
        if self.life(told).is_done or told.assignees[-1][1] == self.lena.pk:
            return
        hand_over(told.id, self.bob, Goal(agent=self.lena), "She knows these laptops.", now)
        told.assignees.append((self.now, self.lena.pk))

    @rule(pause=some_time, number=which, other=which)
    @precondition(lambda self: sum(each.into is None for each in self.tickets) > 1)
    def two_tickets_are_one(self, pause, number, other):
        now, source = self.go_on(pause), self.chosen(number)
        others = [each for each in self.tickets if each.into is None and each is not source]
        survivor = others[other % len(others)]
        life = self.life(source)
        if self.life(survivor).is_done and not life.is_done:
            return
        merge_tickets(source.id, survivor.number, self.bob, now)
        # What has run out at this very instant has run out before it.
        brought = lead([*source.facts, Fact(self.now, "spoke", next(self.places))], self.now).open_promises
        self.note(source, "merged")
        self.note(survivor, "absorbed", other=source.number, brought=brought)
        source.into, source.merges = survivor, [*source.merges, [self.now, None]]

    @rule(pause=some_time, number=which)
    @precondition(lambda self: any(each.into for each in self.tickets))
    def they_are_two_after_all(self, pause, number):
        undone = [each for each in self.tickets if each.into is not None and each.into.into is None]
        now, source = self.go_on(pause), undone[number % len(undone)]
        undo_merge(source.id, self.bob, now)
        self.note(source, "parted")
        self.note(source.into, "let_go", other=source.number)
        source.into, source.merges[-1][1] = None, self.now

    @rule(
        pause=some_time,
        version=st.sampled_from(sorted(PROMISES)),
        mode=st.sampled_from([Mode.pin, Mode.carry]),
    )
    def policy_is_published(self, pause, version, mode):
        self.go_on(pause)
        if version == self.version:
            return
        publish(Publication(desk=self.desk, text=document(version), mode=mode), now=self.now, by="tests")
        self.version = version
        self.published.append((self.now, version, mode))
        for told in self.tickets if mode is Mode.carry else ():
            self.note(told, "published", version=version)

    # Mail that nobody has read yet

    @rule(pause=some_time, number=which)
    @precondition(lambda self: self.tickets and self.unread is None)
    def a_mail_waits_unread(self, pause, number):
        self.go_on(pause)
        told = self.tickets[number % len(self.tickets)]
        mail = RawMail.objects.create(
            mailbox=self.desk.mailboxes.get(),
            received_at=self.now,
            way="smtp",
            raw=b"",
            digest="",
            next_try_at=self.now,
        )
        self.unread = mail, told

    @rule(pause=some_time, is_answer=st.booleans())
    @precondition(lambda self: self.unread)
    def the_mail_is_read(self, pause, is_answer):
        self.go_on(pause)
        mail, told = self.unread
        now = moment(self.desk.pk, self.now, reading=mail.pk)
        # Where its ticket is part of a later one now, it belongs to a ticket that it is older than.
        goes_on = told
        while goes_on.into is not None:
            goes_on = goes_on.into
        is_answer = is_answer and goes_on.facts[0].at <= mail.received_at
        if is_answer:
            self._writes(told, mail.received_at, now)
        mail.state, mail.settled_at = MailState.TICKETED if is_answer else MailState.IGNORED, self.now
        mail.save()
        self.unread = None

    # The worker

    @rule(pause=some_time)
    def the_worker_sweeps(self, pause):
        self.go_on(pause)
        self.sweeper.sweep(self.now)
        self._swept()

    @rule(pause=some_time)
    def two_workers_sweep_at_once(self, pause):
        self.go_on(pause)
        errors: list[BaseException] = []

        def work():
            try:
                Sweeper().sweep(self.now)
            except BaseException as error:
                errors.append(error)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for each in workers:
            each.start()
        for each in workers:
            each.join()
        assert not errors
        # What one of them passed over while the other held it is done by now.
        self._swept()

    @rule(pause=some_time)
    def the_worker_is_killed_in_the_middle(self, pause):
        self.go_on(pause)
        real, before = clocks.settle_tickets, StoryEvent.objects.count()

        def settle_and_die(*args):
            real(*args)
            raise Killed

        with patch.object(clocks, "settle_tickets", settle_and_die):
            try:
                Sweeper().sweep(self.now)
            except Killed:
                assert StoryEvent.objects.count() == before
        self.sweeper.sweep(self.now)
        self._swept()

    def _swept(self) -> None:
        assert not self.sweeper.ailing
        # What is due at the very instant of a receipt that nobody has read is not settled before that is read.
        horizon = self.unread[0].received_at - timedelta(microseconds=1) if self.unread else self.now
        self.swept_until = max(self.swept_until, min(self.now - UNDER_WAY, horizon))
        self.compare()

    # What must hold

    def compare(self, *, thoroughly: bool = False) -> None:
        """What was recorded is on the paper, and what is on the paper and was swept is recorded."""
        rows = defaultdict(list)
        recorded = StoryEvent.objects.filter(ticket__desk=self.desk).exclude(consequence_key=None)
        for row in recorded.order_by("ticket_id", "seq"):
            rows[row.ticket_id].append(row)
        for told in self.tickets:
            noted = Counter(self.life(told).noted)
            found = Counter(map(as_noted, rows[told.id]))
            due = Counter({each: count for each, count in noted.items() if each[-1] <= self.swept_until})
            if found - noted or due - found:
                pytest.fail(self._told(told, more=found - noted, missing=due - found), pytrace=False)
            for row in rows[told.id]:
                assert row.recorded_at >= row.at, (
                    f"{told.number}: {row.consequence_key} was recorded too early"
                )
            if thoroughly:
                self._compare_told(told, rows[told.id])

    def _told(self, told: Told, *, more: Counter[object], missing: Counter[object]) -> str:
        facts = sorted(told.facts, key=lambda each: (each.at, each.place))
        lines = [f"{told.number}, swept until {self.swept_until}, as it was told:", *map(str, facts)]
        lines += ["happened, but not on paper:", *map(str, more), "on paper, but did not happen:"]
        return "\n".join([*lines, *map(str, missing)])

    def _compare_told(self, told: Told, rows: list[StoryEvent]) -> None:
        prefix = f"{told.id}:"
        mails = {each.key: each for each in Notice.objects.filter(ticket_id=told.id).order_by("pk")}
        alerts = {each.key: each for each in Alert.objects.filter(ticket_id=told.id).order_by("pk")}
        reminders = sum(each.kind == "reminder" for each in mails.values())
        told_of = defaultdict(set)
        for key in alerts:
            told_of[key.partition(":agent:")[0]].add(key)
        for row in rows:
            stem = prefix + row.consequence_key
            to_agents = told_of[stem]
            assert to_agents == {f"{stem}:agent:{each}" for each in self._hears(told, row)}, stem
            to_customer = f"{stem}:to:{told.requester}"
            if row.kind in ("reminder", "status"):
                wanted = self._customer_hears(told, row, list(mails.values()))
                assert wanted is None or (to_customer in mails) == wanted, to_customer
                reminders -= row.kind == "reminder" and to_customer in mails
            for key in (*to_agents, to_customer):
                for each in (alerts.get(key), mails.get(key)):
                    assert each is None or each.created_at >= row.at, f"{key} came before its instant"
        assert reminders == 0, f"{told.number}: reminded of nothing, or twice"
        self._compare_pages(told, rows)

    def _hears(self, told: Told, row: StoryEvent) -> set[int]:
        is_part = told.was_part_at(row.recorded_at)
        is_breach = row.kind == "verdict" and row.data["verdict"] == "breached"
        if (row.kind == "warned" and not is_part) or (is_breach and row.data["cause"] != "reclassified"):
            return {told.assignee_at(row.recorded_at) or self.lena.pk}
        is_told = row.kind == "escalated" and not row.data["page"] and not is_part
        return {self.lena.pk} if is_told else set()

    def _customer_hears(self, told: Told, row: StoryEvent, mails: list[Notice]) -> bool | None:
        """Whether the customer is mailed; None where the desk has said a lot in that hour, or just the same."""
        if told.was_part_at(row.recorded_at):
            return False
        since = row.recorded_at - HOUR
        by_itself = [each for each in mails if each.kind in ("status", "reminder", "merged")]
        is_much = sum(since < each.created_at <= row.recorded_at for each in by_itself) >= BY_ITSELF_AN_HOUR
        said = row.kind == "status" and (row.recorded_at, row.data["to"]) in told.set_at
        return None if is_much or said else True

    def _compare_pages(self, told: Told, rows: list[StoryEvent]) -> None:
        steps = {row.consequence_key: row for row in rows if row.kind == "escalated" and row.data["page"]}
        pages = list(Page.objects.filter(ticket_id=told.id).order_by("pk"))
        assert len(pages) == len({each.key for each in pages})
        for page in pages:
            assert page.begun_at == steps[page.key].at
            calls = list(page.calls.values_list("agent_id", flat=True))
            assert calls == [self.bob.pk]
            called = Alert.objects.get(
                ticket_id=told.id, key=f"{told.id}:page:{page.pk}:0:agent:{self.bob.pk}"
            )
            assert called.created_at >= page.begun_at
            assert not told.was_part_at(steps[page.key].recorded_at)

    def teardown(self) -> None:
        """The worker comes back at last; then all is looked through."""
        try:
            if self.unread is not None:
                self.the_mail_is_read(HOUR, is_answer=True)
            self.the_worker_sweeps(DAY)
            self.compare(thoroughly=True)
            found = [each for part in parts(self.desk.pk) for each in verify_part(part).found]
            assert not found, found
            self._compare_figures()
        finally:
            RawMail.objects.filter(mailbox__desk=self.desk).delete()
            Ticket.objects.filter(desk=self.desk).update(wake_at=None)

    def _compare_figures(self) -> None:
        """What the desk's figures say over all time is what the lives on paper add up to, as far as was swept."""
        then = self.swept_until
        counts: Counter[tuple[str, str, str]] = Counter()
        stood: Counter[str] = Counter()
        for told in self.tickets:
            life = lead(told.facts, then)
            stored = {(each.metric, each.cycle): each for each in ClockResult.objects.filter(ticket=told.id)}
            ended, alive = life.ended, {(each.metric, each.cycle) for each in life.clocks if each.is_live}
            assert stored.keys() == ended.keys() | alive, told.number
            for clock, each in ended.items():
                row = stored[clock]
                assert (row.verdict, row.verdict_at, row.priority) == (each.verdict, each.at, each.priority)
                assert row.falls_at == each.due or (each.due is None and row.falls_at <= each.at), clock
                counts[clock[0], each.priority, FIGURED[each.verdict]] += 1
            for each in life.clocks if life.runs else ():
                if each.is_live:
                    assert stored[each.metric, each.cycle].falls_at == then + each.lead.left
                    counts[each.metric, life.priority, "pending"] += 1
            for status, time in life.stood.items():
                stood[status] += time // INSTANT
        month = month_figures(self.desk, LONG_AGO, then + 999 * DAY, then, scope=Scope.whole, viewer=None)
        figured: Counter[tuple[str, str, str]] = Counter()
        for line in month.by(Side.priority):
            for outcome, count in line.outcomes.items():
                became = "missed" if outcome is Outcome.overdue else outcome.value
                figured[line.metric, line.key, became] += count
        assert figured == counts
        paused = Counter()
        for each in month.pauses:
            paused[each.status] += each.time // INSTANT
        assert paused == stood


def as_noted(row: StoryEvent) -> tuple[object, ...]:
    """A line of the story as the paper notes it."""
    data = row.data
    match row.kind:
        case "verdict":
            return "verdict", data["metric"], data["cycle"], data["verdict"], row.at
        case "warned":
            return "warned", data["metric"], data["cycle"], row.at
        case "status":
            return "status", data["to"], row.at
        case "escalated":
            return "escalated", data["step"], row.at
        case "correction":
            return "correction", row.consequence_key, row.at
    return row.kind, row.at


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_and_whenever_the_worker_runs_the_story_is_the_one_on_paper():
    slow = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=3_000 if LONG else 6,
            stateful_step_count=60 if LONG else 25,
            deadline=None,
            suppress_health_check=slow,
        ),
    )
