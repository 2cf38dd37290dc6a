"""Plays the stories: every step is the real action at its instant in the past, in the order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from upheld.clock import Calendar
from upheld.desks.models import Desk
from upheld.lab.cast import Cast
from upheld.lab.script import Script, Step
from upheld.lab.times import instant
from upheld.tickets.actions import (
    ThirdParty,
    assign,
    broadcast,
    describe_workaround,
    join_problem,
    open_problem,
    receive_message,
    reply,
    set_priority,
    set_status,
    settle_ticket,
    tag_ticket,
    take_complaint,
    watch_third_party,
    write_note,
)
from upheld.tickets.incoming import Incoming, NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import Affected, HeldRequest, Message, Ticket
from upheld.tickets.moment import Moment
from upheld.worker.broadcasts import Broadcaster

BY_CUSTOMERS = ("customer", "third_party", "complaint")


@dataclass(frozen=True, slots=True)
class Cue:
    """One step of one story at its instant; without a step, the story's beginning."""

    at: datetime
    place: int
    script: Script
    step: Step | None = None


def cues(scripts: list[Script], now: datetime, calendar: Calendar) -> list[Cue]:
    """Return all steps of all stories in the order in which they happened."""
    return sorted(_all_cues(scripts, now, calendar), key=lambda cue: cue.at)


def _all_cues(scripts: list[Script], now: datetime, calendar: Calendar) -> Iterator[Cue]:
    for place, script in enumerate(scripts):
        at = instant(script.when, now, now, calendar, by_agent=False)
        yield Cue(at, place, script)
        for step in script.steps:
            at = instant(step.when, at, now, calendar, by_agent=step.deed not in BY_CUSTOMERS)
            yield Cue(at, place, script, step)


class Stage:
    """The desk on which the stories are played, and the tickets that they have become so far."""

    def __init__(self, desk: Desk, cast: Cast) -> None:
        self.desk = desk
        self.cast = cast
        self._tickets: dict[int, int] = {}
        self._problems: dict[str, int] = {}
        self._tagged: set[int] = set()

    def play(self, cue: Cue) -> None:
        """Let happen what falls due before the cue, then the cue itself."""
        self.settle(cue.at)
        if cue.step is None:
            taken_in = self._open(cue.script, cue.at)
            if isinstance(taken_in, Ticket):
                self._tickets[cue.place] = taken_in.pk
        else:
            self._deeds()[cue.step.deed](self._tickets[cue.place], cue.step, Moment.exactly(cue.at))
            self._tag(cue, cue.step)

    def settle(self, until: datetime) -> None:
        """Record what the policy makes happen by itself, each at its own instant, as a worker would have done."""
        waking = (
            Ticket.objects.filter(desk=self.desk, wake_at__lte=until)
            .order_by("wake_at", "id")
            .values_list("pk", "wake_at")
        )
        while (found := waking.first()) is not None:
            ticket_id, wake_at = found
            settle_ticket(ticket_id, Moment.exactly(wake_at))

    def _deeds(self) -> dict[str, Callable[[int, Step, Moment], object]]:
        return {
            "reply": self._reply,
            "customer": self._receive,
            "third_party": self._receive,
            "note": self._note,
            "assign": self._assign,
            "priority": self._prioritise,
            "set": self._set,
            "complaint": self._complain,
            "problem": self._find_problem,
            "has": self._join,
            "workaround": self._work_around,
            "broadcast": self._tell_all,
            "waits_for": self._wait,
        }

    def _open(self, script: Script, at: datetime) -> Ticket | HeldRequest:
        request = NewRequest(
            desk=self.desk,
            contact=self.cast.contacts[script.who],
            subject=script.subject,
            text=script.text,
            html=script.html,
            received_at=at,
            channel=script.channel,
            priority=script.priority,
            files=script.files,
            cc=tuple(self.cast.contacts[who] for who in script.cc),
            mailbox=self.desk.mailboxes.filter(is_default=True).first(),
            product=script.product,
            reason=script.reason,
            confirmed=True,
        )
        return take_in(request, Moment.exactly(at))

    def _reply(self, ticket_id: int, step: Step, moment: Moment) -> None:
        agent = self.cast.agents[step.who]
        reply(ticket_id, agent, step.value, moment, files=step.files, status=step.status)

    def _tag(self, cue: Cue, step: Step) -> None:
        if step.deed == "assign" and cue.script.tags and cue.place not in self._tagged:
            self._tagged.add(cue.place)
            agent = self.cast.agents[step.who]
            tag_ticket(self._tickets[cue.place], agent, cue.script.tags, Moment.exactly(cue.at))

    def _receive(self, ticket_id: int, step: Step, moment: Moment) -> None:
        incoming = Incoming(
            kind=Message.Kind(step.deed),
            contact=self.cast.contacts[step.who],
            text=step.value,
            received_at=moment.at,
            channel="email",
            files=step.files,
            thanks=step.thanks,
        )
        receive_message(ticket_id, incoming, moment)

    def _note(self, ticket_id: int, step: Step, moment: Moment) -> None:
        write_note(ticket_id, self.cast.agents[step.who], step.value, moment, files=step.files)

    def _assign(self, ticket_id: int, step: Step, moment: Moment) -> None:
        assign(ticket_id, self.cast.agents[step.who], self.cast.agents[step.value], moment)

    def _prioritise(self, ticket_id: int, step: Step, moment: Moment) -> None:
        set_priority(ticket_id, self.cast.agents[step.who], step.value, moment, reason=step.reason)

    def _complain(self, ticket_id: int, step: Step, moment: Moment) -> None:
        take_complaint(ticket_id, self.cast.contacts[step.who], step.value, moment)

    def _set(self, ticket_id: int, step: Step, moment: Moment) -> None:
        set_status(ticket_id, self.cast.agents[step.who], step.value, moment, reason=step.reason)

    def _find_problem(self, ticket_id: int, step: Step, moment: Moment) -> None:
        agent, priority = self.cast.agents[step.who], Ticket.objects.get(pk=ticket_id).priority
        problem = open_problem(
            self.desk, agent, step.value, step.reason, moment, priority=priority, tickets=[ticket_id]
        )
        self._problems[step.value] = problem.pk

    def _join(self, ticket_id: int, step: Step, moment: Moment) -> None:
        join_problem(self._problems[step.value], self.cast.agents[step.who], [ticket_id], moment)

    def _work_around(self, ticket_id: int, step: Step, moment: Moment) -> None:
        describe_workaround(_problem_of(ticket_id), self.cast.agents[step.who], step.value, moment)

    def _tell_all(self, ticket_id: int, step: Step, moment: Moment) -> None:
        broadcast(_problem_of(ticket_id), self.cast.agents[step.who], step.value, moment)
        Broadcaster().look(moment.at)

    def _wait(self, ticket_id: int, step: Step, moment: Moment) -> None:
        noted = ThirdParty(
            name=step.value,
            reference=step.reference,
            note=step.reason,
            reported_by_us=bool(step.reference),
            tells_name=True,
        )
        watch_third_party(ticket_id, self.cast.agents[step.who], noted, moment)


def _problem_of(ticket_id: int) -> int:
    return Affected.objects.values_list("problem_id", flat=True).get(ticket_id=ticket_id, left_at=None)
