"""Whether what comes to a ticket that is done still belongs to it."""

from collections.abc import Sequence

from upheld.clock import to_micros
from upheld.policy.path import InForce
from upheld.policy.story import Actor, Event
from upheld.policy.walk import follow


def refuses_to_reopen(versions: Sequence[InForce], story: Sequence[Event], supposed: Event) -> bool:
    """Whether a fact belongs on a new ticket: it comes after the time for reopening, or it is a customer's message, no
    mere thanks, to a ticket in a status that no message ends.

    `supposed` has not happened; its `seq` is greater than any in the story.
    """
    path = follow(versions, [*story, supposed], to_micros(supposed.at))
    if path.received is None or path.merged_at is not None:
        return False
    if any(each.kind == "new_ticket" and each.data["seq"] == supposed.seq for each in path.consequences):
        return True
    status = path.stays[-1].status
    return status.is_done and status.on_reply is None and _wants_answer(supposed)


def _wants_answer(fact: Event) -> bool:
    is_message = fact.kind == "message" and fact.actor is Actor.customer
    return is_message and bool(fact.data.get("reopens", True))
