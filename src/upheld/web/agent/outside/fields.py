"""What an agent types about a third party, and what the form shows of it."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.clock import zone as zone_named
from upheld.tickets.actions import Refused, ThirdParty
from upheld.tickets.models import ThirdPartyWait

_WORDS = ("name", "reference", "url", "note")
_TICKED = ("reported_by_us", "tells_name", "tells_promise")


def read_third_party(
    given: Callable[[str], str], zone: str, shown: ThirdPartyWait | None = None
) -> ThirdParty:
    """Read what was typed (`given` answers for a field), with times in a zone; raises Refused for a time that is none.
    `shown` is what the form showed: it shows whole minutes, and a time that was left as it is stays to the second."""
    return ThirdParty(
        **{name: given(name) for name in _WORDS},
        **{name: given(name) == "yes" for name in _TICKED},
        promised_at=_instant(given("promised_at"), zone, shown and shown.promised_at),
        remind_at=_instant(given("remind_at"), zone, shown and shown.remind_at),
    )


def as_typed(wait: ThirdPartyWait, zone: str) -> dict[str, str]:
    """Return what the form shows of a wait."""
    return {
        **{name: getattr(wait, name) for name in _WORDS},
        **{name: "yes" if getattr(wait, name) else "" for name in _TICKED},
        "promised_at": field_value(wait.promised_at, zone),
        "remind_at": field_value(wait.remind_at, zone),
    }


def field_value(at: datetime | None, zone: str) -> str:
    """Return what a date and time field shows for an instant; whole minutes."""
    return "" if at is None else f"{at.astimezone(zone_named(zone)):%Y-%m-%dT%H:%M}"


def _instant(text: str, zone: str, shown: datetime | None) -> datetime | None:
    text = text.strip()
    if not text:
        return None
    if shown is not None and text == field_value(shown, zone):
        return shown
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=zone_named(zone))
        # An instant next to the ends of the calendar has no other zone.
        at.astimezone(zone_named("UTC"))
    except (ValueError, OverflowError):
        raise Refused(_("Write the time as 2026-03-20 16:50.")) from None
    return at
