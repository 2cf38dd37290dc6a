"""A few hundred random deeds under each of the shipped policies, around the ends of months and the days on which clocks
change: whatever figure the program tells, counting by hand gives the same."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from figures_by_hand import count, lives_of, stood

from harness.cast import LONG_AGO
from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.insight.behind import clocks_behind, pauses_behind
from upheld.insight.compliance import month_figures
from upheld.insight.figures import Month, Outcome, Scope, Side
from upheld.people.actions import add_agent, add_team, find_or_add_contact
from upheld.people.models import Agent, Team
from upheld.policy import Actor, Policy, load, pack, packs
from upheld.rules.permissions import NotAllowed, Role
from upheld.tickets.actions import (
    Goal,
    assign,
    hand_over,
    log_call,
    mark_spam,
    open_ticket,
    receive_message,
    reply,
    set_field,
    set_priority,
    set_status,
    settle_ticket,
)
from upheld.tickets.actions.refused import Refused
from upheld.tickets.incoming import Call, Incoming, NewRequest
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment
from upheld.tickets.pen import Pen
from upheld.tickets.verifying import parts, verify_part

TICKETS, DEEDS = 10, 9
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
BEGINS = (
    datetime(2026, 3, 26, 15, tzinfo=ZoneInfo("UTC")),
    datetime(2026, 10, 23, 15, tzinfo=ZoneInfo("UTC")),
)
KINDS = (
    "reply",
    "wrote",
    "call",
    "late call",
    "status",
    "status",
    "priority",
    "plan",
    "assign",
    "team",
    "pause",
    "resume",
    "correct",
)


class Play:
    """A desk under one policy, on which random things happen."""

    def __init__(self, name: str) -> None:
        self.name, self.random = name, Random(name)
        self.policy: Policy = load(pack(name))
        people = {"by": "tests", "now": LONG_AGO}
        self.desk: Desk = create_desk(
            slug=name,
            name=name,
            prefix="".join(each[0] for each in name.split("-")).upper(),
            zone=self.policy.zone,
            address=f"{name}@desk.example.com",
            **people,
        )
        publish_policy(self.desk, pack(name), **people)
        self.agents: list[Agent] = [
            add_agent(
                self.desk, address=f"{each}-{name}@desk.example.com", name=each, role=Role.lead, **people
            )
            for each in ("Bob", "Lena")
        ]
        self.teams: list[Team] = [add_team(self.desk.pk, name=each, **people) for each in ("First", "Second")]
        self.amina = find_or_add_contact("amina@school.example.org", "Amina Yusuf", LONG_AGO)
        self.now = BEGINS[0]

    def play(self) -> None:
        for number in range(TICKETS):
            # What was received in spring is over; what goes on in autumn may still fall due.
            self.now = BEGINS[number % 2] + self.random.random() * 6 * DAY
            self._ticket(is_over=number % 2 == 0)
        self.now = max(self.now, BEGINS[1] + 14 * DAY)
        for ticket in self.tickets:
            settle_ticket(ticket.pk, self.moment)

    @property
    def tickets(self) -> list[Ticket]:
        return list(Ticket.objects.filter(desk=self.desk).order_by("pk"))

    @property
    def moment(self) -> Moment:
        return Moment.exactly(self.now)

    def _ticket(self, *, is_over: bool) -> None:
        named = self.random.choice([None, *(each.id for each in self.policy.priorities)])
        request = NewRequest(
            desk=self.desk,
            contact=self.amina,
            subject="Laptop will not start",
            text="It shows a black screen.",
            received_at=self.now,
            channel="email",
            priority=named,
        )
        ticket = open_ticket(request, self.moment)
        for _ in range(self.random.randrange(DEEDS)):
            self.now += (
                self.random.choice([7 * MINUTE, 50 * MINUTE, 5 * 60 * MINUTE, DAY, 3 * DAY])
                * self.random.random()
            )
            try:
                self._deed(ticket, self.random.choice(KINDS))
            except (Refused, NotAllowed):
                continue
        self.now += DAY
        if self.random.random() < 0.15:
            mark_spam(ticket.pk, self.agents[0], self.moment)
        elif is_over:
            closing = self.policy.closing_status
            assert closing is not None
            self._fact(ticket, "status", self.agents[0], to=closing.id, reason="")

    def _deed(self, ticket: Ticket, kind: str) -> None:
        random, agent = self.random, self.random.choice(self.agents)
        match kind:
            case "reply":
                reply(ticket.pk, agent, "Press the button for ten seconds.", self.moment)
            case "wrote":
                text, amina = "It still does not start.", self.amina
                mail = Incoming(
                    kind=Message.Kind.CUSTOMER,
                    contact=amina,
                    text=text,
                    received_at=self.now,
                    channel="email",
                )
                receive_message(ticket.pk, mail, self.moment)
            case "call" | "late call":
                ago = timedelta() if kind == "call" else 60 * MINUTE
                log_call(ticket.pk, agent, "We spoke.", Call("out", self.now - ago), self.moment)
            case "status":
                reasons = ["", "", "the part comes on Friday", *(each.id for each in self.policy.exclusions)]
                status = random.choice(self.policy.statuses).id
                set_status(ticket.pk, agent, status, self.moment, reason=random.choice(reasons))
            case "priority":
                to = random.choice(self.policy.priorities).id
                set_priority(ticket.pk, agent, to, self.moment, reason="It is what it is.")
            case "plan":
                plans = [each.id for each in self.policy.choices.get("plans", ())]
                set_field(ticket.pk, agent, "plan", random.choice(["", *plans]), self.moment)
            case "assign":
                assign(ticket.pk, agent, agent, self.moment)
            case "team":
                hand_over(
                    ticket.pk, agent, Goal(team=random.choice(self.teams)), "They know it.", self.moment
                )
            case "pause":
                self._fact(ticket, "paused", agent, reason="the lab is closed")
            case "resume":
                self._fact(ticket, "resumed", agent)
            case "correct":
                self._correct(ticket, agent)

    def _correct(self, ticket: Ticket, agent: Agent) -> None:
        pen = Pen.on(ticket.pk, self.moment)
        judged = [each for each in pen.standing().clocks if each.verdict is not None]
        if judged:
            clock = self.random.choice(judged)
            verdict = self.random.choice(["met", "breached", "excluded"])
            values = {"metric": clock.metric.value, "cycle": clock.cycle, "verdict": verdict}
            self._fact(ticket, "corrected", agent, reason="the phone was down", **values)

    def _fact(self, ticket: Ticket, kind: str, agent: Agent, **data: object) -> None:
        pen = Pen.on(ticket.pk, self.moment)
        pen.fact(kind, Actor.agent, agent=agent, **data)
        pen.close()

    def months(self) -> list[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.policy.zone)
        firsts = [datetime(2026 + month // 12, month % 12 + 1, 1, tzinfo=zone) for month in range(1, 14)]
        return list(pairwise(firsts))


@pytest.mark.django_db(transaction=True)
def test_what_is_told_of_a_month_is_what_counting_by_hand_gives() -> None:
    for name in packs():
        play = Play(name)
        with transaction.atomic():
            play.play()
        compare(play)


def compare(play: Play) -> None:
    found = [each for part in parts(play.desk.pk) for _, _, each in verify_part(part).found]
    assert [each for each in found if each.what.startswith("figures")] == []
    lives = lives_of(play.tickets, play.policy, play.now)
    clocks = seen = 0
    for start, end in play.months():
        month = month_figures(play.desk, start, end, play.now, scope=Scope.whole, viewer=None)
        by_hand = count(lives, start, end)
        assert outcomes(month) == by_hand.outcomes
        assert marks(month) == by_hand.marks
        assert {each.reason: each.clocks for each in month.exclusions} == by_hand.reasons
        assert {each.reason: each.tickets for each in month.exclusions} == {
            reason: len(tickets) for reason, tickets in by_hand.left_out.items()
        }
        assert month.tickets == len(by_hand.tickets)
        assert pauses(month, play.policy) == stood(lives, start, min(end, play.now))
        opens_to_its_tickets(month, play)
        adds_up(month)
        clocks += sum(by_hand.outcomes.values()) // 4
        seen += bool(clocks)
    assert clocks > TICKETS // 2
    assert seen > 1, "they are spread over months"


def outcomes(month: Month) -> Counter[tuple[str, str, str, str]]:
    found: Counter[tuple[str, str, str, str]] = Counter()
    for line in month.lines:
        for outcome, clocks in line.outcomes.items():
            became = "missed" if outcome is Outcome.overdue else outcome.value
            found[line.metric, line.side.value, line.key, became] += clocks
    return found


def marks(month: Month) -> Counter[tuple[str, str, str, str]]:
    found: Counter[tuple[str, str, str, str]] = Counter()
    for line in month.lines:
        for mark in ("corrected", "reclassified", "late_calls"):
            if getattr(line, mark):
                found[line.metric, line.side.value, line.key, mark] += getattr(line, mark)
    return found


def pauses(month: Month, policy: Policy) -> Counter[tuple[str, int | None]]:
    labels = {each.id: each.public_label for each in policy.statuses}
    found: Counter[tuple[str, int | None]] = Counter()
    for each in month.pauses:
        if each.time:
            found[each.reason or labels[each.status], each.agent_id] += each.time // timedelta(microseconds=1)
    return found


def adds_up(month: Month) -> None:
    """Each side tells the same clocks."""
    for line in month.by(Side.metric):
        for side in (Side.priority, Side.plan, Side.team):
            others = [each for each in month.by(side) if each.metric == line.metric]
            total: Counter[Outcome] = Counter()
            for each in others:
                total.update(each.outcomes)
            assert total == Counter(line.outcomes)
    left_out = (Outcome.excluded, Outcome.transferred, Outcome.abandoned, Outcome.spam)
    told = sum(line.outcomes.get(each, 0) for line in month.by(Side.metric) for each in left_out)
    assert sum(each.clocks for each in month.exclusions) == told


def opens_to_its_tickets(month: Month, play: Play) -> None:
    """Behind each number stand as many clocks."""
    about = {"scope": Scope.whole, "viewer": None}
    span = (play.desk, month.start, month.end, month.at)
    for line in month.lines:
        of = {"metrics": [line.metric], "side": line.side, "key": line.key, **about}
        for outcome, clocks in line.outcomes.items():
            assert len(clocks_behind(*span, outcomes=[outcome], **of).rows) == clocks
        for mark in ("corrected", "reclassified", "late_calls"):
            assert len(clocks_behind(*span, mark=mark, **of).rows) == getattr(line, mark)
    for each in month.exclusions:
        assert len(clocks_behind(*span, left_out=each.reason, **about).rows) == each.clocks
    for each in month.pauses:
        by = {"status": each.status, "reason": each.reason, "by": each.author, "agent": each.agent_id}
        found = pauses_behind(*span, **by, **about).rows
        assert (len(found), len({row.ticket_id for row in found})) == (each.pauses, each.tickets)
