"""Who reads the restricted tickets of a desk, whatever anybody's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Desk

_DESK = typer.Option(help="The desk's short name; may be left out when there is one desk.")
_ADDRESS = typer.Argument(help="E-mail address of somebody who answers on the desk.")
_AS = typer.Option("--as", help="Who decides it: the address of an administrator of the desk.")


def add(app: typer.Typer) -> None:
    """Add `upheld reader ...`."""
    group = typer.Typer(help="Name who reads what is restricted on a desk.", no_args_is_help=True)
    group.command("list")(list_readers)
    group.command()(name)
    group.command("take-out")(take_out)
    app.add_typer(group, name="reader")


def list_readers(desk: Annotated[str, _DESK] = "") -> None:
    """List the named readers, and the restricted tickets that nobody can read, by number."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen = _desk(desk)
        from upheld.tickets.restricting import named_readers, unread

        readers = named_readers(chosen.pk)
        for each in readers:
            typer.echo(f"{each.address}  {each.name}")
        if not readers:
            typer.echo("Nobody is named. What is restricted can be read by nobody.")
        for ticket in unread(chosen.pk):
            typer.echo(f"{ticket.number}  restricted, and nobody can read it")


def name(
    address: Annotated[str, _ADDRESS],
    administrator: Annotated[str, _AS],
    desk: Annotated[str, _DESK] = "",
) -> None:
    """Name somebody: they read what is restricted from its receipt, and what waits for a reader now."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen = _desk(desk)
        from upheld.config.commands.selecting import administrator_at, agent_at
        from upheld.mailboxes.horizon import moment
        from upheld.people.staff import StaffRefused
        from upheld.tickets.actions import name_reader

        by = administrator_at(chosen, administrator)
        agent = agent_at(address)
        try:
            waited = name_reader(chosen.pk, agent.pk, by=by, moment=moment(chosen.pk, present_instant()))
        except StaffRefused as refusal:
            raise Trouble(str(refusal), "See `upheld user list`.") from None
        typer.echo(f"{agent.name} reads what is restricted on {chosen.name}.")
        for ticket in waited:
            typer.echo(f"{ticket.number} has waited for a reader, and is theirs to read now.")


def take_out(
    address: Annotated[str, _ADDRESS],
    administrator: Annotated[str, _AS],
    desk: Annotated[str, _DESK] = "",
) -> None:
    """Name somebody no more; what they read already, they go on reading."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen = _desk(desk)
        from upheld.config.commands.selecting import administrator_at, agent_at
        from upheld.notices.actions import take_out_reader
        from upheld.people.staff import StaffRefused

        by, agent = administrator_at(chosen, administrator), agent_at(address)
        try:
            take_out_reader(chosen.pk, agent.pk, by=by, now=present_instant())
        except StaffRefused as refusal:
            raise Trouble(str(refusal), "See `upheld reader list`.") from None
        typer.echo(f"{agent.name} reads nothing restricted that comes to {chosen.name} from now on.")


def _desk(slug: str) -> Desk:
    import django

    django.setup()
    from upheld.config.commands.selecting import chosen_desk

    return chosen_desk(slug)
