"""How an agent works, as the page of their preferences asks it."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from upheld.clock import zone_names
from upheld.people.actions import UNDO_SECONDS
from upheld.people.models import AfterSending, Agent, HoursAs
from upheld.web.agent.unsent import Unsent

_AFTER: Mapping[str, str | Promise] = {
    AfterSending.NEXT.value: gettext_lazy("The next ticket of the list"),
    AfterSending.STAY.value: gettext_lazy("The same ticket"),
    AfterSending.LIST.value: gettext_lazy("The list"),
}
# Whoever chose nothing reads what English pages write.
_HOURS: Mapping[str, str | Promise] = {
    HoursAs.WHOLE.value: gettext_lazy("15:30"),
    HoursAs.HALF.value: gettext_lazy("3:30 pm"),
}


def working(agent: Agent, zone_of_desk: str, unsent: Unsent) -> dict[str, Any]:
    """The choices, with what stands there now or was typed and refused."""
    typed = unsent.typed if unsent.form == "working" else {}
    seconds = typed.get("undo_seconds", str(agent.undo_seconds))
    after = typed.get("after_sending", agent.after_sending)
    hours = typed.get("hours_as", agent.hours_as or HoursAs.WHOLE.value)
    possible = [each for each in UNDO_SECONDS if each <= settings.LONGEST_UNDO]
    return {
        "undo": [(each, _waits(each), str(each) == seconds) for each in possible],
        "after": [(value, label, value == after) for value, label in _AFTER.items()],
        "hours": [(value, label, value == hours) for value, label in _HOURS.items()],
        "keys": typed.get("single_keys") == "on" if typed else agent.single_keys,
        "zone": typed.get("zone", agent.zone),
        "zones": zone_names(),
        "zone_of_desk": zone_of_desk,
    }


def _waits(seconds: int) -> str:
    if not seconds:
        return _("Not at all: it leaves at once")
    return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
