"""A policy in words: what somebody may expect before they ask. Made from the compiled policy, so that page and
clocks cannot differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.policy import Channel, Metric, Objective, Policy, Status, Step
from upheld.web.portal.presenting.say import said_amount
from upheld.web.presenting.times import length

WITHIN = {
    Metric.first_response: gettext_lazy("First response within"),
    Metric.next_reply: gettext_lazy("Next reply within"),
    Metric.update: gettext_lazy("Update every"),
    Metric.resolution: gettext_lazy("Resolution within"),
}
_INSIDE = {
    Metric.first_response: gettext_lazy("first responses"),
    Metric.next_reply: gettext_lazy("next replies"),
    Metric.update: gettext_lazy("updates"),
    Metric.resolution: gettext_lazy("resolutions"),
}


@dataclass(frozen=True, slots=True)
class Within:
    """One cell of the table; `words` is empty where the policy promises nothing."""

    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class PriorityRow:
    id: str
    label: str
    meaning: str
    examples: Sequence[str]
    is_default: bool
    within: Sequence[Within]


@dataclass(frozen=True, slots=True)
class StatusRow:
    label: str
    meaning: str
    timer_on: bool
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class Hours:
    """A week in words; `closed` are the days off that come next."""

    words: str
    zone: str
    closed: Sequence[str]


@dataclass(frozen=True, slots=True)
class ChannelRow:
    label: str
    directions: str
    hours: str
    note: str


@dataclass(frozen=True, slots=True)
class Expectations:
    title: str
    hours: Sequence[Hours]
    headings: Sequence[str]
    priorities: Sequence[PriorityRow]
    statuses: Sequence[StatusRow]
    channels: Sequence[ChannelRow]
    objectives: Sequence[str]
    exclusions: Sequence[tuple[str, str]]


def expectations(policy: Policy, now: datetime) -> Expectations:
    metrics = [metric for metric in WITHIN if metric in policy.metrics]
    return Expectations(
        title=policy.title,
        hours=list(_hours(policy, now)),
        headings=[str(WITHIN[metric]) for metric in metrics],
        priorities=[_priority(policy, metrics, number) for number in range(len(policy.priorities))],
        statuses=[_status(policy, status) for status in policy.statuses],
        channels=[_channel(policy, channel) for channel in policy.channels],
        objectives=[_objective(objective) for objective in policy.objectives],
        exclusions=[(each.label, each.note) for each in policy.exclusions if each.note],
    )


def _hours(policy: Policy, now: datetime) -> Iterator[Hours]:
    """The hours in which promises are counted, each once."""
    used = dict.fromkeys(target.amount.calendar for target in policy.targets)
    for name in used:
        if name is not None and policy.calendar_hours.get(name):
            days_off = _days_off(policy, name, policy.calendars[name].local_date(now))
            yield Hours(policy.calendar_hours[name], policy.calendars[name].zone, days_off)


def _days_off(policy: Policy, calendar: str, today: date) -> list[str]:
    names = policy.holiday_names.get(calendar, {})
    coming = sorted(day for day in names if today <= day <= today + timedelta(days=366))
    return [
        f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]} {day.year}: {names[day]}" for day in coming
    ]


def _priority(policy: Policy, metrics: Sequence[Metric], number: int) -> PriorityRow:
    priority = policy.priorities[number]
    return PriorityRow(
        id=priority.id,
        label=priority.label,
        meaning=priority.meaning,
        examples=priority.examples,
        is_default=priority.id == policy.default_priority,
        within=[_within(policy, metric, priority.id) for metric in metrics],
    )


def _within(policy: Policy, metric: Metric, priority: str) -> Within:
    plan = policy.plans.get((metric, priority))
    return Within(str(WITHIN[metric]), said_amount(plan.target.amount) if plan else "")


def _status(policy: Policy, status: Status) -> StatusRow:
    steps = [_step(policy, step) for step in status.after if step.remind != "agent"]
    return StatusRow(status.public_label, status.meaning, status.timer_on, steps)


def _step(policy: Policy, step: Step) -> str:
    wait = length(step.wait)
    if step.become is None:
        return _("After %(wait)s we remind you.") % {"wait": wait}
    label = policy.status(step.become).public_label
    return _("After %(wait)s it becomes “%(status)s” by itself.") % {"wait": wait, "status": label}


def _channel(policy: Policy, channel: Channel) -> ChannelRow:
    hours = policy.calendar_hours.get(channel.calendar, "") if channel.calendar else _("around the clock")
    return ChannelRow(channel.label, _directions(channel), hours, channel.note)


def _directions(channel: Channel) -> str:
    if "in" in channel.directions:
        return ""
    return _("Only from us to you")


def _objective(objective: Objective) -> str:
    words = [str(_INSIDE[metric]) for metric in objective.metrics]
    return _("%(percent)s %% of %(what)s in time, counted each %(period)s.") % {
        "percent": objective.percent.rstrip("% "),
        "what": _(" and ").join(words) or _("promises"),
        "period": objective.period,
    }
