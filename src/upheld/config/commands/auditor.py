"""Who sees the figures of a desk over all its tickets."""

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
    """Add `upheld auditor ...`."""
    group = typer.Typer(help="Name who sees the figures over all tickets of a desk.", no_args_is_help=True)
    group.command("list")(list_auditors)
    group.command()(name)
    group.command()(strike)
    app.add_typer(group, name="auditor")


def list_auditors(desk: Annotated[str, _DESK] = "") -> None:
    """List the named auditors."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen = _desk(desk)
        from upheld.people.auditors import auditors_of

        auditors = auditors_of(chosen)
        for each in auditors:
            typer.echo(f"{each.agent.address}  {each.agent.name}")
        if not auditors:
            typer.echo("Nobody is named. Agents see the figures over the tickets that they may read.")


def name(
    address: Annotated[str, _ADDRESS],
    administrator: Annotated[str, _AS],
    desk: Annotated[str, _DESK] = "",
) -> None:
    """Name somebody: they see the figures over all tickets, and read none that they could not read before."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen = _desk(desk)
        from upheld.config.commands.selecting import administrator_at, agent_at
        from upheld.people.actions import name_auditor
        from upheld.people.staff import StaffRefused

        by, agent = administrator_at(chosen, administrator), agent_at(address)
        try:
            name_auditor(chosen.pk, agent.pk, by=by, now=present_instant())
        except StaffRefused as refusal:
            raise Trouble(str(refusal), "See `upheld user list`.") from None
        typer.echo(f"{agent.name} sees the figures over all tickets of {chosen.name}.")


def strike(
    address: Annotated[str, _ADDRESS],
    administrator: Annotated[str, _AS],
    desk: Annotated[str, _DESK] = "",
) -> None:
    """Name somebody no more; they see the figures over the tickets that they may read."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        chosen = _desk(desk)
        from upheld.config.commands.selecting import administrator_at, agent_at
        from upheld.people.actions import strike_auditor
        from upheld.people.staff import StaffRefused

        by, agent = administrator_at(chosen, administrator), agent_at(address)
        try:
            strike_auditor(chosen.pk, agent.pk, by=by, now=present_instant())
        except StaffRefused as refusal:
            raise Trouble(str(refusal), "See `upheld auditor list`.") from None
        typer.echo(f"{agent.name} is no auditor of {chosen.name} any more.")


def _desk(slug: str) -> Desk:
    import django

    django.setup()
    from upheld.config.commands.selecting import chosen_desk

    return chosen_desk(slug)
