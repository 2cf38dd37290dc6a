"""Mail that waits for a person, and mail that did not arrive: `upheld mail list|show|retry|release|discard|outgoing|
resend`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.mailboxes.models import RawMail
    from upheld.notices.models import Notice
    from upheld.people.models import Agent
    from upheld.tickets.models import Ticket

STATES = ("kept", "parked", "waiting", "ignored", "ticketed", "discarded")
MOST_LISTED = 10_000
HIDDEN = "(restricted)"
HIDDEN_WORDS = "its words are for few people; --raw gives the bytes"
Ids = Annotated[list[int] | None, typer.Argument(help="Numbers, as `upheld mail list` shows them.")]
Limit = Annotated[int, typer.Option(min=1, max=MOST_LISTED, help="How many at most, newest first.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON instead of a table.")]


def add(group: typer.Typer) -> None:
    """Add the commands to `upheld mail`."""
    group.command("list")(list_mail)
    group.command()(show)
    group.command()(retry)
    group.command()(release)
    group.command()(discard)
    group.command()(outgoing)
    group.command()(resend)


def list_mail(
    state: Annotated[str, typer.Option(help=f"One of {', '.join(STATES)}, or all.")] = "",
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List mail that came in, newest first; without --state, what waits for a person: kept and parked."""
    states = _states(state)
    with _desk():
        from upheld.mailboxes.queries import MailFilter, mail_page
        from upheld.mailboxes.visibility import MachineViewer

        mails = mail_page(MachineViewer(), MailFilter(states=states), limit=limit).mails
        if as_json:
            _print_json([_mail_data(mail) for mail in mails])
            return
        heads = ("ID", "Received (UTC)", "State", "From and subject", "Why")
        if _on_a_terminal():
            _print_table(heads, [_mail_row(mail) for mail in mails], "No such mail.")
        else:
            _print_lines([_mail_cells(mail) for mail in mails])


def show(
    mail_id: Annotated[int, typer.Argument(metavar="ID", help="Its number.")],
    as_json: AsJson = False,
    raw: Annotated[bool, typer.Option(help="Its bytes as they came, for a file.")] = False,
) -> None:
    """Show one mail: how it stands, and what the desk makes of it."""
    if raw and as_json:
        raise Trouble("--json and --raw do not go together.", "Choose one of them.")
    with _desk():
        mail = _mail(mail_id)
        if raw:
            sys.stdout.buffer.write(bytes(mail.raw))
            sys.stdout.buffer.flush()
            return
        data = _mail_data(mail) | {"read": {"restricted": HIDDEN_WORDS} if _is_for_few(mail) else _read(mail)}
        if as_json:
            _print_json(data)
        else:
            _print_mail(data)


def retry(
    mail_ids: Ids = None,
    all_parked: Annotated[bool, typer.Option(help="Every mail that could not be read.")] = False,
) -> None:
    """Have mail read again, as if it came now."""
    if bool(mail_ids) == all_parked:
        raise Trouble("Which mail?", "Name numbers, or say --all-parked.")
    with _desk():
        from upheld.mailboxes.models import MailState, RawMail
        from upheld.mailboxes.releasing import retry as read_again

        chosen = mail_ids or list(
            RawMail.objects.filter(state=MailState.PARKED).order_by("pk").values_list("pk", flat=True)
        )
        for mail_id in chosen:
            _mail(mail_id)
            _done(read_again, mail_id, _by(), present_instant())
            typer.echo(f"Mail {mail_id} is read again by the worker.")
        if not chosen:
            typer.echo("No mail is parked.")


def release(
    mail_id: Annotated[int, typer.Argument(metavar="ID", help="Its number.")],
    agent: Annotated[str, typer.Option("--as", help="Who vouches for it: an agent's address.")] = "",
    ticket: Annotated[str, typer.Option(help="Put it on this ticket; else it becomes a new one.")] = "",
    mailbox: Annotated[str, typer.Option(help="For mail to none of our mailboxes: where it belongs.")] = "",
) -> None:
    """Release a mail as a new ticket, or onto one that is there."""
    with _desk():
        from django.db import transaction

        mail = _mail(mail_id)
        with transaction.atomic():
            number = _release(mail, _agent(agent), ticket, mailbox)
        if number:
            typer.echo(f"Mail {mail_id} is on ticket {number}.")
        else:
            typer.echo(
                f"Mail {mail_id} is held at intake: nobody found what entitles its sender to a number."
            )


def discard(
    mail_id: Annotated[int, typer.Argument(metavar="ID", help="Its number.")],
    reason: Annotated[str, typer.Option(help="Why, for those who look later.")],
) -> None:
    """Put a mail aside: its bytes stay, and it waits for nobody any more."""
    if not reason.strip():
        raise Trouble("The reason is empty.", 'Say why: --reason "advertising".')
    with _desk():
        from upheld.mailboxes.releasing import discard as put_aside

        _mail(mail_id)
        _done(put_aside, mail_id, _by(), reason.strip(), present_instant())
        typer.echo(f"Mail {mail_id} is put aside. `upheld mail list --state discarded` shows it.")


def outgoing(limit: Limit = 50, as_json: AsJson = False) -> None:
    """List mail that did not leave at once or did not arrive: failed, came back, or waiting after an attempt."""
    with _desk():
        from upheld.mailboxes.queries import outgoing_page
        from upheld.mailboxes.visibility import MachineViewer

        found = [
            notice
            for named in ("failed", "retrying")
            for notice in outgoing_page(MachineViewer(), named, limit=limit).notices
        ][:limit]
        _hide_recipients(found)
        if as_json:
            _print_json([_notice_data(notice) for notice in found])
            return
        if _on_a_terminal():
            heads = ("ID", "Written (UTC)", "State", "To and what", "Why")
            _print_table(
                heads, [_notice_row(notice) for notice in found], "Every mail arrived, as far as we know."
            )
        else:
            _print_lines([_notice_cells(notice) for notice in found])


def resend(
    notice_id: Annotated[int, typer.Argument(metavar="ID", help="As `upheld mail outgoing` shows it.")],
    give_up: Annotated[bool, typer.Option(help="Rather say that nothing more is to be done.")] = False,
) -> None:
    """Send a mail again at once that failed, came back or waits for its next attempt."""
    with _desk():
        from upheld.mailboxes.outgoing import again
        from upheld.notices.models import Notice

        if not Notice.objects.filter(pk=notice_id).exists():
            raise Trouble(f"There is no outgoing mail {notice_id}.", "See `upheld mail outgoing`.")
        action = again.give_up if give_up else again.try_again
        notice = _done(action, notice_id, _by(), present_instant())
        _hide_recipients([notice])
        told = "is given up" if give_up else "is sent again by the worker"
        typer.echo(f"The mail to {notice.to_address} {told}.")


@contextmanager
def _desk() -> Iterator[None]:
    """A running database with Django set up on it."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        yield


def _by() -> str:
    from upheld.config.commands.selecting import acting_person

    return acting_person()


def _done(action: Callable[..., Any], *values: object, **named: object) -> Any:
    """Do it; a refusal is told in one line."""
    from upheld.rules.permissions import NotAllowed
    from upheld.tickets.actions import Refused

    try:
        return action(*values, **named)
    except (Refused, NotAllowed) as refusal:
        raise Trouble(str(refusal)) from None


def _states(state: str) -> tuple[Any, ...]:
    if state not in ("", "all", *STATES):
        raise Trouble(f"There is no state “{state}”.", f"Choose one of: {', '.join(STATES)}, all.")
    return {"": ("kept", "parked"), "all": ()}.get(state, (state,))


def _mail(mail_id: int) -> RawMail:
    from upheld.mailboxes.queries import one_mail
    from upheld.mailboxes.visibility import MachineViewer

    mail = one_mail(MachineViewer(), mail_id)
    if mail is None:
        raise Trouble(f"There is no mail {mail_id}.", "See `upheld mail list --state all`.")
    return mail


def _agent(address: str) -> Agent:
    from upheld.people.models import Agent

    found = Agent.objects.filter(user__email=address.strip().lower(), user__is_active=True).first()
    if found is None:
        missing = f"No agent signs in with {address}." if address else "Nobody vouches for the mail."
        raise Trouble(missing, "Name an agent: --as ada@example.com. `upheld user list` shows them.")
    return found


def _release(mail: RawMail, agent: Agent, number: str, address: str) -> str:
    """The story names the agent; the audit says as well who worked at the command line."""
    from upheld.desks.audit import record
    from upheld.mailboxes import releasing
    from upheld.mailboxes.horizon import moment
    from upheld.tickets.models import HeldRequest

    now = present_instant()
    if number:
        ticket = _ticket(mail, number)
        taken = _done(releasing.release_onto, mail.pk, ticket.pk, agent, moment(ticket.desk_id, now))
    else:
        mailbox = mail.mailbox or _mailbox(address)
        taken = _done(
            releasing.release_as_ticket, mail.pk, agent, moment(mailbox.desk_id, now), mailbox=mailbox
        )
    held = isinstance(taken, HeldRequest)
    desk = taken.desk if held else taken.ticket.desk
    record(at=now, actor=_by(), action="acted as an agent", subject=agent.address, desk=desk, mail=mail.pk)
    return "" if held else taken.ticket.number


def _ticket(mail: RawMail, number: str) -> Ticket:
    from upheld.tickets.models import Ticket

    tickets = Ticket.objects.filter(number=number.strip().upper())
    if mail.mailbox:
        tickets = tickets.filter(desk_id=mail.mailbox.desk_id)
    found = tickets.first()
    if found is None:
        raise Trouble(f"There is no ticket {number} on this desk.", "Write its number as in SDS-1001.")
    return found


def _mailbox(address: str) -> Any:
    from upheld.desks.models import Mailbox

    found = Mailbox.objects.filter(address=address.strip().lower()).first()
    if found is None:
        known = ", ".join(Mailbox.objects.order_by("address").values_list("address", flat=True)[:20])
        raise Trouble("The mail came to none of our mailboxes.", f"Say where it belongs, --mailbox: {known}.")
    return found


def _read(mail: RawMail) -> Mapping[str, Any]:
    """What a parser child makes of it; files are named, not shown."""
    from dataclasses import asdict, replace

    from upheld.mailboxes.pool import ParserPool, Unreadable

    with ParserPool(1) as pool:
        read = pool.parse(bytes(mail.raw))
    if isinstance(read, Unreadable):
        return {"unreadable": read.reason}
    files = [{"name": each.name, "type": each.content_type, "size": each.size} for each in read.attachments]
    values = asdict(replace(read, attachments=()))
    return values | {"date": read.date.isoformat() if read.date else None, "attachments": files}


def _is_for_few(mail: RawMail) -> bool:
    from upheld.mailboxes.visibility import is_for_few

    return is_for_few(mail)


def _mail_data(mail: RawMail) -> dict[str, Any]:
    for_few = _is_for_few(mail)
    return {
        "id": mail.pk,
        "received_at": mail.received_at.isoformat(),
        "state": mail.state,
        "reason": mail.reason,
        "from": HIDDEN if for_few else mail.from_address,
        "subject": HIDDEN if for_few else mail.subject,
        "mailbox": mail.mailbox.address if mail.mailbox else None,
        "ticket": mail.ticket.number if mail.ticket else None,
        "attempts": mail.attempts,
        "next_try_at": mail.next_try_at.isoformat() if mail.state == "waiting" else None,
        "settled_by": mail.settled_by,
        "settled_at": mail.settled_at.isoformat() if mail.settled_at else None,
        "way": mail.way,
        "peer": mail.peer,
        "envelope_from": HIDDEN if for_few else mail.envelope_from,
        "envelope_to": mail.envelope_to,
        "digest": mail.digest,
        "size": mail.size,
    }


def _mail_cells(mail: RawMail) -> tuple[str, ...]:
    for_few = _is_for_few(mail)
    return (
        str(mail.pk),
        _instant(mail.received_at),
        mail.state,
        HIDDEN if for_few else mail.from_address or mail.envelope_from,
        f"{HIDDEN} {mail.ticket.number if mail.ticket else ''}".strip() if for_few else mail.subject,
        mail.mailbox.address if mail.mailbox else mail.envelope_to,
        str(mail.attempts),
        mail.reason,
    )


def _hide_recipients(notices: Sequence[Notice]) -> None:
    """Of a restricted ticket not even who asked is printed."""
    from upheld.mailboxes.outgoing.facts import TO_AGENTS, restricted_among

    restricted = restricted_among([each.ticket_id for each in notices if each.ticket_id])
    for notice in notices:
        if notice.ticket_id in restricted and notice.kind not in TO_AGENTS:
            notice.to_address, notice.last_error = HIDDEN, HIDDEN


def _notice_data(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "created_at": notice.created_at.isoformat(),
        "state": notice.state,
        "to": notice.to_address,
        "kind": notice.kind,
        "ticket": notice.ticket_number or None,
        "attempts": notice.attempts,
        "next_try_at": notice.next_try_at.isoformat() if notice.state == "waiting" else None,
        "last_error": notice.last_error,
    }


def _notice_cells(notice: Notice) -> tuple[str, ...]:
    return (
        str(notice.pk),
        _instant(notice.created_at),
        notice.state,
        notice.to_address,
        notice.kind,
        notice.ticket_number,
        str(notice.attempts),
        _instant(notice.next_try_at) if notice.state == "waiting" else "",
        notice.last_error,
    )


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"


def _print_json(data: object) -> None:
    typer.echo(json.dumps(data, indent=2, ensure_ascii=not _speaks_unicode()))


def _speaks_unicode() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def _on_a_terminal() -> bool:
    return sys.stdout.isatty()


def _print_lines(rows: Sequence[Sequence[str]]) -> None:
    """For a pipe: one line a row, with tabs. What a stranger wrote stays within its cell."""
    for row in rows:
        typer.echo("\t".join(map(_line, row)))


def _print_table(heads: Sequence[str], rows: Sequence[Sequence[Sequence[str]]], nothing: str) -> None:
    """For eyes, at 80 columns as well: a cell may have several lines, each of them harmless."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not rows:
        typer.echo(nothing)
        return
    table = Table(show_edge=False, show_lines=True)
    for place, head in enumerate(heads):
        table.add_column(head, no_wrap=place in (0, 2), overflow="fold")
    for row in rows:
        table.add_row(*(Text("\n".join(_line(line) for line in cell if line)) for cell in row))
    Console().print(table)


def _mail_row(mail: RawMail) -> tuple[tuple[str, ...], ...]:
    tried = f"tried {mail.attempts} times" if mail.state in ("waiting", "parked") and mail.attempts else ""
    _, at, state, sender, subject, _, _, why = _mail_cells(mail)
    return ((str(mail.pk),), (at[:-3],), (state,), (sender or "(no sender)", subject), (why, tried))


def _notice_row(notice: Notice) -> tuple[tuple[str, ...], ...]:
    _, at, state, to, kind, ticket, tried, next_try, why = _notice_cells(notice)
    about = f"{kind} {ticket}".strip()
    more = f"tried {tried} times{f', next try {next_try}' if next_try else ''}"
    return ((str(notice.pk),), (at[:-3],), (state,), (to, about), (why, more))


def _print_mail(data: Mapping[str, Any]) -> None:
    read = dict(data["read"])
    text = {name: read.pop(name, "") for name in ("new_text", "quoted_text")}
    for name in ("body_text", "body_html"):
        read.pop(name, None)
    stands = {name: value for name, value in data.items() if name != "read"}
    for name, value in (stands | read).items():
        if value not in ("", None, (), []):
            typer.echo(f"{name.replace('_', ' '):<20} {_line(_plain(value))}")
    for name, said in text.items():
        if said.strip():
            typer.echo(f"\n{name.replace('_', ' ')}:")
            for line in said.strip().split("\n"):
                typer.echo(f"  {_line(line)}")


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _line(text: str) -> str:
    """Letters only: a terminal obeys what control characters say."""
    from upheld.rules.one_line import one_line

    return one_line(text, 2000)
