"""Every write to tickets: one file an intention, one transaction each."""

from upheld.tickets.actions.acknowledge_page import acknowledge_page
from upheld.tickets.actions.add_to_held import add_to_held
from upheld.tickets.actions.admit_request import admit_request
from upheld.tickets.actions.alert_overdue import alert_overdue
from upheld.tickets.actions.ask_information import ask_information
from upheld.tickets.actions.assign import assign
from upheld.tickets.actions.be_present import be_present, go_away
from upheld.tickets.actions.broadcast import broadcast
from upheld.tickets.actions.call_next import call_next
from upheld.tickets.actions.change_address import change_address
from upheld.tickets.actions.change_outside_work import (
    add_outside_work,
    change_outside_work,
    remove_outside_work,
)
from upheld.tickets.actions.change_own_field import (
    add_own_field,
    bring_back_own_field,
    change_own_field,
    move_own_field,
    retire_own_field,
)
from upheld.tickets.actions.change_requester import Asker, change_requester
from upheld.tickets.actions.change_tag import delete_tag, merge_tag, rename_tag
from upheld.tickets.actions.close_out_of_scope import close_out_of_scope
from upheld.tickets.actions.confirm_solution import NotAskedError, confirm_solution
from upheld.tickets.actions.decline_request import decline_request
from upheld.tickets.actions.describe_workaround import describe_workaround
from upheld.tickets.actions.end_third_party import give_up_third_party, tell_it_works_again
from upheld.tickets.actions.follow_problem import follow_problem
from upheld.tickets.actions.give_information import fill_in_information, give_information
from upheld.tickets.actions.hand_over import Goal, hand_over
from upheld.tickets.actions.join_problem import join_problem, leave_problem
from upheld.tickets.actions.join_ticket import join_ticket, leave_ticket
from upheld.tickets.actions.keep_draft import (
    KeptDraft,
    discard_draft,
    keep_draft,
    keep_files,
    remove_draft_file,
)
from upheld.tickets.actions.labels import set_custom, tag_ticket, untag_ticket
from upheld.tickets.actions.link_tickets import link_tickets, unlink_tickets
from upheld.tickets.actions.log_call import log_call
from upheld.tickets.actions.log_reading import log_reading
from upheld.tickets.actions.look_at import look_at
from upheld.tickets.actions.mark_spam import mark_spam, unmark_spam
from upheld.tickets.actions.merge_contacts import merge_contacts
from upheld.tickets.actions.merge_tickets import merge_tickets
from upheld.tickets.actions.name_reader import give_waiting, name_reader
from upheld.tickets.actions.noting_third_party import ThirdParty
from upheld.tickets.actions.open_problem import open_problem
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.actions.press import count_failure, do_press, hurry, press, take_back
from upheld.tickets.actions.promise_update import promise_update
from upheld.tickets.actions.publish import Outcome, Publication, publish
from upheld.tickets.actions.raise_priority import NotHigher, raise_priority
from upheld.tickets.actions.receive_aside import receive_aside
from upheld.tickets.actions.receive_message import receive_message
from upheld.tickets.actions.record_bounce import Report, record_bounce
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.release_message import release_message
from upheld.tickets.actions.remind_of_contracts import remind_of_contracts
from upheld.tickets.actions.remind_of_third_party import remind_of_third_party
from upheld.tickets.actions.remove_participant import remove_participant
from upheld.tickets.actions.reply import reply
from upheld.tickets.actions.restrict_ticket import (
    add_reader,
    lift_restriction,
    restrict_ticket,
    take_out_reader,
)
from upheld.tickets.actions.save_macro import remove_macro, save_macro
from upheld.tickets.actions.save_reply import remove_saved_reply, save_reply
from upheld.tickets.actions.saved_queue import change_queue, delete_queue, keep_queue, move_queue
from upheld.tickets.actions.send_draft import add_note, send_reply
from upheld.tickets.actions.set_field import set_field, set_fields
from upheld.tickets.actions.set_priority import set_priority
from upheld.tickets.actions.set_status import set_status
from upheld.tickets.actions.settle_ticket import settle_ticket, settle_tickets
from upheld.tickets.actions.snooze import end_snooze, end_snoozes, snooze
from upheld.tickets.actions.solve_problem import solve_problem
from upheld.tickets.actions.split_ticket import SplitPart, split_ticket
from upheld.tickets.actions.store_information import store_information
from upheld.tickets.actions.sweep_drafts import sweep_drafts
from upheld.tickets.actions.take_complaint import take_complaint
from upheld.tickets.actions.take_in import take_in
from upheld.tickets.actions.take_over import go_on_with_takeovers, take_over
from upheld.tickets.actions.tell_answer_kept import tell_answer_kept
from upheld.tickets.actions.tie_together import tie_together
from upheld.tickets.actions.undo_merge import undo_merge
from upheld.tickets.actions.waive_information import waive_information
from upheld.tickets.actions.wake import wake
from upheld.tickets.actions.watch_third_party import change_third_party, watch_third_party
from upheld.tickets.actions.write_aside import (
    Aside,
    close_aside,
    open_aside,
    reopen_aside,
    write_in_aside,
)
from upheld.tickets.actions.write_copies import write_copies
from upheld.tickets.actions.write_note import write_note

__all__ = [
    "Aside",
    "Asker",
    "Goal",
    "KeptDraft",
    "NotAskedError",
    "NotHigher",
    "Outcome",
    "Publication",
    "Refused",
    "Report",
    "SplitPart",
    "ThirdParty",
    "acknowledge_page",
    "add_note",
    "add_outside_work",
    "add_own_field",
    "add_reader",
    "add_to_held",
    "admit_request",
    "alert_overdue",
    "ask_information",
    "assign",
    "be_present",
    "bring_back_own_field",
    "broadcast",
    "call_next",
    "change_address",
    "change_outside_work",
    "change_own_field",
    "change_queue",
    "change_requester",
    "change_third_party",
    "close_aside",
    "close_out_of_scope",
    "confirm_solution",
    "count_failure",
    "decline_request",
    "delete_queue",
    "delete_tag",
    "describe_workaround",
    "discard_draft",
    "do_press",
    "end_snooze",
    "end_snoozes",
    "fill_in_information",
    "follow_problem",
    "give_information",
    "give_up_third_party",
    "give_waiting",
    "go_away",
    "go_on_with_takeovers",
    "hand_over",
    "hurry",
    "join_problem",
    "join_ticket",
    "keep_draft",
    "keep_files",
    "keep_queue",
    "leave_problem",
    "leave_ticket",
    "lift_restriction",
    "link_tickets",
    "log_call",
    "log_reading",
    "look_at",
    "mark_spam",
    "merge_contacts",
    "merge_tag",
    "merge_tickets",
    "move_own_field",
    "move_queue",
    "name_reader",
    "open_aside",
    "open_problem",
    "open_ticket",
    "press",
    "promise_update",
    "publish",
    "raise_priority",
    "receive_aside",
    "receive_message",
    "record_bounce",
    "release_message",
    "remind_of_contracts",
    "remind_of_third_party",
    "remove_draft_file",
    "remove_macro",
    "remove_outside_work",
    "remove_participant",
    "remove_saved_reply",
    "rename_tag",
    "reopen_aside",
    "reply",
    "restrict_ticket",
    "retire_own_field",
    "save_macro",
    "save_reply",
    "send_reply",
    "set_custom",
    "set_field",
    "set_fields",
    "set_priority",
    "set_status",
    "settle_ticket",
    "settle_tickets",
    "snooze",
    "solve_problem",
    "split_ticket",
    "store_information",
    "sweep_drafts",
    "tag_ticket",
    "take_back",
    "take_complaint",
    "take_in",
    "take_out_reader",
    "take_over",
    "tell_answer_kept",
    "tell_it_works_again",
    "tie_together",
    "undo_merge",
    "unlink_tickets",
    "unmark_spam",
    "untag_ticket",
    "waive_information",
    "wake",
    "watch_third_party",
    "write_copies",
    "write_in_aside",
    "write_note",
]
