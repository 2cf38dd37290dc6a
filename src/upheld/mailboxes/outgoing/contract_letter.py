"""What an agent is told of a contract that ends soon."""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.blocks import Block, Lead, Link, Paragraph, Rows
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.times import read_instant, say_day, say_instant
from upheld.notices.models import Notice


def contract_ending(notice: Notice, facts: Facts) -> list[Block]:
    """Whose contract, its last day, and what ends it."""
    data = notice.data
    ends_at = read_instant(data.get("ends_at")) or notice.created_at
    last_day = say_day(ends_at - timedelta(seconds=1), facts.zone)
    said = {"organization": one_line(str(data.get("organization", "")), 160), "day": last_day}
    rows = (
        (_("Reference"), one_line(str(data.get("reference", "")), 60)),
        (_("Covers"), ", ".join(filter(None, (str(data.get("product", "")), str(data.get("plan", "")))))),
        (_("Last day"), last_day),
        (_("Ends"), say_instant(ends_at, facts.zone)),
    )
    return [
        Lead(_("A contract of %(organization)s ends soon: its last day is %(day)s.") % said),
        Rows(tuple(row for row in rows if row[1])),
        Paragraph(_("Renew it on its page, or let it end. You are told of this end once.")),
        Link(_("Open the contract"), f"{settings.UPHELD_URL}/customers/contracts/{int(data['contract'])}/"),
    ]
