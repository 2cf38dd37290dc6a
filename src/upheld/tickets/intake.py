"""The gate before the number: every request of a customer comes through here, whatever its channel."""

from dataclasses import replace

from django.db import transaction
from django.db.models import Count

from upheld.desks.policies import version_in_force
from upheld.desks.policy_documents import document_of
from upheld.people.affiliations import organizations_on
from upheld.people.contracts import agreement, contracts_of
from upheld.people.models import Contract, Organization
from upheld.policy.document import Document
from upheld.rules.entitlement import Asked, Entitled, Held, Terms, decide
from upheld.tickets.actions.hold_request import hold_request
from upheld.tickets.actions.open_ticket import open_ticket
from upheld.tickets.incoming import NewRequest
from upheld.tickets.models import HeldRequest, Ticket
from upheld.tickets.moment import Moment


@transaction.atomic(savepoint=False)
def take_in(request: NewRequest, moment: Moment) -> Ticket | HeldRequest:
    """Open a ticket under the promise that applies at the request's receipt, or hold the request without a number.

    What the request does not state is filled in from who asks and by which door: organization, product, region, plan,
    contract, and whether it is for named people only.
    """
    document = document_of(version_in_force(request.desk, request.received_at).pk)
    request, outcome = examined(request, document)
    if isinstance(outcome, Held):
        return hold_request(request, outcome.because, moment)
    return open_ticket(request, moment)


def examined(request: NewRequest, document: Document) -> tuple[NewRequest, Entitled | Held]:
    """Return the request with all that is known of it, and which promise applies."""
    request = _by_its_door(request, document)
    organizations = _organizations(request)
    contracts = {each.pk: each for each in contracts_of(each.pk for each in organizations)}
    asked = Asked(
        contact_id=request.contact.pk,
        organizations=[each.pk for each in organizations],
        received_at=request.received_at,
        product=request.product,
    )
    used = _used(contracts)
    outcome = decide(
        terms(document, request.request_type), asked, [agreement(each, used) for each in contracts.values()]
    )
    by_id = {each.pk: each for each in organizations}
    organization = by_id.get(outcome.organization_id or 0)
    request = replace(request, organization=organization, region=_region(request, organization, document))
    if isinstance(outcome, Entitled):
        contract = contracts.get(outcome.contract_id or 0)
        request = replace(request, contract=contract, plan=outcome.plan)
    return request, outcome


def terms(document: Document, request_type: str) -> Terms:
    """Return what a policy says of entitlement for a kind of request."""
    entitlement = document.entitlement
    kind = next((each for each in document.request_types if each.id == request_type), None)
    holds = entitlement.contract == "required" and entitlement.without == "hold"
    return Terms(
        contract_required=holds,
        plans=[each.id for each in document.plans],
        default_plan=entitlement.default_plan or "",
        needs_contract=kind is not None and kind.needs_contract,
        named_contact_only=kind is not None and kind.only_for == "named_contact",
    )


def _by_its_door(request: NewRequest, document: Document) -> NewRequest:
    doors = [each for each in (request.portal, request.mailbox) if each is not None]
    product = request.product
    if not product and request.portal is not None and len(request.portal.products) == 1:
        product = request.portal.products[0]
    if not product and request.mailbox is not None:
        product = request.mailbox.product
    known = {each.id for each in document.products}
    return replace(
        request,
        product=product if product in known else "",
        restricted=request.restricted or any(each.restricted for each in doors),
    )


def _organizations(request: NewRequest) -> list[Organization]:
    """Those for which the contact may ask; the one that the request states comes alone where it is theirs."""
    theirs = organizations_on(request.desk.pk, request.contact)
    stated = request.organization
    if stated is not None and (request.opened_by is not None or stated in theirs):
        return [stated]
    return theirs


def _region(request: NewRequest, organization: Organization | None, document: Document) -> str:
    known = {each.id for each in document.regions}
    stated = [request.region, request.site.region if request.site else "", request.contact.region]
    stated.append(organization.region if organization else "")
    return next((each for each in stated if each in known), "")


def _used(contracts: dict[int, Contract]) -> dict[int, int]:
    counted = [each.pk for each in contracts.values() if each.incidents is not None]
    if not counted:
        return {}
    rows = Ticket.objects.filter(contract_id__in=counted).values_list("contract_id").annotate(Count("pk"))
    return dict(rows)
