"""A mail to a third party: the first of a side conversation, or a further one."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from upheld.tickets import actions
from upheld.tickets.actions.write_aside import refuse_large
from upheld.tickets.drafts import SIDE, put_back
from upheld.tickets.files import forget_draft_files, read_files
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Press
from upheld.tickets.moment import Moment


def check(press: Press, moment: Moment) -> None:
    """Write it and roll it back: whatever it would be refused for, it is refused for now. Its files are only weighed,
    since what is stored of them would stay."""
    refuse_large(press.files.aggregate(size=Sum("size"))["size"] or 0)
    with transaction.atomic():
        _write(press, moment, files=())
        transaction.set_rollback(True)


def do(press: Press, moment: Moment) -> None:
    """Send it. It counts at the press."""
    _write(press, moment, files=read_files(press))
    forget_draft_files(press.files.all())


def give_back(press: Press, now: datetime) -> None:
    """What was written is a draft again."""
    put_back(press, SIDE, now)


def _write(press: Press, moment: Moment, *, files: Sequence[NewFile]) -> None:
    said = press.payload
    quoted = [int(each) for each in said.get("quoted", ())]
    if said.get("side"):
        actions.write_in_aside(
            int(said["side"]), press.agent, said["text"], moment, quoted=quoted, files=files
        )
        return
    actions.open_aside(
        press.ticket_id or 0,
        press.agent,
        actions.Aside(said["address"], said["subject"], said.get("name", "")),
        said["text"],
        moment,
        quoted=quoted,
        files=files,
        waits=bool(said.get("waits")),
        status=said.get("status") or None,
    )
