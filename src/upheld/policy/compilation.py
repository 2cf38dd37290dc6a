"""From a valid document, with its holiday dates written in, to a policy."""

from datetime import date

from upheld.clock import Calendar
from upheld.policy.document import (
    CalendarPart,
    Document,
    PriorityPart,
    StatusPart,
    StepPart,
    TargetPart,
)
from upheld.policy.parts import (
    Amount,
    Channel,
    Exclusion,
    Objective,
    Priority,
    Source,
    Status,
    Step,
    Target,
)
from upheld.policy.phrases import amount_text, read_amount, read_date, read_days, read_hours
from upheld.policy.policy import Policy
from upheld.policy.standing import Metric

_ALL = frozenset(Metric)
_LABELS = {
    Metric.first_response: "First response",
    Metric.next_reply: "Next reply",
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
        targets=tuple(_target(part, list(document.calendars)) for part in document.targets),
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


def _target(part: TargetPart, calendars: list[str]) -> Target:
    phrase = read_amount(part.within)
    calendar = part.calendar or calendars[0] if phrase.working else None
    metric = Metric(part.metric)
    return Target(
        id=part.id,
        metric=metric,
        label=part.label or f"{_LABELS[metric]} within {part.within}",
        clause=part.clause or f"{_LABELS[metric]} within {part.within}.",
        priorities=tuple(part.when.priority) if part.when else (),
        amount=Amount(phrase.duration, calendar),
        warn_percent=part.warn_at_percent,
        assumed=part.assumed,
    )
