"""From whom the envelope of a mail says that it comes: where a mail that cannot be delivered goes back to.

What answers a mail by itself has an empty sender (RFC 3834, section 3.3), so that no two machines ever talk. What
tells an agent of a bounce has one too, so that a bounce never causes a bounce. Everything else that leaves from a
mailbox has a sender of its own, by whose token the notice is known that came back.
"""

from django.conf import settings

from upheld.notices.models import Notice, NoticeKind
from upheld.tickets.keys import bounce_token

NOBODY = "<>"
LOCAL_PART_LIMIT = 64
_NEVER_COMES_BACK = frozenset(
    {
        NoticeKind.ACKNOWLEDGEMENT,
        NoticeKind.HELD,
        NoticeKind.INFORMATION,
        NoticeKind.ANSWER_KEPT,
        NoticeKind.BOUNCED,
    }
)


def envelope_senders(notice: Notice, address: str) -> tuple[str, ...]:
    """Return the senders to try, the best first; `address` is that of the From line, which every mail server takes
    that takes our mail at all."""
    if notice.desk_id is None or address == settings.DEFAULT_FROM_EMAIL:
        return (address,)
    if notice.kind in _NEVER_COMES_BACK:
        return NOBODY, address
    own = plus(address, bounce_token(notice.pk))
    return (own, address) if own else (address,)


def plus(address: str, token: str) -> str | None:
    """Return the plus-address of a mailbox that carries a token; None where it would be too long for mail."""
    local, _, domain = address.rpartition("@")
    local = f"{local}+{token}"
    return f"{local}@{domain}" if len(local) <= LOCAL_PART_LIMIT else None
