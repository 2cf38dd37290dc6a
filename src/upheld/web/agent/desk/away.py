"""Absences as pages read and show them: whole days, in the zone of the one who is away."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from upheld.clock import zone as zone_named
from upheld.people.models import Absence, Agent
from upheld.people.staff import StaffRefused
from upheld.web.agent.acts import typed
from upheld.web.agent.policy.rows import day_words


def asked_days(request: HttpRequest, zone: str) -> tuple[datetime, datetime]:
    """The first and the last day of a form as instants: from the start of the first to the end of the last."""
    try:
        first, last = (date.fromisoformat(typed(request, name)) for name in ("first", "last"))
        return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    except (ValueError, OverflowError):
        raise StaffRefused(_("Choose the first and the last day.")) from None


def absences_of(agents: Iterable[Agent], zone: str, now: datetime) -> list[dict[str, Any]]:
    """Those that are not over, the next first."""
    listed = Absence.objects.filter(agent__in=[each.pk for each in agents], ends_at__gt=now)
    return [
        _row(each, zone, now) for each in listed.select_related("agent__user").order_by("starts_at", "pk")
    ]


def _row(absence: Absence, zone: str, now: datetime) -> Mapping[str, Any]:
    local = zone_named(absence.agent.zone or zone)
    first = absence.starts_at.astimezone(local).date()
    last = (absence.ends_at - timedelta(microseconds=1)).astimezone(local).date()
    return {
        "id": absence.pk,
        "agent": absence.agent,
        "first": day_words(first, year=True),
        "last": day_words(last, year=True),
        "is_one_day": first == last,
        "note": absence.note,
        "is_now": absence.starts_at <= now,
    }


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone_named(zone)).astimezone(UTC)
