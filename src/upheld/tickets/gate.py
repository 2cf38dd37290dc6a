"""Which promise applies to a request, and all that is known of it from who asks and by which door."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from upheld.people.affiliations import customers_of, organizations_on
from upheld.people.contracts import agreement, contracts_of
from upheld.people.models import Contract, Organization, Site
from upheld.policy.document import Document
from upheld.rules.entitlement import Asked, Entitled, Held, Terms, decide
from upheld.tickets.incidents import incidents_used
from upheld.tickets.incoming import NewRequest


def examined(
    request: NewRequest,
    document: Document,
    *,
    at: datetime | None = None,
    vouched: bool = False,
    locked: bool = True,
) -> tuple[NewRequest, Entitled | Held]:
    """Return the request with all that is known of it, and which promise applies: at its receipt, or at `at` as if it
    were received then. `vouched` says that an agent stands for who asks, and for which organization; `locked` that
    contracts with few incidents left are held until the transaction ends."""
    request = _by_its_door(request, document)
    organizations = _organizations(request, vouched=vouched)
    contracts = contracts_of((each.pk for each in organizations), locked=locked)
    return _judged(request, document, organizations, contracts, at or request.received_at, vouched=vouched)


def covered_by(
    contract: Contract, request: NewRequest, document: Document, at: datetime
) -> tuple[NewRequest, Entitled | Held]:
    """Return the same for one contract that an agent names: whether that very one covers the request."""
    request = _by_its_door(request, document)
    needed = replace(terms(document, request.request_type), contract_required=True)
    # Locked where its incidents are counted, as always.
    contracts = [each for each in contracts_of([contract.organization_id]) if each.pk == contract.pk]
    return _judged(request, document, [contract.organization], contracts, at, vouched=True, needed=needed)


def _judged(
    request: NewRequest,
    document: Document,
    organizations: Sequence[Organization],
    listed: Iterable[Contract],
    at: datetime,
    *,
    vouched: bool,
    needed: Terms | None = None,
) -> tuple[NewRequest, Entitled | Held]:
    contracts = {each.pk: each for each in listed}
    asked = Asked(
        contact_id=request.contact.pk,
        organizations=[each.pk for each in organizations],
        received_at=at,
        product=request.product,
        is_confirmed=vouched or request.confirmed or request.opened_by is not None,
    )
    used = incidents_used(id for id, each in contracts.items() if each.incidents is not None)
    asked_terms = needed or terms(document, request.request_type)
    outcome = decide(asked_terms, asked, [agreement(each, used) for each in contracts.values()])
    by_id = {each.pk: each for each in organizations}
    organization = by_id.get(outcome.organization_id or 0)
    request = replace(request, organization=organization, site=_site(request, organization))
    request = replace(request, region=_region(request, organization, document))
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


def _organizations(request: NewRequest, *, vouched: bool) -> list[Organization]:
    """Those for which the contact may ask; the one that the request states comes alone where it is theirs.

    Who acts for a partner asks for a customer where the request says so, or where the partner has only that one.
    """
    theirs = organizations_on(request.desk.pk, request.contact)
    served, stated = customers_of(theirs), request.organization
    if stated is not None and (vouched or request.opened_by is not None or stated in (*theirs, *served)):
        return [stated]
    return [*theirs, *served] if len(served) == 1 else theirs


def _site(request: NewRequest, organization: Organization | None) -> Site | None:
    """The one that was stated. A mail states none, so it is meant for the only site that fits, where there is one."""
    if request.site is not None or organization is None or request.channel != "email":
        return request.site
    fitting = Q(product="") | Q(product=request.product) if request.product else Q()
    sites = list(Site.objects.filter(fitting, organization=organization)[:2])
    return sites[0] if len(sites) == 1 else None


def _region(request: NewRequest, organization: Organization | None, document: Document) -> str:
    known = {each.id for each in document.regions}
    stated = [request.region, request.site.region if request.site else "", request.contact.region]
    stated.append(organization.region if organization else "")
    return next((each for each in stated if each in known), "")
