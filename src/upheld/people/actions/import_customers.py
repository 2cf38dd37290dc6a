"""Import a table of customers: as a whole or not at all."""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from upheld.desks.audit import record
from upheld.desks.models import Desk
from upheld.people.importing import Plan, Sheet, plan_import


class ImportRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """Nothing was imported. `plan` is what stands in the way, or what would be done now."""

    def __init__(self, message: str, plan: Plan | None = None) -> None:
        super().__init__(message)
        self.plan = plan


def import_customers(
    desk: Desk,
    sheet: Sheet,
    *,
    name: str,
    by: str,
    now: datetime,
    seen: str | None = None,
    advance: Callable[[int], None] = lambda _count: None,
) -> Plan:
    """Do what a table says, in one transaction with one entry in the audit; `name` is that of the file. `seen` is the
    fingerprint of the plan that somebody looked at: another one is not carried out. Raises ImportRefused."""
    try:
        return _import(desk, sheet, name=name, by=by, now=now, seen=seen, advance=advance)
    except IntegrityError:
        raise ImportRefused(
            _("Somebody entered one of these at the same moment. Nothing was imported; try again.")
        ) from None


@transaction.atomic
def _import(
    desk: Desk,
    sheet: Sheet,
    *,
    name: str,
    by: str,
    now: datetime,
    seen: str | None,
    advance: Callable[[int], None],
) -> Plan:
    _one_after_the_other(desk)
    plan, importing = plan_import(desk, sheet, now, advance, hold=True)
    if plan.problems:
        raise ImportRefused(_("The file has problems. Nothing was imported."), plan)
    if seen is not None and plan.fingerprint != seen:
        raise ImportRefused(
            _("Something changed since you looked. Nothing was imported; look again and confirm."), plan
        )
    if plan.changes_anything:
        more = importing.write(now, advance)
        counts = {verdict.value: count for verdict, count in plan.counts.items()}
        record(
            at=now,
            actor=by,
            action="customers imported",
            subject=name or plan.kind.value,
            desk=desk,
            kind=plan.kind.value,
            **counts,
            **more,
        )
    return plan


def _one_after_the_other(desk: Desk) -> None:
    """Imports of one desk do not meet, and what is entered by hand waits for them."""
    Desk.objects.select_for_update(no_key=True).get(pk=desk.pk)
