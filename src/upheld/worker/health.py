"""What `upheld doctor` asks of a desk that runs: each answer says what was found and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min

from upheld.mailboxes.models import MailState, RawMail
from upheld.mailboxes.outgoing.send import configured
from upheld.mailboxes.outgoing.times import say_span
from upheld.notices.models import Notice, NoticeState
from upheld.tickets.models import Ticket
from upheld.worker.models import Heartbeat

_LATE_BEAT = timedelta(seconds=30)
_LATE_MAIL = timedelta(minutes=5)
_LATE_NOTICE = timedelta(minutes=15)
_LATE_CLOCK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def checks(now: datetime | None = None) -> list[Check]:
    """Look at what the worker does; a command line, which has no time of its own, leaves `now` out."""
    now = now or datetime.now(UTC)
    return [
        _worker(now),
        *_mail_in(now),
        _mail_settings(),
        *_notices(now),
        _due_clocks(now),
        *_ailing(now),
    ]


def _worker(now: datetime) -> Check:
    remedy = "Start it with `upheld serve` or `upheld worker`, and look at its log."
    newest = Heartbeat.objects.order_by("-at").first()
    if newest is None:
        return Check("worker", False, "none is running", remedy)
    silent = max(now - newest.at, timedelta())
    alive = Heartbeat.objects.filter(at__gte=now - _LATE_BEAT).count()
    return Check("worker", alive > 0, f"{alive} running, last heard of {_ago(silent)}", remedy)


def _mail_in(now: datetime) -> Iterator[Check]:
    counted = dict(
        RawMail.objects.filter(state__in=[MailState.WAITING, MailState.PARKED])
        .values_list("state")
        .annotate(Count("id"))
    )
    oldest = RawMail.objects.filter(state=MailState.WAITING).aggregate(first=Min("received_at"))["first"]
    late = oldest is not None and now - oldest > _LATE_MAIL
    age = f", the oldest came {_ago(now - oldest)}" if oldest else ""
    yield Check(
        "mail to read",
        not late,
        f"{counted.get(MailState.WAITING, 0)} waiting{age}",
        "Due times stand still while mail is unread. Look at the worker's log.",
    )
    parked = counted.get(MailState.PARKED, 0)
    yield Check("parked mail", not parked, f"{parked} could not be read", "Look at each, and feed it again.")


def _mail_settings() -> Check:
    remedy = "Set UPHELD_EMAIL_URL, for example to smtp+tls://user:password@mail.example.com:587."
    if settings.DEMO:
        return Check("sending mail", True, "a demo: nothing leaves, the outbox shows what would")
    if not configured():
        return Check("sending mail", False, "not set up: notices wait, and none is sent", remedy)
    return Check("sending mail", True, f"through {settings.EMAIL_BACKEND}")


def _notices(now: datetime) -> Iterator[Check]:
    waiting = Notice.objects.filter(state=NoticeState.WAITING).aggregate(
        n=Count("id"), first=Min("created_at")
    )
    late = waiting["first"] is not None and now - waiting["first"] > _LATE_NOTICE
    age = f", the oldest was written {_ago(now - waiting['first'])}" if waiting["first"] else ""
    yield Check(
        "notices to send",
        not late,
        f"{waiting['n']} waiting{age}",
        "The reason of the last attempt stands beside each notice. Check the mail server.",
    )
    failed = Notice.objects.filter(state=NoticeState.FAILED).count()
    yield Check(
        "failed notices",
        not failed,
        f"{failed} given up",
        "Tell their recipients in another way, or send them again.",
    )


def _due_clocks(now: datetime) -> Check:
    overdue = Ticket.objects.filter(wake_at__lt=now - _LATE_CLOCK).aggregate(
        n=Count("id"), first=Min("wake_at")
    )
    age = f", the oldest since {say_span(now - overdue['first'])}" if overdue["first"] else ""
    remedy = "Unread mail holds its desk's clocks back; else look at the worker's log, or run another worker."
    return Check("due clocks", not overdue["n"], f"{overdue['n']} tickets not settled{age}", remedy)


def _ailing(now: datetime) -> Iterator[Check]:
    """Tickets that workers have set aside, since settling them fails."""
    told = Heartbeat.objects.filter(at__gte=now - _LATE_BEAT).values_list("data", flat=True)
    ailing = {ill["ticket"]: ill["error"] for data in told for ill in data.get("ailing", ())}
    if ailing:
        some = ", ".join(f"{ticket} ({error})" for ticket, error in list(ailing.items())[:5])
        yield Check(
            "tickets set aside",
            False,
            f"{len(ailing)} cannot be settled, by id: {some}",
            "The worker's log has the reason. They are tried again by themselves.",
        )


def _ago(span: timedelta) -> str:
    return f"{say_span(span)} ago"
