"""The tour of the demo: for each of its five desks one prepared case, and whoever is worth being there."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from upheld.desks.models import Desk, Portal
from upheld.lab.entry import link
from upheld.lab.founding import SLUGS, described, scripts_of
from upheld.lab.outbox import on_this_machine
from upheld.lab.script import Case, scripts
from upheld.tickets.models import HeldRequest, Ticket

FIRST = "school-devices"


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing to look at: the address signs its person in and opens it."""

    title: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class DeskOfTour:
    """A desk of the demo, its front doors, and as whom to enter it."""

    desk: Desk
    portals: tuple[Portal, ...]
    stops: tuple[Stop, ...]
    people: tuple[tuple[str, str], ...]


@require_safe
@on_this_machine
def tour(request: HttpRequest) -> HttpResponse:
    """Every desk with its case. Looking signs nobody in; the links do. A lab has one desk, of which nothing was
    prepared."""
    if settings.LAB:
        raise Http404
    desks = {each.slug: each for each in Desk.objects.filter(slug__in=(FIRST, *SLUGS))}
    shown = [_shown(desks[slug]) for slug in (FIRST, *SLUGS) if slug in desks]
    return render(request, "lab/tour.html", {"desks": shown})


def _shown(desk: Desk) -> DeskOfTour:
    return DeskOfTour(
        desk,
        tuple(desk.portals.order_by("position", "pk")),
        tuple(_stops(desk)),
        tuple(_people(desk.slug)),
    )


def _stops(desk: Desk) -> Iterator[Stop]:
    first = desk.slug == FIRST
    who = "agent" if first else f"{desk.slug}:{next(iter(described(desk.slug)['agents']))}"
    for script in scripts() if first else scripts_of(desk.slug):
        if script.case and (path := _page_of(desk, script.subject)):
            yield Stop(script.case.title, script.case.words, link(who, path))
    if first:
        yield from _restricted(desk)


def _page_of(desk: Desk, subject: str) -> str:
    ticket = Ticket.objects.filter(desk=desk, subject=subject).first()
    if ticket is not None:
        return reverse("ticket", args=[ticket.number])
    held = HeldRequest.objects.filter(desk=desk, subject=subject).first()
    return reverse("held_request", args=[held.pk]) if held else ""


def _restricted(desk: Desk) -> Iterator[Stop]:
    """The same address, as one who was named and as the administrator, who was not."""
    ticket = Ticket.objects.filter(desk=desk, restricted=True).order_by("-received_at").first()
    if ticket is None:
        return
    path = reverse("ticket", args=[ticket.number])
    seen, unseen = RESTRICTED
    yield Stop(seen.title, seen.words, link("lead", path))
    yield Stop(unseen.title, unseen.words, link("administrator", path))


RESTRICTED = (
    Case(
        "A ticket for two people",
        "A pupil's safety is at stake, so only those who were named can read it. The page says who they are, why, and "
        "who has read it so far.",
    ),
    Case(
        "The same ticket, as the administrator",
        "For everybody else, the administrator too, there is no such ticket: not in a list, a count or a search.",
    ),
)


def _people(slug: str) -> Iterator[tuple[str, str]]:
    if slug == FIRST:
        for person, words in (
            ("agent", "Amira Hassan, agent"),
            ("lead", "Tomasz Nowak, team lead"),
            ("administrator", "Grace Adeyemi, administrator"),
            ("customer", "Hannah Okafor, customer"),
        ):
            yield words, link(person)
        return
    told = described(slug)
    titles = {"lead": "team lead"}
    for key, agent in told["agents"].items():
        yield f"{agent['name']}, {titles.get(agent['role'], agent['role'])}", link(f"{slug}:{key}")
    for key in told.get("may_sign_in", ()):
        yield f"{told['contacts'][key]['name']}, customer", link(f"{slug}:{key}")
