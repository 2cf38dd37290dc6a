"""The demo's desks: made-up people and tickets whose stories lie around the present moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk, Mailbox, Portal
from upheld.desks.policies import compiled, version_in_force
from upheld.lab.announcement import announcement
from upheld.lab.cast import AUDITORS, NAMED_READERS, hire
from upheld.lab.founding import SLUGS, Founded, found
from upheld.lab.furnishing import furnish
from upheld.lab.mails import deliver_mail
from upheld.lab.script import scripts
from upheld.lab.stage import Stage, cues
from upheld.notices.models import Alert, Notice, NoticeState
from upheld.people.models import NamedAuditor, NamedReader
from upheld.policy import pack

__all__ = ["SUPPORT_ADDRESS", "announcement", "load"]

SUPPORT_ADDRESS = "support@devices.example.com"
_A_YEAR = timedelta(days=365)
_RECENT = timedelta(minutes=30)
_A_DAY = timedelta(days=1)

Progress = Callable[[str, int, int], None]


def load(progress: Progress, now: datetime) -> None:
    """Fill an empty database as if the desk had been at work for a year; with a desk in it, do nothing.

    `progress` hears what is being made, how many are done, and of how many. All or nothing.
    """
    if Desk.objects.exists():
        return
    then = now - _A_YEAR
    with transaction.atomic():
        _play(_open_desk(then), progress, now)
        for done, slug in enumerate(SLUGS, start=1):
            _play_further(found(slug, then, now), now)
            progress("Opening the other desks", done, len(SLUGS))
        for desk in Desk.objects.order_by("pk"):
            furnish(desk, then)
        _mark_sent(now - _RECENT)


def _open_desk(then: datetime) -> Desk:
    desk = create_desk(
        slug="school-devices",
        name="School Device Support",
        prefix="SDS",
        zone="Europe/London",
        address=SUPPORT_ADDRESS,
        by="demo",
        now=then,
    )
    desk.introduction = "Help with the laptops and tablets of the device scheme, for schools and families."
    desk.save(update_fields=["introduction"])
    desk.portals.update(introduction=desk.introduction, enquiry="Laptops, tablets, accounts and the network")
    _open_safeguarding(desk)
    return desk


def _open_safeguarding(desk: Desk) -> None:
    """A front door and an address of their own for what only named people may read."""
    mailbox = Mailbox.objects.create(
        desk=desk, address="safeguarding@devices.example.com", name="Safeguarding", restricted=True
    )
    Portal.objects.create(
        desk=desk,
        slug="safeguarding",
        name="Safeguarding",
        enquiry="Worries about a pupil's safety",
        introduction="Whatever you write here is read by two named people only, and by nobody else on the desk.",
        guidance="If somebody is in danger now, ring the emergency services first.",
        mailbox=mailbox,
        restricted=True,
        position=1,
    )


def _play(desk: Desk, progress: Progress, now: datetime) -> None:
    text = pack("school-devices")
    version = publish_policy(desk, text, now=now, by="demo", effective_from=desk.created_at)
    calendar = next(iter(compiled(version.pk).calendars.values()))
    cast = hire(desk, desk.created_at)
    for who in NAMED_READERS:
        reader = {"agent": cast.agents[who], "added_at": desk.created_at, "added_by": "demo"}
        NamedReader.objects.create(desk=desk, **reader)
    for who in AUDITORS:
        auditor = {"agent": cast.agents[who], "added_at": desk.created_at, "added_by": "demo"}
        NamedAuditor.objects.create(desk=desk, **auditor)
    stage = Stage(desk, cast)
    all_cues = cues(list(scripts()), now, calendar)
    for done, cue in enumerate(all_cues, start=1):
        stage.play(cue)
        progress("Playing the demo's stories", done, len(all_cues))
    stage.settle(now)
    deliver_mail(desk, stage.cast, calendar, now)


def _play_further(founded: Founded, now: datetime) -> None:
    policy = compiled(version_in_force(founded.desk, now).pk)
    calendar = next(iter(policy.calendars.values()))
    stage = Stage(founded.desk, founded.cast)
    for cue in cues(list(founded.scripts), now, calendar):
        stage.play(cue)
    stage.settle(now)


def _mark_sent(until: datetime) -> None:
    """What was told in the past has been told: only the latest notices are left to the worker."""
    told = Notice.objects.filter(created_at__lte=until, state=NoticeState.WAITING)
    told.update(state=NoticeState.SENT, sent_at=F("created_at"), attempts=1)
    Alert.objects.filter(created_at__lte=until - _A_DAY).update(read_at=F("created_at"))
