"""What the command bar offers for what was typed so far: tickets, customers, organizations, lists, pages."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.rules.permissions import Act
from upheld.tickets.meant import contacts_meant, organizations_meant, tickets_looked_at, tickets_meant
from upheld.tickets.models import Ticket
from upheld.tickets.saved_queues import saved_queues
from upheld.web.agent.desk.guard import administered
from upheld.web.agent.desk.sections import SECTIONS
from upheld.web.agent.filters import LISTS, Wanted
from upheld.web.navigation import beginnings, may_somewhere, places
from upheld.web.viewer import Workplace

MOST_TICKETS, MOST_PEOPLE, MOST_PLACES = 6, 4, 8
# Pages of an agent's own, to which other pages lead.
_OWN = (
    ("preferences", gettext_lazy("Your preferences")),
    ("my_absences", gettext_lazy("Your absences")),
    ("rotas", gettext_lazy("On call")),
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to go to; `detail` tells it from others of its name."""

    label: str
    url: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    items: tuple[Item, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "items": [{"label": each.label, "detail": each.detail, "url": each.url} for each in self.items],
        }


def suggestions(workplace: Workplace, text: str) -> list[Group]:
    """Return groups of what fits; before anything is typed, the tickets that were looked at last, and the places."""
    groups = (Group(label, tuple(items)) for label, items in _groups(workplace, text))
    return [each for each in groups if each.items]


def _groups(workplace: Workplace, text: str) -> Iterator[tuple[str, Iterable[Item]]]:
    if text:
        yield from _named(workplace, text)
    else:
        yield _("Looked at last"), map(_ticket, tickets_looked_at(workplace.viewer, MOST_TICKETS))
    yield _("Go to"), _places(workplace, text)


def _named(workplace: Workplace, text: str) -> Iterator[tuple[str, Iterable[Item]]]:
    viewer = workplace.viewer
    yield _("Tickets"), map(_ticket, tickets_meant(viewer, text, MOST_TICKETS))
    if not may_somewhere(viewer, Act.read_customers):
        return
    yield (
        _("Customers"),
        [
            Item(each.name or each.address, reverse("contact", args=[each.pk]), each.address)
            for each in contacts_meant(viewer, text, MOST_PEOPLE)
        ],
    )
    yield (
        _("Organizations"),
        [
            Item(each.name, reverse("organization", args=[each.pk]), each.reference)
            for each in organizations_meant(viewer, text, MOST_PEOPLE)
        ],
    )


def _ticket(ticket: Ticket) -> Item:
    return Item(
        ticket.subject, reverse("ticket", args=[ticket.number]), f"{ticket.number} · {ticket.requester}"
    )


def _places(workplace: Workplace, text: str) -> list[Item]:
    words = text.casefold().split()
    known = [*_queues(workplace), *_pages(workplace)]
    fits = (each for each in known if all(word in f"{each.label} {each.detail}".casefold() for word in words))
    return list({each.url: each for each in fits}.values())[: MOST_PLACES if words else None]


def _queues(workplace: Workplace) -> Iterator[Item]:
    for name, label in LISTS.items():
        yield Item(str(label), reverse("queue") + Wanted(list=name).query(), _("list"))
    for each in saved_queues(workplace.viewer):
        yield Item(each.name, reverse("queue") + Wanted(text=each.query).query(), _("saved queue"))


def _pages(workplace: Workplace) -> Iterator[Item]:
    leads_to = [*places(workplace), *beginnings(workplace.viewer)]
    for each in leads_to:
        yield _page(each.label, each.url)
    yield from (_page(label, reverse(name)) for name, label in _OWN)
    if any(each.url == reverse("mail") for each in leads_to):
        yield _page(_("Outgoing mail"), reverse("outgoing_mail"))
    for desk in administered(workplace):
        for name, label in SECTIONS:
            yield Item(str(label), reverse(name, args=[desk.slug]), desk.name)


def _page(label: str | Promise, url: str) -> Item:
    return Item(str(label), url, _("page"))
