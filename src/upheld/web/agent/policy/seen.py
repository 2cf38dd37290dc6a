"""What somebody looked at before they publish a draft, kept with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from upheld.desks.actions import PublicationRefused, keep_effect, prepare
from upheld.desks.models import Desk, PolicyDraft
from upheld.tickets.effect_rows import effect_from_json, effect_json
from upheld.tickets.publication_effect import DeskEffect, effect_on_open_tickets, openly_shown

# More would keep somebody waiting for minutes: the command line has all the time there is.
MOST_TICKETS = 10_000


@dataclass(frozen=True, slots=True)
class Seen:
    """The document by its digest, the number of the latest version (`after`), and the effect on the open tickets: none
    where there are too many for a page."""

    at: datetime
    digest: str
    after: int
    effect: DeskEffect | None
    too_many: int

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "digest": self.digest,
            "after": self.after,
            "effect": self.effect and effect_json(self.effect),
            "too_many": self.too_many,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Seen":
        kept = data["effect"]
        return cls(
            datetime.fromisoformat(data["at"]),
            data["digest"],
            data["after"],
            effect_from_json(kept) if kept else None,
            data["too_many"],
        )


def seen_of(draft: PolicyDraft) -> Seen | None:
    """Return what was looked at, if somebody has looked."""
    return Seen.from_json(draft.effect) if draft.effect else None


def latest_number(desk: Desk) -> int:
    """Return the number of the latest version; 0 where there is none."""
    return desk.policy_versions.order_by("-number").values_list("number", flat=True).first() or 0


def look(draft: PolicyDraft, now: datetime) -> PolicyDraft:
    """Look at what the draft does to open tickets, and keep it; raises PolicyRefused and PublicationRefused."""
    if draft.effect is not None:
        return draft
    at = draft.effective_from or now
    if at < now:
        raise PublicationRefused(_("The instant from which it is to hold has passed. Choose one to come."))
    prepared = prepare(draft.text, now, until=at)
    count = openly_shown(draft.desk).count()
    seen = Seen(
        at=now,
        digest=prepared.digest,
        after=latest_number(draft.desk),
        effect=None if count > MOST_TICKETS else effect_on_open_tickets(draft.desk, prepared.policy, at),
        too_many=count if count > MOST_TICKETS else 0,
    )
    draft.effect = seen.to_json()
    keep_effect(draft.pk, draft.changed_at, draft.effect)
    return draft
