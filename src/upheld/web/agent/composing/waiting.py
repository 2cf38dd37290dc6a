"""What an agent has pressed and may still take back, as every page of theirs says it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upheld.tickets.models import Press
from upheld.tickets.visibility import visible_tickets
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace, workplace_of

_PRESSED = "_upheld_pressed"
_MOST = 20


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing that was pressed: what it is in words, and what has become of it. `number` is its ticket's, where it
    has one that may be seen; `seconds` are left until it happens, at `time` of the agent's clock."""

    id: int
    what: str
    number: str
    state: str
    why: str
    leaves_at: str
    seconds: int
    time: str
    more: str = ""


def note_pressed(request: HttpRequest) -> None:
    """Take note that something was pressed in this request, so that its own answer says so."""
    setattr(request, _PRESSED, True)


def something_leaves(request: HttpRequest, workplace: Workplace) -> bool:
    """Whether there may be something that the agent can still take back, pressed before this request or in it."""
    return workplace.something_leaves or hasattr(request, _PRESSED)


def leaving_of(request: HttpRequest) -> Sequence[Leaving]:
    """Return what the agent of a request may still take back; nothing is asked where there is nothing."""
    workplace = workplace_of(request)
    if workplace is None or not something_leaves(request, workplace):
        return ()
    return leaving(request, workplace)


def leaving(request: HttpRequest, workplace: Workplace, also: Collection[int] = ()) -> Sequence[Leaving]:
    """Return what waits, and what has become of those in `also`; the one that leaves first is first."""
    mine = Press.objects.filter(Q(state=Press.State.WAITING) | Q(pk__in=also), agent=workplace.agent)
    found = list(mine.order_by("leaves_at", "pk")[:_MOST])
    asked = {each.ticket_id for each in found if each.ticket_id}
    seen = visible_tickets(workplace.viewer).filter(pk__in=asked) if asked else None
    numbers = dict(seen.values_list("pk", "number")) if seen is not None else {}
    return [_row(each, numbers.get(each.ticket_id or 0, ""), request, workplace) for each in found]


def _row(press: Press, number: str, request: HttpRequest, workplace: Workplace) -> Leaving:
    # The worker looks twice a second: what is due right now is as good as gone.
    left = (press.leaves_at - request.now).total_seconds()
    return Leaving(
        id=press.pk,
        what=_what(press, number),
        number=number,
        state=press.state,
        why=press.why if number or press.ticket_id is None else "",
        leaves_at=press.leaves_at.isoformat(),
        seconds=max(0, round(left)),
        more=reverse("many_outcome", args=[press.pk]) if press.kind == Press.Kind.BULK else "",
        time=f"{press.leaves_at.astimezone(Times(workplace.zone, request.now).zone):%H:%M:%S}",
    )


def _what(press: Press, number: str) -> str:
    said = {"number": number, "name": str(press.payload.get("name", ""))[:80]}
    match press.kind:
        case Press.Kind.REPLY:
            return _("Your reply on %(number)s") % said if number else _("Your reply")
        case Press.Kind.MACRO:
            return _("“%(name)s” on %(number)s") % said if said["name"] and number else _("Your macro")
        case Press.Kind.SIDE:
            return _("Your message beside %(number)s") % said if number else _("Your message")
    count = press.payload.get("total") or len(press.payload.get("tickets", ()))
    if not count:
        return _("Your change of several tickets")
    return ngettext("Your change of %(count)d ticket", "Your change of %(count)d tickets", count) % {
        "count": count
    }
