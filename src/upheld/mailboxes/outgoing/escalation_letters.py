"""What agents are told of a ticket that needs more attention: a step of a ladder, a customer who is not satisfied, a
hand-over, and a colleague who asks for help.

Of a ticket that its policy restricts they read no word that anybody wrote on it.
"""

from django.utils.translation import gettext as _

from upheld.mailboxes.outgoing.blocks import Block, Lead, Link, Paragraph, Rows
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.times import read_instant, say_instant
from upheld.notices.models import Notice

_LONGEST_REASON = 500


def escalated(notice: Notice, facts: Facts) -> list[Block]:
    """A ticket has come to a step of its ladder; or its customer turned to somebody, who may be late to answer."""
    data, role = notice.data, str(notice.data.get("role", ""))
    since = read_instant(data.get("counts_from"))
    told_as = role
    if data.get("as_reader"):
        told_as = _("its reader, since nobody may read it who is %(role)s") % {"role": role}
    elif data.get("as_administrator"):
        told_as = _("an administrator of the desk")
    rows = [(_("You are told as"), told_as)]
    if since is not None:
        rows.append((_("Since") if data.get("missed") else _("Open since"), say_instant(since, facts.zone)))
    blocks: list[Block] = [Lead(_why(notice, facts))]
    if not data.get("is_filled", True):
        blocks.append(
            Paragraph(
                _(
                    "You hear of it because nobody fills the role %(role)s. Name somebody on the page Desk, under"
                    " Roles."
                )
                % {"role": role}
            )
        )
    return [*blocks, _rows(notice, facts, *rows), *_link(facts)]


def handed_over(notice: Notice, facts: Facts) -> list[Block]:
    """A ticket was handed to somebody, or to their team."""
    data = notice.data
    said = {"number": notice.ticket_number, "name": data.get("by", ""), "to": data.get("to", "")}
    if said["to"]:
        lead = _("%(name)s has handed %(number)s to %(to)s.") % said
    else:
        lead = _("%(name)s has handed %(number)s to you.") % said
    return [
        Lead(lead),
        *_reason(notice, facts),
        _rows(notice, facts, _next_due(notice, facts)),
        *_link(facts),
    ]


def joined(notice: Notice, facts: Facts) -> list[Block]:
    """A colleague asks somebody to work on a ticket together."""
    data = notice.data
    said = {"number": notice.ticket_number, "name": data.get("by", ""), "role": data.get("role", "")}
    if said["role"]:
        lead = _("%(name)s asks you to work on %(number)s together, as %(role)s.") % said
    else:
        lead = _("%(name)s asks you to work on %(number)s together.") % said
    stays = Paragraph(_("The ticket stays with its assignee; you hear when the customer writes."))
    due = _next_due(notice, facts)
    return [Lead(lead), *_reason(notice, facts), stays, _rows(notice, facts, due), *_link(facts)]


def _why(notice: Notice, facts: Facts) -> str:
    """The one sentence of an escalation."""
    data = notice.data
    said = {"number": notice.ticket_number, "role": data.get("role", "")}
    if data.get("missed"):
        due = read_instant(data.get("due_at"))
        said["time"] = say_instant(due, facts.zone) if due else ""
        return (
            _("The customer of %(number)s, who turned to %(role)s, has no answer: it was due by %(time)s.")
            % said
        )
    if data.get("complaint"):
        return _("The customer of %(number)s is not satisfied, and turns to %(role)s.") % said
    return _("%(number)s is escalated to you (%(role)s).") % said


def _reason(notice: Notice, facts: Facts) -> list[Block]:
    reason = one_line(str(notice.data.get("reason", "")), _LONGEST_REASON)
    hidden = notice.ticket_id in facts.restricted
    return [] if hidden or not reason else [Rows(((_("Because"), reason),))]


def _next_due(notice: Notice, facts: Facts) -> tuple[str, str]:
    due = read_instant(notice.data.get("next_due"))
    return _("Next due"), say_instant(due, facts.zone) if due else _("nothing is due")


def _rows(notice: Notice, facts: Facts, *more: tuple[str, str]) -> Rows:
    subject = "" if notice.ticket_id in facts.restricted else str(notice.data.get("subject", ""))
    given = (
        (_("Ticket"), notice.ticket_number),
        (_("Subject"), subject),
        (_("Priority"), str(notice.data.get("priority_label", ""))),
    )
    return Rows(tuple(row for row in (*given, *more) if row[1]))


def _link(facts: Facts) -> list[Block]:
    return [Link(_("Open the ticket"), facts.link)] if facts.link else []
