"""Who asked, beside their ticket: for whom, under which contract, and where."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from upheld.desks.policy_documents import document_of
from upheld.people.models import Contact, Contract, Organization, Site
from upheld.people.vocabulary import words_of
from upheld.rules.permissions import Act, Role, allowed
from upheld.tickets.models import Ticket
from upheld.web.agent.customers.rows import ContractRow, contract_row
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class CustomerView:
    """The customer of a ticket. `plan` and `contract` are those that held at its receipt; `opens` says that the agent
    may look the customer up."""

    contact: Contact
    organization: Organization | None
    title: str
    region: str
    plan: str
    contract: ContractRow | None
    site: Site | None
    sees_all: bool
    is_technical_contact: bool
    opens: bool


def customer_view(ticket: Ticket, workplace: Workplace, times: Times) -> CustomerView:
    """Return who asked; in the words of the policy under which the ticket was received."""
    words = words_of(document_of(ticket.policy_version_id))
    contract = _contract(ticket)
    belongs = ticket.belonging or {}
    role = workplace.viewer.roles.get(ticket.desk_id, Role.visitor)
    return CustomerView(
        contact=ticket.requester,
        organization=ticket.organization,
        title=belongs.get("title", ""),
        region=words.regions.get(ticket.region, ticket.region),
        plan=words.plans.get(ticket.plan, ticket.plan),
        contract=contract_row(contract, words, times.now) if contract else None,
        site=ticket.site,
        sees_all=belongs.get("sees_all", False),
        is_technical_contact=bool(contract and contract.asked_by_technical_contact),
        opens=allowed(role, Act.read_customers),
    )


def _contract(ticket: Ticket) -> Contract | None:
    if ticket.contract_id is None:
        return None
    named = Contract.technical_contacts.through.objects.filter(
        contract=OuterRef("pk"), contact=ticket.requester_id
    )
    contracts = Contract.objects.select_related("organization")
    return contracts.annotate(asked_by_technical_contact=Exists(named)).get(pk=ticket.contract_id)
