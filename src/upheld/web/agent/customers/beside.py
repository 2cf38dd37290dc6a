"""Who asked, beside their ticket: for whom, under which contract, and where."""

from dataclasses import dataclass

from upheld.desks.policy_documents import document_of
from upheld.people.models import Affiliation, Contact, Organization, Site
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
    contract = ticket.contract
    belongs = _belonging(ticket) if ticket.organization_id else None
    role = workplace.viewer.roles.get(ticket.desk_id, Role.visitor)
    return CustomerView(
        contact=ticket.requester,
        organization=ticket.organization,
        title=belongs.title if belongs else "",
        region=words.regions.get(ticket.region, ticket.region),
        plan=words.plans.get(ticket.plan, ticket.plan),
        contract=contract_row(contract, words, times.now) if contract else None,
        site=ticket.site,
        sees_all=bool(belongs and belongs.sees_all),
        is_technical_contact=bool(
            contract and contract.technical_contacts.filter(pk=ticket.requester_id).exists()
        ),
        opens=allowed(role, Act.read_customers),
    )


def _belonging(ticket: Ticket) -> Affiliation | None:
    theirs = Affiliation.objects.filter(contact=ticket.requester_id, organization=ticket.organization_id)
    return theirs.first()
