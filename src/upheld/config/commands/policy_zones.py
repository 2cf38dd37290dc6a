"""What newer data about time zones does to due times."""

from __future__ import annotations

from typing import Annotated

import typer

from upheld.config.instant import present_instant


def add(group: typer.Typer) -> None:
    """Add `upheld policy zones`."""
    group.command()(zones)


def zones(
    desk: Annotated[
        str, typer.Option(help="The desk's short name; may be left out when there is one desk.")
    ] = "",
    settle: Annotated[
        bool, typer.Option("--settle", help="Let the worker bring the tickets listed up to date now.")
    ] = False,
) -> None:
    """List the due times of open tickets that the installed data about time zones moves. A verdict never changes; a
    ticket follows by itself when next something happens to it, or at once with --settle."""
    import django

    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        django.setup()
        from upheld.config.commands.policy_publish import local, version_in_force_now
        from upheld.config.commands.selecting import chosen_desk
        from upheld.desks.policies import installed_zone_data
        from upheld.tickets.actions import wake
        from upheld.tickets.zone_moves import zone_moves

        chosen = chosen_desk(desk)
        version = version_in_force_now(chosen)
        typer.echo(
            f"Zone data: {installed_zone_data()} is installed; version {version.number} of the policy was"
            f" published with {version.zone_data_version}."
        )
        moves = list(zone_moves(chosen))
        for each in moves:
            before = local(each.due_at, chosen.zone) if each.due_at else "no due time"
            after = local(each.new_due_at, chosen.zone) if each.new_due_at else "no due time"
            typer.echo(f"  {each.ticket:<12} {each.metric.value.replace('_', ' '):<15} {before} -> {after}")
        typer.echo(f"Due times that move: {len(moves)}.")
        if settle and moves:
            wake([each.ticket_id for each in moves], present_instant())
            typer.echo("The worker brings these tickets up to date now.")
