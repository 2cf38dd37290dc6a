"""A desk whose policy asks for things: the school's, for laptops and printers, with kinds of request."""

import pytest

from harness.cast import LONG_AGO, Cast, utc
from upheld.desks.actions import publish_policy
from upheld.people.models import Affiliation, Organization, Site
from upheld.policy import pack
from upheld.tickets.incoming import NewRequest
from upheld.tickets.intake import take_in
from upheld.tickets.models import HeldRequest, Ticket
from upheld.tickets.moment import Moment

ASKS = """
products:
  - {id: laptop, label: Laptops}
  - {id: printer, label: Printers}

request_types:
  - {id: fault, label: Something is broken}
  - {id: upgrade, label: A newer version, needs_contract: true, only_for: named_contact}

information:
  items:
    - {id: school, label: School and room, meaning: Where the device stands}
    - {id: serial, label: Serial number, products: [laptop]}
    - {id: steps, label: What leads to it, request_types: [fault]}
    - {id: summary, label: What is wrong, where: subject}
    - {id: description, label: What happens}
    - {id: case_number, label: Your number, where: subject}
    - {id: insurer, label: Insurer, optional: true}
  pauses: [resolution]
  never_for: [urgent, high]
  assumed: true

scope:
"""


def asking_policy() -> str:
    """The school's policy with what it asks for."""
    return pack("school-devices").replace("\nscope:\n", ASKS, 1)


@pytest.fixture
def asking(cast: Cast) -> Cast:
    """The cast on a desk that asks."""
    publish_policy(cast.desk, asking_policy(), now=LONG_AGO, by="tests")
    return cast


@pytest.fixture
def school(asking: Cast) -> Organization:
    """Amina's school."""
    school = Organization.objects.create(desk=asking.desk, name="Hilltop School")
    Affiliation.objects.create(contact=asking.amina, organization=school, is_main=True)
    return school


@pytest.fixture
def site(school: Organization) -> Site:
    """A building of the school of which the desk knows the room, and not the laptop's number."""
    return Site.objects.create(organization=school, name="Main building", fields={"school": "Hilltop, 2.14"})


def mails(cast: Cast, at: str, **details: object) -> Ticket | HeldRequest:
    """Amina's mail comes through the gate."""
    values: dict[str, object] = {
        "desk": cast.desk,
        "contact": cast.amina,
        "subject": "Laptop will not start",
        "text": "It shows a black screen.",
        "channel": "email",
        "asked_from": "192.0.2.0/24",
        "received_at": utc(at),
    }
    return take_in(NewRequest(**(values | details)), Moment.exactly(utc(at)))  # type: ignore[arg-type]
