"""One subject for all mails about a ticket.

Gmail puts mails together when References *and* subject agree (a leading `Re:` aside), Outlook and Apple Mail go by
References; so every mail about a ticket carries `Re: [NUMBER] subject`, unchanged over its life and in every language.
Two mails differ. What leaves by itself to somebody who asked by form or mail, before anybody has shown that they read
mail to that address: it holds no word of theirs - otherwise anybody could send anything to anybody through the desk. An
acknowledgement never does. And what agents hear of a ticket that its policy restricts: its words stay on its page.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.headers import one_line
from upheld.mailboxes.outgoing.times import say_day
from upheld.notices.models import Notice, NoticeKind

_PREFIX = re.compile(r"\A(?:(?:re|aw|sv|vs|antw|wg|fw|fwd)(?:\[\d{1,3}\])?\s?:\s*)+", re.IGNORECASE)
# The channels on which the words came from an agent's hand.
_KNOWN_AUTHORS = ("phone", "agent")
# What leaves by itself about a request whose author may not have confirmed their address.
_BY_ITSELF = (NoticeKind.STATUS, NoticeKind.REMINDER, NoticeKind.INFORMATION, NoticeKind.MERGED)
_LENGTH = 180
# Of a request without a number no word is repeated, whoever has confirmed what.
_HELD = {
    NoticeKind.HELD: gettext_lazy("We received your request"),
    NoticeKind.HELD_DECLINED: gettext_lazy("About your request"),
    NoticeKind.HELD_ALERT: gettext_lazy("A request without a number waits for a decision"),
}


def subject_of(notice: Notice, facts: Facts) -> str:
    """Return the subject of a notice's mail."""
    subject = str(notice.data.get("subject", ""))
    if notice.kind == NoticeKind.DIGEST:
        return _("Your tickets on %(day)s") % {"day": say_day(notice.created_at, facts.zone)}
    if notice.kind == NoticeKind.SIDE:
        # Nothing of the ticket: not even its number.
        text = _bare(subject, "")
        return f"Re: {text}" if facts.references else text
    if notice.kind in _HELD:
        return str(_HELD[NoticeKind(notice.kind)])
    if notice.kind == NoticeKind.CONTRACT_ENDING:
        said = {name: str(notice.data.get(name, "")) for name in ("organization", "reference")}
        return one_line(_("A contract of %(organization)s ends soon: %(reference)s") % said, _LENGTH)
    if notice.kind == NoticeKind.ANSWER_KEPT and not notice.ticket_number:
        return _("Your answer was not sent")
    if notice.kind == NoticeKind.NOT_DONE and not notice.ticket_number:
        return _("What you pressed was not done")
    if notice.kind == NoticeKind.ACCOUNT or not notice.ticket_number:
        return one_line(subject, _LENGTH) or _("Your account")
    tag = f"[{notice.ticket_number}]"
    if notice.ticket_id in facts.restricted:
        return f"Re: {tag}"
    if holds_no_words(notice):
        received = _("%(tag)s We received your request") % {"tag": tag}
        return received if notice.kind == NoticeKind.ACKNOWLEDGEMENT else f"Re: {received}"
    return f"Re: {tag} {_bare(subject, tag)}".rstrip()


def subject_together(count: int) -> str:
    """Return the subject of one mail in which that many alerts leave together."""
    return ngettext("%(count)d alert about due times", "%(count)d alerts about due times", count) % {
        "count": count
    }


def holds_no_words(notice: Notice) -> bool:
    """Whether the mail may repeat no word that was submitted with the request."""
    if notice.kind in (NoticeKind.HELD, NoticeKind.HELD_DECLINED):
        return True
    if notice.data.get("channel", "") in _KNOWN_AUTHORS:
        return False
    if notice.kind in _BY_ITSELF:
        return not notice.data.get("confirmed", False)
    return notice.kind == NoticeKind.ACKNOWLEDGEMENT


def _bare(subject: str, tag: str) -> str:
    """Return the subject without answer marks and without the number that it may carry already."""
    text = one_line(subject, _LENGTH)
    while True:
        shorter = _PREFIX.sub("", text).strip()
        if shorter.startswith(tag):
            shorter = shorter[len(tag) :].strip()
        if shorter == text:
            return text
        text = shorter
