"""Which letter a notice becomes."""

from collections.abc import Sequence

from upheld.mailboxes.outgoing import letters_to_agents, letters_to_customers
from upheld.mailboxes.outgoing.blocks import Block, Plain
from upheld.mailboxes.outgoing.facts import Facts
from upheld.notices.models import Notice, NoticeKind


def blocks_of(notice: Notice, facts: Facts, left_out: Sequence[str] = ()) -> list[Block]:
    """Return what the mail says; `left_out` names files that were too large to go with it."""
    match NoticeKind(notice.kind):
        case NoticeKind.ACKNOWLEDGEMENT:
            return letters_to_customers.acknowledgement(notice, facts)
        case NoticeKind.REPLY:
            return letters_to_customers.reply(notice, facts, left_out)
        case NoticeKind.STATUS:
            return letters_to_customers.status(notice, facts)
        case NoticeKind.REMINDER:
            return letters_to_customers.reminder(notice, facts)
        case NoticeKind.ASSIGNED:
            return letters_to_agents.assigned(notice, facts)
        case NoticeKind.CUSTOMER_WROTE:
            return letters_to_agents.customer_wrote(notice, facts)
        case NoticeKind.WARNING:
            return letters_to_agents.warning(notice, facts)
        case NoticeKind.BREACH:
            return letters_to_agents.breach(notice, facts)
        case NoticeKind.ACCOUNT:
            return [Plain(str(notice.data.get("text", "")))]
