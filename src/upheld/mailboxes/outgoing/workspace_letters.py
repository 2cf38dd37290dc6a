"""What agents are told of what they and their colleagues write and press.

Of a restricted ticket they read no word that anybody wrote on it: its number, and the way to its page.
"""

from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.blocks import Block, Lead, Link, Paragraph, Quote, Rows
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.headers import one_line
from upheld.notices.models import Notice

_LONGEST_REASON = 500


def mentioned(notice: Notice, facts: Facts) -> list[Block]:
    """A colleague has named somebody in a note: what they wrote, and where."""
    said = {"number": notice.ticket_number, "name": notice.data.get("by", "")}
    lead = Lead(_("%(name)s has named you in a note on %(number)s.") % said)
    words = [Quote(facts.words.text)] if facts.words and facts.words.text else []
    return [lead, *words, *_rows(notice, facts), *_link(facts)]


def not_done(notice: Notice, facts: Facts) -> list[Block]:
    """Something that an agent had pressed could not be done any more when its time came."""
    number, is_reply = notice.ticket_number, notice.data.get("pressed") == "reply"
    if number and is_reply:
        lead = _("Your reply on %(number)s was not sent.") % {"number": number}
    elif number:
        lead = _("What you pressed on %(number)s was not done.") % {"number": number}
    else:
        lead = _("What you pressed was not done.")
    why = (
        ""
        if notice.ticket_id in facts.restricted
        else one_line(str(notice.data.get("why", "")), _LONGEST_REASON)
    )
    because: list[Block] = [Rows(((_("Because"), why),))] if why else []
    kept: list[Block] = []
    if is_reply:
        kept = [Paragraph(_("Nothing is lost: what you wrote is a draft again, on the ticket's page."))]
    return [Lead(lead), *because, *kept, *_rows(notice, facts), *_link(facts)]


def _rows(notice: Notice, facts: Facts) -> list[Block]:
    if not notice.ticket_number:
        return []
    subject = "" if notice.ticket_id in facts.restricted else str(notice.data.get("subject", ""))
    given = (
        (_("Ticket"), notice.ticket_number),
        (_("Subject"), subject),
        (_("Priority"), str(notice.data.get("priority_label", ""))),
    )
    return [Rows(tuple(row for row in given if row[1]))]


def _link(facts: Facts) -> list[Block]:
    return [Link(_("Open the ticket"), facts.link)] if facts.link else []
