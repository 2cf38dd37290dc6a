"""The people of a desk: those who write to it and those who answer."""

from upheld.people.models.customers import (
    Affiliation,
    Contact,
    Contract,
    DeskContact,
    Organization,
    OrganizationDomain,
    Partnership,
    Site,
)
from upheld.people.models.on_call import (
    AlertAddress,
    Rota,
    RotaMember,
    RotaSwap,
)
from upheld.people.models.staff import (
    Absence,
    AfterSending,
    Agent,
    AlertHours,
    HoursAs,
    Membership,
    NamedAuditor,
    NamedReader,
    RoleHolder,
    Team,
)
from upheld.people.models.users import (
    User,
    UserManager,
)

__all__ = [
    "Absence",
    "Affiliation",
    "AfterSending",
    "Agent",
    "AlertAddress",
    "AlertHours",
    "Contact",
    "Contract",
    "DeskContact",
    "HoursAs",
    "Membership",
    "NamedAuditor",
    "NamedReader",
    "Organization",
    "OrganizationDomain",
    "Partnership",
    "RoleHolder",
    "Rota",
    "RotaMember",
    "RotaSwap",
    "Site",
    "Team",
    "User",
    "UserManager",
]
