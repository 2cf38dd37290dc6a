"""The desk that is filled: its policy, its people and organizations, its teams and tags."""

from datetime import datetime, timedelta

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.people.actions import add_agent, add_team
from upheld.people.models import Affiliation, Contact, Membership, Organization
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.tickets.models import Tag

AGENTS, CONTACTS, ORGANIZATIONS, OUTSIDERS = 20, 5_000, 400, 400
TEAMS = ("Devices", "Network", "Accounts", "On site")
TAGS = (
    *(
        "battery",
        "charger",
        "screen",
        "keyboard",
        "network",
        "printer",
        "account",
        "password",
        "update",
        "slow",
    ),
    *("camera", "sound", "touchpad", "hinge", "case", "lost", "stolen", "new device", "return", "exchange"),
    *(
        "filter",
        "browser",
        "video call",
        "exam",
        "projector",
        "storage",
        "app",
        "licence",
        "certificate",
        "dock",
    ),
    *(
        "pupil",
        "teacher",
        "office",
        "primary",
        "secondary",
        "visit",
        "courier",
        "insurer",
        "loan",
        "training",
    ),
)
_ROLES = {0: Role.lead, 1: Role.administrator}
_BY = "bench"
_AGO = timedelta(days=400)


def found_desk(now: datetime) -> Desk:
    """Make a desk that has been there for more than a year, with everybody on it, in an empty database."""
    then = now - _AGO
    desk = create_desk(
        slug="bench",
        name="Bench",
        prefix="BENCH",
        zone="Europe/London",
        address="support@bench.example.com",
        by=_BY,
        now=then,
    )
    publish_policy(desk, open_policy(), now=now, by=_BY, effective_from=then)
    _staff(desk, then)
    _customers(desk, then)
    Tag.objects.bulk_create(Tag(desk=desk, name=name) for name in TAGS)
    return desk


def open_policy() -> str:
    """The policy of the desk that is written: nothing on it is restricted, so that everybody has the whole load."""
    return pack("school-devices").replace("restricted: true", "restricted: false")


def _staff(desk: Desk, then: datetime) -> None:
    for number in range(AGENTS):
        address = f"agent{number}@bench.example.com"
        role = _ROLES.get(number, Role.agent)
        add_agent(desk, address=address, name=f"Agent {number}", role=role, by=_BY, now=then)
    agents = Membership.objects.filter(desk=desk).order_by("agent_id").values_list("agent_id", flat=True)
    for number, name in enumerate(TEAMS):
        add_team(desk.pk, name=name, members=list(agents)[number :: len(TEAMS)], by=_BY, now=then)


def _customers(desk: Desk, then: datetime) -> None:
    """People who belong to the organizations in turn, the last ones to none."""
    schools = Organization.objects.bulk_create(
        Organization(desk=desk, name=f"School {number}") for number in range(ORGANIZATIONS)
    )
    people = Contact.objects.bulk_create(
        (
            Contact(
                address=f"person{number}@school{number % ORGANIZATIONS}.example.org",
                name=f"Person {number}",
                created_at=then,
            )
            for number in range(CONTACTS)
        ),
        batch_size=1_000,
    )
    Affiliation.objects.bulk_create(
        (
            Affiliation(contact=each, organization=schools[number % ORGANIZATIONS], is_main=True)
            for number, each in enumerate(people[: CONTACTS - OUTSIDERS])
        ),
        batch_size=1_000,
    )
