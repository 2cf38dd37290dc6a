"""To which ticket does a mail belong? Decided from facts alone; a mail proves nothing about who wrote it.

| what the mail carries | sender | becomes |
| --- | --- | --- |
| a reply token of a ticket (only its recipient got it) | the token's own contact | follow-up |
| a reply token | an active participant of that ticket | follow-up |
| a reply token | somebody else | a third party's message, not shown to the requester until released |
| one of our checked Message-IDs, or a known one, in In-Reply-To or References | an active participant | follow-up |
| a number in the subject | an active participant | follow-up |
| a number or Message-ID | anybody else | a new ticket: it opens no door |
| an ambiguous sender | - | a new ticket, whatever else it carries |
| marks of a machine, with a token, Message-ID or number of ours | - | kept on that ticket, no clock, no answer |
| marks of a machine, nothing of ours | - | ignored with the reason |
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Becomes(StrEnum):
    new_ticket = "new_ticket"
    follow_up = "follow_up"
    third_party = "third_party"
    machine = "machine"
    ignored = "ignored"


class Trace(StrEnum):
    """How a mail points at a ticket, strongest first."""

    token = "token"  # noqa: S105 - a kind of trace, not a secret
    reference = "reference"
    number = "number"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A ticket that the mail points at, and whether its sender is an active participant of it."""

    ticket_id: int
    trace: Trace
    sender_participates: bool


@dataclass(frozen=True, slots=True)
class Decision:
    becomes: Becomes
    ticket_id: int | None
    because: str


def decide(pointers: Sequence[Pointer], *, sender_certain: bool, machine: str | None) -> Decision:
    """Say what becomes of a mail.

    `pointers` are the tickets it points at, tokens already verified and numbers already resolved within the desk
    of the mailbox; `machine` is the reason why it counts as automatic, or None for a person's mail.
    """
    ordered = sorted(pointers, key=lambda pointer: list(Trace).index(pointer.trace))
    if machine is not None:
        return _from_machine(ordered, machine)
    if not sender_certain:
        return Decision(Becomes.new_ticket, None, "the sender is ambiguous, so it follows up on nothing")
    for pointer in ordered:
        if pointer.sender_participates:
            because = f"its {pointer.trace} names the ticket and the sender belongs to it"
            return Decision(Becomes.follow_up, pointer.ticket_id, because)
    if ordered and ordered[0].trace is Trace.token:
        because = "it carries a reply token, but its sender does not belong to the ticket"
        return Decision(Becomes.third_party, ordered[0].ticket_id, because)
    if ordered:
        because = "it names a ticket to which its sender does not belong"
        return Decision(Becomes.new_ticket, None, because)
    return Decision(Becomes.new_ticket, None, "it names no ticket")


def _from_machine(ordered: Sequence[Pointer], machine: str) -> Decision:
    if ordered and (ordered[0].trace is Trace.token or ordered[0].sender_participates):
        return Decision(Becomes.machine, ordered[0].ticket_id, machine)
    return Decision(Becomes.ignored, None, machine)
