"""What is entered about a portal, as checked values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from upheld.desks.models import Desk, Mailbox, Portal
from upheld.desks.policies import NoPolicyInForce, version_in_force
from upheld.desks.policy_documents import document_of
from upheld.rules.looks import LookRefused, read_look
from upheld.rules.one_line import one_line

LONGEST_TEXT = 5000
_SLUG = re.compile(r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")
# Long texts are told of, not repeated: the audit is kept for ever.
_LONG = frozenset({"introduction", "guidance"})


class PortalRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """The desk can have no such portal; the message says why, and `field` what it is about."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True, slots=True)
class Choosable:
    """Products and kinds of request that the policy in force knows: labels by ids."""

    products: Mapping[str, str] = field(default_factory=dict)
    request_types: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalValues:
    """What a portal is, beside its short name. `mailbox` is one of the desk's; `look` is of `rules.looks`."""

    name: str
    enquiry: str = ""
    introduction: str = ""
    guidance: str = ""
    mailbox: Mailbox | None = None
    products: Sequence[str] = ()
    request_types: Sequence[str] = ()
    look: Mapping[str, str] = field(default_factory=dict)
    is_listed: bool = True
    restricted: bool = False

    def columns(self, desk: Desk, now: datetime) -> dict[str, object]:
        """Return the same, tidied, by the names of the columns; raises PortalRefused for what no portal can be."""
        name = one_line(self.name, 120)
        if not name:
            raise PortalRefused("name", "Write the name that customers read above everything else.")
        if self.mailbox is not None and self.mailbox.desk_id != desk.pk:
            raise PortalRefused("mailbox", "Choose one of the desk's own mailboxes.")
        try:
            look = read_look(self.look).stored()
        except LookRefused as refused:
            raise PortalRefused("look", str(refused)) from None
        known = choosable(desk, now)
        return {
            "name": name,
            "enquiry": one_line(self.enquiry, 200),
            "introduction": _text(self.introduction),
            "guidance": _text(self.guidance),
            "mailbox": self.mailbox,
            "products": _known("products", self.products, known.products),
            "request_types": _known("request_types", self.request_types, known.request_types),
            "look": look,
            "is_listed": self.is_listed,
            "restricted": self.restricted,
        }


def choosable(desk: Desk, at: datetime) -> Choosable:
    """Return what a portal of the desk may be for; nothing where no policy is in force."""
    try:
        document = document_of(version_in_force(desk, at).pk)
    except NoPolicyInForce:
        return Choosable()
    return Choosable(
        {each.id: each.label or each.id for each in document.products},
        {each.id: each.label or each.id for each in document.request_types},
    )


def checked_slug(text: str, portal: Portal | None = None) -> str:
    """Return a short name under which the portal (a new one, when not given) can be reached; raises PortalRefused."""
    slug = text.strip().lower()
    if len(slug) > 40 or not _SLUG.match(slug):
        raise PortalRefused(
            "slug",
            "A short name has up to 40 small letters, digits and single hyphens between them, such as device-repairs.",
        )
    if portal is not None and slug == portal.slug:
        return slug
    if portal is not None and portal.is_default:
        raise PortalRefused(
            "slug", "The desk's usual portal keeps the short name of the desk: links to the desk lead to it."
        )
    if Portal.objects.filter(slug=slug).exists() or Desk.objects.filter(slug=slug).exists():
        raise PortalRefused(
            "slug", f"Another portal has the short name “{slug}”. Choose one that nobody has."
        )
    return slug


def told(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """Return, for the audit, what of these columns changed."""
    return {
        name: "changed" if name in _LONG else [_plain(before[name]), _plain(value)]
        for name, value in after.items()
        if before[name] != value
    }


def columns_of(portal: Portal) -> dict[str, object]:
    """Return what is stored of a portal, by the same names."""
    names = (each.name for each in fields(PortalValues))
    return {name: getattr(portal, name) for name in names} | {"slug": portal.slug}


def _known(field_name: str, ids: Sequence[str], known: Mapping[str, str]) -> list[str]:
    """The ids in the order of the policy; names those that it knows where one is none of them."""
    unknown = [each for each in ids if each not in known]
    if unknown:
        what = field_name.replace("_", " ")
        listed = f"It knows: {', '.join(known)}." if known else "It names none."
        raise PortalRefused(
            field_name, f"The policy in force does not know the {what} {', '.join(unknown)[:200]}. {listed}"
        )
    return [each for each in known if each in ids]


def _text(text: str) -> str:
    return text.replace("\0", "").replace("\r\n", "\n").strip()[:LONGEST_TEXT]


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Mailbox) else value
