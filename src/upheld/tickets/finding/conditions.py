"""The conditions behind the keys of a query. None of them shows anything: they only narrow what a viewer sees."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from upheld.people.models import Contact, Organization
from upheld.rules.queue_query import Key
from upheld.tickets.finding.vocabulary import Place
from upheld.tickets.models import (
    Attachment,
    Collaborator,
    CustomField,
    CustomValue,
    Draft,
    Reader,
    SideConversation,
    Snooze,
    Tagged,
)
from upheld.tickets.problems import PROBLEM
from upheld.tickets.visibility import AgentViewer

DONE = ("resolved", "closed")
_MOST_DIGITS = 30
_FEW = 1000
IN_COLUMN = {
    Key.status: "status",
    Key.priority: "priority",
    Key.product: "product",
    Key.region: "region",
    Key.channel: "channel",
    Key.assignee: "assignee_id",
    Key.team: "team_id",
    Key.desk: "desk_id",
    Key.organization: "organization_id",
    Key.site: "site_id",
    Key.contract: "contract_id",
    Key.tag: "tag",
}


def by_column(key: Key, means: Sequence[object]) -> Q:
    """That a ticket has one of these in the column of a key."""
    if key is Key.tag:
        return Q(pk__in=Tagged.objects.filter(tag_id__in=means).values("ticket_id"))
    categories = [each[1] for each in means if isinstance(each, tuple)]
    values = [each for each in means if each is not None and not isinstance(each, tuple)]
    column = IN_COLUMN[key]
    condition = Q(**{f"{column}__in": values}) if len(values) != 1 else Q(**{column: values[0]})
    if categories:
        condition |= Q(status_category__in=categories)
    return condition | Q(**{column: None}) if None in means else condition


def of_customer(text: str, place: Place) -> Q:
    """That the organization's or the requester's name holds these words, or the requester's address."""
    organizations = Organization.objects.filter(desk_id__in=place.viewer.desk_ids, name__icontains=text)
    people = Contact.objects.filter(Q(name__icontains=text) | Q(address__icontains=text))
    return Q(organization_id__in=_few(organizations)) | Q(requester_id__in=_few(people))


def of_sender(text: str) -> Q:
    """That the requester writes from this address, from any at this domain, or is called so."""
    lower = text.lower()
    if lower.startswith("@"):
        people = Contact.objects.filter(address__endswith=lower)
    elif "@" in lower:
        people = Contact.objects.filter(Q(address=lower) | Q(duplicates__address=lower))
    else:
        people = Contact.objects.filter(Q(name__iexact=text) | Q(address__startswith=f"{lower}@"))
    return Q(requester_id__in=_few(people))


def _few(rows: QuerySet[Any]) -> list[int] | QuerySet[Any]:
    """Ids where there are few: PostgreSQL then knows how few, and looks for their tickets instead of at all tickets."""
    ids = list(rows.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return ids if len(ids) <= _FEW else rows.values("pk")


def in_field(field: CustomField, values: Sequence[str]) -> Q:
    """That one of the desk's own fields holds one of these values, however they are spelled."""
    meant = Q(pk__in=[])
    for value in values:
        meant |= Q(value__iexact=_as_kept(field, value))
    return Q(pk__in=CustomValue.objects.filter(meant, field=field).values("ticket_id"))


def _as_kept(field: CustomField, value: str) -> str:
    """Numbers are kept in their shortest form."""
    if field.kind != CustomField.Kind.NUMBER or len(value) > _MOST_DIGITS:
        return value
    try:
        number = Decimal(value.replace(",", "."))
    except InvalidOperation:
        return value
    return format(number.normalize() + 0, "f") if number.is_finite() else value


def snoozed(viewer: AgentViewer, now: datetime) -> QuerySet[Snooze, dict[str, int]]:
    """What a viewer has put off, for use in a condition."""
    mine = Snooze.objects.filter(agent_id=viewer.agent_id, ended_at=None, until__gt=now)
    return mine.values("ticket_id")


def together(viewer: AgentViewer) -> QuerySet[Collaborator, dict[str, int]]:
    """What a viewer works on beside whose ticket it is, for use in a condition."""
    return Collaborator.objects.filter(agent_id=viewer.agent_id, left_at=None).values("ticket_id")


def _read(viewer: AgentViewer) -> QuerySet[Reader, dict[str, int]]:
    """The restricted tickets that somebody sees at all; to say so spares a look at all others."""
    return Reader.objects.filter(agent_id=viewer.agent_id, removed_at=None).values("ticket_id")


def of_state(state: str, place: Place) -> Q:
    """That a ticket is in a state that `is:` names."""
    done = Q(status_category__in=DONE)
    match state:
        case "open":
            return ~done
        case "done":
            return done
        case "waiting":
            return Q(status_category="waiting") & ~done
        case "resolved" | "closed":
            return Q(status_category=state)
        case "overdue":
            return Q(next_due_at__lt=place.now) & ~done
        case "unassigned":
            return Q(assignee=None)
        case "together":
            return Q(pk__in=together(place.viewer))
        case "snoozed":
            return Q(pk__in=snoozed(place.viewer, place.now))
        case "restricted":
            return Q(restricted=True, pk__in=_read(place.viewer))
        case "problem":
            return Q(channel=PROBLEM)
        case "merged":
            return Q(merged_into__isnull=False)
        case "spam":
            return Q(is_spam=True)
    return Q(pk__isnull=False)


def with_(what: str, place: Place) -> Q:
    """That a ticket has something that `has:` names. A draft is the viewer's own."""
    match what:
        case "attachment":
            return Q(Exists(Attachment.objects.filter(inline=False, message__ticket=OuterRef("pk"))))
        case "tag":
            return Q(pk__in=Tagged.objects.values("ticket_id"))
        case "draft":
            return Q(pk__in=Draft.objects.filter(agent_id=place.viewer.agent_id).values("ticket_id"))
    return Q(pk__in=SideConversation.objects.values("ticket_id"))
