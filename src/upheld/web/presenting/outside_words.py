"""What the story says of third parties and of work outside the desk, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.web.presenting.times import Times
from upheld.web.presenting.words import WORK_STATES

_THIRD_PARTY = {
    "watched": gettext_lazy("noted that it waits for %(who)s"),
    "changed": gettext_lazy("changed what is noted of %(who)s"),
    "reminded": gettext_lazy("reminded %(told)s that it waits for %(who)s"),
    "works_again": gettext_lazy("noted that it works again: it waited for %(who)s"),
    "given_up": gettext_lazy("waits no more for %(who)s"),
    "ticket_done": gettext_lazy("waits no more for %(who)s, since the ticket is done"),
}


def third_party_words(data: Mapping[str, Any], times: Times) -> str:
    """Whom it waits for, with their reference and what they promised."""
    who = " ".join(filter(None, (str(data.get("name", "")), str(data.get("reference", "")))))
    told = ", ".join(data.get("told", ())) or _("nobody")
    words = str(_THIRD_PARTY.get(str(data.get("what")), "%(who)s")) % {"who": who, "told": told}
    if data.get("what") in ("watched", "changed") and data.get("promised_at"):
        promised = times.when(datetime.fromisoformat(data["promised_at"])).text
        return _("%(words)s, promised by %(time)s") % {"words": words, "time": promised}
    return words


def outside_work_words(data: Mapping[str, Any]) -> str:
    """What happened to a link with work that is done elsewhere."""
    said = {
        "work": " ".join(filter(None, dict.fromkeys((data.get("reference"), data.get("title"))))),
        "state": WORK_STATES.get(str(data.get("state")), data.get("state")),
    }
    match data.get("what"):
        case "added":
            return _("linked it with %(work)s (%(state)s)") % said
        case "removed":
            return _("took back the link with %(work)s") % said
    return _("said of %(work)s: %(state)s") % said
