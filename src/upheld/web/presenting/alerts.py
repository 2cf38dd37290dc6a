"""What an agent was told, in words: what, why, and how long is left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.mailboxes.outgoing.alert_letters import told
from upheld.notices.models import Alert, NoticeKind
from upheld.rules.alert_causes import Over
from upheld.rules.one_line import one_line
from upheld.web.presenting.times import Times, When, length

KINDS = {
    NoticeKind.PAGED: gettext_lazy("Page"),
    NoticeKind.BREACH: gettext_lazy("Missed target"),
    NoticeKind.WARNING: gettext_lazy("Target is near"),
    NoticeKind.ESCALATED: gettext_lazy("Escalation"),
    NoticeKind.RAISED: gettext_lazy("Raised by the customer"),
    NoticeKind.HELD_ALERT: gettext_lazy("Held request waits"),
    NoticeKind.THIRD_PARTY: gettext_lazy("Third party"),
    NoticeKind.ASSIGNED: gettext_lazy("Assigned to you"),
    NoticeKind.CUSTOMER_WROTE: gettext_lazy("The customer wrote"),
    NoticeKind.HANDED_OVER: gettext_lazy("Handed over to you"),
    NoticeKind.JOINED: gettext_lazy("Asked to take part"),
    NoticeKind.MENTIONED: gettext_lazy("Named in a note"),
    NoticeKind.NOT_DONE: gettext_lazy("Could not be done"),
    NoticeKind.SNOOZE_OVER: gettext_lazy("Snoozed, and back"),
    NoticeKind.SIDE_ANSWERED: gettext_lazy("Answer in a side conversation"),
    NoticeKind.BOUNCED: gettext_lazy("A mail did not arrive"),
    NoticeKind.ANSWER_KEPT: gettext_lazy("Your answer was kept"),
    NoticeKind.RESTRICTED: gettext_lazy("Restricted ticket"),
}
_LOOKS = {
    NoticeKind.PAGED: ("breached", "siren"),
    NoticeKind.BREACH: ("breached", "alarm-clock-off"),
    NoticeKind.WARNING: ("due-soon", "alarm-clock"),
    NoticeKind.ESCALATED: ("due-soon", "trending-up"),
    NoticeKind.RAISED: ("due-soon", "chevrons-up"),
    NoticeKind.HELD_ALERT: ("due-soon", "hand"),
    NoticeKind.THIRD_PARTY: ("due-soon", "hourglass"),
    NoticeKind.MENTIONED: ("running", "at-sign"),
    NoticeKind.NOT_DONE: ("breached", "undo-2"),
    NoticeKind.SNOOZE_OVER: ("running", "alarm-clock-check"),
    NoticeKind.SIDE_ANSWERED: ("running", "messages-square"),
    NoticeKind.BOUNCED: ("breached", "mail-x"),
    NoticeKind.ANSWER_KEPT: ("breached", "mail-x"),
    NoticeKind.RESTRICTED: ("none", "lock"),
}
_METRICS = {
    "first_response": gettext_lazy("first response"),
    "next_reply": gettext_lazy("next reply"),
    "update": gettext_lazy("update"),
    "resolution": gettext_lazy("resolution"),
}
_BECAUSE = {
    "assignee": gettext_lazy("The ticket is assigned to you."),
    "team": gettext_lazy("The ticket is your team's, and nobody has it."),
    "reader": gettext_lazy("You are one of the readers of this restricted ticket."),
    "nobody": gettext_lazy("Nobody who can sign in has this ticket, so its desk's leads are told."),
}
_OVER = {
    Over.done: gettext_lazy("over: the ticket is done"),
    Over.answered: gettext_lazy("over: it was answered"),
    Over.stopped: gettext_lazy("over: the clock was stopped"),
    Over.passed: gettext_lazy("over: the time has passed"),
    Over.moved_on: gettext_lazy("over: the ticket has moved on"),
    Over.decided: gettext_lazy("over: somebody has decided"),
}


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One alert; `colour` and `icon` never say more than the words do."""

    id: int
    kind: str
    colour: str
    icon: str
    said: str
    url: str
    number: str
    subject: str
    restricted: bool
    why: str
    left: str
    over: str
    told: When
    leaves: When | None
    unread: bool


@dataclass(frozen=True, slots=True)
class Day:
    """The alerts of one day in the agent's zone."""

    name: str
    rows: tuple[AlertRow, ...]


@dataclass(frozen=True, slots=True)
class AboutTickets:
    """What is asked of the alerts' tickets at the moment of the look: subjects by id of those that are not restricted,
    and which are; why an alert is over, by its own id."""

    subjects: Mapping[int, str]
    restricted: frozenset[int]
    over: Mapping[int, Over]


def days(alerts: Sequence[Alert], about: AboutTickets, times: Times, zone: str) -> list[Day]:
    """Group alerts, the newest first, by the days on which they were told."""
    grouped = groupby(alerts, key=lambda each: each.created_at.astimezone(times.zone).date())
    return [
        Day(_day(day, times), tuple(alert_row(each, about, times, zone) for each in some))
        for day, some in grouped
    ]


def alert_row(alert: Alert, about: AboutTickets, times: Times, zone: str) -> AlertRow:
    restricted = alert.ticket_id in about.restricted
    over = about.over.get(alert.pk)
    colour, icon = _LOOKS.get(NoticeKind(alert.kind), ("running", "bell"))
    said = told(alert, zone=zone, restricted=restricted)
    path = f"/tickets/{alert.ticket_number}/" if alert.ticket_number else said.url
    return AlertRow(
        id=alert.pk,
        kind=str(KINDS.get(NoticeKind(alert.kind), alert.get_kind_display())),
        colour="none" if over else colour,
        icon=icon,
        said=said.sentence,
        url=path if said.url else "",
        number=alert.ticket_number,
        subject=one_line(about.subjects.get(alert.ticket_id or 0, ""), 160),
        restricted=restricted,
        why=" ".join(_why(alert)),
        left="" if over else _left(alert, times.now),
        over=str(_OVER[over]) if over else "",
        told=times.when(alert.created_at),
        leaves=times.when(alert.leaves_at) if alert.leaves_at > times.now and not over else None,
        unread=alert.read_at is None,
    )


def _why(alert: Alert) -> Iterable[str]:
    data: Mapping[str, Any] = alert.data
    metric, percent = data.get("metric", ""), data.get("percent")
    if alert.kind == NoticeKind.WARNING and isinstance(percent, int | float) and metric:
        used = {"percent": f"{percent:g}", "metric": str(_METRICS.get(metric, metric))}
        yield _("%(percent)s %% of the time for the %(metric)s was used.") % used
    if alert.kind == NoticeKind.ESCALATED and data.get("role"):
        if data.get("as_reader"):
            yield _("You are told as a reader, since nobody may read it who is %(role)s.") % {
                "role": data["role"]
            }
        else:
            yield _("You are told as %(role)s.") % {"role": data["role"]}
    if data.get("because") in _BECAUSE:
        yield str(_BECAUSE[data["because"]])


def _left(alert: Alert, now: datetime) -> str:
    """How long is left until it is due, or by how much it is over, in plain time."""
    text = alert.data.get("due_at") or alert.data.get("next_due")
    if not text:
        return ""
    left = datetime.fromisoformat(text) - now
    if left < timedelta():
        return _("%(length)s over") % {"length": length(left)}
    return _("%(length)s left") % {"length": length(left)}


def _day(day: date, times: Times) -> str:
    today = times.now.astimezone(times.zone).date()
    if (today - day).days in (0, 1):
        return _("Today") if day == today else _("Yesterday")
    return times.full_day(day)
