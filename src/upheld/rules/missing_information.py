"""What a new request has to say, and what of that nobody has said yet.

A program cannot know what the words of a mail say. So an item counts as said only where it stands in a place that can
be looked at: a field of a form, the site of the organization, the subject of a mail, or the text itself where the item
is the description of the problem.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# Items whose ids have a meaning of their own: the text of the request itself, and what only a request has to say that
# goes on with an earlier one.
DESCRIPTION = "description"
CASE_NUMBER = "case_number"


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the policy asks for. Empty `products` and `request_types` mean all."""

    id: str
    where: str = "body"
    products: Sequence[str] = ()
    request_types: Sequence[str] = ()
    optional: bool = False

    @property
    def has_field(self) -> bool:
        """Whether it is asked in a field of its own: subject and text have theirs anyway."""
        return self.where != "subject" and self.id not in (DESCRIPTION, CASE_NUMBER)


@dataclass(frozen=True, slots=True)
class Said:
    """What a request says. `given` was filled in, `site` is what the organization's site knows, by ids of items."""

    product: str = ""
    request_type: str = ""
    subject: str = ""
    text: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    site: Mapping[str, str] = field(default_factory=dict)


def asked(items: Iterable[Item], product: str, request_type: str) -> list[Item]:
    """Return the items that concern a new request. One for certain products is not asked while the product is unknown,
    and so with kinds of request."""
    return [
        each
        for each in items
        if each.id != CASE_NUMBER
        and (not each.products or product in each.products)
        and (not each.request_types or request_type in each.request_types)
    ]


def missing(items: Iterable[Item], said: Said) -> list[str]:
    """Return the ids of the items that a new request has to say and does not, in the policy's order."""
    concerned = asked(items, said.product, said.request_type)
    return [each.id for each in concerned if not each.optional and not _is_said(each, said)]


def _is_said(item: Item, said: Said) -> bool:
    if item.where == "subject" and said.subject.strip():
        return True
    if item.id == DESCRIPTION and said.text.strip():
        return True
    return any(str(known.get(item.id) or "").strip() for known in (said.given, said.site))


def waiting_clocks(pauses: Iterable[str], never_for: Iterable[str], priority: str) -> list[str]:
    """Return the metrics whose clocks wait for what is missing. A response never waits, whatever a policy says."""
    if priority in set(never_for):
        return []
    return [each for each in pauses if each not in ("first_response", "next_reply")]
