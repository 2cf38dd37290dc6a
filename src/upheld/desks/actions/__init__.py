"""Every write to desks, one file an intention."""

from upheld.desks.actions.change_letters import LettersRefused, change_letters
from upheld.desks.actions.create_desk import create_desk
from upheld.desks.actions.draft_policy import (
    DraftRefused,
    begin_draft,
    change_draft,
    discard_draft,
    keep_effect,
)
from upheld.desks.actions.publish_policy import (
    PolicyRefused,
    Prepared,
    PublicationRefused,
    prepare,
    publish_policy,
    publish_prepared,
)
from upheld.desks.actions.set_up_mailbox import MailboxRefused, add_mailbox, change_mailbox
from upheld.desks.actions.withdraw_policy import withdraw_policy

__all__ = [
    "DraftRefused",
    "LettersRefused",
    "MailboxRefused",
    "PolicyRefused",
    "Prepared",
    "PublicationRefused",
    "add_mailbox",
    "begin_draft",
    "change_draft",
    "change_letters",
    "change_mailbox",
    "create_desk",
    "discard_draft",
    "keep_effect",
    "prepare",
    "publish_policy",
    "publish_prepared",
    "withdraw_policy",
]
