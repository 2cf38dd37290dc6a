"""The ways to reach a desk for somebody who wants to use one now: where, whether it is open, and when next."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from upheld.clock import zone as zone_named
from upheld.policy import Policy
from upheld.policy.document import ChannelPart, Document
from upheld.web.portal.presenting.policy.hours import next_change
from upheld.web.portal.presenting.policy.intake import ChannelRow, Told, channels, scope
from upheld.web.portal.presenting.policy.names import Names
from upheld.web.portal.presenting.policy.readings import Readings
from upheld.web.portal.presenting.say import said_at
from upheld.web.presenting.times import When

# The channels that the program itself opens; whatever else a policy names is a way of its own.
FORM, MAIL = "portal", "email"


@dataclass(frozen=True, slots=True)
class Change:
    """When a way closes, or opens next: in the zone of its hours, and in the reader's where that is another."""

    there: When
    here: When | None


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach the desk. `is_form` is the portal's own form; `row.open_now` is None around the clock."""

    row: ChannelRow
    zone: str
    change: Change | None
    is_form: bool
    is_call: bool


@dataclass(frozen=True, slots=True)
class ContactPage:
    """`outbound` are ways by which the desk reaches customers and nobody reaches the desk."""

    now_there: When
    now_here: When | None
    ways: Sequence[Way]
    outbound: Sequence[ChannelRow]
    not_here: Sequence[Told]

    @property
    def takes_calls(self) -> bool:
        return any(way.is_call for way in self.ways)


def contact_page(
    document: Document, policy: Policy, now: datetime, reader_zone: str, mail_address: str
) -> ContactPage:
    """The ways of a policy as they stand at `now`. Mail goes to `mail_address`, since that is where it becomes a
    request, whatever address the document names; where it is empty, to that of the document."""
    ways: list[Way] = []
    outbound: list[ChannelRow] = []
    rows = channels(document, policy, now, Names(document), Readings())
    for part, row in zip(document.channels, rows, strict=True):
        if "in" not in part.directions:
            outbound.append(row)
            continue
        if part.id == MAIL and mail_address:
            row = replace(row, address=mail_address, href=f"mailto:{mail_address}")
        ways.append(_way(part, row, policy, now, reader_zone))
    return ContactPage(
        now_there=said_at(now, document.zone),
        now_here=_elsewhere(now, document.zone, reader_zone),
        ways=ways,
        outbound=outbound,
        not_here=not_here(document),
    )


def not_here(document: Document) -> list[Told]:
    """What the desk does not do, and where to turn instead."""
    return scope(document, Names(document), Readings())


def _way(part: ChannelPart, row: ChannelRow, policy: Policy, now: datetime, reader_zone: str) -> Way:
    calendar = policy.calendars[part.calendar] if part.calendar else None
    changes_at = next_change(calendar, now) if calendar else None
    change = None
    if calendar is not None and changes_at is not None:
        here = _elsewhere(changes_at, calendar.zone, reader_zone)
        change = Change(said_at(changes_at, calendar.zone), here)
    return Way(
        row=row,
        zone=calendar.zone if calendar else "",
        change=change,
        is_form=part.id == FORM,
        is_call=row.href.startswith("tel:"),
    )


def _elsewhere(at: datetime, zone: str, reader_zone: str) -> When | None:
    """The instant in the reader's zone, where their clock shows another time."""
    there, here = at.astimezone(zone_named(zone)), at.astimezone(zone_named(reader_zone))
    return None if there.replace(tzinfo=None) == here.replace(tzinfo=None) else said_at(at, reader_zone)
