"""What pages and actions ask about held requests. Every question starts from `visible_held`."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, QuerySet

from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.models import Agent, Contract
from upheld.policy import Policy
from upheld.policy.document import Document
from upheld.rules.entitlement import Held
from upheld.rules.permissions import Act, allowed
from upheld.tickets.admitting import request_of
from upheld.tickets.gate import examined
from upheld.tickets.models import HeldRequest, HeldState
from upheld.tickets.naming import named_in
from upheld.tickets.visibility import AgentViewer, visible_held_requests

PAGE_SIZE = 25
DUE_FIRST = (F("due_at").asc(nulls_last=True), "received_at", "pk")
DECIDED = (HeldState.ADMITTED, HeldState.DECLINED)


@dataclass(frozen=True, slots=True)
class Covered:
    """A held request that would be admitted now: under this contract, and whether that covered it at its receipt."""

    contract: Contract | None
    at_receipt: bool


def visible_held(viewer: AgentViewer) -> QuerySet[HeldRequest]:
    """Return the held requests that an agent may know of; one for named people only is for the desk's named readers."""
    desks = [desk for desk, role in viewer.roles.items() if allowed(role, Act.read_held_requests)]
    return visible_held_requests(viewer).filter(desk_id__in=desks)


def may_hold(version_ids: Iterable[int]) -> bool:
    """Whether any of these versions of policies lets a request be held; where none does there is nothing to count."""
    return any(_holds(document_of(each)) for each in version_ids)


def _holds(document: Document) -> bool:
    entitlement = document.entitlement
    if entitlement.contract == "required" and entitlement.without == "hold":
        return True
    return any(each.needs_contract or each.only_for != "anybody" for each in document.request_types)


def undecided(viewer: AgentViewer) -> QuerySet[HeldRequest]:
    """Return the requests that wait for a decision."""
    return visible_held(viewer).filter(state=HeldState.HELD).order_by()


def take(held_id: int, agent: Agent) -> HeldRequest:
    """Lock a held request that the agent may see; raises HeldRequest.DoesNotExist for any other."""
    visible_held(AgentViewer.of(agent)).values_list("pk").get(pk=held_id)
    HeldRequest.objects.select_for_update().values_list("pk").get(pk=held_id)
    # Read only when the lock is ours: what is joined to a locked row may be older than the row.
    return HeldRequest.objects.select_related("desk", "contact", "ticket", "organization").get(pk=held_id)


def named_level(held: HeldRequest, policy: Policy) -> str | None:
    """Return the priority that the sender chose, or else names in the policy's own words; of what they wrote in several
    messages the most urgent one."""
    if held.requested_priority and policy.has_priority(held.requested_priority):
        return held.requested_priority
    if held.opened_by_id is not None:
        # What an agent wrote down is no word of the sender's.
        return None
    texts = [each.text for each in held.messages.all()]
    named = [named_in(held.subject, text, policy, policy.default_priority) for text in texts]
    found = [each.priority for each in named if each is not None]
    return min(found, key=lambda each: policy.priority(each).rank, default=None)


def covered_now(requests: Iterable[HeldRequest], now: datetime) -> dict[int, Covered]:
    """Return, by id, those of these requests that would be admitted now, since somebody entered what was missing."""
    found: dict[int, Covered] = {}
    for held in requests:
        document = document_of(version_in_force(held.desk, held.received_at).pk)
        request = replace(request_of(held), confirmed=held.contact.confirmed_at is not None)
        for at in (held.received_at, now):
            known, outcome = examined(request, document, at=at, locked=False)
            if not isinstance(outcome, Held):
                found[held.pk] = Covered(known.contract, at == held.received_at)
                break
    return found
