"""Every write to desks, one file an intention."""

from upheld.desks.actions.add_portal import add_portal
from upheld.desks.actions.change_desk import DeskRefused, change_desk
from upheld.desks.actions.change_letters import LettersRefused, change_letters
from upheld.desks.actions.change_portal import change_portal
from upheld.desks.actions.create_desk import PrefixRefused, create_desk
from upheld.desks.actions.draft_policy import (
    DraftRefused,
    begin_draft,
    change_draft,
    discard_draft,
    keep_effect,
)
from upheld.desks.actions.move_portal import move_portal
from upheld.desks.actions.publish_policy import (
    PolicyRefused,
    Prepared,
    PublicationRefused,
    prepare,
    publish_policy,
    publish_prepared,
)
from upheld.desks.actions.remove_portal import remove_portal
from upheld.desks.actions.set_up_mailbox import MailboxRefused, add_mailbox, change_mailbox
from upheld.desks.actions.withdraw_policy import withdraw_policy
from upheld.desks.portals import PortalRefused

__all__ = [
    "DeskRefused",
    "DraftRefused",
    "LettersRefused",
    "MailboxRefused",
    "PolicyRefused",
    "PortalRefused",
    "PrefixRefused",
    "Prepared",
    "PublicationRefused",
    "add_mailbox",
    "add_portal",
    "begin_draft",
    "change_desk",
    "change_draft",
    "change_letters",
    "change_mailbox",
    "change_portal",
    "create_desk",
    "discard_draft",
    "keep_effect",
    "move_portal",
    "prepare",
    "publish_policy",
    "publish_prepared",
    "remove_portal",
    "withdraw_policy",
]
