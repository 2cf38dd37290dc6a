"""What happened in a lab, newest first: what the policy did, and the mails that nobody wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upheld.desks.policies import compiled
from upheld.notices.models import Notice, NoticeKind, NoticeState
from upheld.policy import Policy
from upheld.tickets.models import StoryEvent
from upheld.tickets.versions import versions_of_each
from upheld.tickets.visibility import AgentViewer, visible_tickets
from upheld.web.presenting.history import history
from upheld.web.presenting.times import Times, When

LENGTH = 60
_ICONS = {
    "warned": ("due-soon", "alarm-clock"),
    "reminder": ("running", "bell"),
    "escalated": ("due-soon", "trending-up"),
    "status": ("paused", "refresh-cw"),
    "new_ticket": ("running", "ticket-plus"),
    "opened": ("running", "ticket-plus"),
    "message": ("running", "message-square"),
    "complaint": ("breached", "megaphone"),
    "complaint_missed": ("breached", "alarm-clock-off"),
    "handed_over": ("paused", "arrow-right"),
    "acknowledged": ("paused", "mail-check"),
    "assigned": ("paused", "user-round"),
    "note": ("paused", "sticky-note"),
    "priority": ("paused", "flag"),
}
_VERDICTS = {"met": ("met", "circle-check"), "breached": ("breached", "alarm-clock-off")}
_MAILS: dict[str, tuple[str | Promise, str, str]] = {
    NoticeKind.DIGEST: (_("morning mail"), "running", "sun"),
    NoticeKind.PAGED: (_("page"), "breached", "siren"),
    NoticeKind.HELD_ALERT: (_("alert: a held request waits"), "due-soon", "hand"),
    NoticeKind.CONTRACT_ENDING: (_("a contract ends soon"), "due-soon", "file-clock"),
    NoticeKind.THIRD_PARTY: (_("a third party is late"), "due-soon", "clock"),
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the stream: when, who, what, and where to look at it."""

    at: datetime
    when: When
    who: str
    words: str | Promise
    state: str
    icon: str
    number: str = ""
    subject: str = ""
    url: str = ""


def stream(viewer: AgentViewer, times: Times, *, everything: bool) -> list[Happening]:
    """Return the latest happenings that an agent may know of; with `everything`, what people did as well."""
    events = _events(viewer, everything=everything)
    found = [*_of_stories(events, times), *_of_mails(viewer, times)]
    return sorted(found, key=lambda each: each.at, reverse=True)[:LENGTH]


def _events(viewer: AgentViewer, *, everything: bool) -> QuerySet[StoryEvent]:
    tickets = visible_tickets(viewer).order_by().values("pk")
    events = StoryEvent.objects.filter(ticket__in=tickets)
    if not everything:
        events = events.filter(consequence_key__isnull=False)
    return events.select_related("ticket", "agent__user", "contact").order_by("-id")


def _of_stories(events: QuerySet[StoryEvent], times: Times) -> Iterator[Happening]:
    latest = list(events[:LENGTH])
    versions = versions_of_each([event.ticket for event in latest])
    for event in latest:
        policies: list[Policy] = [compiled(each) for each in versions[event.ticket_id].ids]
        line = history([event], policies, times)[0]
        default = _ICONS.get(event.kind, ("paused", "dot"))
        state, icon = _VERDICTS.get(str(event.data.get("verdict")), default)
        yield Happening(
            at=event.at,
            when=line.at,
            who=line.who,
            words=line.words,
            state=state,
            icon=icon,
            number=event.ticket.number,
            subject=event.ticket.subject,
            url=reverse("ticket", args=[event.ticket.number]),
        )


def _of_mails(viewer: AgentViewer, times: Times) -> Iterator[Happening]:
    known = Q(ticket_id=None, desk_id__in=viewer.roles) | Q(
        ticket_id__in=visible_tickets(viewer).values("pk")
    )
    sent = Notice.objects.filter(known, kind__in=_MAILS, state=NoticeState.SENT).order_by("-sent_at", "-pk")
    for notice in sent.defer("rendered")[:LENGTH]:
        words, state, icon = _MAILS[notice.kind]
        yield Happening(
            at=notice.sent_at,
            when=times.when(notice.sent_at),
            who=notice.to_name or notice.to_address,
            words=words,
            state=state,
            icon=icon,
            number=notice.ticket_number,
            url=reverse("outbox_mail", args=[notice.pk]),
        )
