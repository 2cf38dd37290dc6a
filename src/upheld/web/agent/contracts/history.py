"""What was done with a contract, from the audit, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from upheld.desks.models import AuditEntry
from upheld.people.models import Contract
from upheld.web.agent.policy.rows import name_of
from upheld.web.presenting.times import Times, When

FIELDS: Mapping[str, str | Promise] = {
    "reference": gettext_lazy("Reference"),
    "product": gettext_lazy("Product"),
    "plan": gettext_lazy("Plan"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "incidents": gettext_lazy("Incidents"),
    "technical_contacts": gettext_lazy("Technical contacts"),
    "remind_days": gettext_lazy("Reminder, days before the end"),
    "notes": gettext_lazy("Notes"),
}


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did; `changes` are a name, what was before and what came after."""

    at: When
    by: str
    words: str
    changes: tuple[tuple[str, str, str], ...] = ()
    note: str = ""


def history(contract: Contract, entries: Iterable[AuditEntry], times: Times) -> list[Done]:
    """The entries of the audit that are about a contract, the latest first."""
    return [_done(contract, each, times) for each in entries]


def _done(contract: Contract, entry: AuditEntry, times: Times) -> Done:
    data: dict[str, Any] = entry.data
    words, note = entry.action, ""
    match entry.action:
        case "contract signed":
            words = _("Entered")
        case "contract renewed":
            is_former = data.get("former") == contract.pk
            words = _("Renewed") if is_former else _("Entered as the renewal of %(reference)s")
            words = words % {"reference": data.get("former_reference", "")} if not is_former else words
        case "contract changed":
            words = _("Changed")
        case "contract cancelled":
            ends = times.when(datetime.fromisoformat(data["ends_at"]))
            words, note = _("Cancelled; it ends %(when)s") % {"when": ends.full}, str(data.get("reason", ""))
        case "customers imported":
            words = _("Imported from %(file)s") % {"file": entry.subject}
    changes = data.get("changes", {})
    return Done(
        at=times.when(entry.at),
        by=name_of(entry.actor),
        words=words,
        changes=tuple(
            (str(FIELDS.get(name, name)), _value(before), _value(after))
            for name, (before, after) in changes.items()
        ),
        note=note,
    )


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or _("none")
    return _("none") if value is None or value == "" else str(value)
