"""Keyed tokens that a mail or a link carries: checked in constant time, bound to one purpose.

A participant's token names one contact on one ticket and proves that the desk handed it to them; raising the
participant's serial ends every token made before, and a side conversation has a token and a serial of its own in the
same way. An agent's token names one agent and one ticket, a bounce's the notice that could not be delivered. The
alphabet survives mail systems that change letter case.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

_MAC_LENGTH = 16
_FORM = re.compile(r"\A([1-9][0-9]{0,17})-([1-9][0-9]{0,4})-([a-z2-7]{16})\Z")
_AGENT_FORM = re.compile(r"\Aa([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([a-z2-7]{16})\Z")
_BOUNCE_FORM = re.compile(r"\Ab([1-9][0-9]{0,17})-([a-z2-7]{16})\Z")
_PAGE_FORM = re.compile(r"\Ap([1-9][0-9]{0,17})-([1-9][0-9]{0,17})-([a-z2-7]{16})\Z")
_SIDE_FORM = re.compile(r"\As([1-9][0-9]{0,17})-([1-9][0-9]{0,4})-([a-z2-7]{16})\Z")
_TOKEN_LENGTH = 80
_RANDOM = re.compile(r"\A[a-z0-9]{8,40}\Z")
_DOMAIN = re.compile(r"\A[A-Za-z0-9.-]{1,180}\Z")
_MESSAGE_ID = re.compile(
    r"\A<?u\.([1-9][0-9]{0,17})\.([a-z0-9]{8,40})\.([a-z2-7]{16})@[^\s<>@]{1,253}>?\Z", re.ASCII
)
_MESSAGE_ID_LENGTH = 400


class Purpose(StrEnum):
    reply = "reply"
    link = "link"
    attachment = "attachment"
    message_id = "message-id"
    agent_reply = "agent-reply"
    bounce = "bounce"
    unsubscribe = "unsubscribe"
    page = "page"
    side = "side"
    rota = "rota"


@dataclass(frozen=True, slots=True)
class ParticipantToken:
    participant_id: int
    serial: int


@dataclass(frozen=True, slots=True)
class AgentToken:
    agent_id: int
    ticket_id: int


@dataclass(frozen=True, slots=True)
class SideToken:
    side_id: int
    serial: int


@dataclass(frozen=True, slots=True)
class PageToken:
    page_id: int
    agent_id: int


def sign(key: bytes, purpose: Purpose, text: str) -> str:
    """Return 16 letters (80 bits) that only the holder of `key` can make for this purpose and text."""
    mac = hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:10]).decode().lower()


def verify(key: bytes, purpose: Purpose, text: str, mac: str) -> bool:
    """Whether `mac` was made by `sign` for this key, purpose and text; in constant time."""
    return hmac.compare_digest(sign(key, purpose, text).encode(), mac.lower().encode("utf-8", "replace"))


def make(key: bytes, purpose: Purpose, token: ParticipantToken) -> str:
    """Return the token's text, for a plus-address or a link."""
    body = f"{token.participant_id}-{token.serial}"
    return f"{body}-{sign(key, purpose, body)}"


def read(key: bytes, purpose: Purpose, text: str) -> ParticipantToken | None:
    """Return what a token names, or None where it was not made by us for this purpose."""
    form = _FORM.match(text.lower())
    if form is None:
        return None
    participant, serial, mac = form.groups()
    if not verify(key, purpose, f"{participant}-{serial}", mac):
        return None
    return ParticipantToken(int(participant), int(serial))


def make_for_agent(key: bytes, token: AgentToken) -> str:
    """Return the plus-part of the address at which one agent answers one ticket by mail."""
    body = f"{token.agent_id}-{token.ticket_id}"
    return f"a{body}-{sign(key, Purpose.agent_reply, body)}"


def read_for_agent(key: bytes, text: str) -> AgentToken | None:
    """Return which agent and ticket a token names, or None where we did not make it for an agent's answer."""
    form = _AGENT_FORM.match(text[:_TOKEN_LENGTH].lower())
    if form is None:
        return None
    agent, ticket, mac = form.groups()
    if not verify(key, Purpose.agent_reply, f"{agent}-{ticket}", mac):
        return None
    return AgentToken(int(agent), int(ticket))


def make_for_bounce(key: bytes, notice_id: int) -> str:
    """Return the plus-part of the envelope sender to which a notice that cannot be delivered comes back."""
    return f"b{notice_id}-{sign(key, Purpose.bounce, str(notice_id))}"


def read_for_bounce(key: bytes, text: str) -> int | None:
    """Return the notice that a token names, or None where we did not make it for a bounce."""
    form = _BOUNCE_FORM.match(text[:_TOKEN_LENGTH].lower())
    if form is None:
        return None
    notice, mac = form.groups()
    return int(notice) if verify(key, Purpose.bounce, notice, mac) else None


def make_for_page(key: bytes, token: PageToken) -> str:
    """Return the part of a link by which one agent acknowledges one page."""
    body = f"{token.page_id}-{token.agent_id}"
    return f"p{body}-{sign(key, Purpose.page, body)}"


def read_for_page(key: bytes, text: str) -> PageToken | None:
    """Return which page and agent a token names, or None where we did not make it for a page."""
    form = _PAGE_FORM.match(text[:_TOKEN_LENGTH].lower())
    if form is None:
        return None
    page, agent, mac = form.groups()
    if not verify(key, Purpose.page, f"{page}-{agent}", mac):
        return None
    return PageToken(int(page), int(agent))


def make_for_side(key: bytes, token: SideToken) -> str:
    """Return the plus-part of the address at which a third party answers in one side conversation."""
    body = f"{token.side_id}-{token.serial}"
    return f"s{body}-{sign(key, Purpose.side, body)}"


def read_for_side(key: bytes, text: str) -> SideToken | None:
    """Return which side conversation a token names, or None where we did not make it for one."""
    form = _SIDE_FORM.match(text[:_TOKEN_LENGTH].lower())
    if form is None:
        return None
    side, serial, mac = form.groups()
    if not verify(key, Purpose.side, f"{side}-{serial}", mac):
        return None
    return SideToken(int(side), int(serial))


def make_message_id(key: bytes, ticket_id: int, random: str, domain: str) -> str:
    """Return a Message-ID that names a ticket and that nobody else could have made.

    `random` is 8 to 40 lower-case letters and digits of the caller's choosing, new for every mail. A mail
    without a ticket takes 0, which `read_message_id` never names.
    """
    if not _RANDOM.match(random):
        raise ValueError("the random part of a Message-ID is 8 to 40 lower-case letters and digits")
    if not _DOMAIN.match(domain):
        raise ValueError(f"not a domain for a Message-ID: {domain!r}")
    body = f"{ticket_id}.{random}"
    return f"<u.{body}.{sign(key, Purpose.message_id, body)}@{domain}>"


def read_message_id(key: bytes, text: str) -> int | None:
    """Return the ticket that a Message-ID of ours names, or None where we did not make it.

    The domain is not part of the proof: a desk may move, and its old mails are still answered.
    """
    if len(text) > _MESSAGE_ID_LENGTH:
        return None
    form = _MESSAGE_ID.match(text.strip().lower())
    if form is None:
        return None
    ticket, random, mac = form.groups()
    if not verify(key, Purpose.message_id, f"{ticket}.{random}", mac):
        return None
    return int(ticket)
