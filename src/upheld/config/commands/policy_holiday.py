"""Days on which a desk is closed, or open after all, that become known after its policy was published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.commands.policy_publish import (
    CSV,
    DESK,
    EFFECTIVE,
    PREVIEW,
    YES,
    go_through,
    read_instant,
    read_mode,
    version_in_force_now,
)
from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Desk

_DAY = typer.Argument(help="The date, as 2026-09-18.")
_CALENDAR = typer.Option(help="The calendar's name in the policy; may be left out when it has one.")
_MODE = typer.Option(
    help="What becomes of open tickets: carry keeps the time used so far, recompute counts from the start, pin leaves"
    " them under their version."
)


def add(group: typer.Typer) -> None:
    """Add `upheld policy holiday ...`."""
    own = typer.Typer(
        help="Publish the policy in force with one closed day more, or one less.", no_args_is_help=True
    )
    own.command("add")(add_day)
    own.command("remove")(remove_day)
    group.add_typer(own, name="holiday")


def add_day(
    day: Annotated[str, _DAY],
    name: Annotated[str, typer.Argument(help="What it is, such as “Day of mourning”.")],
    calendar: Annotated[str, _CALENDAR] = "",
    mode: Annotated[str, _MODE] = "carry",
    effective: Annotated[str, EFFECTIVE] = "",
    desk: Annotated[str, DESK] = "",
    preview: Annotated[bool, PREVIEW] = False,
    csv: Annotated[Path | None, CSV] = None,
    yes: Annotated[bool, YES] = False,
) -> None:
    """Close the desk on a day. It makes a new version of the policy in force."""
    from upheld.policy.closed_days import add_closed_day

    closed = read_day(day)
    _change(
        lambda text: add_closed_day(text, closed, name, calendar or None),
        f"Closed on {closed}: {name}",
        (desk, effective, mode),
        (preview, csv, yes),
    )


def remove_day(
    day: Annotated[str, _DAY],
    calendar: Annotated[str, _CALENDAR] = "",
    mode: Annotated[str, _MODE] = "carry",
    effective: Annotated[str, EFFECTIVE] = "",
    desk: Annotated[str, DESK] = "",
    preview: Annotated[bool, PREVIEW] = False,
    csv: Annotated[Path | None, CSV] = None,
    yes: Annotated[bool, YES] = False,
) -> None:
    """Open the desk on a day on which it would be closed, in the hours of that weekday. It makes a new version of the
    policy in force."""
    from upheld.policy.closed_days import remove_closed_day

    opened = read_day(day)
    _change(
        lambda text: remove_closed_day(text, opened, calendar or None),
        f"Open on {opened}",
        (desk, effective, mode),
        (preview, csv, yes),
    )


def _change(
    edit: Callable[[str], str],
    remark: str,
    wanted: tuple[str, str, str],
    how: tuple[bool, Path | None, bool],
) -> None:
    import django

    from upheld.config.running import database_running

    slug, effective, mode_name = wanted
    mode = read_mode(mode_name)
    with database_running(lambda line: typer.echo(line, err=True)):
        django.setup()
        from upheld.config.commands.selecting import chosen_desk
        from upheld.policy import PolicyError
        from upheld.policy.closed_days import ClosedDayError
        from upheld.tickets.actions import Publication

        chosen = chosen_desk(slug)
        version = version_in_force_now(chosen)
        try:
            text = edit(version.source)
        except (ClosedDayError, PolicyError) as problem:
            raise Trouble(f"Nothing was published. {problem}") from None
        publication = Publication(
            desk=chosen,
            text=text,
            mode=mode,
            effective_from=read_instant(effective, chosen) if effective else None,
            remark=remark,
            name=f"version {version.number}, changed",
        )
        preview, csv, yes = how
        go_through(publication, preview=preview, csv=csv, yes=yes)
        _tell_of_those_to_come(chosen, remark)


def _tell_of_those_to_come(desk: Desk, remark: str) -> None:
    """A version that takes effect later was written before this day was known."""
    from upheld.desks.policy_documents import coming_versions

    for version in coming_versions(desk, present_instant()):
        if version.remark != remark:
            typer.echo(
                f"Version {version.number} takes effect later and was made without this day: withdraw it and publish"
                " it again with the day in it."
            )


def read_day(text: str) -> date:
    """Return a date that was typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble(f"“{text}” is not a date.", "Write for example 2026-09-18.") from None
