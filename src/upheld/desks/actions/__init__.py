"""Every write to desks, one file an intention."""

from upheld.desks.actions.change_letters import LettersRefused, change_letters
from upheld.desks.actions.create_desk import create_desk
from upheld.desks.actions.publish_policy import PolicyRefused, publish_policy
from upheld.desks.actions.set_up_mailbox import MailboxRefused, add_mailbox, change_mailbox

__all__ = [
    "LettersRefused",
    "MailboxRefused",
    "PolicyRefused",
    "add_mailbox",
    "change_letters",
    "change_mailbox",
    "create_desk",
    "publish_policy",
]
