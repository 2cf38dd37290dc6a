"""Every write to tickets: one file an intention, one transaction each."""

from upheld.tickets.actions.assign import assign
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.actions.publish import Outcome, Publication, publish
from upheld.tickets.actions.receive_message import receive_message
from upheld.tickets.actions.record_bounce import Report, record_bounce
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.release_message import release_message
from upheld.tickets.actions.remove_participant import remove_participant
from upheld.tickets.actions.reply import reply
from upheld.tickets.actions.set_priority import set_priority
from upheld.tickets.actions.set_status import set_status
from upheld.tickets.actions.settle_ticket import settle_ticket, settle_tickets
from upheld.tickets.actions.take_over import go_on_with_takeovers, take_over
from upheld.tickets.actions.tell_answer_kept import tell_answer_kept
from upheld.tickets.actions.wake import wake
from upheld.tickets.actions.write_note import write_note

__all__ = [
    "Outcome",
    "Publication",
    "Refused",
    "Report",
    "assign",
    "go_on_with_takeovers",
    "open_ticket",
    "publish",
    "receive_message",
    "record_bounce",
    "release_message",
    "remove_participant",
    "reply",
    "set_priority",
    "set_status",
    "settle_ticket",
    "settle_tickets",
    "take_over",
    "tell_answer_kept",
    "wake",
    "write_note",
]
