"""What does a mail become? Decided from facts alone; a mail proves nothing about who wrote it.

The table is in docs/mail.md, "What a mail becomes". In short: a token that only its reader got, or a sender who takes
part, makes a mail count; a sender who may be forged is held for an agent to look at; what names a ticket without either
opens no door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from upheld.rules.domain_check import DomainCheck

FORGED = "our mail server says that it did not come from its sender's domain"


class Becomes(StrEnum):
    """`held` and `machine` are messages that agents see and participants do not; `kept` is no message yet; `joins` adds
    to a request that is held at intake, and so has no ticket."""

    new_ticket = "new_ticket"
    joins = "joins"
    follow_up = "follow_up"
    answer = "answer"
    held = "held"
    machine = "machine"
    bounce = "bounce"
    ignored = "ignored"
    kept = "kept"


class Trace(StrEnum):
    """How a mail points at a ticket, strongest first."""

    agent_token = "address for an agent's answer"  # noqa: S105 - a kind of trace, not a secret
    token = "reply token"  # noqa: S105
    our_id = "reference to a mail of ours"
    known_id = "reference to a mail that we know"
    number = "number"


class Relation(StrEnum):
    """What the sender is to a ticket: `agent` is the very agent whom an agent's token names."""

    agent = "agent"
    participant = "participant"
    colleague = "colleague"
    nobody = "nobody"


_STRENGTH = {trace: place for place, trace in enumerate(Trace)}
# What only somebody can know who had a mail of ours; a number can be guessed.
_SECRETS = frozenset({Trace.agent_token, Trace.token, Trace.our_id})


@dataclass(frozen=True, slots=True)
class Pointer:
    """A ticket that the mail points at, what its sender is to it, and whether few people may know of it. `own_token`
    says that the mail carries the very token that its sender was sent, and nobody else."""

    ticket_id: int
    trace: Trace
    sender: Relation
    restricted: bool = False
    agent_id: int | None = None
    own_token: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """`ticket_id` is where a message goes, or what a kept mail points at; `agent_id` is the agent whose answer it
    is, or who is told that it was kept; `confirms` says that a participant wrote who has what only they were sent;
    `held_request_id` is the held request that the mail adds to."""

    becomes: Becomes
    ticket_id: int | None
    because: str
    agent_id: int | None = None
    confirms: bool = False
    held_request_id: int | None = None


def decide(
    pointers: Sequence[Pointer],
    *,
    sender_certain: bool,
    domain: DomainCheck,
    machine: str | None = None,
    bounce_of: int | None = None,
    held_request: int | None = None,
) -> Decision:
    """Say what becomes of a mail.

    `pointers` are the tickets it points at, tokens already verified and numbers already resolved within the desk of
    the mailbox. `machine` is the reason why it counts as automatic, or None for a person's mail; `bounce_of` is the
    notice of ours that it reports about; `held_request` is one of the very sender that it refers to, and about which
    nobody has decided.
    """
    ordered = sorted(pointers, key=lambda pointer: _STRENGTH[pointer.trace])
    if machine is not None:
        return _from_machine(ordered, machine, bounce_of)
    if not sender_certain:
        return _new("the sender is ambiguous, so it follows up on nothing")
    return (
        _from_agent(ordered, domain)
        or _to_held(ordered, held_request, domain)
        or _from_participant(ordered, domain)
        or _from_outsider(ordered, domain)
        or _new("it names a ticket to which its sender does not belong" if ordered else "it names no ticket")
    )


def _from_machine(ordered: Sequence[Pointer], machine: str, bounce_of: int | None) -> Decision:
    if bounce_of is not None:
        return Decision(Becomes.bounce, ordered[0].ticket_id if ordered else None, machine)
    for pointer in ordered:
        if pointer.trace in _SECRETS or pointer.sender is Relation.participant:
            return Decision(Becomes.machine, pointer.ticket_id, machine)
    return Decision(Becomes.ignored, None, machine)


def _from_agent(ordered: Sequence[Pointer], domain: DomainCheck) -> Decision | None:
    for pointer in ordered:
        if pointer.trace is Trace.agent_token and pointer.sender is Relation.agent:
            if domain is DomainCheck.passed:
                because = "it came to the agent's own address for answering this ticket"
                return Decision(Becomes.answer, pointer.ticket_id, because, pointer.agent_id)
            doubt = FORGED if domain is DomainCheck.failed else "nobody has checked its sender's domain"
            because = f"an agent's answer by mail, but {doubt}"
            return Decision(Becomes.kept, pointer.ticket_id, because, pointer.agent_id)
    return None


def _to_held(ordered: Sequence[Pointer], held_request: int | None, domain: DomainCheck) -> Decision | None:
    """A late reply that is held refers to its old ticket as well; only the sender's own token for a ticket is stronger
    than the reference to what is held."""
    if held_request is None or domain is DomainCheck.failed or any(each.own_token for each in ordered):
        return None
    because = "it refers to a request of its sender that is held at intake"
    return Decision(Becomes.joins, None, because, held_request_id=held_request)


def _from_participant(ordered: Sequence[Pointer], domain: DomainCheck) -> Decision | None:
    for pointer in ordered:
        if pointer.sender is Relation.participant:
            if domain is not DomainCheck.failed:
                because = f"its {pointer.trace} names the ticket and the sender belongs to it"
                # Another reader's token or a Message-ID of ours is known to those who share the ticket as well.
                return Decision(Becomes.follow_up, pointer.ticket_id, because, confirms=pointer.own_token)
            keep = pointer.restricted and pointer.trace is not Trace.token
            return Decision(Becomes.kept if keep else Becomes.held, pointer.ticket_id, FORGED)
    return None


def _from_outsider(ordered: Sequence[Pointer], domain: DomainCheck) -> Decision | None:
    for pointer in ordered:
        if pointer.trace is Trace.agent_token:
            because = "it came to an agent's address for answering, but its sender is not that agent"
            return Decision(Becomes.kept, pointer.ticket_id, because)
        if pointer.trace is Trace.token:
            because = "it carries a reply token, but its sender does not belong to the ticket"
            return Decision(Becomes.kept if pointer.restricted else Becomes.held, pointer.ticket_id, because)
    if domain is DomainCheck.failed:
        return None
    for pointer in ordered:
        if pointer.sender is Relation.colleague and not pointer.restricted:
            because = f"its {pointer.trace} names the ticket, and its sender is a colleague of who asked"
            return Decision(Becomes.held, pointer.ticket_id, because)
    return None


def _new(because: str) -> Decision:
    return Decision(Becomes.new_ticket, None, because)
