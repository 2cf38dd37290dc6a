"""What happened to one made-up ticket, as plain values."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

Kind = Literal["reply", "customer", "note", "call", "status", "assign", "team", "priority", "tags"]


@dataclass(frozen=True, slots=True)
class Deed:
    """One action: `value` is what was said, the status or priority that was set, the number of the assignee or the
    team, or tags with commas between; `files` are numbers of made-up files, and `ago` is how long before it was entered
    a call took place."""

    kind: Kind
    at: datetime
    value: str
    agent: int = 0
    status: str | None = None
    reason: str = ""
    files: tuple[int, ...] = ()
    ago: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Life:
    """One ticket from its receipt on; people are numbers within the desk's contacts and agents."""

    subject: str
    text: str
    contact: int
    channel: str
    priority: str | None
    received_at: datetime
    deeds: tuple[Deed, ...]
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people, organizations, teams and tags a life may pick from, and how many messages a ticket has on
    average. The contacts belong to the organizations in turn; the last `outsiders` of them to none."""

    contacts: int
    agents: int
    messages: int
    organizations: int = 1
    outsiders: int = 0
    teams: int = 0
    tags: tuple[str, ...] = ()


class Part(NamedTuple):
    """Which part of all lives is made, as shares of their number: the later ones were received later."""

    first: float = 0.0
    last: float = 1.0


WHOLE = Part()
