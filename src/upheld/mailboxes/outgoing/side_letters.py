"""The letters of side conversations: an agent's words to a third party, and to agents that these answered."""

from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.blocks import Block, Lead, Link, Quote, Rows, Signature, Written
from upheld.mailboxes.outgoing.facts import Facts
from upheld.notices.models import Notice


def aside(notice: Notice, facts: Facts) -> list[Block]:
    """What an agent wrote, and not a word more."""
    data = notice.data
    return [
        Written(str(data.get("text", ""))),
        Signature(data.get("signature") or data.get("agent_name") or facts.sender_name),
    ]


def answered(notice: Notice, facts: Facts) -> list[Block]:
    """Somebody answered who is not the customer; their words are for agents."""
    is_restricted = notice.ticket_id in facts.restricted
    name = "" if is_restricted else str(notice.data.get("name", ""))
    said = {"number": notice.ticket_number, "name": name}
    if name:
        lead = Lead(_("%(name)s has answered in a side conversation of %(number)s.") % said)
    else:
        lead = Lead(_("There is an answer in a side conversation of %(number)s.") % said)
    words = [Quote(facts.words.text)] if facts.words and facts.words.text else []
    subject = "" if is_restricted else str(notice.data.get("side_subject", ""))
    given = ((_("Ticket"), notice.ticket_number), (_("Subject"), subject))
    rows = [Rows(tuple(row for row in given if row[1]))]
    return [lead, *words, *rows, *([Link(_("Open the ticket"), facts.link)] if facts.link else [])]
