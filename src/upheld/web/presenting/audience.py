"""Who can read a ticket, why, and who has, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.people.models import Agent
from upheld.tickets.audience import Audience
from upheld.tickets.models import Participant, Reader, Reading
from upheld.web.presenting.times import Times, When


@dataclass(frozen=True, slots=True)
class ReaderRow:
    agent_id: int
    name: str
    address: str
    why: str
    since: When
    is_self: bool


@dataclass(frozen=True, slots=True)
class OutsiderRow:
    """Somebody outside the desk; `may` is what they can do."""

    name: str
    address: str
    why: str
    may: str


@dataclass(frozen=True, slots=True)
class ReadingRow:
    at: When
    who: str
    what: str
    is_customer: bool


def reader_rows(readers: Iterable[Reader], viewer: Agent, times: Times) -> list[ReaderRow]:
    """The readers of a restricted ticket, each with the reason."""
    return [
        ReaderRow(
            agent_id=each.agent_id,
            name=each.agent.name,
            address=each.agent.address,
            why=_why(each),
            since=times.when(each.added_at),
            is_self=each.agent_id == viewer.pk,
        )
        for each in readers
    ]


def _why(reader: Reader) -> str:
    if reader.added_by == "policy":
        return _("named on this desk for what is restricted")
    return _("added by %(name)s") % {"name": reader.added_by}


def outsiders(audience: Audience) -> list[OutsiderRow]:
    """Those who read the ticket from outside the desk."""
    rows = [
        OutsiderRow(str(each.contact), each.contact.address, _takes_part(each), _("reads and writes"))
        for each in audience.participants
    ]
    for contact in audience.members:
        why = _("may follow all requests of the organization")
        rows.append(OutsiderRow(str(contact), contact.address, why, _("reads")))
    for partner in audience.partners:
        why = _("of the partner %(organization)s") % {"organization": partner.organization}
        may = _("reads and writes") if partner.may_act else _("reads")
        rows.append(OutsiderRow(str(partner.contact), partner.contact.address, why, may))
    return rows


def _takes_part(participant: Participant) -> str:
    return _("asked") if participant.is_requester else _("takes part")


def reading_rows(readings: Sequence[Reading], times: Times) -> list[ReadingRow]:
    """Who has read the ticket, the latest first."""
    return [
        ReadingRow(
            at=times.when(each.at),
            who=str(each.agent or each.contact or ""),
            what=_what(each.what),
            is_customer=each.contact_id is not None,
        )
        for each in readings
    ]


def _what(what: str) -> str:
    match what:
        case "page":
            return _("the ticket's page")
        case "customer page":
            return _("their request's page")
        case "customer page by link":
            return _("their request's page, by its link")
        case "file":
            return _("a file")
        case "file by link":
            return _("a file, by its link")
        case "formatted message":
            return _("a message with its formatting")
        case "mail":
            return _("the mail as it came")
        case "readers and readings":
            return _("this page")
    return what
