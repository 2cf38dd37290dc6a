"""Until when a ticket can be put off with one press, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

from upheld.clock import Calendar
from upheld.rules.put_off import Until, offers
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace

_LABELS = {
    Until.later: gettext_lazy("Later today"),
    Until.tomorrow: gettext_lazy("Tomorrow morning"),
    Until.monday: gettext_lazy("Monday"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One of them."""

    label: str
    at: When


def offers_at(workplace: Workplace, times: Times, hours: Calendar | None = None) -> list[Offer]:
    """Return the offers in the agent's zone and a desk's hours: those of the agent's first desk, if not given."""
    if hours is None:
        hours = next((each for policy in workplace.policies for each in policy.calendars.values()), None)
    found = offers(times.now, workplace.zone, hours)
    return [Offer(str(_LABELS[until]), times.when(at)) for until, at in found.items()]
