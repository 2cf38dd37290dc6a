"""From a valid document, with its holiday dates written in, to a policy."""

from dataclasses import replace
from datetime import date

from upheld.clock import Calendar
from upheld.policy.amounts import Amount
from upheld.policy.document import (
    CONDITIONS,
    ByHours,
    CalendarPart,
    ChoicePart,
    Document,
    LadderPart,
    PathLevelPart,
    PriorityPart,
    RungPart,
    StatusPart,
    StepPart,
    TargetPart,
    WhenPart,
)
from upheld.policy.parts import (
    Channel,
    Choice,
    Condition,
    Exclusion,
    Hold,
    Ladder,
    Objective,
    PathLevel,
    Priority,
    Responses,
    Rung,
    Source,
    Start,
    Status,
    Step,
    Target,
)
from upheld.policy.phrases import (
    amount_text,
    read_amount,
    read_date,
    read_days,
    read_delay,
    read_hours,
    read_promise,
)
from upheld.policy.policy import Policy
from upheld.policy.standing import Metric

CHOICES = ("plans", "regions", "reasons", "products", "teams", "tiers")
_ALL = frozenset(Metric)
# Of how many levels the desk hears at once when a request that names one is held, where the document does not say.
MOST_URGENT = 2
_LABELS = {
    Metric.first_response: "First response",
    Metric.next_reply: "Next reply",
    Metric.update: "Update",
    Metric.resolution: "Resolution",
}


def compile_document(document: Document, digest: str) -> Policy:
    """Return the policy of a document whose references have been checked."""
    source = document.source
    return Policy(
        name=document.name,
        title=document.title,
        source=Source(source.document, source.version, source.date, source.text),
        zone=document.zone,
        priorities=tuple(_priority(part, rank) for rank, part in enumerate(document.priorities, start=1)),
        default_priority=document.default_priority,
        statuses=tuple(_status(part) for part in document.statuses),
        initial_status=document.initial_status,
        calendars={name: compile_calendar(part, document.zone) for name, part in document.calendars.items()},
        targets=tuple(compile_target(part, list(document.calendars)) for part in document.targets),
        objectives=tuple(
            Objective(tuple(part.metrics), part.percent, part.period, part.assumed)
            for part in document.objectives
        ),
        channels=tuple(
            Channel(part.id, part.label, tuple(part.directions), part.calendar, part.note)
            for part in document.channels
        ),
        exclusions=tuple(
            Exclusion(part.id, part.label, part.verdict, part.note) for part in document.exclusions
        ),
        reopen_within=read_amount(document.reopening.within).duration,
        restarts_when_reopened=document.reopening.clocks == "restart",
        raised_counts_whole_story=document.reclassifying.raised_counts_from == "start",
        responses=Responses(
            read_amount(document.responses.calls_entered_within).duration,
            document.responses.assistants,
            document.responses.only_when_assigned,
        ),
        ladders=tuple(compile_ladder(part, list(document.calendars)) for part in document.escalation.ladders),
        customer_path=tuple(
            _level(part, list(document.calendars)) for part in document.escalation.customer_path
        ),
        acknowledges=document.notifications.acknowledgement,
        tells_status_changes=document.notifications.status_changes,
        hold=_hold(document),
        roles={part.id: part.label for part in document.roles},
        choices={name: tuple(_choice(part) for part in getattr(document, name)) for name in CHOICES},
        digest=digest,
        calendar_hours={name: _hours_text(part) for name, part in document.calendars.items()},
        holiday_names={
            name: {read_date(day): label for day, label in part.days_off.items()}
            for name, part in document.calendars.items()
        },
    )


def compile_calendar(part: CalendarPart, default_zone: str) -> Calendar:
    """Return the calendar of a part; later days of `hours` add to earlier ones."""
    weekly: dict[str, list[tuple[str, str]]] = {}
    for days, hours in part.hours.items():
        for day in read_days(days):
            weekly.setdefault(day, []).extend(read_hours(hours))
    overrides: dict[date, list[tuple[str, str]]] = {
        read_date(day): read_hours(hours) for day, hours in part.other_hours.items()
    }
    return Calendar(
        zone=part.zone or default_zone,
        weekly=weekly,
        holidays=[read_date(day) for day in part.days_off],
        overrides=overrides,
    )


def _hold(document: Document) -> Hold:
    part, calendars = document.entitlement, list(document.calendars)
    calendar = part.calendar or (calendars[0] if len(calendars) == 1 else None)
    priorities = [each.id for each in document.priorities]
    urgent = priorities[:MOST_URGENT] if len(priorities) > MOST_URGENT else []
    return Hold(
        None if part.answer_within is None else read_on(part.answer_within, calendar),
        tuple(part.alerts_for or urgent),
    )


def _hours_text(part: CalendarPart) -> str:
    return "; ".join(f"{days.title()} {hours}" for days, hours in part.hours.items())


def _priority(part: PriorityPart, rank: int) -> Priority:
    examples, words = tuple(part.examples), tuple(part.words)
    return Priority(part.id, part.label, part.meaning, examples, words, rank, part.restricted)


def _status(part: StatusPart) -> Status:
    clocks = (
        _ALL if part.clocks == "all" else frozenset() if part.clocks == "none" else frozenset(part.clocks)
    )
    return Status(
        id=part.id,
        label=part.label,
        public_label=part.public_label or part.label,
        meaning=part.meaning,
        category=part.category,
        clocks=frozenset(Metric(each) for each in clocks),
        timer_on=bool(clocks),
        agent_may_set=part.agent_may_set,
        next=None if part.next is None else tuple(part.next),
        on_reply=part.on_reply,
        after=tuple(sorted((_step(step) for step in part.after), key=_in_order)),
    )


def _in_order(step: Step) -> tuple[int, bool]:
    # Whoever is reminded at the very instant of a change is reminded before it.
    return step.wait_micros, step.become is not None


def _step(part: StepPart) -> Step:
    wait = read_amount(part.wait).duration
    name = part.name or amount_text(wait, working=False).replace(" elapsed ", "")
    return Step(name.replace("hours", "h"), wait, part.remind, part.become)


def compile_target(part: TargetPart, calendars: list[str]) -> Target:
    """Return the target of a part, on the calendar that it names or on the only one there is."""
    metric = Metric(part.metric)
    said = part.within if part.within is not None else part.every or ""
    inside, outside = (said.inside, said.outside) if isinstance(said, ByHours) else (said, None)
    calendar = part.calendar or (calendars[0] if len(calendars) == 1 else None)
    amount = read_on(inside, calendar)
    promise = f"{_LABELS[metric]} {_words(inside, outside, part)}"
    return Target(
        id=part.id,
        metric=metric,
        label=part.label or promise,
        clause=part.clause or f"{promise}.",
        condition=_condition(part.when),
        amount=amount,
        outside=None if outside is None else read_on(outside, calendar),
        aim=None if part.aim is None else read_on(part.aim, calendar),
        warn_percent=None if part.aim is not None else part.warn_at_percent,
        assumed=part.assumed,
        start=Start(part.start),
        also=part.also,
        repeats=part.every is not None,
        runs_while_paused=part.runs_while_paused,
        hours=calendar,
    )


def compile_ladder(part: LadderPart, calendars: list[str]) -> Ladder:
    """Return the ladder of a part, on the calendar that it names or on the only one there is."""
    calendar = part.calendar or (calendars[0] if len(calendars) == 1 else None)
    return Ladder(
        id=part.id,
        label=part.label or part.id,
        condition=_condition(part.when),
        until=Metric(part.until),
        from_due=part.counts_from == "due",
        steps=tuple(_rung(step, calendar) for step in part.steps),
        hours=calendar,
    )


def _rung(part: RungPart, calendar: str | None) -> Rung:
    delay = read_delay(part.after)
    delay = replace(delay, calendar=calendar) if delay.is_working else delay
    return Rung(delay, tuple(part.tell), part.page, part.binding)


def _level(part: PathLevelPart, calendars: list[str]) -> PathLevel:
    calendar = part.calendar or (calendars[0] if len(calendars) == 1 else None)
    reply = None if part.reply_within is None else read_on(part.reply_within, calendar)
    return PathLevel(part.role, reply, part.direct)


def read_on(text: str, calendar: str | None) -> Amount:
    """Return an amount with its calendar, if it is counted on one."""
    amount = read_promise(text)
    return replace(amount, calendar=calendar) if amount.is_working else amount


def _words(inside: str, outside: str | None, part: TargetPart) -> str:
    if inside in ("best effort", "discretionary"):
        return inside if outside is None else f"{inside} (outside the hours {outside})"
    word = "every" if part.every is not None else "within"
    said = f"by the {inside}" if inside.startswith("cut-off") else f"{word} {inside}"
    return said if outside is None else f"{said} (outside the hours {outside})"


def _condition(part: WhenPart | None) -> Condition:
    if part is None:
        return Condition()
    fields = ((name, getattr(part, name)) for name in CONDITIONS)
    return Condition(tuple((name, frozenset(ids)) for name, ids in fields if ids), part.received)


def _choice(part: ChoicePart) -> Choice:
    return Choice(part.id, part.label or part.id, part.meaning)
