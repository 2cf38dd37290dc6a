"""Every write to tickets: one file an intention, one transaction each."""

from upheld.tickets.actions.assign import assign
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.actions.receive_message import receive_message
from upheld.tickets.actions.record_bounce import Report, record_bounce
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.release_message import release_message
from upheld.tickets.actions.remove_participant import remove_participant
from upheld.tickets.actions.reply import reply
from upheld.tickets.actions.set_priority import set_priority
from upheld.tickets.actions.set_status import set_status
from upheld.tickets.actions.settle_ticket import settle_ticket, settle_tickets
from upheld.tickets.actions.tell_answer_kept import tell_answer_kept
from upheld.tickets.actions.write_note import write_note

__all__ = [
    "Refused",
    "Report",
    "assign",
    "open_ticket",
    "receive_message",
    "record_bounce",
    "release_message",
    "remove_participant",
    "reply",
    "set_priority",
    "set_status",
    "settle_ticket",
    "settle_tickets",
    "tell_answer_kept",
    "write_note",
]
