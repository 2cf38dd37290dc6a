"""The words that a desk's policy has for its customers: regions, products, and what is asked about a product."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from upheld.desks.models import Desk
from upheld.desks.policies import NoPolicyInForce, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.policy.document import Document


@dataclass(frozen=True, slots=True)
class Asked:
    """Something that the policy asks for, by its id; about these products, or about all where there are none."""

    id: str
    label: str
    meaning: str = ""
    products: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Labels by ids. A desk without a policy in force knows no word."""

    regions: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    plans: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()

    def asked_of(self, product: str) -> tuple[Asked, ...]:
        """What is asked about a product wherever it is used; nothing where none is named."""
        return tuple(
            each for each in self.asked if product and (not each.products or product in each.products)
        )

    def also(self, *, region: str = "", product: str = "") -> "Vocabulary":
        """The same with what was entered when the policy had other words: it may stay as it is."""
        return replace(
            self,
            regions={**self.regions, **({region: region} if region not in ("", *self.regions) else {})},
            products={**self.products, **({product: product} if product not in ("", *self.products) else {})},
        )


def vocabulary(desk: Desk, at: datetime) -> Vocabulary:
    """Return the words of the policy in force on a desk."""
    try:
        document = document_of(version_in_force(desk, at).pk)
    except NoPolicyInForce:
        return Vocabulary()
    return words_of(document)


def words_of(document: Document) -> Vocabulary:
    """Return the words of a policy document."""
    return Vocabulary(
        regions={each.id: each.label or each.id for each in document.regions},
        products={each.id: each.label or each.id for each in document.products},
        plans={each.id: each.label or each.id for each in document.plans},
        asked=tuple(
            Asked(each.id, each.label, each.meaning, tuple(each.products))
            for each in document.information.items
            # A subject, and what belongs to one kind of request, say nothing about a place.
            if each.where != "subject" and not each.request_types
        ),
    )
