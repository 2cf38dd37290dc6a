"""What a request names as its priority, and which one holds at its receipt: two things, and both are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from upheld.policy import Policy, Priority
from upheld.policy.document import ChannelPart
from upheld.rules.named_priority import Named, Where, read_priority
from upheld.tickets.incoming import NewRequest


@dataclass(frozen=True, slots=True)
class AtReceipt:
    """`named` is what the customer asked for; `raised_by` the channel that gives the request a higher priority."""

    named: Named | None = None
    raised_to: str = ""
    raised_by: str = ""

    @property
    def priority(self) -> str | None:
        """What holds from receipt on; None where the policy's usual one does."""
        return self.raised_to or (self.named.priority if self.named else None)

    def for_the_story(self) -> dict[str, Any]:
        """What the first line of the story says of it."""
        said: dict[str, Any] = {"priority": self.priority}
        if self.named:
            said |= {"requested": self.named.priority, "named_by": self.named.where.value}
            if self.named.words:
                said["named_words"] = self.named.words
        if self.raised_by:
            said["raised_by"] = self.raised_by
        return said


def at_receipt(request: NewRequest, policy: Policy, channels: Sequence[ChannelPart]) -> AtReceipt:
    """Return what a request names, and what its channel makes of it: some are meant for urgent requests only."""
    named = _named(request, policy)
    least = next((each.raises_to for each in channels if each.id == request.channel), None)
    holds = policy.priority(named.priority if named else policy.default_priority)
    if least is None or policy.priority(least).rank >= holds.rank:
        return AtReceipt(named)
    return AtReceipt(named, least, request.channel)


def _named(request: NewRequest, policy: Policy) -> Named | None:
    if request.priority and policy.has_priority(request.priority):
        return Named(request.priority, "", Where.call if request.call else Where.form)
    if request.opened_by is not None:
        # What an agent wrote down is no word of the customer's.
        return None
    return named_in(request.subject, request.text, policy, policy.default_priority)


def named_in(subject: str, body: str, policy: Policy, usual: str) -> Named | None:
    """Return what somebody's words name, in the words of the policy; in the body only what is more urgent than
    `usual`."""
    return read_priority(subject, body, [(each.id, each.words) for each in policy.priorities], usual)


def highest_above(policy: Policy, priority: str) -> Priority | None:
    """Return the most urgent level of a policy, where it is more urgent than this one."""
    top = min(policy.priorities, key=lambda each: each.rank)
    return top if top.id != priority else None
