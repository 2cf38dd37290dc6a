"""How a desk presents itself: its name and introduction, its zone and language, and how its letters look."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.clock import zone_names
from upheld.desks.actions import change_desk, change_letters
from upheld.desks.models import SEARCH_CONFIGURATIONS, Desk
from upheld.mailboxes.outgoing.languages import LANGUAGES
from upheld.web.agent.acts import typed
from upheld.web.agent.desk.sections import Section
from upheld.web.agent.policy.guard import acting
from upheld.web.agent.unsent import Unsent
from upheld.web.viewer import Workplace

_OTHERS = {"da": "Dansk", "sv": "Svenska"}


def languages() -> list[tuple[str, str]]:
    """The languages of a desk by their own names; those without letters of their own write them in English."""
    return [(code, LANGUAGES.get(code) or _others(code)) for code in SEARCH_CONFIGURATIONS]


def _others(code: str) -> str:
    return _("%(name)s (letters in English)") % {"name": _OTHERS.get(code, code)}


def _context(request: HttpRequest, workplace: Workplace, desk: Desk, unsent: Unsent) -> Mapping[str, Any]:
    stored = {
        "name": desk.name,
        "introduction": desk.introduction,
        "zone": desk.zone,
        "ticket_word": desk.ticket_word,
        "language": desk.language,
        "colour": desk.colour,
        "footer": desk.mail_footer,
    }
    shown = unsent.typed if unsent.form == "change" else stored
    return {"shown": shown, "zones": sorted(zone_names()), "languages": languages()}


section = Section("desk_about", "web/agent/desk/about.html", _context)


@section.deed("change")
@transaction.atomic
def change(request: HttpRequest, workplace: Workplace, desk: Desk) -> str:
    given = {"by": acting(workplace), "now": request.now}
    change_desk(
        desk.pk,
        name=typed(request, "name"),
        introduction=typed(request, "introduction"),
        zone=typed(request, "zone"),
        ticket_word=typed(request, "ticket_word"),
        **given,
    )
    change_letters(
        desk.pk,
        language=typed(request, "language"),
        colour=typed(request, "colour"),
        footer=typed(request, "footer"),
        **given,
    )
    return _("The desk is as you set it.")
