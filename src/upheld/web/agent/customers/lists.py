"""Who is known: contacts or organizations, found by name, address, phone, organization or reference."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upheld.people.models import Affiliation, Contact, Organization
from upheld.people.phones import digits_of
from upheld.rules.callers import ending_of
from upheld.rules.permissions import Act
from upheld.tickets.customers import visible_contacts, visible_organizations
from upheld.tickets.queries import DONE
from upheld.tickets.visibility import visible_tickets
from upheld.web.agent.customers.guard import desks_for, for_readers_of_customers
from upheld.web.agent.queues.rail import SavedList
from upheld.web.viewer import Workplace

LISTS = {"contacts": _("Contacts"), "organizations": _("Organizations")}
A_PAGE = 50
LONGEST_SEARCH = 200
FEWEST_DIGITS = 3
COUNT_BOUND = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of the lists, narrowed by words; `after` is the last row of the page before."""

    list: str = "contacts"
    text: str = ""
    after: tuple[str, int] | None = None

    @classmethod
    def read(cls, given: QueryDict) -> "Wanted":
        named = given.get("list", "")
        return cls(
            list=named if named in LISTS else "contacts",
            text=given.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            after=_place(given.get("after", "")),
        )

    def url(self, **changed: str) -> str:
        """The address of this list, with some values changed."""
        values = {"list": "" if self.list == "contacts" else self.list, "q": self.text} | changed
        query = urlencode({name: value for name, value in values.items() if value})
        return reverse("customers") + (f"?{query}" if query else "")


def _place(text: str) -> tuple[str, int] | None:
    number, _separator, name = text.replace("\0", "").partition("~")
    return (name, int(number)) if number.isascii() and number.isdigit() and len(number) < 18 else None


@require_safe
@for_readers_of_customers
def customers(request: HttpRequest, workplace: Workplace) -> HttpResponse:
    """One page of one list."""
    wanted = Wanted.read(request.GET)
    found = _found(workplace, wanted.list, wanted.text)
    rows = _page(found, wanted.after)
    more = len(rows) > A_PAGE
    rows = rows[:A_PAGE]
    last = rows[-1] if more else None
    context = {
        "wanted": wanted,
        "list_label": LISTS[wanted.list],
        "rows": rows,
        "lists": _lists(workplace, wanted),
        "shows_desks": len(workplace.desks) > 1,
        "may_change": bool(desks_for(workplace, Act.change_customers)),
        "whole_list": wanted.url(q=""),
        "first_page": wanted.url() if wanted.after else "",
        "next_page": wanted.url(after=f"{last.pk}~{last.sort}") if last else "",
    }
    around = _around_contacts if wanted.list == "contacts" else _around_organizations
    return render(request, "web/agent/customers/list.html", context | around(workplace, rows))


def _found(workplace: Workplace, name: str, text: str) -> QuerySet[Any]:
    viewer = workplace.viewer
    if name == "organizations":
        organizations = visible_organizations(viewer)
        return organizations.filter(_naming(text)) if text else organizations
    contacts = visible_contacts(viewer)
    if not text:
        return contacts
    known = visible_organizations(viewer).filter(_naming(text))
    theirs = Affiliation.objects.filter(organization__in=known).values("contact_id")
    wanted = Q(name__icontains=text) | Q(address__icontains=text) | Q(duplicates__address__icontains=text)
    return contacts.filter(
        pk__in=Contact.objects.filter(wanted | _calling(text) | Q(pk__in=theirs)).values("pk")
    )


def _calling(text: str) -> Q:
    """Who is at home dials a zero where others dial the country's code, and people write either."""
    digits = digits_of(text).lstrip("0")
    if len(digits) < FEWEST_DIGITS or any(char.isalpha() or char == "@" for char in text):
        return Q(pk__in=[])
    found = Q(phone_digits__contains=digits)
    ending = ending_of(digits)
    return found | Q(phone_digits__endswith=ending) if len(digits) > len(ending) else found


def _naming(text: str) -> Q:
    domains = Organization.objects.filter(domains__domain__icontains=text).values("pk")
    return Q(name__icontains=text) | Q(reference__icontains=text) | Q(pk__in=domains)


def _page(found: QuerySet[Any], after: tuple[str, int] | None) -> list[Any]:
    name = F("name")
    if found.model is Contact:
        name = Coalesce(NullIf("name", Value("")), "address", output_field=CharField())
    found = found.annotate(sort=Lower(name)).order_by("sort", "pk")
    if after is not None:
        found = found.filter(Q(sort__gt=after[0]) | Q(sort=after[0], pk__gt=after[1]))
    if found.model is Organization:
        found = found.select_related("desk")
    return list(found[: A_PAGE + 1])


def _lists(workplace: Workplace, wanted: Wanted) -> list[SavedList]:
    return [
        SavedList(
            url=Wanted(name, wanted.text).url(),
            label=str(label),
            count=_count(_found(workplace, name, wanted.text)),
            is_current=name == wanted.list,
        )
        for name, label in LISTS.items()
    ]


def _count(found: QuerySet[Any]) -> str:
    number = found.order_by()[: COUNT_BOUND + 1].count()
    return f"{COUNT_BOUND}+" if number > COUNT_BOUND else str(number)


def _around_contacts(workplace: Workplace, rows: list[Contact]) -> dict[str, Any]:
    visible = visible_organizations(workplace.viewer)
    theirs = Affiliation.objects.filter(contact__in=[row.pk for row in rows], organization__in=visible)
    belongs: dict[int, list[Affiliation]] = {}
    for each in theirs.select_related("organization").order_by("-is_main", "organization__name"):
        belongs.setdefault(each.contact_id, []).append(each)
    listed = [(row, belongs.get(row.pk, [])) for row in rows]
    return {
        "contacts": [{"contact": row, "affiliations": each, "several": len(each) > 1} for row, each in listed]
    }


def _around_organizations(workplace: Workplace, rows: list[Organization]) -> dict[str, Any]:
    ids = [row.pk for row in rows]
    people = Affiliation.objects.filter(organization_id__in=ids).values_list("organization_id")
    still_open = (
        visible_tickets(workplace.viewer)
        .filter(organization_id__in=ids, is_spam=False)
        .exclude(status_category__in=DONE)
    )
    counted = dict(people.annotate(Count("pk")))
    requests = dict(still_open.order_by().values_list("organization_id").annotate(Count("pk")))
    return {
        "organizations": [
            {"organization": row, "people": counted.get(row.pk, 0), "open": requests.get(row.pk, 0)}
            for row in rows
        ]
    }
