"""Every write to tickets: one file an intention, one transaction each."""

from upheld.tickets.actions.assign import assign
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.actions.receive_message import receive_message
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.release_message import release_message
from upheld.tickets.actions.reply import reply
from upheld.tickets.actions.set_priority import set_priority
from upheld.tickets.actions.set_status import set_status
from upheld.tickets.actions.settle_ticket import settle_ticket, settle_tickets
from upheld.tickets.actions.write_note import write_note

__all__ = [
    "Refused",
    "assign",
    "open_ticket",
    "receive_message",
    "release_message",
    "reply",
    "set_priority",
    "set_status",
    "settle_ticket",
    "settle_tickets",
    "write_note",
]
