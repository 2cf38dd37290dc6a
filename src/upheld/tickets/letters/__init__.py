"""The notices about a ticket. Each row holds what was true when its cause happened, as plain values.

They gather at the pen and are posted together, at the end of the action that caused them.
"""

from upheld.tickets.letters.clocks import (
    current_clock,
)
from upheld.tickets.letters.posting import (
    BY_ITSELF_AN_HOUR,
    post,
    sender_of,
    store,
)
from upheld.tickets.letters.to_agents import (
    KEPT_ANSWERS_AN_HOUR,
    alert,
    escalate,
    page,
    tell_answer_kept,
    tell_aside_answered,
    tell_assignee,
    tell_bounced,
    tell_complaint,
    tell_complaint_missed,
    tell_customer_wrote,
    tell_handed_over,
    tell_joined,
    tell_nobody_reads,
    tell_page_taken,
    tell_raised,
    tell_reader,
    tell_third_party,
)
from upheld.tickets.letters.to_customers import (
    acknowledge,
    ask_information,
    remind_customer,
    send_reply,
    tell_merge_undone,
    tell_merged,
    tell_status,
    tells_status,
)
from upheld.tickets.letters.to_third_parties import (
    send_aside,
)
from upheld.tickets.letters.workspace import (
    tell_mentioned,
    tell_not_done,
)

__all__ = [
    "BY_ITSELF_AN_HOUR",
    "KEPT_ANSWERS_AN_HOUR",
    "acknowledge",
    "alert",
    "ask_information",
    "current_clock",
    "escalate",
    "page",
    "post",
    "remind_customer",
    "send_aside",
    "send_reply",
    "sender_of",
    "store",
    "tell_answer_kept",
    "tell_aside_answered",
    "tell_assignee",
    "tell_bounced",
    "tell_complaint",
    "tell_complaint_missed",
    "tell_customer_wrote",
    "tell_handed_over",
    "tell_joined",
    "tell_mentioned",
    "tell_merge_undone",
    "tell_merged",
    "tell_nobody_reads",
    "tell_not_done",
    "tell_page_taken",
    "tell_raised",
    "tell_reader",
    "tell_status",
    "tell_third_party",
    "tells_status",
]
