"""Held requests in words: rows of a list, what was said, and what is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.desks.policies import compiled, version_in_force
from upheld.notices.models import Notice, NoticeState
from upheld.people.models import Organization
from upheld.policy.document import Document
from upheld.rules.callers import is_placeholder
from upheld.tickets.held import Covered, named_level
from upheld.tickets.models import HeldFile, HeldMessage, HeldRequest, HeldState
from upheld.web.presenting.file_rows import FileView
from upheld.web.presenting.thread import MessageView
from upheld.web.presenting.times import Times, When

STATES = {
    HeldState.HELD: ("due-soon", "hand", gettext_lazy("Held")),
    HeldState.ADMITTED: ("met", "circle-check", gettext_lazy("Admitted")),
    HeldState.DECLINED: ("none", "ban", gettext_lazy("Declined")),
}
SENT = {
    NoticeState.WAITING: gettext_lazy("on its way"),
    NoticeState.SENT: gettext_lazy("sent"),
    NoticeState.FAILED: gettext_lazy("not delivered"),
    NoticeState.BOUNCED: gettext_lazy("came back"),
}


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One held request of a list. `covered` says that it would be admitted now, and by what."""

    id: int
    url: str
    subject: str
    sender: str
    address: str
    organization: str
    desk: str
    received: When
    due: When | None
    is_overdue: bool
    level: str
    because: str
    messages: int
    colour: str
    icon: str
    words: str
    restricted: bool
    covered: str
    decided: When | None
    decided_by: str
    decision: str
    ticket: str


def held_row(held: HeldRequest, times: Times, covered: Covered | None, number: str) -> HeldRow:
    """`number` is that of its ticket, where the reader may see it."""
    colour, icon, words = STATES[HeldState(held.state)]
    waits = held.state == HeldState.HELD
    is_overdue = waits and held.due_at is not None and held.due_at <= times.now
    policy = compiled(version_in_force(held.desk, held.received_at).pk)
    level = named_level(held, policy)
    return HeldRow(
        id=held.pk,
        url=reverse("held_request", args=[held.pk]),
        subject=held.subject,
        sender=str(held.contact),
        address="" if is_placeholder(held.contact.address) else held.contact.address,
        organization=str(held.organization or ""),
        desk=held.desk.name,
        received=times.when(held.received_at),
        due=times.optional(held.due_at) if waits else None,
        is_overdue=is_overdue,
        level=policy.priority(level).label if level else "",
        because=held.because,
        messages=len(held.messages.all()),
        colour="breached" if is_overdue else colour,
        icon="triangle-alert" if is_overdue else icon,
        words=_("Overdue") if is_overdue else str(words),
        restricted=held.restricted,
        covered=_covered(covered),
        decided=times.optional(held.decided_at),
        decided_by=str(held.decided_by or ""),
        decision=held.decision,
        ticket=number,
    )


def _covered(covered: Covered | None) -> str:
    if covered is None:
        return ""
    if covered.contract is None:
        return _("Would be admitted now")
    return _("Would be admitted now, under %(contract)s") % {"contract": covered.contract.reference}


def held_thread(held: HeldRequest, times: Times) -> list[MessageView]:
    """What its sender wrote, as messages of a ticket are shown."""
    messages = held.messages.order_by("at", "pk").prefetch_related("files")
    return [_message(held, each, times) for each in messages]


def _message(held: HeldRequest, message: HeldMessage, times: Times) -> MessageView:
    is_call = message.stated_at is not None
    by_agent = held.opened_by is not None and not is_call
    words = _("Written by us") if by_agent else _("Customer")
    return MessageView(
        id=message.pk,
        kind="call" if is_call else "customer",
        kind_words=_("Call") if is_call else words,
        icon="phone" if is_call else "user",
        author=str(held.opened_by if by_agent else held.contact),
        address="" if by_agent or is_placeholder(held.contact.address) else held.contact.address,
        at=times.when(message.at),
        text=message.text.strip(),
        quoted=message.quoted_text.strip(),
        formatted_url=reverse("formatted_held", args=[held.pk, message.pk]) if message.html else "",
        files=[_file(held, each) for each in message.files.all()],
        unseen=False,
        can_be_released=False,
    )


def _file(held: HeldRequest, file: HeldFile) -> FileView:
    url = reverse("held_file", args=[held.pk, file.pk, file.name])
    return FileView(url=url, name=file.name, size=filesizeformat(file.size))


def facts_of(
    held: HeldRequest, document: Document, organizations: Sequence[Organization], times: Times
) -> list[tuple[str, str]]:
    """What is known of it, names first; what is not known is left out."""
    labels = {
        block: {part.id: part.label or part.id for part in getattr(document, block)}
        for block in ("products", "regions", "request_types", "reasons")
    }
    items = {each.id: each.label for each in document.information.items}
    listed = [
        (_("Organization"), ", ".join(map(str, organizations)) or str(held.organization or "")),
        (_("Channel"), _channel(held, document)),
        (_("Product"), labels["products"].get(held.product, held.product)),
        (_("Region"), labels["regions"].get(held.region, held.region)),
        (_("Kind of request"), labels["request_types"].get(held.request_type, held.request_type)),
        (_("Reason for writing"), labels["reasons"].get(held.reason, held.reason)),
        (_("Site"), str(held.site) if held.site else ""),
        (_("In copy"), ", ".join(str(each) for each in held.copies.order_by("pk"))),
        (_("Follows"), held.follows.number if held.follows else ""),
        *((items.get(id, id), str(value)) for id, value in held.information.items()),
    ]
    return [(name, value) for name, value in listed if value]


def _channel(held: HeldRequest, document: Document) -> str:
    labels = {each.id: each.label for each in document.channels}
    door = held.portal.name if held.portal else held.mailbox.address if held.mailbox else ""
    label = labels.get(held.channel, held.channel)
    return f"{label} · {door}" if door else label


def letter_rows(letters: Iterable[Notice], times: Times) -> list[dict[str, object]]:
    """What its sender was told, and whether it arrived."""
    return [
        {
            "text": str(each.data.get("told") or each.data.get("text") or ""),
            "at": times.when(each.created_at),
            "state": str(SENT[NoticeState(each.state)]),
        }
        for each in letters
    ]
