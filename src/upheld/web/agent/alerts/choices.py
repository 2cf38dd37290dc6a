"""When and how an agent is told: what they choose on the page of their preferences."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from upheld.clock import CalendarError
from upheld.notices.actions import try_alert_address
from upheld.people.actions import (
    add_alert_address,
    choose_alert_hours,
    choose_alert_ways,
    remove_alert_address,
    turn_alert_address,
)
from upheld.people.models import AlertHours
from upheld.people.staff import StaffRefused
from upheld.rules.alert_addresses import SERVICES, service_of
from upheld.rules.alert_hours import WEEKDAYS as DAYS
from upheld.rules.alert_hours import read_times, said_times
from upheld.rules.alert_ways import ALWAYS_MAILED, IN_PAGES_ONLY, Way
from upheld.web.agent.acts import typed
from upheld.web.agent.unsent import Unsent
from upheld.web.agent.working import working
from upheld.web.presenting.alerts import KINDS
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, for_agents

HOURS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    AlertHours.DESK.value: (
        gettext_lazy("While the desk is open"),
        gettext_lazy("By the calendar of its policy, holidays included."),
    ),
    AlertHours.OWN.value: (gettext_lazy("In hours of my own"), gettext_lazy("Weekly hours, below.")),
    AlertHours.ALWAYS.value: (gettext_lazy("At any hour"), gettext_lazy("Nights and weekends as well.")),
}
_LONGEST = 200
_LONGEST_KEPT = 2000
View = Callable[..., HttpResponse]
Deed = Callable[..., str]


def deed(form: str) -> Callable[[Deed], View]:
    """Make a view of a deed; a refusal shows the preferences again, with what was typed."""

    def make(done: Deed) -> View:
        @require_POST
        @for_agents
        def view(request: HttpRequest, workplace: Workplace, **which: int) -> HttpResponse:
            try:
                messages.success(request, done(request, workplace, **which))
            except StaffRefused as refused:
                # What opens a door is not shown again, not even to whoever typed it.
                kept = {
                    each: typed(request, each)[:_LONGEST_KEPT] for each in request.POST if each != "address"
                }
                unsent = Unsent(form, str(refused), kept)
                context = preferences_context(workplace, request, unsent)
                return render(request, "web/agent/preferences.html", context, status=422)
            return redirect("preferences")

        return view

    return make


@deed("hours")
def hours(request: HttpRequest, workplace: Workplace) -> str:
    times = {}
    for day, name in zip(DAYS, WEEKDAYS.values(), strict=True):
        try:
            spans = read_times(typed(request, f"times-{day}")[:_LONGEST])
        except CalendarError:
            said = _("Write the hours of %(day)s like 09:00-17:30, several with a comma between them.")
            raise StaffRefused(said % {"day": name}) from None
        if spans:
            times[day] = spans
    choose_alert_hours(workplace.agent.pk, hours=typed(request, "hours"), times=times)
    return _("Saved: alerts reach you in these hours.")


@deed("ways")
def ways(request: HttpRequest, workplace: Workplace) -> str:
    choose_alert_ways(
        workplace.agent.pk, {kind.value: request.POST.getlist(f"way-{kind.value}") for kind in KINDS}
    )
    return _("Saved: alerts reach you on these ways.")


@deed("address")
def add_address(request: HttpRequest, workplace: Workplace) -> str:
    added = add_alert_address(
        workplace.agent, label=typed(request, "label"), address=typed(request, "address"), now=request.now
    )
    return _("Added: %(label)s. Send a test to see whether it works.") % {"label": added.label}


@deed("addresses")
def try_address(request: HttpRequest, workplace: Workplace, address_id: int) -> str:
    try_alert_address(workplace.agent, address_id, request.now)
    return _("A test is on its way. Should it not arrive, its reason stands here after a minute.")


@deed("addresses")
def turn_address(request: HttpRequest, workplace: Workplace, address_id: int) -> str:
    turned = turn_alert_address(workplace.agent, address_id, on=typed(request, "on") == "on")
    return _("It is turned on.") if turned.is_on else _("It is turned off.")


@deed("addresses")
def remove_address(request: HttpRequest, workplace: Workplace, address_id: int) -> str:
    remove_alert_address(workplace.agent, address_id, now=request.now)
    return _("The address is removed.")


def preferences_context(
    workplace: Workplace, request: HttpRequest, unsent: Unsent | None = None
) -> dict[str, Any]:
    """All that the page of somebody's preferences shows."""
    agent, unsent = workplace.agent, unsent or Unsent()
    named = set(agent.named_on.values_list("desk_id", flat=True))
    times = Times(workplace.zone, request.now)
    chosen = unsent.typed.get("hours") or agent.alert_hours
    return {
        "zone": workplace.zone,
        "working": working(agent, workplace.desks[0].zone, unsent),
        "desks": workplace.desks,
        "readings": [desk for desk in workplace.desks if desk.pk in named],
        "unsent": unsent,
        "hours": [(value, *words, value == chosen) for value, words in HOURS.items()],
        "week": [
            (day, name, unsent.typed.get(f"times-{day}") or said_times(agent.alert_times.get(day, ())))
            for day, name in zip(DAYS, WEEKDAYS.values(), strict=True)
        ],
        "ways": [
            _way(kind.value, label, agent.alert_ways)
            for kind, label in KINDS.items()
            if kind not in IN_PAGES_ONLY
        ],
        "addresses": [
            (each, service_of(each.scheme), times.when(each.added_at))
            for each in agent.alert_addresses.order_by("pk")
        ],
        "services": [(name, f"{scheme}://") for scheme, (name, _hosts) in SERVICES.items()],
    }


def _way(kind: str, label: str | Promise, chosen: Mapping[str, Any]) -> dict[str, Any]:
    wanted = chosen.get(kind, [each.value for each in Way])
    return {
        "kind": kind,
        "label": label,
        "mail": Way.mail.value in wanted or kind in ALWAYS_MAILED,
        "push": Way.push.value in wanted,
        "always_mailed": kind in ALWAYS_MAILED,
    }
