"""A reply to the customer, with the status that it sets."""

from django.db import transaction

from upheld.tickets import actions
from upheld.tickets.files import read_files
from upheld.tickets.models import Press
from upheld.tickets.moment import Moment


def check(press: Press, moment: Moment) -> None:
    """Write the reply and roll it back: whatever it would be refused for, it is refused for now."""
    with transaction.atomic():
        do(press, moment)
        transaction.set_rollback(True)


def do(press: Press, moment: Moment) -> None:
    """Send the reply. It counts at the press."""
    actions.reply(
        press.ticket_id or 0,
        press.agent,
        press.payload["text"],
        moment,
        files=read_files(press),
        status=press.payload.get("status") or None,
    )
