"""Send a test to an address at which an agent wants to be told."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from upheld.notices.models import NoticeState, Push
from upheld.people.models import Agent
from upheld.people.staff import StaffRefused

TESTS_AN_HOUR = 5
_HOUR = timedelta(hours=1)


@transaction.atomic
def try_alert_address(agent: Agent, address_id: int, now: datetime) -> Push:
    """Send a test at once to one of the agent's own addresses. Raises StaffRefused for another's, and for too many."""
    address = agent.alert_addresses.select_for_update().filter(pk=address_id).first()
    if address is None:
        raise StaffRefused(_("This address does not exist any more."))
    tests = Push.objects.filter(address=address, alert=None, next_try_at__gt=now - _HOUR)
    if tests.count() >= TESTS_AN_HOUR:
        raise StaffRefused(_("That were enough tests for this hour. Try again later."))
    tests.filter(state=NoticeState.WAITING).update(
        state=NoticeState.LEFT_OUT, last_error="Left out: asked anew."
    )
    push = Push.objects.create(address=address, next_try_at=now)
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_push")
    return push
