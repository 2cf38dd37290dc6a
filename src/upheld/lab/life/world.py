"""The little world around a lab's desk, made from its policy: who works there, who writes to it, and about what."""

from collections.abc import Iterator
from dataclasses import dataclass

from upheld.policy.document import Document
from upheld.rules.permissions import Role

DOMAIN = "desk.lab.example.com"
SUPPORT_ADDRESS = f"support@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who answers, by a short name."""

    key: str
    name: str
    role: Role

    @property
    def address(self) -> str:
        return f"{self.key}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class House:
    """An organization that writes to the desk, and the people in it."""

    name: str
    domain: str
    people: tuple[tuple[str, str], ...]

    @property
    def customers(self) -> Iterator[tuple[str, str]]:
        """Names and addresses."""
        return ((name, f"{local}@{self.domain}") for name, local in self.people)


WORKERS = (
    Worker("lena", "Lena Fischer", Role.lead),
    Worker("oscar", "Oscar Lindgren", Role.administrator),
    Worker("aisha", "Aisha Bello", Role.agent),
    Worker("tomas", "Tomás Herrera", Role.agent),
    Worker("yuki", "Yuki Mori", Role.agent),
    Worker("rachel", "Rachel Cohen", Role.agent),
)
LEAD, ADMINISTRATOR = WORKERS[0], WORKERS[1]
ANSWERING = WORKERS[2:]

HOUSES = (
    House(
        "Alder Bakeries",
        "alder.example.org",
        (("Maud Keller", "maud"), ("Idris Rahman", "idris"), ("Petra Novak", "petra")),
    ),
    House("Bluegate Museum", "bluegate.example.org", (("Theo Laurent", "theo"), ("Wanda Kowal", "wanda"))),
    House("Cobalt Cycles", "cobalt.example.org", (("Jonas Berg", "jonas"), ("Amara Diallo", "amara"))),
    House("Dunmore Council", "dunmore.example.org", (("Fiona Grant", "fiona"), ("Kofi Asante", "kofi"))),
    House("Elmbrook Clinic", "elmbrook.example.org", (("Noor Aziz", "noor"), ("Paul Weber", "paul"))),
)
STRANGERS = (("Sam Doyle", "sam.doyle@home.example.net"), ("Lucia Ferrari", "lucia@home.example.net"))


@dataclass(frozen=True, slots=True)
class World:
    """What a plan of deeds has to know: everybody who writes, and the words of the policy."""

    customers: tuple[tuple[str, str], ...]
    priorities: tuple[str, ...]
    products: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    zone: str


def world_of(document: Document) -> World:
    """Return the world of a lab that lives by this policy."""
    return World(
        customers=(*(each for house in HOUSES for each in house.customers), *STRANGERS),
        priorities=tuple(each.id for each in document.priorities if not each.restricted),
        products=tuple((each.id, each.label or each.id) for each in document.products),
        reasons=tuple(each.id for each in document.reasons),
        zone=document.zone,
    )
