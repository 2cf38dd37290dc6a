"""What agents are told: which ticket, what about it, when exactly, how long that leaves, and the way there.

Of a ticket that its policy restricts they read no word of its customer here: only its number, and the way to its page.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.mailboxes.outgoing.blocks import Block, Button, Lead, Link, Paragraph, Quote, Rows, Small
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.times import read_instant, say_instant, say_span
from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.keys import page_token

_METRICS = {
    "first_response": gettext_lazy("First response"),
    "next_reply": gettext_lazy("Next reply"),
    "update": gettext_lazy("Update"),
    "resolution": gettext_lazy("Resolution"),
}
# What another mail server says is a stranger's.
_STRANGERS_WORDS = 500


def assigned(notice: Notice, facts: Facts) -> list[Block]:
    data = notice.data
    said = {"number": notice.ticket_number, "name": data.get("by")}
    due = read_instant(data.get("next_due"))
    when = say_instant(due, facts.zone) if due else _("nothing is due")
    if data.get("by"):
        lead = _("%(number)s was assigned to you by %(name)s.") % said
    else:
        lead = _("%(number)s was assigned to you.") % said
    return [Lead(lead), _rows(notice, facts, (_("Next due"), when)), *_link(facts), *_answer_here(facts)]


def customer_wrote(notice: Notice, facts: Facts) -> list[Block]:
    """Who wrote, what, and with which files."""
    who = "" if _is_restricted(notice, facts) else str(notice.data.get("contact_name", ""))
    said = {"name": who, "number": notice.ticket_number}
    lead = _("%(name)s wrote on %(number)s.") if who else _("The customer wrote on %(number)s.")
    return [Lead(lead % said), *_words(facts), _rows(notice, facts), *_link(facts), *_answer_here(facts)]


def warning(notice: Notice, facts: Facts) -> list[Block]:
    """A target is near, or a step of the policy asks for attention."""
    due = read_instant(notice.data.get("due_at"))
    lead = Lead(_alert(notice, facts))
    if due is None:
        since = (_("Since"), say_instant(_as_of(notice), facts.zone))
        return [lead, _rows(notice, facts, since), *_link(facts)]
    return [lead, Paragraph(_left(notice, facts, due)), _rows(notice, facts), *_link(facts)]


def breach(notice: Notice, facts: Facts) -> list[Block]:
    """A target has passed."""
    return [Lead(_alert(notice, facts)), _rows(notice, facts), *_link(facts)]


def paged(notice: Notice, facts: Facts) -> list[Block]:
    """Somebody is needed now; or somebody has it, and nobody else is."""
    data, said = notice.data, {"number": notice.ticket_number, "name": notice.data.get("taken_by", "")}
    if data.get("taken_by"):
        return [Lead(_("%(name)s has %(number)s. Nobody else is called.") % said), *_link(facts)]
    said |= {"role": data.get("role", ""), "minutes": data.get("answer_minutes", "")}
    if data.get("as_reader"):
        lead = _("%(number)s needs somebody now. You are paged as its reader.") % said
    elif not data.get("is_filled", True):
        lead = _("%(number)s needs somebody now. You are paged since nobody fills the role %(role)s.") % said
    else:
        lead = _("%(number)s needs somebody now. You are paged as %(role)s.") % said
    due = read_instant(data.get("due_at"))
    blocks: list[Block] = [Lead(lead)]
    if due is not None:
        blocks.append(Paragraph(_time_left(notice, facts, due)))
    acknowledge = f"{settings.UPHELD_URL}/pages/{page_token(int(data['page_id']), int(data['agent_id']))}/"
    return [
        *blocks,
        Paragraph(
            _("Without an acknowledgement within %(minutes)s minutes the next in line is called.") % said
        ),
        Button(_("Acknowledge"), acknowledge),
        _rows(notice, facts),
        *_link(facts),
    ]


def _time_left(notice: Notice, facts: Facts, due: datetime) -> str:
    said = {"metric": _metric(notice), "time": say_instant(due, facts.zone)}
    left = due - _as_of(notice)
    if left <= timedelta():
        return _("%(metric)s was due by %(time)s.") % said
    return _("%(metric)s is due by %(time)s: %(span)s are left.") % {**said, "span": say_span(left)}


def restricted(notice: Notice, facts: Facts) -> list[Block]:
    """A restricted ticket waits for a reader; or somebody has become one."""
    data, said = notice.data, {"number": notice.ticket_number, "name": notice.data.get("by", "")}
    if data.get("waits"):
        return [
            Lead(_("%(number)s is restricted, and nobody has been named who may read it.") % said),
            Paragraph(
                _(
                    "Name somebody on the page Desk: whoever is named first reads it from then on. Nobody else sees"
                    " it, whatever their role."
                )
            ),
        ]
    lead = _("%(name)s has made you a reader of %(number)s, which is restricted.") % said
    return [
        Lead(lead),
        Paragraph(_("Only its readers see it, and each look at it is written down.")),
        *_link(facts),
    ]


def raised(notice: Notice, facts: Facts) -> list[Block]:
    """The customer pressed the button for the most urgent priority."""
    said = {"number": notice.ticket_number, "priority": notice.data.get("priority_label", "")}
    lead = _("The customer says that %(number)s is as urgent as can be: it is %(priority)s now.") % said
    due = read_instant(notice.data.get("next_due"))
    when = say_instant(due, facts.zone) if due else _("nothing is due")
    return [Lead(lead), _rows(notice, facts, (_("Next due"), when)), *_link(facts)]


def third_party(notice: Notice, facts: Facts) -> list[Block]:
    """Somebody whom a ticket waits for is to be asked how it stands."""
    data = notice.data
    hidden = _is_restricted(notice, facts)
    name, reference = (
        ("", "") if hidden else (one_line(str(data.get(key, "")), 160) for key in ("name", "reference"))
    )
    said = {"number": notice.ticket_number, "name": name}
    if name:
        lead = _("%(number)s still waits for %(name)s.") % said
    else:
        lead = _("%(number)s still waits for somebody outside the desk.") % said
    promised, since = read_instant(data.get("promised_at")), read_instant(data.get("since"))
    rows = [(_("Their reference"), reference)]
    if since is not None:
        rows.append((_("Since"), say_instant(since, facts.zone)))
    if promised is not None:
        rows.append((_("Promised by"), say_instant(promised, facts.zone)))
    return [
        Lead(lead),
        Paragraph(
            _("Ask them how it stands, and note on the ticket's page what they say or that it works again.")
        ),
        _rows(notice, facts, *rows),
        *_link(facts),
    ]


def bounced(notice: Notice, facts: Facts) -> list[Block]:
    """A mail to a customer came back."""
    data = notice.data
    hidden = _is_restricted(notice, facts)
    status = one_line(str(data.get("status", "")), _STRANGERS_WORDS)
    reason = "" if hidden else one_line(str(data.get("reason", "")), _STRANGERS_WORDS)
    why = ": ".join(filter(None, (status, reason)))
    rows = ((_("The other mail server says"), why),) if why else ()
    return [
        Lead(_came_back(notice, "" if hidden else one_line(str(data.get("recipient", "")), 254))),
        _rows(notice, facts, *rows),
        Paragraph(
            _(
                "The customer has not read it. Check the address on the ticket's page; if it is right, send it again"
                " later, or reach the customer in another way."
            )
        ),
        *_link(facts),
    ]


def _came_back(notice: Notice, recipient: str) -> str:
    said = {"number": notice.ticket_number, "address": recipient}
    if notice.data.get("bounced_kind", NoticeKind.REPLY) == NoticeKind.REPLY:
        if recipient:
            return _("The answer on %(number)s did not reach %(address)s.") % said
        return _("The answer on %(number)s did not reach its recipient.") % said
    if recipient:
        return _("A mail about %(number)s did not reach %(address)s.") % said
    return _("A mail about %(number)s did not reach its recipient.") % said


def answer_kept(notice: Notice, facts: Facts) -> list[Block]:
    """An agent answered by mail, and it was not sent on."""
    data, number = notice.data, notice.ticket_number
    reason = one_line(str(data.get("reason", "")), _STRANGERS_WORDS)
    if number:
        lead = _("Your mail on %(number)s was not sent to the customer.") % {"number": number}
    else:
        lead = _("Your mail was not sent to a customer.")
    blocks: list[Block] = [Lead(lead)]
    if reason:
        blocks.append(Rows(((_("Because"), reason),)))
    blocks.append(
        Paragraph(
            _(
                "It is kept on the page Mail, where a team lead can look at it. To answer now, write your reply on the"
                " ticket's page."
            )
        )
    )
    blocks += _link(facts)
    if facts.reads_kept_mail:
        kept = f"{settings.UPHELD_URL}/mail/" + (f"{int(data['raw_mail'])}/" if data.get("raw_mail") else "")
        blocks.append(Link(_("See the kept mail"), kept))
    return blocks


def _alert(notice: Notice, facts: Facts) -> str:
    """The one sentence of a warning or a breach."""
    metric = _metric(notice)
    due = read_instant(notice.data.get("due_at"))
    said = {"metric": metric, "number": notice.ticket_number}
    if due is not None:
        said["time"] = say_instant(due, facts.zone)
    if notice.kind == NoticeKind.BREACH:
        if due is None:
            return _("%(metric)s of %(number)s is overdue.") % said
        return _("%(metric)s of %(number)s is overdue: it was due by %(time)s.") % said
    if due is None:
        what = notice.data.get("step") or metric or _("a step of its policy")
        return _("%(number)s needs attention: %(what)s.") % {**said, "what": what}
    return _("%(metric)s of %(number)s is due by %(time)s.") % said


def _words(facts: Facts) -> list[Block]:
    words = facts.words
    if words is None:
        return []
    if words.held:
        return [
            Paragraph(
                _("The message is held: nobody has shown that it is the customer's. Read it on the page.")
            )
        ]
    blocks: list[Block] = [Paragraph(_("In their own words:")), Quote(words.text)] if words.text else []
    if words.more:
        blocks.append(Small(_("The text goes on, on the ticket's page.")))
    if words.file_names:
        blocks.append(Rows(((_("Files"), ", ".join(words.file_names)),)))
    return blocks


def _left(notice: Notice, facts: Facts, due: datetime) -> str:
    """How long was left at the instant of the warning: never of the sending, which may come later."""
    as_of = _as_of(notice)
    left = due - as_of
    said = {"share": _share(notice), "time": say_instant(as_of, facts.zone), "span": say_span(left)}
    if left > timedelta():
        if said["share"]:
            return _("%(share)s of its time was used at %(time)s, %(span)s before it is due.") % said
        return _("It came near at %(time)s, %(span)s before it is due.") % said
    if said["share"]:
        return _("%(share)s of its time was used at %(time)s, at its due time.") % said
    return _("It came near at %(time)s, at its due time.") % said


def _as_of(notice: Notice) -> datetime:
    return read_instant(notice.data.get("at")) or notice.created_at


def _share(notice: Notice) -> str:
    percent = notice.data.get("percent")
    if percent is None and (share := notice.data.get("share")) is not None:
        percent = share * 100 if share <= 1 else share
    return f"{percent:g} %" if isinstance(percent, int | float) else ""


def _metric(notice: Notice) -> str:
    metric = str(notice.data.get("metric", ""))
    return str(notice.data.get("metric_label") or _METRICS.get(metric, metric))


def _is_restricted(notice: Notice, facts: Facts) -> bool:
    return notice.ticket_id in facts.restricted


def _subject(notice: Notice, facts: Facts) -> str:
    return "" if _is_restricted(notice, facts) else str(notice.data.get("subject", ""))


def _rows(notice: Notice, facts: Facts, *more: tuple[str, str]) -> Rows:
    given = (
        (_("Ticket"), notice.ticket_number),
        (_("Subject"), _subject(notice, facts)),
        (_("Priority"), str(notice.data.get("priority_label", ""))),
    )
    return Rows(tuple(row for row in (*given, *more) if row[1]))


def _link(facts: Facts) -> list[Block]:
    return [Link(_("Open the ticket"), facts.link)] if facts.link else []


def _answer_here(facts: Facts) -> list[Block]:
    if not facts.reply_to:
        return []
    return [Small(_("Answer this mail to reply to the customer: your text goes to them under your name."))]
