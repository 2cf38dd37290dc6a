"""How requests come in: ways to reach the desk, contracts, what a request has to say, and what is not done."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from upheld.policy import Policy
from upheld.policy.document import ChannelPart, ChoicePart, Document, InformationItemPart, Part, RolePart
from upheld.web.portal.presenting.policy.amounts import Amounts
from upheld.web.portal.presenting.policy.hours import week_of
from upheld.web.portal.presenting.policy.names import Names, listed, metrics
from upheld.web.portal.presenting.policy.readings import Readings

_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+")
_SITE = re.compile(r"https://[^\s<>\"']+")
# Behind a comma may stand which option to choose.
_PHONE = re.compile(r"(\+?[\d\s()./-]{5,})(,.*)?")


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A way to reach the desk. `href` is empty where the address is no mail address, number or site.

    `open_now` is None for what is open around the clock.
    """

    label: str
    address: str
    href: str
    region: str
    direction: str
    hours: str
    open_now: bool | None
    outside: str
    for_priorities: str
    raises_to: str
    remark: str
    mark: int

    @property
    def says_more(self) -> bool:
        """Whether there is anything to know besides where and when."""
        return any((self.direction, self.outside, self.for_priorities, self.raises_to, self.remark))


@dataclass(frozen=True, slots=True)
class Told:
    """A name, what it means, and further sentences."""

    label: str
    meaning: str
    more: Sequence[str] = ()
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a request has to say; `where` and `only_for` are empty where they do not matter."""

    label: str
    meaning: str
    where: str
    only_for: str
    mark: int


@dataclass(frozen=True, slots=True)
class Information:
    items: Sequence[Item]
    sentences: Sequence[str]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entitlement:
    """Whether a contract is needed; empty sentences where it is not."""

    is_needed: bool
    sentences: Sequence[str]
    mark: int


def channels(
    document: Document, policy: Policy, now: datetime, names: Names, readings: Readings
) -> list[ChannelRow]:
    """Every way to reach the desk, and by which the desk reaches customers."""
    return [
        ChannelRow(
            label=part.label,
            address=part.address,
            href=_href(part.address),
            region=names.of("region", part.region) if part.region else "",
            direction=_direction(part),
            hours=_channel_hours(document, part),
            open_now=policy.calendars[part.calendar].is_open(now) if part.calendar else None,
            outside=part.outside,
            for_priorities=names.all_of("priority", part.for_priorities),
            raises_to=names.of("priority", part.raises_to) if part.raises_to else "",
            remark=readings.remark(part),
            mark=readings.mark(part, _("Channel “%(name)s”") % {"name": part.label}),
        )
        for part in document.channels
    ]


def _href(address: str) -> str:
    if _MAIL.fullmatch(address):
        return f"mailto:{address}"
    if _SITE.fullmatch(address):
        return address
    phone = _PHONE.fullmatch(address)
    if phone and sum(each.isdigit() for each in phone[1]) >= 5:
        return "tel:" + re.sub(r"\(0\)|[^\d+]", "", phone[1])
    return ""


def _direction(part: ChannelPart) -> str:
    if part.directions == ["out"]:
        return _("Only from us to you")
    if part.directions == ["in"]:
        return _("Only from you to us")
    return ""


def _channel_hours(document: Document, part: ChannelPart) -> str:
    if part.directions == ["out"]:
        return ""
    if part.calendar is None:
        return _("around the clock")
    return week_of(document.calendars[part.calendar])


def entitlement(document: Document, policy: Policy, names: Names, readings: Readings) -> Entitlement:
    """Whether a contract is needed, and what happens without one."""
    part = document.entitlement
    needed = part.contract == "required"
    sentences = []
    if needed:
        sentences.append(_("A request gets a number only under a contract that is in force."))
    if needed and part.without == "hold":
        sentences.append(
            _("Without one it is held, without a number, until we know of a contract; nothing is lost.")
        )
    if (within := policy.hold.answer_within) is not None:
        amount = Amounts(policy).within(within)
        sentences.append(_("We decide about a held request %(amount)s.") % {"amount": amount})
    if part.alerts_for:
        levels = names.all_of("priority", part.alerts_for)
        sentences.append(_("Of one that names %(levels)s we hear at once.") % {"levels": levels})
    if part.default_plan:
        sentences.append(
            _("Who has no other plan has “%(plan)s”.") % {"plan": names.of("plan", part.default_plan)}
        )
    if part.told:
        sentences.append(_("Who has none is told: “%(words)s”") % {"words": part.told})
    sentences += [remark] if (remark := readings.remark(part)) else []
    return Entitlement(needed, sentences, readings.mark(part, _("Contracts")))


def choices(parts: Iterable[ChoicePart | RolePart], readings: Readings) -> list[Told]:
    """Plans, regions, reasons, products, teams or roles with what they mean."""
    return [
        Told(
            label=part.label or part.id,
            meaning=part.meaning,
            more=_remarks(part, readings),
            mark=readings.mark(part, part.label or part.id),
        )
        for part in parts
    ]


def request_types(document: Document, readings: Readings) -> list[Told]:
    """Kinds of request with rules of their own."""
    rows = []
    for part in document.request_types:
        more = []
        if part.needs_contract:
            more.append(_("Granted only under a contract that is in force."))
        if part.only_for == "named_contact":
            more.append(_("Granted only to the technical contact who is named in the contract."))
        label = part.label or part.id
        rows.append(Told(label, part.meaning, (*more, *_remarks(part, readings)), readings.mark(part, label)))
    return rows


def information(document: Document, names: Names, readings: Readings) -> Information:
    """What a request has to say, and what happens while it does not."""
    part = document.information
    sentences = []
    if part.items and part.pauses:
        words = _("While something of this is missing, the timer of %(metrics)s waits.")
        sentences.append(words % {"metrics": metrics(part.pauses)})
        if part.never_for:
            words = _("It never waits for %(priorities)s.")
            sentences.append(words % {"priorities": names.all_of("priority", part.never_for)})
    elif part.items:
        sentences.append(_("No timer waits for it."))
    sentences += _remarks(part, readings)
    mark = readings.mark(part, _("What a request has to say"))
    return Information(
        [_item(item, names, readings) for item in part.items], sentences, (mark,) if mark else ()
    )


def _item(part: InformationItemPart, names: Names, readings: Readings) -> Item:
    where = {"subject": _("in the subject line"), "form": _("in the form"), "body": ""}[part.where]
    only = [names.of("product", id) for id in part.products]
    only += [names.of("request_type", id) for id in part.request_types]
    meaning = " ".join(filter(None, (part.meaning, *_remarks(part, readings))))
    return Item(part.label, meaning, where, listed(only), readings.mark(part, part.label))


def scope(document: Document, names: Names, readings: Readings) -> list[Told]:
    """What the desk does not do, and what it does instead."""
    rows = []
    for part in document.scope:
        more = []
        if part.exclusion:
            words = _("Closed as “%(reason)s”, and not counted.")
            more.append(words % {"reason": names.of("exclusion", part.exclusion)})
        more += _remarks(part, readings)
        rows.append(Told(part.label, part.instead, more, readings.mark(part, part.label)))
    return rows


def terms(document: Document, readings: Readings) -> list[Told]:
    """Conditions of support that no clock measures."""
    return [
        Told(part.label, part.meaning, _remarks(part, readings), readings.mark(part, part.label))
        for part in document.terms
    ]


def exclusions(document: Document, readings: Readings) -> list[Told]:
    """Reasons for closing that are not counted."""
    return [
        Told(part.label, "", _remarks(part, readings), readings.mark(part, part.label))
        for part in document.exclusions
    ]


def _remarks(part: Part, readings: Readings) -> list[str]:
    remark = readings.remark(part)
    return [remark] if remark else []
