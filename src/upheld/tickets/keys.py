"""Keyed tokens for participants, agents, links, bounces and Message-IDs: the rule is in `rules.tokens`, the key is
here."""

import re
import secrets

from django.conf import settings

from upheld.people.models import Rota
from upheld.rules.tokens import (
    AgentToken,
    PageToken,
    ParticipantToken,
    Purpose,
    SideToken,
    make,
    make_for_agent,
    make_for_bounce,
    make_for_page,
    make_for_side,
    make_message_id,
    read,
    read_for_agent,
    read_for_bounce,
    read_for_page,
    read_for_side,
    read_message_id,
    sign,
    verify,
)
from upheld.tickets.models import Participant, SideConversation

# What a participant was sent alone: their reply address, their link, a link to a file.
_TOKEN = re.compile(r"((?:[1-9][0-9]{0,17}-){2,4})([a-z2-7]{16})", re.IGNORECASE)
_OF_TWO_NUMBERS, _OF_FOUR = (Purpose.reply, Purpose.link), (Purpose.attachment,)


def _key() -> bytes:
    return settings.SECRET_KEY.encode()


def reply_token(participant: Participant) -> str:
    """Return the token for the plus-address at which this participant answers."""
    return make(_key(), Purpose.reply, ParticipantToken(participant.pk, participant.key_serial))


def link_token(participant: Participant) -> str:
    """Return the token of the link that opens this one ticket for this one participant."""
    return make(_key(), Purpose.link, ParticipantToken(participant.pk, participant.key_serial))


def participant_by(purpose: Purpose, text: str) -> Participant | None:
    """Return the active participant that a token names, or None for a token that is false, ended or foreign."""
    token = read(_key(), purpose, text)
    if token is None:
        return None
    return (
        Participant.objects.filter(pk=token.participant_id, key_serial=token.serial, removed_at=None)
        .select_related("contact", "ticket__desk")
        .first()
    )


def without_tokens(text: str) -> str:
    """Return a participant's words as others may read them: whoever answers by mail quotes their own link."""

    def hidden(found: re.Match[str]) -> str:
        numbers, mac = found[1].rstrip("-").split("-"), found[2]
        for count, purposes in ((2, _OF_TWO_NUMBERS), (4, _OF_FOUR)):
            body = "-".join(numbers[-count:])
            if any(verify(_key(), purpose, body, mac) for purpose in purposes):
                return "…"
        return found[0]

    return _TOKEN.sub(hidden, text)


def agent_token(agent_id: int, ticket_id: int) -> str:
    """Return the plus-part of the address at which this agent answers this ticket by mail."""
    return make_for_agent(_key(), AgentToken(agent_id, ticket_id))


def agent_answering(text: str) -> AgentToken | None:
    """Return which agent and ticket a token names; whether that agent may answer is asked when they do."""
    return read_for_agent(_key(), text)


def side_token(side: SideConversation) -> str:
    """Return the plus-part of the address at which a third party answers in this conversation."""
    return make_for_side(_key(), SideToken(side.pk, side.key_serial))


def side_by(text: str) -> SideConversation | None:
    """Return the side conversation that a token names, or None for a token that is false or ended."""
    token = read_for_side(_key(), text)
    if token is None:
        return None
    found = SideConversation.objects.filter(pk=token.side_id, key_serial=token.serial)
    return found.select_related("ticket").first()


def bounce_token(notice_id: int) -> str:
    """Return the plus-part of the envelope sender of this notice's mail, to which its bounce comes back."""
    return make_for_bounce(_key(), notice_id)


def bounced_notice(text: str) -> int | None:
    """Return the notice that a bounce's address names, or None where we did not make it."""
    return read_for_bounce(_key(), text)


def page_token(page_id: int, agent_id: int) -> str:
    """Return the token of the link by which this agent acknowledges this page."""
    return make_for_page(_key(), PageToken(page_id, agent_id))


def page_of(text: str) -> PageToken | None:
    """Return which page and agent a link names, or None where we did not make it. Whether the agent may still
    acknowledge it is asked when they do."""
    return read_for_page(_key(), text)


def feed_token(rota: Rota, agent_id: int | None = None) -> str:
    """Return the key of a rota's calendar, or of one agent's shifts in it; raising the rota's serial ends it."""
    return sign(_key(), Purpose.rota, _feed(rota, agent_id))


def opens_feed(rota: Rota, text: str, agent_id: int | None = None) -> bool:
    """Whether a key opens a rota's calendar, or that of one agent's shifts in it."""
    return verify(_key(), Purpose.rota, _feed(rota, agent_id), text)


def _feed(rota: Rota, agent_id: int | None) -> str:
    return f"{rota.pk}-{rota.feed_serial}" + (f"-{agent_id}" if agent_id else "")


def ticket_of_message_id(text: str) -> int | None:
    """Return the ticket that a Message-ID of ours names; 0 and what we did not make name none."""
    return read_message_id(_key(), text)


def new_message_id(ticket_id: int, address: str) -> str:
    """Return a fresh Message-ID that proves, when it comes back, that this desk gave it to this ticket."""
    return make_message_id(_key(), ticket_id, secrets.token_hex(8), address.rpartition("@")[2])
