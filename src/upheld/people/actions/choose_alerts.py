"""Choose when and how an agent is told outside the pages of the desk."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from upheld.people.models import Agent, AlertHours
from upheld.people.staff import StaffRefused
from upheld.rules.alert_hours import WeeklyTimes
from upheld.rules.alert_ways import Way


def choose_alert_hours(agent_id: int, *, hours: str, times: WeeklyTimes) -> None:
    """Set when the agent is told; `times` are weekly hours of their own, which are kept whatever is chosen. Raises
    StaffRefused for a choice that there is not, and for hours of one's own that never come."""
    if hours not in AlertHours.values:
        raise StaffRefused(_("Choose when you are told."))
    if hours == AlertHours.OWN and not any(times.values()):
        raise StaffRefused(_("Write hours for one day at least, or choose other hours."))
    Agent.objects.filter(pk=agent_id).update(alert_hours=hours, alert_times=dict(times))


def choose_alert_ways(agent_id: int, chosen: Mapping[str, Iterable[str]]) -> None:
    """Set by kind of notice how the agent is told; what is not named here stays as it is."""
    agent = Agent.objects.filter(pk=agent_id).only("alert_ways").get()
    known = {kind: [each.value for each in Way if each.value in ways] for kind, ways in chosen.items()}
    Agent.objects.filter(pk=agent_id).update(alert_ways={**agent.alert_ways, **known})
