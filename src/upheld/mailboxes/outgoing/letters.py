"""Which letter a notice becomes."""

from collections.abc import Sequence

from upheld.mailboxes.outgoing import (
    contract_letter,
    escalation_letters,
    held_letters,
    letters_to_agents,
    letters_to_customers,
    morning_mail,
    side_letters,
    snooze_letter,
    workspace_letters,
)
from upheld.mailboxes.outgoing.blocks import Block, Footer, Plain
from upheld.mailboxes.outgoing.facts import Facts
from upheld.mailboxes.outgoing.files import FileLink
from upheld.notices.models import Notice, NoticeKind


def blocks_of(notice: Notice, facts: Facts, linked: Sequence[FileLink] = ()) -> list[Block]:
    """Return what the mail says, the desk's footer last; `linked` are files that were too large to go with it."""
    blocks = _letter(notice, facts, linked)
    return [*blocks, Footer(facts.footer)] if facts.footer else blocks


def _letter(notice: Notice, facts: Facts, linked: Sequence[FileLink]) -> list[Block]:
    match NoticeKind(notice.kind):
        case NoticeKind.ACKNOWLEDGEMENT:
            return letters_to_customers.acknowledgement(notice, facts)
        case NoticeKind.REPLY:
            return letters_to_customers.reply(notice, facts, linked)
        case NoticeKind.STATUS:
            return letters_to_customers.status(notice, facts)
        case NoticeKind.REMINDER:
            return letters_to_customers.reminder(notice, facts)
        case NoticeKind.INFORMATION:
            return letters_to_customers.information(notice, facts)
        case NoticeKind.MERGED:
            return letters_to_customers.merged(notice, facts)
        case NoticeKind.ASSIGNED:
            return letters_to_agents.assigned(notice, facts)
        case NoticeKind.CUSTOMER_WROTE:
            return letters_to_agents.customer_wrote(notice, facts)
        case NoticeKind.WARNING:
            return letters_to_agents.warning(notice, facts)
        case NoticeKind.BREACH:
            return letters_to_agents.breach(notice, facts)
        case NoticeKind.ESCALATED:
            return escalation_letters.escalated(notice, facts)
        case NoticeKind.HANDED_OVER:
            return escalation_letters.handed_over(notice, facts)
        case NoticeKind.JOINED:
            return escalation_letters.joined(notice, facts)
        case NoticeKind.MENTIONED:
            return workspace_letters.mentioned(notice, facts)
        case NoticeKind.NOT_DONE:
            return workspace_letters.not_done(notice, facts)
        case NoticeKind.SIDE:
            return side_letters.aside(notice, facts)
        case NoticeKind.SIDE_ANSWERED:
            return side_letters.answered(notice, facts)
        case NoticeKind.SNOOZE_OVER:
            return snooze_letter.back(notice, facts)
        case NoticeKind.RAISED:
            return letters_to_agents.raised(notice, facts)
        case NoticeKind.PAGED:
            return letters_to_agents.paged(notice, facts)
        case NoticeKind.THIRD_PARTY:
            return letters_to_agents.third_party(notice, facts)
        case NoticeKind.BOUNCED:
            return letters_to_agents.bounced(notice, facts)
        case NoticeKind.ANSWER_KEPT:
            return letters_to_agents.answer_kept(notice, facts)
        case NoticeKind.RESTRICTED:
            return letters_to_agents.restricted(notice, facts)
        case NoticeKind.HELD:
            return held_letters.held(notice, facts)
        case NoticeKind.HELD_DECLINED:
            return held_letters.declined(notice, facts)
        case NoticeKind.HELD_ALERT:
            return held_letters.alert(notice, facts)
        case NoticeKind.CONTRACT_ENDING:
            return contract_letter.contract_ending(notice, facts)
        case NoticeKind.DIGEST:
            return morning_mail.digest(notice, facts)
        case NoticeKind.ACCOUNT:
            return [Plain(str(notice.data.get("text", "")))]
