"""A reply to the customer, with the status that it sets."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from upheld.tickets import actions
from upheld.tickets.drafts import REPLY, put_back
from upheld.tickets.files import forget_draft_files, read_files
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Press
from upheld.tickets.moment import Moment


def check(press: Press, moment: Moment) -> None:
    """Write the reply and roll it back: whatever it would be refused for, it is refused for now."""
    with transaction.atomic():
        _reply(press, moment, files=())
        transaction.set_rollback(True)


def do(press: Press, moment: Moment) -> None:
    """Send the reply. It counts at the press."""
    _reply(press, moment, files=read_files(press))
    forget_draft_files(press.files.all())


def give_back(press: Press, now: datetime) -> None:
    """Make a draft of the reply again, its files and status with it."""
    put_back(press, REPLY, now)


def _reply(press: Press, moment: Moment, *, files: Sequence[NewFile]) -> None:
    actions.reply(
        press.ticket_id or 0,
        press.agent,
        press.payload["text"],
        moment,
        files=files,
        status=press.payload.get("status") or None,
    )
