"""Change how a desk presents itself."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.rules.one_line import one_line

LONGEST_INTRODUCTION = 2000


class DeskRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """What was given makes no desk."""


@transaction.atomic
def change_desk(
    desk_id: int,
    *,
    name: str,
    introduction: str,
    zone: str,
    ticket_word: str,
    by: str,
    now: datetime,
) -> Desk:
    """Set a desk's name, its introduction, the zone in which it speaks of time, and its word for a ticket; the same
    again changes nothing. Raises DeskRefused, with what to do."""
    desk = Desk.objects.select_for_update().get(pk=desk_id)
    wanted = {
        "name": one_line(name, 120),
        "introduction": "\n".join(line.rstrip() for line in introduction.splitlines()).strip(),
        "zone": zone,
        "ticket_word": one_line(ticket_word, 20),
    }
    _refuse(wanted)
    changed = {key: value for key, value in wanted.items() if getattr(desk, key) != value}
    if not changed:
        return desk
    before = {key: getattr(desk, key) for key in changed}
    for key, value in changed.items():
        setattr(desk, key, value)
    desk.save(update_fields=list(changed))
    record(
        at=now, actor=by, action="desk changed", subject=desk.slug, desk=desk, before=before, after=changed
    )
    return desk


def refuse_zone(zone: str) -> None:
    """Raise DeskRefused for a zone that does not exist."""
    if zone not in zone_names():
        raise DeskRefused(_("Choose a time zone from the list, like Europe/London."))


def _refuse(wanted: dict[str, str]) -> None:
    if not wanted["name"]:
        raise DeskRefused(_("Give the desk a name."))
    if not wanted["ticket_word"]:
        raise DeskRefused(_("Say what you call a ticket, like ticket, case or request."))
    if len(wanted["introduction"]) > LONGEST_INTRODUCTION:
        raise DeskRefused(_("The introduction is too long: at most 2,000 characters."))
    refuse_zone(wanted["zone"])
