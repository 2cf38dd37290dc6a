"""The tables that are filled by COPY, with their columns in the order of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction

from upheld.tickets.results import ClockRow, PauseRow

Row = tuple[Any, ...]


class Table(NamedTuple):
    """A table, and its columns as a generated row has them."""

    name: str
    columns: str


_COLUMNS = {"team": "team_id"}
# By what a row of each is called; whoever is named comes before who names it.
TABLES = {
    "ticket": Table(
        "tickets_ticket",
        "id, desk_id, number, subject, channel, requester_id, assignee_id, team_id, policy_version_id, "
        "received_at, updated_at, organization_id, status, status_category, priority, priority_rank, standing, "
        "next_due_at, wake_at, last_seq, product, region, plan, reason, request_type, requested_priority, "
        "information, restricted, is_spam",
    ),
    "participant": Table(
        "tickets_participant",
        "id, ticket_id, contact_id, is_requester, joined_by, sees_from, removed_at, key_serial",
    ),
    "message": Table(
        "tickets_message",
        "id, ticket_id, kind, at, contact_id, agent_id, channel, text, quoted_text, html, released, "
        "held_because, message_id, raw_mail_id, stated_at, direction",
    ),
    "attachment": Table(
        "tickets_attachment",
        "id, message_id, name, content_type, size, digest, stored_as, content_id, inline",
    ),
    "tagged": Table("tickets_tagged", "id, ticket_id, tag_id, agent_id, at"),
    "event": Table(
        "tickets_storyevent",
        "id, ticket_id, seq, at, recorded_at, kind, actor, agent_id, contact_id, message_id, data, "
        "consequence_key",
    ),
    "clock": Table(
        "tickets_clockresult",
        "id, ticket_id, desk_id, restricted, "
        + ", ".join(_COLUMNS.get(each, each) for each in ClockRow._fields),
    ),
    "pause": Table(
        "tickets_pausespan",
        "id, ticket_id, desk_id, restricted, agent_id, " + ", ".join(PauseRow._fields),
    ),
}


@dataclass(slots=True)
class Rows:
    """Rows for COPY, those of each table in the order of its columns."""

    tickets: list[Row] = field(default_factory=list)
    participants: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    attachments: list[Row] = field(default_factory=list)
    tagged: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    clocks: list[Row] = field(default_factory=list)
    pauses: list[Row] = field(default_factory=list)

    def families(self) -> dict[str, Sequence[Row]]:
        """Return them by the names of `TABLES`."""
        return {
            "ticket": self.tickets,
            "participant": self.participants,
            "message": self.messages,
            "attachment": self.attachments,
            "tagged": self.tagged,
            "event": self.events,
            "clock": self.clocks,
            "pause": self.pauses,
        }


@transaction.atomic
def copy(rows: Rows) -> None:
    """Write all rows."""
    with connection.cursor() as cursor:
        for name, family in rows.families().items():
            table = TABLES[name]
            with cursor.copy(f"copy {table.name} ({table.columns}) from stdin") as opened:
                for row in family:
                    opened.write_row(row)
