"""`upheld report ...`: what a desk's stories amount to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Desk
    from upheld.insight.figures import Line, Month
    from upheld.tickets.visibility import AgentViewer


def add(app: typer.Typer) -> None:
    """Add `upheld report ...`."""
    group = typer.Typer(help="Figures over many tickets.", no_args_is_help=True)
    group.callback()(_of_reports)
    group.command()(compliance)
    app.add_typer(group, name="report")


def _of_reports() -> None:
    """Keep `compliance` a command of its own while it is the only one."""


def compliance(
    month: Annotated[
        str, typer.Option(help="The month, such as 2026-10; the running one, when left out.")
    ] = "",
    desk: Annotated[
        str, typer.Option(help="The desk's short name; may be left out when there is one desk.")
    ] = "",
    whole: Annotated[
        bool, typer.Option("--whole", help="Over all tickets, restricted ones too; so it is without --as.")
    ] = False,
    seen_by: Annotated[
        str, typer.Option("--as", help="Over the tickets that the agent with this address may read.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON instead of tables.")] = False,
) -> None:
    """How the promises of a month were kept: by metric, priority, plan and team, with what is left out and with every
    pause. Whoever runs this owns the machine, so it counts all tickets of the desk, restricted ones too."""
    if whole and seen_by:
        raise Trouble("--whole and --as exclude each other.", "Leave one of them out.")
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        import django

        django.setup()
        from upheld.config.commands.selecting import chosen_desk

        chosen = chosen_desk(desk)
        figures = _figures(chosen, month, _viewer(chosen, seen_by) if seen_by else None)
        if as_json:
            _print_json(chosen, figures)
        else:
            _print(chosen, figures)


def _viewer(desk: Desk, address: str) -> AgentViewer:
    from upheld.config.commands.selecting import agent_at
    from upheld.tickets.visibility import AgentViewer

    viewer = AgentViewer.of(agent_at(address))
    if desk.pk not in viewer.roles:
        raise Trouble(f"{address} does not work on {desk.name}.", "See `upheld user list`.")
    return viewer


def _figures(desk: Desk, month: str, viewer: AgentViewer | None) -> Month:
    from upheld.insight.compliance import month_figures
    from upheld.insight.figures import Scope
    from upheld.web.agent.months import CalendarMonth

    now = present_instant()
    wanted = CalendarMonth.asked_for(month, desk.zone, now)
    if month and wanted.text != month:
        raise Trouble(f"“{month}” is no month.", "Write it as 2026-10.")
    scope = Scope.seen if viewer else Scope.whole
    return month_figures(desk, wanted.start, wanted.end, now, scope=scope, viewer=viewer)


def _print(desk: Desk, month: Month) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from upheld.insight.figures import Scope, Side
    from upheld.web.presenting import compliance as words

    console = Console()
    whole = month.scope is Scope.whole
    over = "all tickets, restricted ones too" if whole else "the tickets that this agent may read"
    console.print(Text(f"{desk.name}, {_month_of(month)}: over {over}"), soft_wrap=True)
    if month.end > month.at:
        console.print("The month is not over; what is pending counts for nothing yet.", soft_wrap=True)
    if not month.lines:
        console.print("Nothing falls due in this month.")
        return
    for goal in words.goals(month, _nowhere):
        kept = f"{goal.share.percent}, {goal.share.words}" if goal.share else ""
        told = ". ".join(each for each in (kept, goal.distance.rstrip("."), goal.ahead.rstrip(".")) if each)
        console.print(Text(f"{goal.metrics}, promised {goal.asked}: {goal.verdict}. {told}."), soft_wrap=True)
    for metric in words.tables(month, _nowhere):
        table = Table(metric.label, show_edge=False)
        table.add_column("In time", no_wrap=True)
        for column in metric.columns:
            table.add_column(column, justify="right")
        for group in metric.groups:
            if group.label:
                table.add_section()
                table.add_row(Text(group.label, style="italic"))
            for row in group.rows:
                share = f"{row.share.percent}  {row.share.words}" if row.share else "-"
                table.add_row(Text(row.label), share, *(str(each.count) for each in row.numbers))
        console.print()
        console.print(table)
    _print_left_out_and_pauses(console, month)
    late = sum(each.late_calls for each in month.by(Side.metric))
    console.print(f"\nTickets: {month.tickets}. Responses by calls that were entered too late: {late}.")


def _print_left_out_and_pauses(console: Any, month: Month) -> None:
    from rich.table import Table
    from rich.text import Text

    from upheld.web.presenting import compliance as words

    if left_out := words.left_out(month, _nowhere):
        table = Table("Not counted", show_edge=False)
        for column in ("Clocks", "Tickets"):
            table.add_column(column, justify="right")
        for each in left_out:
            table.add_row(Text(each.label), str(each.clocks.count), str(each.tickets))
        console.print()
        console.print(table)
    if pauses := words.pauses(month, _nowhere):
        table = Table("Pauses", "By whom", show_edge=False)
        for column in ("Pauses", "Tickets", "Time in this month"):
            table.add_column(column, justify="right")
        for each in pauses:
            numbers = (str(each.pauses.count), str(each.tickets), each.time)
            table.add_row(Text(each.reason), Text(each.author), *numbers)
        console.print()
        console.print(table)


def _print_json(desk: Desk, month: Month) -> None:
    import json

    typer.echo(json.dumps(as_data(desk, month), indent=2, ensure_ascii=False))


def as_data(desk: Desk, month: Month) -> dict[str, Any]:
    """The figures as plain data. Its keys stay; shares are exact, as "190/200"."""
    return {
        "desk": desk.slug,
        "month": _month_of(month),
        "zone": month.zone,
        "start": month.start.isoformat(),
        "end": month.end.isoformat(),
        "at": month.at.isoformat(),
        "is_over": month.end <= month.at,
        "scope": month.scope.value,
        "tickets": month.tickets,
        "late_calls": month.late_calls,
        "objectives": [
            {
                "metrics": list(each.metrics),
                "percent": _plain(each.percent),
                "period": each.period,
                "assumed": each.assumed,
                "kept": _fraction(each.met, each.counted),
                "reached": each.is_reached,
            }
            for each in month.objectives
        ],
        "lines": [_line(each) for each in month.lines],
        "exclusions": [
            {"reason": each.reason, "label": each.label, "clocks": each.clocks, "tickets": each.tickets}
            for each in month.exclusions
        ],
        "pauses": [
            {
                "status": each.status,
                "reason": each.reason,
                "author": each.author,
                "is_agent": each.agent_id is not None,
                "pauses": each.pauses,
                "tickets": each.tickets,
                "seconds": int(each.time.total_seconds()),
            }
            for each in month.pauses
        ],
    }


def _line(line: Line) -> dict[str, Any]:
    from upheld.insight.figures import Outcome

    return {
        "metric": line.metric,
        "side": line.side.value,
        "key": line.key,
        "label": line.label,
        "kept": _fraction(line.outcomes.get(Outcome.met, 0), line.counted),
        **{each.value: line.outcomes.get(each, 0) for each in Outcome},
        "corrected": line.corrected,
        "reclassified": line.reclassified,
        "late_calls": line.late_calls,
    }


def _fraction(met: int, counted: int) -> str | None:
    return f"{met}/{counted}" if counted else None


def _plain(percent: Any) -> str:
    """A share of the policy as it was written there: it has an end as a decimal."""
    from decimal import Decimal

    return format((Decimal(percent.numerator) / Decimal(percent.denominator)).normalize(), "f")


def _month_of(month: Month) -> str:
    from zoneinfo import ZoneInfo

    return f"{month.start.astimezone(ZoneInfo(month.zone)):%Y-%m}"


def _nowhere(**choice: object) -> str:
    """A terminal leads to no list."""
    return ""
