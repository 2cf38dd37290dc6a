"""Which requests a customer's list shows: whose, which of them, and with what words in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.people.models import Affiliation, Contact, Partnership
from upheld.tickets.customer_search import LONGEST, found_by
from upheld.tickets.models import Ticket
from upheld.tickets.queries import DONE, requests_of
from upheld.tickets.visibility import ContactViewer, Sight
from upheld.web.portal.presenting.policy.names import listed as in_a_row

_SHOWN = {"all": gettext_lazy("All"), "open": gettext_lazy("Open"), "done": gettext_lazy("Done")}


@dataclass(frozen=True, slots=True)
class Tab:
    """A list that the customer may choose: what it is called, and whose requests it holds."""

    sight: Sight
    label: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """Another list than this one, as a link."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for. What does not exist for this customer was passed over."""

    tab: Tab
    tabs: Sequence[Tab]
    show: str
    text: str

    @property
    def is_narrowed(self) -> bool:
        return self.show != "all" or bool(self.text)

    @property
    def is_mine(self) -> bool:
        return self.tab.sight is Sight.participant

    @property
    def whose(self) -> Sequence[Option]:
        """The lists to choose from; nothing where there is only one."""
        if len(self.tabs) < 2:
            return ()
        return [Option(each.label, _address(each.sight, "all", ""), each is self.tab) for each in self.tabs]

    @property
    def shown(self) -> Sequence[Option]:
        """All, open or done ones of this list."""
        return [
            Option(str(label), _address(self.tab.sight, name, self.text), name == self.show)
            for name, label in _SHOWN.items()
        ]

    @property
    def address(self) -> str:
        """The address of this list, to which a page is added."""
        return _address(self.tab.sight, self.show, self.text)

    @property
    def whole_address(self) -> str:
        """The same list without anything left out."""
        return _address(self.tab.sight, "all", "")

    @property
    def page_address(self) -> str:
        """The address of this list up to the number of a page."""
        return f"{self.address}{'&' if '=' in self.address else ''}page="


def read_wanted(typed: Mapping[str, str], contact: Contact) -> Wanted:
    """What an address asks for, of the lists that this contact has."""
    tabs = _tabs(contact)
    tab = next((each for each in tabs if each.sight == typed.get("whose")), tabs[0])
    show = typed.get("show", "all")
    return Wanted(
        tab=tab,
        tabs=tabs,
        show=show if show in _SHOWN else "all",
        text=" ".join(typed.get("q", "").replace("\0", " ").split())[:LONGEST],
    )


def listed(contact: Contact, wanted: Wanted) -> QuerySet[Ticket]:
    """The requests of the list, the latest first."""
    viewer, sight = ContactViewer(contact.pk), wanted.tab.sight
    tickets = requests_of(viewer, sight)
    if wanted.show == "open":
        tickets = tickets.exclude(status_category__in=DONE)
    elif wanted.show == "done":
        tickets = tickets.filter(status_category__in=DONE)
    return found_by(viewer, sight, tickets, wanted.text) if wanted.text else tickets


def _tabs(contact: Contact) -> list[Tab]:
    """Everybody has their own requests; the others need that somebody granted them."""
    tabs = [Tab(Sight.participant, _("My requests"))]
    granted = Affiliation.objects.filter(contact=contact, sees_all=True).order_by("organization__name")
    names = list(granted.values_list("organization__name", flat=True))
    if names:
        about = _("What others of %(organization)s asked.") % {"organization": in_a_row(names)}
        tabs.append(Tab(Sight.organization, _("My organization's requests"), about))
    served = Partnership.objects.filter(partner__affiliations__contact=contact).order_by("customer__name")
    names = list(served.values_list("customer__name", flat=True).distinct())
    if names:
        about = _("What people of %(organization)s asked, whom you serve as a partner.")
        about %= {"organization": in_a_row(names)}
        tabs.append(Tab(Sight.partner, _("Our customers' requests"), about))
    return tabs


def _address(sight: Sight, show: str, text: str) -> str:
    asked = {
        "whose": sight.value if sight is not Sight.participant else "",
        "show": show if show != "all" else "",
        "q": text,
    }
    return "?" + urlencode({name: value for name, value in asked.items() if value})
