"""To which services an alert may be pushed: only those whose servers are fixed, so that no address of an agent's can
ever lead a request of ours anywhere else.

Left out is every scheme in which the user names a host, a port, a file or a program of this machine. An address has no
query either: there one could turn off the check of certificates, or name a picture that is fetched from elsewhere.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# By scheme, the service's name and the hosts that it talks to.
SERVICES: Mapping[str, tuple[str, frozenset[str]]] = {
    "discord": ("Discord", frozenset({"discord.com"})),
    "gchat": ("Google Chat", frozenset({"chat.googleapis.com"})),
    "join": ("Join", frozenset({"joinjoaomgcd.appspot.com"})),
    "msgbird": ("MessageBird", frozenset({"rest.messagebird.com"})),
    "ntfy": ("ntfy", frozenset({"ntfy.sh"})),
    "opsgenie": ("Opsgenie", frozenset({"api.opsgenie.com"})),
    "pagerduty": ("PagerDuty", frozenset({"events.pagerduty.com"})),
    "pbul": ("Pushbullet", frozenset({"api.pushbullet.com"})),
    "pover": ("Pushover", frozenset({"api.pushover.net"})),
    "prowl": ("Prowl", frozenset({"api.prowlapp.com"})),
    "signl4": ("SIGNL4", frozenset({"connect.signl4.com"})),
    "slack": ("Slack", frozenset({"hooks.slack.com", "slack.com"})),
    "tgram": ("Telegram", frozenset({"api.telegram.org"})),
    "threema": ("Threema", frozenset({"msgapi.threema.ch"})),
    "twilio": ("Twilio", frozenset({"api.twilio.com"})),
    "vonage": ("Vonage", frozenset({"rest.nexmo.com"})),
    "wxteams": ("Webex", frozenset({"api.ciscospark.com", "webexapis.com"})),
}
LENGTH = 500
_SHAPE = re.compile(
    r"(?P<scheme>[a-z][a-z0-9]{1,19})://(?P<rest>[A-Za-z0-9@:/._~=+%*!,&#-]{1,450})", re.ASCII
)
# Without a host, ntfy goes to its public server: one name, and nothing that looks like a machine or a path.
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,64}/?", re.ASCII)


class AddressRefused(ValueError):  # noqa: N818 - it reads as the sentence it is
    """This is no address of a service that alerts may be sent to. `why` is "form", "scheme", "query" or "topic"."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class PushAddress:
    """An address that may be used: where it leads to is known from its scheme alone."""

    scheme: str
    text: str

    @property
    def service(self) -> str:
        """The name of its service."""
        return SERVICES[self.scheme][0]


def service_of(scheme: str) -> str:
    """Return the name of the service of a scheme, or the scheme itself."""
    return SERVICES[scheme][0] if scheme in SERVICES else scheme


def read_address(text: str) -> PushAddress:
    """Read what an agent wrote; raises AddressRefused for everything that is not on the list."""
    text = text.strip()
    if "?" in text:
        raise AddressRefused("query")
    found = _SHAPE.fullmatch(text)
    scheme, is_address, _rest = text.partition("://")
    if not is_address:
        raise AddressRefused("form")
    if scheme not in SERVICES:
        raise AddressRefused("scheme")
    if found is None or len(text) > LENGTH:
        raise AddressRefused("form")
    if scheme == "ntfy" and not _TOPIC.fullmatch(found["rest"]):
        raise AddressRefused("topic")
    return PushAddress(scheme, text)
