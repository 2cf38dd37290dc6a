"""Choose how one works: what a sent reply waits for and where it leads, the keys, and how times are read."""

from dataclasses import asdict, dataclass

from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.people.models import AfterSending, Agent, HoursAs
from upheld.people.staff import StaffRefused

UNDO_SECONDS = (0, 5, 10, 20, 30)


@dataclass(frozen=True, slots=True)
class Working:
    """An agent's own choices. An empty zone is that of their desk."""

    undo_seconds: int
    after_sending: str
    single_keys: bool
    hours_as: str
    zone: str


def choose_working(agent_id: int, chosen: Working) -> None:
    """Set how the agent works. Raises StaffRefused for a choice that there is not."""
    if chosen.undo_seconds not in UNDO_SECONDS:
        raise StaffRefused(_("Choose for how long a reply can be taken back."))
    if chosen.after_sending not in AfterSending.values:
        raise StaffRefused(_("Choose what comes after sending."))
    if chosen.hours_as not in HoursAs.values:
        raise StaffRefused(_("Choose how times of day are written."))
    if chosen.zone and chosen.zone not in zone_names():
        raise StaffRefused(_("Choose a time zone from the list, like Europe/London."))
    Agent.objects.filter(pk=agent_id).update(**asdict(chosen))
