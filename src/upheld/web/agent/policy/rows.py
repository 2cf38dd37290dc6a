"""What the pages of a policy show, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dates import MONTHS, WEEKDAYS_ABBR
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.clock import zone as zone_named
from upheld.desks.models import Desk, PolicyVersion
from upheld.policy import Mode, Policy, Problem
from upheld.tickets.publication_effect import Change, ChangedClock
from upheld.web.presenting.times import Times, When, plain_length
from upheld.web.presenting.words import METRICS

MODES: Mapping[Mode, tuple[str | Promise, str | Promise]] = {
    Mode.pin: (
        gettext_lazy("Leave open tickets alone"),
        gettext_lazy("Each stays under the version under which it was opened. Nothing moves."),
    ),
    Mode.carry: (
        gettext_lazy("Carry the used time over"),
        gettext_lazy(
            "What was used stays used, and the rest runs under the new version. Nothing is due before it holds."
        ),
    ),
    Mode.recompute: (
        gettext_lazy("Count from the start"),
        gettext_lazy(
            "As if the new version had held from the start. What is past under it is breached when it begins to hold."
        ),
    ),
}
# What became, or becomes, of the tickets that are open when a version takes effect.
FOLLOWING: Mapping[Mode, str | Promise] = {
    Mode.pin: gettext_lazy("Keep their version"),
    Mode.carry: gettext_lazy("Follow, used time stays"),
    Mode.recompute: gettext_lazy("Follow, counted from the start"),
}
STATES: Mapping[str, tuple[str, str, str | Promise]] = {
    "in force": ("met", "circle-check", gettext_lazy("In force")),
    "to come": ("running", "calendar-clock", gettext_lazy("To come")),
    "former": ("none", "history", gettext_lazy("Former")),
    "withdrawn": ("none", "ban", gettext_lazy("Withdrawn")),
}
# In the order in which they matter; each with its colour and icon.
CHANGES: Mapping[Change, tuple[str, str, str | Promise]] = {
    Change.breached: ("breached", "triangle-alert", gettext_lazy("Newly breached")),
    Change.earlier: ("due-soon", "arrow-up", gettext_lazy("Due earlier")),
    Change.later: ("running", "arrow-down", gettext_lazy("Due later")),
    Change.begins: ("running", "play", gettext_lazy("Clocks that begin")),
    Change.ends: ("none", "square", gettext_lazy("Clocks that end")),
    Change.runs: ("running", "timer", gettext_lazy("Paused clocks that run")),
    Change.rests: ("paused", "circle-pause", gettext_lazy("Running clocks that stand still")),
    Change.paused: ("paused", "circle-pause", gettext_lazy("Paused, with another time left")),
    Change.target: ("none", "equal", gettext_lazy("Another target, due as before")),
    Change.stays: ("none", "pin", gettext_lazy("Stay, counted in another unit")),
}


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: int
    number: int
    state: str
    colour: str
    icon: str
    words: str
    from_: When
    published: When
    by: str
    by_address: str
    mode: str
    mode_words: str
    remark: str
    digest: str
    zone_data: str
    open_tickets: int
    withdrawn: When | None
    withdrawn_by: str

    @property
    def may_be_withdrawn(self) -> bool:
        return self.state == "to come"


def version_rows(
    desk: Desk, now: datetime, times: Times, open_tickets: Mapping[int, int]
) -> list[VersionRow]:
    """The newest first."""
    versions = (
        PolicyVersion.objects.filter(desk=desk).defer("source", "document").select_related("withdrawal")
    )
    held = PolicyVersion.objects.filter(desk=desk).in_force(now).values_list("pk", flat=True).first()
    return [_row(each, held, now, times, open_tickets) for each in versions.order_by("-number")]


def _row(
    version: PolicyVersion, held: int | None, now: datetime, times: Times, open_tickets: Mapping[int, int]
) -> VersionRow:
    withdrawal = getattr(version, "withdrawal", None)
    state = "former"
    if withdrawal is not None:
        state = "withdrawn"
    elif version.pk == held:
        state = "in force"
    elif version.effective_from > now:
        state = "to come"
    colour, icon, words = STATES[state]
    return VersionRow(
        id=version.pk,
        number=version.number,
        state=state,
        colour=colour,
        icon=icon,
        words=str(words),
        from_=times.when(version.effective_from),
        published=times.when(version.published_at),
        by=name_of(version.published_by),
        by_address=version.published_by,
        mode=version.mode,
        mode_words=str(FOLLOWING[Mode(version.mode)]),
        remark=version.remark,
        digest=version.digest[:12],
        zone_data=version.zone_data_version,
        open_tickets=open_tickets.get(version.pk, 0),
        withdrawn=times.when(withdrawal.at) if withdrawal else None,
        withdrawn_by=name_of(withdrawal.by) if withdrawal else "",
    )


def name_of(by: str) -> str:
    """Somebody's name without their address."""
    return by.partition(" <")[0]


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The closed days of a calendar: those to come by year, and how many there are with those that have passed."""

    calendar: str
    years: Sequence[tuple[int, Sequence[tuple[str, str]]]]
    coming: int
    count: int
    last: str


def closed_days(policy: Policy, now: datetime) -> list[ClosedDays]:
    """The dates that are frozen in, by calendar."""
    return [_of_calendar(name, policy, now) for name in policy.calendars]


def _of_calendar(name: str, policy: Policy, now: datetime) -> ClosedDays:
    listed = policy.holiday_names.get(name, {})
    today = policy.calendars[name].local_date(now)
    coming = sorted(day for day in listed if day >= today)
    years = sorted({day.year for day in coming})
    by_year = [
        (year, [(day_words(day), listed[day]) for day in coming if day.year == year]) for year in years
    ]
    return ClosedDays(
        name, by_year, len(coming), len(listed), day_words(coming[-1], year=True) if coming else ""
    )


def day_words(day: date, *, year: bool = False) -> str:
    """A date in words."""
    words = f"{WEEKDAYS_ABBR[day.weekday()]} {day.day} {MONTHS[day.month]}"
    return f"{words} {day.year}" if year else words


@dataclass(frozen=True, slots=True)
class Place:
    """A problem or a finding, with the line of the document that it is about."""

    line: int
    message: str
    remedy: str
    text: str


def places(problems: Sequence[Problem], text: str) -> list[Place]:
    """The places of problems, in the order of the document."""
    lines = text.splitlines()
    return [
        Place(
            each.line,
            each.message,
            each.remedy,
            lines[each.line - 1].strip()[:160] if 0 < each.line <= len(lines) else "",
        )
        for each in sorted(problems, key=lambda each: each.line)
    ]


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One clock of one open ticket; `before` and `after` are empty where it has no due time."""

    ticket: str
    metric: str
    cycle: int
    colour: str
    icon: str
    words: str
    before: When | None
    after: When | None
    by: str
    note: str


def effect_rows(clocks: Sequence[ChangedClock], times: Times) -> list[EffectRow]:
    """The clocks in words."""
    return [_effect_row(each, times) for each in clocks]


def _effect_row(clock: ChangedClock, times: Times) -> EffectRow:
    moved = clock.moved
    colour, icon, words = CHANGES[clock.change]
    return EffectRow(
        ticket=clock.ticket,
        metric=str(METRICS[moved.metric]),
        cycle=moved.cycle,
        colour=colour,
        icon=icon,
        words=str(words),
        before=times.optional(moved.due_at),
        after=times.optional(moved.new_due_at),
        by=_by(clock),
        note=_note(clock),
    )


def _by(clock: ChangedClock) -> str:
    moved = clock.moved
    if moved.due_at is None or moved.new_due_at is None or moved.due_at == moved.new_due_at:
        return ""
    length = plain_length(clock.size)
    if moved.new_due_at < moved.due_at:
        return _("%(length)s earlier") % {"length": length}
    return _("%(length)s later") % {"length": length}


def _note(clock: ChangedClock) -> str:
    moved = clock.moved
    if clock.change is Change.stays:
        return _("the new version counts it in another unit")
    if clock.change is Change.paused and moved.left is not None and moved.new_left is not None:
        said = {"left": plain_length(moved.new_left), "before": plain_length(moved.left)}
        return _("%(left)s are left instead of %(before)s") % said
    if moved.new_target and moved.target and moved.target != moved.new_target:
        return _("%(new)s instead of %(old)s") % {"new": moved.new_target, "old": moved.target}
    return moved.new_target or moved.target if clock.change in (Change.begins, Change.ends) else ""


def typed_instant(text: str, zone: str) -> datetime:
    """Read what a date and time field sends, in a zone; raises ValueError."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=zone_named(zone))


def field_value(at: datetime | None, zone: str) -> str:
    """What a date and time field shows for an instant; whole minutes."""
    return "" if at is None else f"{at.astimezone(zone_named(zone)):%Y-%m-%dT%H:%M}"


def next_minute(now: datetime, zone: str) -> str:
    """The earliest minute that a date and time field may name."""
    return field_value(now + timedelta(minutes=1), zone)
