"""The link by which an agent, or their mail program for them (RFC 8058), takes back the morning mail.

It does that one thing and shows nothing, so it needs neither a session nor an end.
"""

import re

from django.conf import settings

from upheld.people.models import Agent
from upheld.rules.tokens import Purpose, sign, verify

_FORM = re.compile(r"\A([1-9][0-9]{0,17})-([a-z2-7]{16})\Z", re.ASCII)


def unsubscribe_token(agent_id: int) -> str:
    """Return the token of the link that this agent's morning mails carry."""
    return f"{agent_id}-{sign(_key(), Purpose.unsubscribe, str(agent_id))}"


def unsubscribing(text: str) -> Agent | None:
    """Return the agent whom a token names, or None where we did not make it."""
    form = _FORM.match(text)
    if form is None or not verify(_key(), Purpose.unsubscribe, *form.groups()):
        return None
    return Agent.objects.filter(pk=int(form[1])).first()


def _key() -> bytes:
    return settings.SECRET_KEY.encode()
