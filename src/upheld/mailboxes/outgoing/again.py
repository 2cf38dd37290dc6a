"""What a person does about a mail that does not leave or did not arrive: try it again at once, or give it up."""

from datetime import datetime

from django.db import connection, transaction

from upheld.desks.audit import record
from upheld.mailboxes.outgoing import together
from upheld.mailboxes.queries import GIVEN_UP
from upheld.mailboxes.visibility import AgentViewer, may
from upheld.notices.models import Notice, NoticeState
from upheld.people.models import Agent
from upheld.rules.permissions import Act, NotAllowed
from upheld.tickets.actions import Refused


@transaction.atomic
def try_again(notice_id: int, by: Agent | str, now: datetime) -> Notice:
    """Let a mail be sent again at once, under the same Message-ID. One that had failed gets all its attempts anew.

    `by` is an agent, who needs the right to, or the name of whoever works at the command line. Asking twice changes
    nothing. Raises NotAllowed, or Refused for a mail that was sent.
    """
    notice = _locked(notice_id, by)
    if notice.state == NoticeState.SENT:
        raise Refused("This mail has left, and nobody reported that it did not arrive.")
    if notice.state == NoticeState.LEFT_OUT:
        raise Refused("What this mail tells is over, so it was left out.")
    if notice.state == NoticeState.WAITING and notice.next_try_at <= now:
        return notice
    _record(notice, by, "mail sent again", now)
    if notice.state != NoticeState.WAITING:
        notice.attempts, notice.sent_at, notice.bounced_at = 0, None, None
        notice.data.pop(GIVEN_UP, None)
    notice.state, notice.next_try_at = NoticeState.WAITING, now
    notice.save(update_fields=["state", "next_try_at", "attempts", "sent_at", "bounced_at", "data"])
    with connection.cursor() as cursor:
        cursor.execute("notify upheld_notice")
    return notice


@transaction.atomic
def give_up(notice_id: int, by: Agent | str, now: datetime) -> Notice:
    """Say that nothing more is to be done about a mail: it is not tried again, and waits for nobody any more.

    Giving up twice changes nothing. Raises NotAllowed, or Refused for a mail that was sent.
    """
    notice = _locked(notice_id, by)
    if notice.state in (NoticeState.SENT, NoticeState.LEFT_OUT):
        raise Refused("This mail has left, or was left out; there is nothing to give up.")
    if GIVEN_UP in notice.data:
        return notice
    _record(notice, by, "mail given up", now)
    if notice.state == NoticeState.WAITING:
        notice.state = NoticeState.FAILED
        together.let_go(notice, now)
    notice.data[GIVEN_UP] = {"by": _name(by), "at": now.isoformat()}
    notice.save(update_fields=["state", "data"])
    return notice


def _locked(notice_id: int, by: Agent | str) -> Notice:
    notices = Notice.objects.defer("rendered")
    # A mail that is being handed over is locked for as long as the other server takes; nobody waits for that here.
    notice = notices.select_for_update(skip_locked=True).filter(pk=notice_id).first()
    if notice is None:
        notice = notices.get(pk=notice_id)
        _demand(by, notice)
        raise Refused("This mail is being sent at this very moment. Look again in a minute.")
    _demand(by, notice)
    return notice


def _demand(by: Agent | str, notice: Notice) -> None:
    if isinstance(by, str):
        return
    if not (by.user.is_active and may(AgentViewer.of(by), Act.retry_mail, notice.desk_id)):
        raise NotAllowed(
            f"You may not {Act.retry_mail.value} on this desk. Ask its administrator for the right."
        )


def _record(notice: Notice, by: Agent | str, action: str, now: datetime) -> None:
    record(
        at=now,
        actor=_name(by),
        action=action,
        subject=f"notice {notice.pk} to {notice.to_address}",
        desk=notice.desk,
        kind=notice.kind,
        ticket=notice.ticket_number,
        state=notice.state,
        attempts=notice.attempts,
    )


def _name(by: Agent | str) -> str:
    return by if isinstance(by, str) else by.address
