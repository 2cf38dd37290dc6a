"""What `upheld doctor` asks of a desk that runs: each answer says what was found and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case, Count, Min, Q, When

from upheld.desks import present, secrets
from upheld.desks.models import AuditEntry, Desk, PolicyVersion
from upheld.desks.policies import compiled, installed_zone_data, versions_with_other_zone_data
from upheld.mailboxes.models import MailState, RawMail, Source
from upheld.mailboxes.outgoing.send import configured
from upheld.mailboxes.outgoing.times import say_span
from upheld.mailboxes.queries import in_trouble
from upheld.notices.models import Notice, NoticeState
from upheld.people.roles import roles_filled
from upheld.tickets.models import Ticket
from upheld.worker.models import Heartbeat

_LATE_BEAT = timedelta(seconds=30)
_LATE_MAIL = timedelta(minutes=5)
_LATE_NOTICE = timedelta(minutes=15)
_LATE_FETCH = timedelta(minutes=20)
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
    now = now or present.now()
    wall = present.by_the_wall(now)
    return [
        _worker(wall),
        *_mail_in(now),
        _mail_settings(),
        *_notices(now),
        _due_clocks(now),
        *_ailing(wall),
        *_sources(now),
        *_secrets(),
        *_zone_data(now),
        *_roles(now),
        _last_backup(wall),
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
        RawMail.objects.filter(state__in=[MailState.WAITING, MailState.KEPT, MailState.PARKED])
        .order_by()
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
        "Due times stand still while mail is unread. Look at the worker's log, and at "
        "`upheld mail list --state waiting`.",
    )
    parked = counted.get(MailState.PARKED, 0)
    yield Check(
        "parked mail",
        not parked,
        f"{parked} could not be read",
        "`upheld mail list --state parked` shows why; `upheld mail retry ID` reads one again.",
    )
    kept = counted.get(MailState.KEPT, 0)
    yield Check("kept mail", True, f"{kept} waiting for a person, on the page Mail")


def _mail_settings() -> Check:
    remedy = "Set UPHELD_EMAIL_URL, for example to smtp+tls://user:password@mail.example.com:587."
    if settings.DEMO:
        return Check("sending mail", True, "a demo: nothing leaves, the outbox shows what would")
    if not configured():
        return Check("sending mail", False, "not set up: notices wait, and none is sent", remedy)
    return Check("sending mail", True, f"through {settings.EMAIL_BACKEND}")


def _notices(now: datetime) -> Iterator[Check]:
    # What waits for an agent's hours, or leaves together with another, is not late.
    due = Notice.objects.filter(Q(attempts__gt=0) | Q(next_try_at__lte=now), state=NoticeState.WAITING)
    since = Case(When(attempts__gt=0, then="created_at"), default="next_try_at")
    waiting = due.aggregate(n=Count("id"), first=Min(since))
    late = waiting["first"] is not None and now - waiting["first"] > _LATE_NOTICE
    age = f", the oldest was written {_ago(now - waiting['first'])}" if waiting["first"] else ""
    yield Check(
        "notices to send",
        not late,
        f"{waiting['n']} waiting{age}",
        "The reason of the last attempt stands beside each notice. Check the mail server.",
    )
    failed = in_trouble(Notice.objects.all()).count()
    yield Check(
        "failed notices",
        not failed,
        f"{failed} did not arrive",
        "`upheld mail outgoing` shows why; `upheld mail resend ID` sends one again, with --give-up it waits no more.",
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


def _sources(now: datetime) -> Iterator[Check]:
    """Accounts from which mail is fetched."""
    for source in Source.objects.filter(is_on=True).order_by("name"):
        since = source.fetched_at or source.created_at
        fetched = f"last fetched {_ago(now - since)}" if source.fetched_at else "never fetched"
        late = now - since > _LATE_FETCH
        yield Check(
            f"mail source {source.name}",
            not (source.failures or source.last_error or late),
            f"{fetched}; {source.last_error}" if source.last_error else fetched,
            f"Look with `upheld mail source test {source.name}`; a worker must be running.",
        )


def _secrets() -> Iterator[Check]:
    """Sealed passwords and tokens; how many there are tells nothing."""
    if unreadable := secrets.count_unreadable():
        yield Check(
            "secrets",
            False,
            f"{unreadable} cannot be read: the key of the desk has changed",
            "Name the former key in UPHELD_FORMER_SECRET_KEYS, or set them anew.",
        )
    if former := secrets.count_under_former_keys():
        yield Check(
            "former keys", True, f"{former} secrets still need one; each is sealed anew when it is used"
        )


def _zone_data(now: datetime) -> Iterator[Check]:
    """Policies that were published with other data about time zones than is installed: due times may move."""
    installed = installed_zone_data()
    for version in versions_with_other_zone_data(now):
        yield Check(
            "zone data",
            True,
            f"{installed} is installed, and version {version.number} of the policy of {version.desk.name} was"
            f" published with {version.zone_data_version}; `upheld policy zones --desk {version.desk.slug}` lists what"
            " that moves",
        )


def _roles(now: datetime) -> Iterator[Check]:
    """Roles of the policies in force that nobody fills: what is meant for them falls to the administrators."""
    for desk in Desk.objects.order_by("name"):
        version = PolicyVersion.objects.filter(desk=desk).in_force(now).values_list("pk", flat=True).first()
        roles, filled = (compiled(version).roles if version else {}), roles_filled(desk)
        if unfilled := [label for id, label in roles.items() if id not in filled]:
            yield Check(
                "roles",
                True,
                f"nobody on {desk.name} fills {', '.join(unfilled)}: the administrators are told instead;"
                f" `upheld role fill --desk {desk.slug}` or the page Desk names somebody",
            )


def _last_backup(now: datetime) -> Check:
    """What is backed up by other means is not known here, so none is nothing bad."""
    made = AuditEntry.objects.filter(action="backup made").order_by("-at", "-pk").first()
    told = f"{_ago(now - made.at)}: {made.subject}" if made else "none was made with `upheld backup`"
    return Check("last backup", True, told)


def _ago(span: timedelta) -> str:
    return f"{say_span(span)} ago"
