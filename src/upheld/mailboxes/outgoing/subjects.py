"""One subject for all mails about a ticket.

Gmail puts mails together when References *and* subject agree (a leading `Re:` aside), Outlook and Apple Mail go by
References; so every mail about a ticket carries `Re: [NUMBER] subject`, unchanged over its life. One mail differs:
the acknowledgement of a request from a form or by mail. Nobody has shown that the address belongs to the author, so it
holds no word of theirs - otherwise anybody could send anything to anybody through the desk.
"""

import re

from upheld.mailboxes.outgoing.headers import one_line
from upheld.notices.models import Notice, NoticeKind

_PREFIX = re.compile(r"\A(?:(?:re|aw|sv|vs|antw|wg|fw|fwd)(?:\[\d{1,3}\])?\s?:\s*)+", re.IGNORECASE)
# The channels on which the words came from an agent's hand.
_KNOWN_AUTHORS = ("phone", "agent")
_LENGTH = 180


def subject_of(notice: Notice) -> str:
    """Return the subject of a notice's mail."""
    subject = str(notice.data.get("subject", ""))
    if notice.kind == NoticeKind.ACCOUNT or not notice.ticket_number:
        return one_line(subject, _LENGTH) or "Your account"
    tag = f"[{notice.ticket_number}]"
    if holds_no_words(notice):
        return f"{tag} We received your request"
    return f"Re: {tag} {_bare(subject, tag)}".rstrip()


def holds_no_words(notice: Notice) -> bool:
    """Whether the mail may repeat no word that was submitted with the request."""
    return notice.kind == NoticeKind.ACKNOWLEDGEMENT and notice.data.get("channel", "") not in _KNOWN_AUTHORS


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
