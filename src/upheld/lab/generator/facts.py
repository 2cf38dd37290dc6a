"""From the deeds of a life to the facts that the actions record of them, and the rows beside them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from upheld.lab.generator.files import SAMPLES
from upheld.lab.generator.ids import Ids
from upheld.lab.generator.life import Deed, Life
from upheld.lab.generator.place import Place
from upheld.lab.generator.tables import Row, Rows
from upheld.policy import Actor
from upheld.tickets.models import Message

_OUT, _IN = "out", "in"
_PHONE, _MAIL, _WEB = "phone", "email", "web"


@dataclass(slots=True)
class Fact:
    """A line of the story before it has its place in it."""

    at: datetime
    kind: str
    actor: Actor
    data: dict[str, Any]
    agent: int | None = None
    contact: int | None = None
    message: int | None = None
    seq: int = 0


@dataclass(slots=True)
class Holder:
    """Whose a ticket is: the number of an agent and of a team."""

    agent: int | None = None
    team: int | None = None


@dataclass(slots=True)
class Recorder:
    """Makes the facts of one ticket; messages, files and tags become rows on the way."""

    rows: Rows
    place: Place
    ids: Ids
    ticket_id: int
    contact: int
    holder: Holder = field(default_factory=Holder)

    def receipt(self, life: Life, organization: str) -> Iterator[Fact]:
        """What `open_ticket` records."""
        message = self._say(
            Message.Kind.CUSTOMER, life.received_at, life.text, life.channel, contact=self.contact
        )
        self._attach(message, life.files)
        data: dict[str, Any] = {"channel": life.channel, "priority": life.priority, "by_staff": False}
        if life.priority:
            data |= {"requested": life.priority, "named_by": "form"}
        if organization:
            data["organization"] = organization
        yield Fact(life.received_at, "opened", Actor.customer, data, None, self.contact, message)
        yield Fact(life.received_at, "acknowledged", Actor.system, {})

    def facts(self, deed: Deed) -> Iterator[Fact]:
        """What the action of a deed records."""
        agent = self.place.agents[deed.agent][0]
        match deed.kind:
            case "customer":
                yield self._customer(deed)
            case "reply":
                yield self._reply(deed, agent)
                if deed.status:
                    yield _status(deed, deed.status, agent)
            case "note":
                message = self._said(Message.Kind.NOTE, deed, agent)
                yield Fact(deed.at, "note", Actor.agent, {}, agent, None, message)
            case "call":
                yield self._call(deed, agent)
            case "status":
                yield _status(deed, deed.value, agent)
            case "priority":
                told = {"to": deed.value, "reason": deed.reason}
                yield Fact(deed.at, "priority", Actor.agent, told, agent)
            case "assign":
                self.holder.agent = int(deed.value)
                name = self.place.agents[self.holder.agent][1]
                yield Fact(deed.at, "assigned", Actor.agent, {"to": name}, agent)
            case "team":
                yield from self._hand_over(deed, agent)
            case "tags":
                yield self._tag(deed, agent)

    def _customer(self, deed: Deed) -> Fact:
        kind = Message.Kind.CUSTOMER
        message = self._say(kind, deed.at, deed.value, _MAIL, contact=self.contact)
        self._attach(message, deed.files)
        data = _way(_IN, _MAIL) | {"reopens": True}
        return Fact(deed.at, "message", Actor.customer, data, None, self.contact, message)

    def _reply(self, deed: Deed, agent: int) -> Fact:
        message = self._said(Message.Kind.REPLY, deed, agent)
        return Fact(deed.at, "message", Actor.agent, _way(_OUT, _WEB), agent, None, message)

    def _call(self, deed: Deed, agent: int) -> Fact:
        stated_at = deed.at - deed.ago
        message = self._say(
            Message.Kind.CALL,
            deed.at,
            deed.value,
            _PHONE,
            contact=self.contact,
            agent=agent,
            stated_at=stated_at,
        )
        data = {"direction": _OUT, "stated_at": stated_at.isoformat()}
        return Fact(deed.at, "call", Actor.agent, data, agent, self.contact, message)

    def _hand_over(self, deed: Deed, agent: int) -> Iterator[Fact]:
        before, place = self.holder, self.place
        self.holder = Holder(None, int(deed.value))
        data = {
            "reason": deed.reason,
            "by": "",
            "role": "",
            "from_tier": "",
            "tier": "",
            "from_team": "" if before.team is None else place.teams[before.team][1],
            "team": place.teams[int(deed.value)][1],
            "desk_team": place.teams[int(deed.value)][0],
            "from_agent": "" if before.agent is None else place.agents[before.agent][1],
            "agent_name": "",
        }
        yield Fact(deed.at, "handed_over", Actor.agent, data, agent)
        yield Fact(deed.at, "assigned", Actor.agent, {"to": None, "handed_over": True}, agent)

    def _tag(self, deed: Deed, agent: int) -> Fact:
        names = deed.value.split(",")
        for name in names:
            tag = self.place.tags[name]
            self.rows.tagged.append((self.ids.take("tagged"), self.ticket_id, tag, agent, deed.at))
        return Fact(deed.at, "tagged", Actor.agent, {"names": names}, agent)

    def _said(self, kind: Message.Kind, deed: Deed, agent: int) -> int:
        message = self._say(kind, deed.at, deed.value, _WEB, agent=agent)
        self._attach(message, deed.files)
        return message

    def _say(
        self,
        kind: Message.Kind,
        at: datetime,
        text: str,
        channel: str,
        *,
        contact: int | None = None,
        agent: int | None = None,
        stated_at: datetime | None = None,
    ) -> int:
        id, direction = self.ids.take("message"), _OUT if stated_at else ""
        row: Row = (id, self.ticket_id, kind.value, at, contact, agent, channel, text)
        self.rows.messages.append((*row, "", "", True, "", "", None, stated_at, direction))
        return id

    def _attach(self, message: int, files: tuple[int, ...]) -> None:
        for number in files:
            file = SAMPLES[number]
            row: Row = (self.ids.take("attachment"), message, file.name, file.content_type)
            self.rows.attachments.append((*row, len(file.content), file.digest, file.stored_as, "", False))


def _way(direction: str, channel: str) -> dict[str, Any]:
    return {"direction": direction, "public": True, "automatic": False, "channel": channel}


def _status(deed: Deed, status: str, agent: int) -> Fact:
    reason = deed.reason if deed.kind == "status" else ""
    return Fact(deed.at, "status", Actor.agent, {"to": status, "reason": reason}, agent)
