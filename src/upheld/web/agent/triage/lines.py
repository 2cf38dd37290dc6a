"""The telephone lines of a desk, as its policy lists them, and what somebody enters of a call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from upheld.policy.document import Document
from upheld.tickets.actions import Refused
from upheld.tickets.incoming import Call

PHONE = "phone"
IN, OUT = "in", "out"


@dataclass(frozen=True, slots=True)
class Line:
    """A line by which the desk is rung, or rings."""

    id: str
    label: str
    directions: Sequence[str]


def lines_for(document: Document) -> list[Line]:
    """Return the channels of the policy that are telephone lines: their ids begin with `phone`. Where it lists none, it
    says nothing of calls, and both directions may be logged."""
    lines = [
        Line(each.id, each.label or each.id, each.directions)
        for each in document.channels
        if each.id.startswith(PHONE)
    ]
    return lines or [Line(PHONE, _("Telephone"), (IN, OUT))]


def directions(lines: Sequence[Line]) -> list[str]:
    """Return the directions in which any of the lines goes, incoming calls first."""
    return [each for each in (IN, OUT) if any(each in line.directions for line in lines)]


def read_call(given: Mapping[str, str], lines: Sequence[Line], zone: str, now: datetime) -> tuple[Call, str]:
    """Return the call and its line as somebody entered them; raises Refused for a line or a time that cannot be."""
    direction = given.get("direction", "") or directions(lines)[0]
    wanted = given.get("line", "")
    fitting = [each for each in lines if direction in each.directions and wanted in ("", each.id)]
    if not fitting:
        raise Refused(_("The policy has no telephone line for calls in this direction."))
    return Call(direction, _read_time(given.get("stated", ""), zone, now)), fitting[0].id


def _read_time(text: str, zone: str, now: datetime) -> datetime:
    """The instant of the call; now, where nobody says otherwise or means this very minute."""
    if not text.strip():
        return now
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_("Write when the call took place, as 2026-03-20 16:50.")) from None
    stated = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))
    this_minute = now.replace(second=0, microsecond=0)
    return now if stated == this_minute else stated
