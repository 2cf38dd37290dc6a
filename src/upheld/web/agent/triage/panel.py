"""What a ticket's page says of its triage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from upheld.desks.policy_documents import document_of
from upheld.policy.document import Document
from upheld.tickets.models import Ticket
from upheld.tickets.particulars import known_values, missing, options
from upheld.tickets.pen import fact_of
from upheld.tickets.ticket_page import TicketPage
from upheld.web.agent.triage.lines import IN, OUT, Line, directions, lines_for
from upheld.web.presenting.naming import Asked, asked

FIELD_NAMES: Mapping[str, str | Promise] = {
    "product": gettext_lazy("Product"),
    "reason": gettext_lazy("Reason"),
    "region": gettext_lazy("Region"),
    "plan": gettext_lazy("Plan"),
    "team": gettext_lazy("Team"),
    "tier": gettext_lazy("Tier"),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to know about a ticket. `value` is an id of the policy, `said` its label."""

    name: str
    label: str
    value: str
    said: str
    required: bool
    choices: Sequence[tuple[str, str, str]]

    @property
    def is_missing(self) -> bool:
        return self.required and not self.value


@dataclass(frozen=True, slots=True)
class Panel:
    """What was asked for, what is known and to do, and by which lines a call may be logged."""

    asked: Asked | None
    fields: Sequence[Field]
    has_criteria: bool
    lines: Sequence[Line]
    now: str

    @property
    def rings_in(self) -> bool:
        return IN in directions(self.lines)

    @property
    def rings_out(self) -> bool:
        return OUT in directions(self.lines)

    @property
    def known(self) -> list[Field]:
        return [each for each in self.fields if each.value]

    @property
    def to_do(self) -> list[Field]:
        return [each for each in self.fields if each.is_missing]


def panel(page: TicketPage, zone: str, now: datetime) -> Panel:
    """Return the panel of a ticket's page as its policy asks for it."""
    ticket = page.ticket
    document = governing_document(ticket)
    facts = [fact_of(row) for row in page.story if row.consequence_key is None]
    return Panel(
        asked=asked(page.story, page.policies, ticket.requested_priority, page.standing.priority),
        fields=fields_of(document, known_values(facts)),
        has_criteria=bool(document.classification.axes) or any(each.meaning for each in document.priorities),
        lines=lines_for(document),
        now=now.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M"),
    )


def governing_document(ticket: Ticket) -> Document:
    """The document of the version in whose words a ticket speaks."""
    return document_of(ticket.later_version_id or ticket.policy_version_id)


def fields_of(document: Document, known: Mapping[str, str]) -> list[Field]:
    """The fields of which the policy knows values, or of which something is known."""
    required = missing(document, {})
    listed = options(document)
    return [
        Field(
            name=name,
            label=str(label),
            value=known.get(name, ""),
            said=next(
                (each.label for each in listed.get(name, ()) if each.id == known.get(name)),
                known.get(name, ""),
            ),
            required=name in required,
            choices=[(each.id, each.label, each.meaning) for each in listed.get(name, ())],
        )
        for name, label in FIELD_NAMES.items()
        if name in listed or known.get(name)
    ]
