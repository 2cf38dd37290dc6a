"""A solution partner asks for its customer: under the customer's contract, where it is plain whose request it is."""

from datetime import date

import pytest

from harness.cast import LONG_AGO, at, utc
from upheld.desks.actions import publish_policy
from upheld.people.models import Affiliation, Contract, Organization, Partnership
from upheld.policy import pack
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Ticket


@pytest.fixture
def partner(cast):
    publish_policy(cast.desk, pack("maintenance-contract"), now=LONG_AGO, by="tests")
    partner = Organization.objects.create(desk=cast.desk, name="Switchboard Partners")
    Affiliation.objects.create(contact=cast.amina, organization=partner, is_main=True)
    return partner


def customer(cast, name, partner, *, may_act=True):
    made = Organization.objects.create(desk=cast.desk, name=name)
    Partnership.objects.create(partner=partner, customer=made, may_act=may_act)
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    Contract.objects.create(desk=cast.desk, organization=made, reference=name, starts_on=first, ends_on=last)
    return made


def asked(cast, organization=None):
    request = NewRequest(
        desk=cast.desk,
        contact=cast.amina,
        subject="Second site",
        text="What do you need?",
        received_at=utc("2026-03-19 16:00"),
        channel="email",
        organization=organization,
    )
    return take_in(request, at("2026-03-19 16:00"))


def test_its_only_customer_is_who_it_asks_for(cast, partner):
    hotel = customer(cast, "Pelican Bay", partner)
    ticket = asked(cast)
    assert isinstance(ticket, Ticket)
    assert (ticket.organization, ticket.contract.reference) == (hotel, "Pelican Bay")


def test_of_several_customers_the_request_names_one(cast, partner):
    customer(cast, "Pelican Bay", partner)
    hospital = customer(cast, "Redwood", partner)
    assert isinstance(asked(cast), HeldRequest)
    ticket = asked(cast, hospital)
    assert (ticket.organization, ticket.contract.reference) == (hospital, "Redwood")


def test_who_may_only_follow_asks_for_nobody(cast, partner):
    hotel = customer(cast, "Pelican Bay", partner, may_act=False)
    assert isinstance(asked(cast), HeldRequest)
    assert isinstance(asked(cast, hotel), HeldRequest)
