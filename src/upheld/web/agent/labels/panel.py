"""What the ticket page shows of tags and the desk's own fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from upheld.tickets.models import CustomField
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times
from upheld.web.viewer import Workplace


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field of the desk's own: what stands in it, and how that reads."""

    key: str
    label: str
    kind: str
    choices: Sequence[str]
    value: str
    said: str
    is_retired: bool


def panel(page: TicketPage, workplace: Workplace, times: Times) -> dict[str, Any]:
    """Return what `web/agent/labels/panel.html` shows."""
    fields = [_field(each) for each in page.ticket.own_fields]
    return {
        "tags": page.ticket.tag_names,
        "fields": [each for each in fields if not each.is_retired],
        "known": [each for each in fields if each.value],
    }


def _field(field: Mapping[str, Any]) -> OwnField:
    kind, value = field["kind"], field["value"]
    return OwnField(
        key=field["key"],
        label=field["label"],
        kind=kind,
        choices=field["choices"],
        value=value,
        said=value_words(kind, value),
        is_retired=field["retired_at"] is not None,
    )


def value_words(kind: str, value: str) -> str:
    """How a value of a field of this kind reads."""
    if not value:
        return ""
    match kind:
        case CustomField.Kind.YES:
            return _("yes") if value == "yes" else _("no")
        case CustomField.Kind.DATE:
            return date_format(date.fromisoformat(value), "j M Y")
    return value
