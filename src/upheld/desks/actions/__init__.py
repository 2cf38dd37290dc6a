"""Every write to desks, one file an intention."""

from upheld.desks.actions.change_letters import LettersRefused, change_letters
from upheld.desks.actions.create_desk import create_desk
from upheld.desks.actions.publish_policy import PolicyRefused, publish_policy

__all__ = ["LettersRefused", "PolicyRefused", "change_letters", "create_desk", "publish_policy"]
