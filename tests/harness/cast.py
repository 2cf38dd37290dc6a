"""The cast of the tests: Amina writes to the desk, Bob answers, Lena leads, Ada administers, Charlie must not see."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from upheld.desks.actions import create_desk, publish_policy
from upheld.desks.models import Desk
from upheld.people.actions import add_agent, find_or_add_contact
from upheld.people.models import Agent, AlertHours, Contact, NamedReader
from upheld.policy import pack
from upheld.rules.permissions import Role
from upheld.tickets.actions import open_ticket
from upheld.tickets.incoming import Incoming, NewRequest
from upheld.tickets.models import Message, Ticket
from upheld.tickets.moment import Moment

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
# When somebody looks at a list whose test is not about the time.
LOOKING = datetime(2027, 1, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    """Read an instant: `2026-03-20 16:50` is in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass
class Cast:
    """One desk with its people, and the sentences that stories are told in."""

    desk: Desk
    amina: Contact
    bob: Agent
    lena: Agent
    ada: Agent

    def reads_what_is_restricted(self, *agents: Agent) -> None:
        """From here on these agents, and nobody else, read what is restricted from its receipt."""
        NamedReader.objects.filter(desk=self.desk).delete()
        for agent in agents:
            NamedReader.objects.create(desk=self.desk, agent=agent, added_at=LONG_AGO, added_by="tests")

    def told_at_any_hour(self, *agents: Agent) -> None:
        """Most stories are not about the hours in which somebody is told."""
        for agent in agents:
            agent.alert_hours = AlertHours.ALWAYS
            agent.save(update_fields=["alert_hours"])

    def writes(self, at: str, subject: str = "Laptop will not start", **details: object) -> Ticket:
        """Amina asks for help by mail."""
        received_at = utc(at)
        values: dict[str, object] = {
            "contact": self.amina,
            "text": "It shows a black screen.",
            "channel": "email",
        }
        request = NewRequest(desk=self.desk, subject=subject, received_at=received_at, **(values | details))  # type: ignore[arg-type]
        return open_ticket(request, Moment.exactly(received_at))

    def answer_of_amina(self, at: str, text: str = "It still does not start.", **details: object) -> Incoming:
        """A further mail of Amina's."""
        values: dict[str, object] = {"kind": Message.Kind.CUSTOMER, "contact": self.amina, "channel": "email"}
        return Incoming(text=text, received_at=utc(at), **(values | details))  # type: ignore[arg-type]


def at(text: str) -> Moment:
    """A moment at which no mail is waiting."""
    return Moment.exactly(utc(text))


@pytest.fixture
def cast(db: None) -> Cast:
    """A desk under the school-devices policy, in Europe/London."""
    desk = create_desk(
        slug="school-devices",
        name="School Device Support",
        prefix="SDS",
        zone="Europe/London",
        address="support@desk.example.com",
        by="tests",
        now=LONG_AGO,
    )
    publish_policy(desk, pack("school-devices"), now=LONG_AGO, by="tests")
    people = {"desk": desk, "by": "tests", "now": LONG_AGO}
    cast = Cast(
        desk=desk,
        amina=find_or_add_contact("amina@school.example.org", "Amina Yusuf", LONG_AGO),
        bob=add_agent(address="bob@desk.example.com", name="Bob Tanaka", role=Role.agent, **people),
        lena=add_agent(address="lena@desk.example.com", name="Lena Novak", role=Role.lead, **people),
        ada=add_agent(address="ada@desk.example.com", name="Ada Okafor", role=Role.administrator, **people),
    )
    cast.reads_what_is_restricted(cast.bob, cast.lena, cast.ada)
    cast.told_at_any_hour(cast.bob, cast.lena, cast.ada)
    return cast


@pytest.fixture
def charlie(cast: Cast) -> Agent:
    """The administrator of another desk on the same installation, who must not see this one."""
    desk = create_desk(
        slug="other",
        name="Another Desk",
        prefix="OTH",
        zone="Europe/Berlin",
        address="help@other.example.com",
        by="tests",
        now=LONG_AGO,
    )
    publish_policy(desk, pack("school-devices"), now=LONG_AGO, by="tests")
    address, role = "charlie@other.example.com", Role.administrator
    return add_agent(desk, address=address, name="Charlie", role=role, by="tests", now=LONG_AGO)
