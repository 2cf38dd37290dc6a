"""Founds the demo's further desks as `desks/*.yaml` describe them: people, roles, customers, contracts, portals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk, Portal
from upheld.lab.cast import Cast
from upheld.lab.script import Script, read_script
from upheld.people.actions import (
    RotaValues,
    add_agent,
    add_contact,
    add_domain,
    add_organization,
    add_rota,
    add_site,
    add_team,
    affiliate,
    begin_partnership,
    fill_role,
    sign_contract,
)
from upheld.people.contract_values import ContractValues
from upheld.people.models import Agent, Contact, Organization, User
from upheld.people.particulars import ContactParticulars, OrganizationParticulars, SiteParticulars
from upheld.policy import pack
from upheld.rules.permissions import Role

FOLDER = resources.files("upheld.lab").joinpath("desks")
SLUGS = ("campaign-severity", "success-plans", "always-on", "maintenance-contract")
_BY = "demo"


@dataclass(frozen=True, slots=True)
class Founded:
    """A desk with its people, and the stories that are to be played on it."""

    desk: Desk
    cast: Cast
    scripts: tuple[Script, ...]


@lru_cache(maxsize=8)
def described(slug: str) -> Mapping[str, Any]:
    """Return what the file of a desk says."""
    text = FOLDER.joinpath(f"{slug}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # type: ignore[no-any-return]  # noqa: S506


def scripts_of(slug: str) -> Iterator[Script]:
    """Return the stories of a desk as they are written."""
    return map(read_script, described(slug)["stories"])


def found(slug: str, then: datetime, now: datetime) -> Founded:
    """Open the desk at `then` and give it everything that its file describes; contracts run around `now`."""
    told = described(slug)
    desk = _open(told["desk"], then)
    publish_policy(desk, pack(slug), now=then, by=_BY, effective_from=then)
    organizations = _organizations(desk, told, then)
    contacts = dict(_contacts(desk, told, organizations, then))
    _contracts(told, organizations, contacts, now)
    _sites(told, organizations, then)
    _portals(desk, told)
    agents = dict(_agents(desk, told, then))
    _staff(desk, told, agents, organizations, then)
    return Founded(desk, Cast(agents, contacts), tuple(scripts_of(slug)))


def _open(told: Mapping[str, Any], then: datetime) -> Desk:
    desk = create_desk(
        slug=told["slug"],
        name=told["name"],
        prefix=told["prefix"],
        zone=told["zone"],
        address=told["address"],
        by=_BY,
        now=then,
    )
    desk.introduction, desk.ticket_word = told["introduction"], told.get("ticket_word", "ticket")
    desk.save(update_fields=["introduction", "ticket_word"])
    desk.portals.update(introduction=told["introduction"])
    return desk


def _agents(desk: Desk, told: Mapping[str, Any], then: datetime) -> Iterator[tuple[str, Agent]]:
    domain = told["desk"]["address"].partition("@")[2]
    for key, person in told["agents"].items():
        name, role = person["name"], Role(person["role"])
        agent = add_agent(desk, address=f"{key}@{domain}", name=name, role=role, by=_BY, now=then)
        agent.signature = f"{name}\n{desk.name}"
        agent.save(update_fields=["signature"])
        yield key, agent


def _staff(
    desk: Desk,
    told: Mapping[str, Any],
    agents: Mapping[str, Agent],
    organizations: Mapping[str, Organization],
    then: datetime,
) -> None:
    for name, team in told.get("teams", {}).items():
        members = [agents[key].pk for key in team["members"]]
        add_team(desk.pk, name=name, tier=team.get("tier", ""), members=members, by=_BY, now=then)
    for held in told.get("roles", ()):
        fill_role(
            desk,
            held["role"],
            agents[held["agent"]],
            product=held.get("product", ""),
            region=held.get("region", ""),
            organization=organizations.get(held.get("organization", "")),
            rank=held.get("rank", 0),
            by=_BY,
            now=then,
        )
    for rota in told.get("rotas", ()):
        values = RotaValues(
            name=rota["name"],
            role=rota["role"],
            zone=desk.zone,
            weekday=rota["weekday"],
            hand_over_at=time.fromisoformat(rota["hand_over_at"]),
        )
        members = [agents[key].pk for key in rota["members"]]
        add_rota(desk, values, members, by=agents[rota["changed_by"]], now=then)


def _organizations(desk: Desk, told: Mapping[str, Any], then: datetime) -> dict[str, Organization]:
    made: dict[str, Organization] = {}
    for each in told["organizations"]:
        particulars = OrganizationParticulars(
            each["name"], reference=each.get("reference", ""), region=each.get("region", "")
        )
        made[each["name"]] = add_organization(desk, particulars, by=_BY, now=then)
        for domain in each.get("domains", ()):
            add_domain(made[each["name"]].pk, domain, by=_BY, now=then)
    for each in told["organizations"]:
        for customer in each.get("partner_of", ()):
            begin_partnership(made[each["name"]].pk, made[customer].pk, may_act=True, by=_BY, now=then)
    return made


def _contacts(
    desk: Desk, told: Mapping[str, Any], organizations: Mapping[str, Organization], then: datetime
) -> Iterator[tuple[str, Contact]]:
    by_domain = {
        domain: organizations[each["name"]]
        for each in told["organizations"]
        for domain in each.get("domains", ())
    }
    for key, person in told["contacts"].items():
        particulars = ContactParticulars(name=person["name"], phone=person.get("phone", ""))
        contact, _ = add_contact(desk, person["address"], particulars, by=_BY, now=then)
        organization = by_domain[person["address"].partition("@")[2]]
        sees_all = person.get("sees_all", False)
        affiliate(contact.pk, organization.pk, is_main=True, sees_all=sees_all, by=_BY, now=then)
        if key in told.get("may_sign_in", ()):
            contact.user = User.objects.create_user(contact.address, None, contact.name)
            contact.save(update_fields=["user"])
        yield key, contact


def _contracts(
    told: Mapping[str, Any],
    organizations: Mapping[str, Organization],
    contacts: Mapping[str, Contact],
    now: datetime,
) -> None:
    for each in told.get("contracts", ()):
        first, last = (now.date() + timedelta(days=days) for days in each["days"])
        values = ContractValues(
            reference=each["reference"],
            starts_on=first,
            ends_on=last,
            product=each.get("product", ""),
            plan=each.get("plan", ""),
            incidents=each.get("incidents"),
            technical_contacts=tuple(contacts[key].address for key in each.get("technical_contacts", ())),
        )
        sign_contract(organizations[each["organization"]], values, by=_BY, now=now)


def _sites(told: Mapping[str, Any], organizations: Mapping[str, Organization], then: datetime) -> None:
    for each in told.get("sites", ()):
        particulars = SiteParticulars(
            each["name"], each["address"], product=each["product"], fields=each["fields"]
        )
        add_site(organizations[each["organization"]].pk, particulars, by=_BY, now=then)


def _portals(desk: Desk, told: Mapping[str, Any]) -> None:
    mailbox = desk.mailboxes.get(is_default=True)
    for position, each in enumerate(told.get("portals", ()), start=1):
        Portal.objects.create(desk=desk, mailbox=mailbox, position=position, **each)
