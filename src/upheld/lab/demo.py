"""The demo's desk: made-up people and tickets whose stories lie around the present moment."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.desks.policies import compiled
from upheld.lab.announcement import announcement
from upheld.lab.cast import hire
from upheld.lab.mails import deliver_mail
from upheld.lab.script import scripts
from upheld.lab.stage import Stage, cues
from upheld.notices.models import Notice, NoticeState
from upheld.policy import pack

__all__ = ["SUPPORT_ADDRESS", "announcement", "load"]

SUPPORT_ADDRESS = "support@devices.example.com"
_A_YEAR = timedelta(days=365)
_RECENT = timedelta(minutes=30)

Progress = Callable[[str, int, int], None]


def load(progress: Progress, now: datetime) -> None:
    """Fill an empty database as if the desk had been at work for a year; with a desk in it, do nothing.

    `progress` hears what is being made, how many are done, and of how many. All or nothing.
    """
    if Desk.objects.exists():
        return
    with transaction.atomic():
        _play(_open_desk(now - _A_YEAR), progress, now)


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
    return desk


def _play(desk: Desk, progress: Progress, now: datetime) -> None:
    text = pack("school-devices")
    version = publish_policy(desk, text, now=now, by="demo", effective_from=desk.created_at)
    calendar = next(iter(compiled(version.pk).calendars.values()))
    stage = Stage(desk, hire(desk, desk.created_at))
    all_cues = cues(list(scripts()), now, calendar)
    for done, cue in enumerate(all_cues, start=1):
        stage.play(cue)
        progress("Playing the demo's stories", done, len(all_cues))
    stage.settle(now)
    _mark_sent(now - _RECENT)
    deliver_mail(desk, stage.cast, calendar, now)


def _mark_sent(until: datetime) -> None:
    """What was told in the past has been told: only the latest notices are left to the worker."""
    told = Notice.objects.filter(created_at__lte=until)
    told.update(state=NoticeState.SENT, sent_at=F("created_at"), attempts=1)
