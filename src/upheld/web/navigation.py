"""The agents' bar: where somebody can go, and what waits for them there."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from upheld.mailboxes.queries import waiting_for_a_person
from upheld.mailboxes.visibility import sees_mail
from upheld.rules.permissions import Act, allowed
from upheld.tickets.alerting import unread_alerts
from upheld.tickets.held import may_hold, undecided
from upheld.tickets.queries import COUNT_BOUND, count_each
from upheld.tickets.visibility import AgentViewer
from upheld.web.viewer import Workplace, workplace_of

UNREAD_BOUND = 99
_WAITING = "_upheld_waiting"


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the bar, and the keys that lead there. `count` is how much waits there, as it is shown; empty where
    nothing does."""

    label: str | Promise
    url: str
    icon: str
    keys: str
    count: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True)
class Navigation:
    """The places of one agent, and what they may begin."""

    places: tuple[Entry, ...]
    beginnings: tuple[Entry, ...]

    @property
    def here(self) -> Entry | None:
        """The place that the page belongs to."""
        return next((each for each in self.places if each.current), None)

    @property
    def bell(self) -> Entry | None:
        """The alerts, which stand in the bar even where the places are folded away."""
        return next((each for each in self.places if each.icon == "bell"), None)

    @property
    def something_waits(self) -> bool:
        return any(each.count for each in self.places)


def navigation(request: HttpRequest) -> Navigation | None:
    """What the bar shows for this request; None for everybody who is not at work here."""
    workplace = workplace_of(request)
    if workplace is None:
        return None
    begins = tuple(beginnings(workplace.viewer))
    # A new ticket has an address below the queue's, and is no part of it.
    path = "" if request.path in {each.url for each in begins} else request.path
    waiting = _waiting(request, workplace)
    return Navigation(
        tuple(_at(replace(each, count=waiting.get(each.url, "")), path) for each in places(workplace)),
        tuple(_at(each, request.path) for each in begins),
    )


def _at(entry: Entry, path: str) -> Entry:
    if path == entry.url:
        return replace(entry, current="page")
    # Lists carry their choice behind a question mark, so every deeper address is something of that place.
    return replace(entry, current="true") if path.startswith(entry.url) else entry


def what_waits(workplace: Workplace) -> dict[str, QuerySet[Any]]:
    """What waits for somebody, by the name of the place."""
    viewer = workplace.viewer
    waits: dict[str, QuerySet[Any]] = {"alerts": unread_alerts(viewer)}
    if may_somewhere(viewer, Act.read_held_requests) and may_hold(workplace.version_ids):
        waits["held_requests"] = undecided(viewer)
    if sees_mail(viewer):
        waits["mail"] = waiting_for_a_person(viewer)
    return waits


def note_waiting(request: HttpRequest, counted: Mapping[str, int]) -> None:
    """Take note of how much waits, for a page that counts other things anyway: a query less."""
    setattr(request, _WAITING, counted)


def _waiting(request: HttpRequest, workplace: Workplace) -> dict[str, str]:
    """How much waits for somebody, by the address of the place."""
    counted = getattr(request, _WAITING, None)
    if counted is None:
        counted = count_each(what_waits(workplace))
    bounds = {"alerts": UNREAD_BOUND}
    return {reverse(name): _figure(count, bounds.get(name, COUNT_BOUND)) for name, count in counted.items()}


def places(workplace: Workplace) -> Iterator[Entry]:
    """Where an agent can go, whatever waits there."""
    viewer = workplace.viewer
    yield Entry(_("Queue"), reverse("queue"), "inbox", "g q")
    yield Entry(_("Alerts"), reverse("alerts"), "bell", "g a")
    if may_somewhere(viewer, Act.read_customers):
        yield Entry(_("Customers"), reverse("customers"), "users", "g c")
    if may_somewhere(viewer, Act.read_held_requests):
        yield Entry(_("Held"), reverse("held_requests"), "hand", "g h")
    if may_somewhere(viewer, Act.read_problems):
        yield Entry(_("Problems"), reverse("problems"), "network", "g p")
    if may_somewhere(viewer, Act.watch_third_party):
        yield Entry(_("Watch"), reverse("watch_list"), "binoculars", "g w")
    if sees_mail(viewer):
        yield Entry(_("Mail"), reverse("mail"), "mail", "g m")
    yield Entry(_("Policy"), reverse("policies"), "scale", "g l")
    if may_somewhere(viewer, Act.read_compliance):
        yield Entry(_("Reports"), reverse("compliance"), "chart-column", "g e")
    if may_somewhere(viewer, Act.administer):
        yield Entry(_("Desk"), reverse("desk_settings"), "settings", "g d")
    # Only a demo has one, and only a lab the other.
    with suppress(NoReverseMatch):
        yield Entry(_("Outbox"), reverse("outbox"), "send", "g o")
        yield Entry(_("Lab"), reverse("lab"), "flask-conical", "g b")


def beginnings(viewer: AgentViewer) -> Iterator[Entry]:
    """What an agent may begin."""
    if may_somewhere(viewer, Act.start_ticket):
        yield Entry(_("New ticket"), reverse("new_ticket"), "ticket-plus", "c t")
    if may_somewhere(viewer, Act.log_call):
        yield Entry(_("Log a call"), reverse("new_call"), "phone", "c c")


def may_somewhere(viewer: AgentViewer, act: Act) -> bool:
    """Whether an agent may do this on at least one of their desks."""
    return any(allowed(role, act) for role in viewer.roles.values())


def _figure(count: int, most: int) -> str:
    if not count:
        return ""
    return f"{most}+" if count > most else str(count)
