"""What a request is about, and what the policy asks of it: chosen first, since the form depends on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from upheld.desks.models import Portal
from upheld.people.affiliations import customers_of, organizations_on
from upheld.people.models import Contact, Organization, Site
from upheld.policy.document import ChoicePart, Document, InformationItemPart, RequestTypePart
from upheld.rules.missing_information import Item, asked
from upheld.tickets.information import rule_items


@dataclass(frozen=True, slots=True)
class Subject:
    """The product and the kind of request, of those that can be chosen here; `named` of them are in the address or the
    form. Where there is only one, nobody is asked."""

    products: Sequence[ChoicePart]
    kinds: Sequence[RequestTypePart]
    any_kind: bool
    product: str
    kind: str
    is_chosen: bool

    @property
    def is_asked(self) -> bool:
        return len(self.products) > 1 or self.asks_kind

    @property
    def asks_kind(self) -> bool:
        return len(self.kinds) + self.any_kind > 1

    @property
    def words(self) -> str:
        """What was chosen, in the policy's words."""
        labels = [each.label or each.id for each in self.products if each.id == self.product]
        labels += [each.label or each.id for each in self.kinds if each.id == self.kind]
        if self.asks_kind and not self.kind:
            labels.append(_("anything else"))
        return " · ".join(labels)

    @property
    def rules(self) -> str:
        """Who may ask for the chosen kind."""
        kind = next((each for each in self.kinds if each.id == self.kind), None)
        if kind is None:
            return ""
        if kind.only_for == "named_contact":
            return _(
                "This goes only to the technical contact whom your contract names. Sign in as that contact, or write "
                "from their address; what anybody else asks for is kept until a person has looked at it."
            )
        if kind.needs_contract:
            return _("This is for customers whose contract is in force.")
        return ""


def subject_of(document: Document, portal: Portal, typed: Mapping[str, str]) -> Subject:
    """Return what was chosen so far; what cannot be chosen here is passed over."""
    products = [each for each in document.products if not portal.products or each.id in portal.products]
    kinds = [
        each for each in document.request_types if not portal.request_types or each.id in portal.request_types
    ]
    any_kind = not portal.request_types or not kinds
    product = products[0].id if len(products) == 1 else _one_of(products, typed.get("product"))
    only_kind = len(kinds) == 1 and not any_kind
    kind = kinds[0].id if only_kind else _one_of(kinds, typed.get("kind"))
    known = bool(product or not products) and (
        only_kind or not kinds or bool(kind or (any_kind and "kind" in typed))
    )
    return Subject(products, kinds, any_kind, product, kind, known)


def _one_of(parts: Sequence[ChoicePart], wanted: str | None) -> str:
    return next((each.id for each in parts if each.id == wanted), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """The fields of a form: what is asked once, and what is asked of each problem. `hints` are what the policy says of
    the subject and of the text."""

    once: Sequence[InformationItemPart]
    of_each: Sequence[InformationItemPart]
    hints: Mapping[str, str]


def fields_of(document: Document, subject: Subject) -> Asked:
    """Return the items of the policy that need a field. What belongs to a kind of request is asked of each problem."""
    parts = {each.id: each for each in document.information.items}
    concerned = asked(rule_items(document), subject.product, subject.kind)
    found = [parts[each.id] for each in concerned if each.has_field]
    hints = {_place(each): parts[each.id].label for each in concerned if not each.has_field}
    return Asked(
        [each for each in found if not each.request_types],
        [each for each in found if each.request_types],
        hints,
    )


def _place(item: Item) -> str:
    return "subject" if item.where == "subject" else "text"


@dataclass(frozen=True, slots=True)
class Background:
    """For whom a signed-in contact may ask. Of somebody who is not signed in nothing is known, and nothing shown."""

    organizations: Sequence[Organization] = ()
    sites: Sequence[Site] = ()

    def site(self, typed: str | None) -> Site | None:
        return next((each for each in self.sites if str(each.pk) == typed), None)

    def usual_site(self, product: str) -> Site | None:
        """The site that is meant where there is only one for this product."""
        fitting = [each for each in self.sites if not product or each.product in ("", product)]
        return fitting[0] if len(fitting) == 1 and len(self.sites) == 1 else None


def background_of(portal: Portal, contact: Contact | None) -> Background:
    """Return the organizations of a contact on the desk of a portal, with their sites, and the customers for whom these
    act as partners: what the desk knows of the sites of those is not for partners."""
    if contact is None:
        return Background()
    own = organizations_on(portal.desk_id, contact)
    sites = Site.objects.filter(organization__in=own).select_related("organization")
    return Background([*own, *customers_of(own)], list(sites.order_by("organization__name", "name")))
