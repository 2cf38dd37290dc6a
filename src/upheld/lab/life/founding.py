"""Opens the desk of a lab: its policy, the people whom that policy names, and customers with contracts where it wants
them."""

from datetime import datetime, timedelta
from itertools import cycle

from django.db import transaction

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.desks.policy_documents import document_of
from upheld.lab.life.plan import Plan
from upheld.lab.life.world import ADMINISTRATOR, ANSWERING, HOUSES, LEAD, SUPPORT_ADDRESS, WORKERS, House
from upheld.people.actions import (
    add_agent,
    add_contact,
    add_domain,
    add_organization,
    add_team,
    affiliate,
    fill_role,
    sign_contract,
)
from upheld.people.contract_values import ContractValues
from upheld.people.models import Agent, Contact, Organization, User
from upheld.people.particulars import ContactParticulars, OrganizationParticulars
from upheld.policy import load
from upheld.policy.document import Document

_BY = "lab"
_A_YEAR, _TEN_WEEKS = timedelta(days=365), timedelta(weeks=10)


@transaction.atomic
def found(plan: Plan) -> Desk:
    """Open the desk when the lab's time begins, and with it the policy. All or nothing."""
    now, zone = plan.start, load(plan.policy, plan.name).zone
    desk = create_desk(
        slug="lab", name="Lab", prefix="LAB", zone=zone, address=SUPPORT_ADDRESS, by=_BY, now=now
    )
    desk.introduction = "A desk of made-up people in made-up time."
    desk.save(update_fields=["introduction"])
    version = publish_policy(desk, plan.policy, now=now, by=_BY, effective_from=now, name=plan.name)
    document = document_of(version.pk)
    agents = _staff(desk, document, now)
    for place, house in enumerate(HOUSES):
        _customers(desk, document, house, place, now)
    _roles(desk, document, agents, now)
    return desk


def _staff(desk: Desk, document: Document, now: datetime) -> dict[str, Agent]:
    agents: dict[str, Agent] = {}
    for worker in WORKERS:
        agent = add_agent(desk, address=worker.address, name=worker.name, role=worker.role, by=_BY, now=now)
        agent.signature = f"{worker.name}\n{desk.name}"
        agent.save(update_fields=["signature"])
        agents[worker.key] = agent
    for place, tier in enumerate(document.tiers):
        members = [agents[each.key].pk for each in ANSWERING[place % len(ANSWERING) :][:2]]
        add_team(desk.pk, name=tier.label or tier.id, tier=tier.id, members=members, by=_BY, now=now)
    if not document.tiers:
        members = [agents[each.key].pk for each in ANSWERING]
        add_team(desk.pk, name="Help desk", members=members, by=_BY, now=now)
    return agents


def _roles(desk: Desk, document: Document, agents: dict[str, Agent], now: datetime) -> None:
    """Everybody whom the policy names is there: two for each role, so that somebody comes next."""
    holders = cycle([agents[each.key] for each in (LEAD, ANSWERING[0], ADMINISTRATOR, ANSWERING[1])])
    for role in document.roles:
        for rank in (0, 1):
            fill_role(desk, role.id, next(holders), rank=rank, by=_BY, now=now)


def _customers(desk: Desk, document: Document, house: House, place: int, now: datetime) -> None:
    regions = [each.id for each in document.regions]
    region = regions[place % len(regions)] if regions else ""
    particulars = OrganizationParticulars(house.name, region=region)
    organization = add_organization(desk, particulars, by=_BY, now=now)
    add_domain(organization.pk, house.domain, by=_BY, now=now)
    for name, address in house.customers:
        contact, _ = add_contact(desk, address, ContactParticulars(name=name), by=_BY, now=now)
        affiliate(contact.pk, organization.pk, is_main=True, by=_BY, now=now)
        if place == 0:
            _let_sign_in(contact)
    _contracts(document, organization, house, place, now)


def _let_sign_in(contact: Contact) -> None:
    contact.user = User.objects.create_user(contact.address, None, contact.name)
    contact.save(update_fields=["user"])


def _contracts(
    document: Document, organization: Organization, house: House, place: int, now: datetime
) -> None:
    """Where a policy knows plans or asks for contracts, all houses but the last have one; the first's ends soon."""
    wanted = document.entitlement.contract == "required" or document.plans or document.request_types
    if not wanted or place == len(HOUSES) - 1:
        return
    plans = [each.id for each in document.plans]
    for number, product in enumerate([each.id for each in document.products] or [""], start=1):
        values = ContractValues(
            reference=f"{house.name.split()[0].upper()}-{number}",
            starts_on=(now - _A_YEAR).date(),
            ends_on=(now + (_A_YEAR if place else _TEN_WEEKS)).date(),
            product=product,
            plan=plans[(place + number) % len(plans)] if plans else "",
            technical_contacts=tuple(address for _, address in house.customers),
        )
        sign_contract(organization, values, by=_BY, now=now)
