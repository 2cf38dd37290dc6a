"""Give a held request its number."""

from dataclasses import replace

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.actions import affiliate
from upheld.people.models import Agent, Contract, Organization
from upheld.policy.document import Document
from upheld.rules.entitlement import Held
from upheld.rules.one_line import one_line
from upheld.rules.permissions import Act
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand_on
from upheld.tickets.admitting import request_of
from upheld.tickets.gate import covered_by, examined
from upheld.tickets.held import take
from upheld.tickets.incoming import Admission, NewRequest
from upheld.tickets.models import HeldRequest, HeldState, Ticket
from upheld.tickets.moment import Moment

LONGEST_REASON = 500


@transaction.atomic
def admit_request(
    held_id: int,
    agent: Agent,
    moment: Moment,
    *,
    reason: str = "",
    contract: Contract | None = None,
    organization: Organization | None = None,
    affiliates: bool = False,
    acknowledge: bool = True,
) -> Ticket:
    """Admit a held request: by a contract, with a reason, or because it would be admitted now; returns its ticket.

    The ticket keeps the receipt of the request. The time in which it was held counts only if a contract that covers it
    was in force at its receipt. `organization` is the one for which its sender asks; `affiliates` lets them belong to
    it from now on. One that is admitted already stays as it is. Raises HeldRequest.DoesNotExist where the agent may not
    see it, NotAllowed, and Refused.
    """
    held = take(held_id, agent)
    demand_on(agent, Act.admit_request, held.desk_id)
    if held.state == HeldState.ADMITTED:
        assert held.ticket is not None  # noqa: S101 - it is what an admitted one became
        return held.ticket
    reason = one_line(reason, LONGEST_REASON)
    organization = _organization(held, contract, organization)
    document = document_of(version_in_force(held.desk, held.received_at).pk)
    request, at_receipt = _entitled(held, document, moment, contract, organization, reason)
    if affiliates:
        _affiliate(held, organization, agent, moment)
    admission = Admission(held=held, agent=agent, reason=reason, contract_at_receipt=at_receipt)
    ticket = open_ticket(replace(request, admission=admission, acknowledge=acknowledge), moment)
    _decided(held, ticket, agent, reason, moment)
    record(
        at=moment.at,
        actor=agent.address,
        action="request admitted",
        subject=f"held request {held.pk}",
        desk=held.desk,
        ticket=ticket.number,
        reason=reason,
        contract=request.contract.reference if request.contract else "",
        contract_at_receipt=at_receipt,
        restricted=ticket.restricted or None,
    )
    return ticket


def _organization(
    held: HeldRequest, contract: Contract | None, organization: Organization | None
) -> Organization | None:
    for each in filter(None, (contract, organization)):
        if each.desk_id != held.desk_id:
            raise Refused("That belongs to another desk. Choose a contract or an organization of this one.")
    if contract is None:
        return organization
    if organization is not None and contract.organization_id != organization.pk:
        raise Refused(f"{contract.reference} is a contract of another organization. Choose one of the two.")
    return contract.organization


def _entitled(
    held: HeldRequest,
    document: Document,
    moment: Moment,
    contract: Contract | None,
    organization: Organization | None,
    reason: str,
) -> tuple[NewRequest, bool]:
    """The request with its organization, contract and plan, and whether a contract covered it at its receipt."""
    request, vouched = request_of(held), organization is not None
    if organization is not None:
        request = replace(request, organization=organization)
    outcome = None
    for at in (held.received_at, moment.at):
        if contract is not None:
            known, outcome = covered_by(contract, request, document, at)
        else:
            known, outcome = examined(request, document, at=at, vouched=vouched)
        if not isinstance(outcome, Held):
            return known, at == held.received_at
    if contract is not None:
        raise Refused(
            f"{contract.reference} does not cover this request: {outcome.because}. Choose another contract, or"
            " admit it with a reason and without one."
        )
    if not reason:
        raise Refused("Say why you admit it, or choose the contract under which it comes.")
    return examined(request, document, at=held.received_at, vouched=vouched)[0], False


def _affiliate(held: HeldRequest, organization: Organization | None, agent: Agent, moment: Moment) -> None:
    demand_on(agent, Act.change_customers, held.desk_id)
    if organization is None:
        raise Refused("Choose the organization to which the sender belongs.")
    theirs = held.contact.affiliations.filter(organization=organization)
    if not theirs.exists():
        affiliate(held.contact_id, organization.pk, by=agent.address, now=moment.at)


def _decided(held: HeldRequest, ticket: Ticket, agent: Agent, reason: str, moment: Moment) -> None:
    held.state, held.ticket, held.wake_at = HeldState.ADMITTED, ticket, None
    held.decided_at, held.decided_by, held.decision = moment.at, agent, reason
    held.save(update_fields=["state", "ticket", "wake_at", "decided_at", "decided_by", "decision"])
