"""Who is who at the demo's desk: made-up schools, the people who write, and the team that answers."""

from dataclasses import dataclass
from datetime import datetime

from upheld.desks.models import Desk
from upheld.people.actions import add_agent, find_or_add_contact
from upheld.people.models import Affiliation, Agent, Contact, Organization, Team, User
from upheld.rules.permissions import Role

AGENTS = {
    "amira": ("Amira Hassan", Role.agent),
    "tomasz": ("Tomasz Nowak", Role.lead),
    "grace": ("Grace Adeyemi", Role.administrator),
    "callum": ("Callum Reid", Role.agent),
    "mei": ("Mei-Ling Chen", Role.agent),
    "sofia": ("Sofía Marín", Role.agent),
    "dev": ("Dev Patel", Role.agent),
}
TEAMS = {
    "Devices": ("dev", "amira", "sofia"),
    "Accounts and network": ("callum", "mei"),
    "Safeguarding": ("tomasz", "callum"),
}
NAMED_READERS = ("tomasz", "callum")
AUDITORS = ("grace",)
SCHOOLS = {
    "ashdown.example.org": "Ashdown Primary School",
    "kingsmead.example.org": "Kingsmead High School",
    "northgate.example.org": "Northgate Sixth Form College",
    "bryneithin.example.org": "Ysgol Bryn Eithin",
    "fernhill.example.org": "Fernhill Infant School",
    "oakleygrange.example.org": "Oakley Grange School",
    "alnoor.example.org": "Al-Noor Academy",
    "riverside.example.org": "Riverside School",
    "harbourview.example.org": "Harbour View Junior School",
    "stbrannocs.example.org": "St Brannoc's Academy",
    "trust.example.org": "Harbour Schools Trust",
}
CONTACTS = {
    "hannah": ("Hannah Okafor", "h.okafor@ashdown.example.org"),
    "karen": ("Karen Whitlock", "office@ashdown.example.org"),
    "ruth": ("Ruth Abernethy", "r.abernethy@kingsmead.example.org"),
    "marcus": ("Marcus Lindqvist", "m.lindqvist@northgate.example.org"),
    "eleri": ("Eleri Vaughan", "eleri.vaughan@bryneithin.example.org"),
    "joseph": ("Joseph Mensah", "j.mensah@fernhill.example.org"),
    "siobhan": ("Siobhán Kelly", "s.kelly@oakleygrange.example.org"),
    "leila": ("Leila Rahimi", "l.rahimi@alnoor.example.org"),
    "denise": ("Denise Achebe", "d.achebe@riverside.example.org"),
    "gwen": ("Gwen Sanderson", "office@harbourview.example.org"),
    "beth": ("Beth Dunmore", "b.dunmore@harbourview.example.org"),
    "oluwaseun": ("Oluwaseun Bakare", "o.bakare@stbrannocs.example.org"),
    "priya": ("Priya Raman", "p.raman@oakleygrange.example.org"),
    "david": ("David Whitcombe", "d.whitcombe@trust.example.org"),
    "agnieszka": ("Agnieszka Wiśniewska", "agnieszka.w@home.example.net"),
    "yusuf": ("يوسف الحدّاد", "yusuf.alhaddad@home.example.net"),
    "provider": ("Kettle Connect fault desk", "faults@kettleconnect.example.com"),
    "ibrahim": ("Ibrahim Fofanah", "i.fofanah@oakleygrange.example.org"),
    "rhys": ("Rhys Bowen", "rhys.bowen@bryneithin.example.org"),
    "lowri": ("Lowri Pugh", "lowri.pugh@bryneithin.example.org"),
    "nadia": ("Nadia Petrova", "n.petrova@kingsmead.example.org"),
    "tariq": ("Tariq Aziz Khan", "t.khan@alnoor.example.org"),
    "moira": ("Moira MacLeod", "m.macleod@northgate.example.org"),
    "samuel": ("Samuel Osei", "s.osei@stbrannocs.example.org"),
    "ines": ("Inés Castellanos", "ines.castellanos@home.example.net"),
    "hiroko": ("Hiroko Tanaka", "h.tanaka@riverside.example.org"),
    "padraig": ("Pádraig Walsh", "p.walsh@fernhill.example.org"),
    "zanele": ("Zanele Dube", "z.dube@kingsmead.example.org"),
    "luca": ("Luca Bianchi", "l.bianchi@northgate.example.org"),
    "chloe": ("Chloe Marsh", "c.marsh@stbrannocs.example.org"),
}
MAY_SIGN_IN = "hannah"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody by the short name that the stories use."""

    agents: dict[str, Agent]
    contacts: dict[str, Contact]


def hire(desk: Desk, now: datetime) -> Cast:
    """Make the desk's agents, teams, schools and contacts."""
    agents = {key: _agent(desk, key, name, role, now) for key, (name, role) in AGENTS.items()}
    for name, members in TEAMS.items():
        team = Team.objects.create(desk=desk, name=name)
        team.members.set(agents[key] for key in members)
    schools = {domain: Organization.objects.create(desk=desk, name=name) for domain, name in SCHOOLS.items()}
    contacts = {key: _contact(schools, name, address, now) for key, (name, address) in CONTACTS.items()}
    _let_sign_in(contacts[MAY_SIGN_IN])
    return Cast(agents, contacts)


def _agent(desk: Desk, key: str, name: str, role: Role, now: datetime) -> Agent:
    agent = add_agent(desk, address=f"{key}@devices.example.com", name=name, role=role, by="demo", now=now)
    agent.signature = f"{name}\nSchool Device Support"
    agent.save(update_fields=["signature"])
    return agent


def _contact(schools: dict[str, Organization], name: str, address: str, now: datetime) -> Contact:
    contact = find_or_add_contact(address, name, now)
    if (school := schools.get(address.rpartition("@")[2])) is not None:
        Affiliation.objects.create(contact=contact, organization=school, is_main=True)
    return contact


def _let_sign_in(contact: Contact) -> None:
    contact.user = User.objects.create_user(contact.address, None, contact.name)
    contact.save(update_fields=["user"])
