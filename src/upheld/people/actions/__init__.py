"""Every write to people, one file an intention."""

from upheld.people.actions.add_agent import add_agent
from upheld.people.actions.choose_digest import choose_digest
from upheld.people.actions.confirm_address import confirm_address
from upheld.people.actions.fill_roles import NotOnTheDesk, clear_role, fill_role
from upheld.people.actions.find_contact import find_or_add_contact
from upheld.people.actions.open_account import open_account

__all__ = [
    "NotOnTheDesk",
    "add_agent",
    "choose_digest",
    "clear_role",
    "confirm_address",
    "fill_role",
    "find_or_add_contact",
    "open_account",
]
