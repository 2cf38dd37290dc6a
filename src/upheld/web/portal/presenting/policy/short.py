"""A policy in short: what somebody may expect before they ask. The portal's start page shows it, and the form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.translation import gettext as _

from upheld.policy import Channel, Policy, Status, Step
from upheld.policy.document import Document
from upheld.web.portal.presenting.policy.goals import said_goal
from upheld.web.portal.presenting.policy.promises import Cell, promises
from upheld.web.portal.presenting.policy.readings import Readings
from upheld.web.portal.presenting.policy.statuses import Timer, timer
from upheld.web.presenting.times import length


@dataclass(frozen=True, slots=True)
class PriorityRow:
    id: str
    label: str
    meaning: str
    examples: Sequence[str]
    is_default: bool
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class StatusRow:
    label: str
    meaning: str
    timer: Timer
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
    """`whatever` are promises that are the same at every priority."""

    title: str
    hours: Sequence[Hours]
    headings: Sequence[str]
    priorities: Sequence[PriorityRow]
    whatever: Sequence[Cell]
    statuses: Sequence[StatusRow]
    channels: Sequence[ChannelRow]
    objectives: Sequence[str]
    exclusions: Sequence[tuple[str, str]]


def expectations(document: Document, policy: Policy, now: datetime) -> Expectations:
    """The short form of a document and its compiled policy; what was assumed is told on the whole page."""
    promised = promises(document, policy, Readings())
    return Expectations(
        title=policy.title,
        hours=list(_hours(policy, now)),
        headings=promised.headings,
        priorities=[
            PriorityRow(
                id=each.id,
                label=each.label,
                meaning=each.meaning,
                examples=each.examples,
                is_default=row.is_default,
                cells=[cell.unmarked() for cell in row.cells],
            )
            for each, row in zip(policy.priorities, promised.rows, strict=True)
        ],
        whatever=[cell.unmarked() for cell in promised.whatever],
        statuses=[_status(policy, status) for status in policy.statuses],
        channels=[_channel(policy, channel) for channel in policy.channels],
        objectives=[said_goal(each.metrics, each.percent, each.period) for each in policy.objectives],
        exclusions=[(each.label, each.note) for each in policy.exclusions if each.note],
    )


def _hours(policy: Policy, now: datetime) -> Iterator[Hours]:
    """The hours in which promises are counted, each once."""
    used = dict.fromkeys(target.amount.calendar or target.hours for target in policy.targets)
    for name in used:
        if name is not None and policy.calendar_hours.get(name):
            days_off = _days_off(policy, name, policy.calendars[name].local_date(now))
            yield Hours(policy.calendar_hours[name], policy.calendars[name].zone, days_off)


def _days_off(policy: Policy, calendar: str, today: date) -> list[str]:
    names = policy.holiday_names.get(calendar, {})
    is_off = policy.calendars[calendar].is_day_off
    coming = sorted(day for day in names if today <= day <= today + timedelta(days=366) and is_off(day))
    return [
        f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month]} {day.year}: {names[day]}" for day in coming
    ]


def _status(policy: Policy, status: Status) -> StatusRow:
    steps = [_step(policy, step) for step in status.after if step.remind != "agent"]
    return StatusRow(status.public_label, status.meaning, timer(policy, status), steps)


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
