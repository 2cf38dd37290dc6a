"""A desk's mailboxes: the addresses at which it receives mail, and what is believed of what comes there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Mailbox


def add(app: typer.Typer) -> None:
    """Add `upheld mailbox ...`."""
    group = typer.Typer(help="The addresses at which a desk receives mail.", no_args_is_help=True)
    group.command("list")(list_mailboxes)
    group.command("add")(add_one)
    group.command("set")(set_one)
    app.add_typer(group, name="mailbox")


def list_mailboxes() -> None:
    """Show all mailboxes: their desk, whose checks of a sender's domain are believed, and whether it is a list."""
    with _desk():
        from upheld.desks.models import Mailbox

        mailboxes = list(
            Mailbox.objects.select_related("desk").order_by("desk__slug", "-is_default", "address")
        )
        if not mailboxes:
            raise Trouble("There is no mailbox yet.", "Make a desk with `upheld setup`.")
        typer.echo("\n".join(map(_described, mailboxes)))


def add_one(
    address: Annotated[str, typer.Argument(help="The address, like orders@help.example.com.")],
    desk: Annotated[str, typer.Option(help="The desk's short name, where there are several.")] = "",
    name: Annotated[
        str, typer.Option(help="The name that its mail carries; the desk's, when left out.")
    ] = "",
) -> None:
    """Add an address at which a desk receives mail. Your mail server has to hand that address over, too."""
    with _desk():
        from upheld.config.commands.selecting import acting_person, chosen_desk
        from upheld.desks.actions import MailboxRefused, add_mailbox

        try:
            mailbox = add_mailbox(
                chosen_desk(desk), address, name=name, by=acting_person(), now=present_instant()
            )
        except MailboxRefused as refused:
            raise Trouble(str(refused), "Nothing was changed.") from None
        typer.echo(_described(mailbox))


def set_one(
    address: Annotated[str, typer.Argument(help="The mailbox's address.")],
    checked_by: Annotated[
        str | None,
        typer.Option(
            help="The name under which the mail server in front of this mailbox writes Authentication-Results:"
            " only what it says of a sender's domain is believed. '' for nobody."
        ),
    ] = None,
    mailing_list: Annotated[
        bool | None,
        typer.Option(
            "--list/--no-list", help="The address is itself a mailing list: its marks make no mail automatic."
        ),
    ] = None,
    name: Annotated[str | None, typer.Option(help="The name that its mail carries.")] = None,
    default: Annotated[
        bool, typer.Option("--default", help="Let the desk's mail leave from this address.")
    ] = False,
) -> None:
    """Set what is believed of a mailbox's mail, its name, or that it is its desk's first one."""
    if checked_by is None and mailing_list is None and name is None and not default:
        raise Trouble("Nothing is to be set.", "Give --checked-by, --list, --no-list, --name or --default.")
    with _desk():
        from upheld.config.commands.selecting import acting_person
        from upheld.desks.actions import MailboxRefused, change_mailbox
        from upheld.desks.models import Mailbox

        mailbox = Mailbox.objects.filter(address=address.strip().lower()).first()
        if mailbox is None:
            raise Trouble(f"There is no mailbox {address}.", "See `upheld mailbox list`.")
        try:
            changed = change_mailbox(
                mailbox.pk,
                name=name,
                checked_by=checked_by,
                is_list=mailing_list,
                is_default=default or None,
                by=acting_person(),
                now=present_instant(),
            )
        except MailboxRefused as refused:
            raise Trouble(str(refused), "Nothing was changed.") from None
        typer.echo(_described(changed))


def _described(mailbox: Mailbox) -> str:
    believed = mailbox.checked_by or "nobody, so agents cannot answer by mail"
    first = " (the desk's mail leaves from here)" if mailbox.is_default else ""
    return "\n".join(
        [
            f"{mailbox.address}{first}",
            f"  desk       {mailbox.desk.slug}",
            f"  name       {mailbox.name or mailbox.desk.name}",
            f"  believes   {believed}",
            f"  list       {'yes: marks of a mailing list make no mail automatic' if mailbox.is_list else 'no'}",
        ]
    )


@contextmanager
def _desk() -> Iterator[None]:
    import django

    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        django.setup()
        yield
