"""The policy document: start from a shipped one; what else is done with it stands beside."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from upheld.config.commands import (
    policy_check,
    policy_classify,
    policy_diff,
    policy_holiday,
    policy_publish,
    policy_reference,
    policy_show,
    policy_simulate,
    policy_stories,
    policy_zones,
)
from upheld.config.trouble import Trouble


def add(app: typer.Typer) -> None:
    """Add `upheld policy ...`."""
    group = typer.Typer(
        help="Check, publish and start policy documents, and say what they make of a story.",
        no_args_is_help=True,
    )
    policy_check.add(group)
    group.command()(pack)
    policy_publish.add(group)
    policy_holiday.add(group)
    policy_zones.add(group)
    policy_show.add(group)
    policy_stories.add(group)
    policy_simulate.add(group)
    policy_diff.add(group)
    policy_reference.add(group)
    policy_classify.add(group)
    app.add_typer(group, name="policy")


def pack(name: Annotated[str, typer.Argument(help="Its name; a list of all, when left out.")] = "") -> None:
    """Print a shipped policy, to start your own from."""
    from upheld.policy import pack as shipped
    from upheld.policy import packs

    if not name:
        typer.echo("\n".join(packs()))
        return
    if name not in packs():
        raise Trouble(f"There is no shipped policy “{name}”.", f"There are: {', '.join(packs())}.")
    typer.echo(shipped(name), nl=False)


def read_text(file: Path) -> str:
    """Return the text of a file, or of standard input for `-`."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} is not UTF-8 text.", "Save it as UTF-8.") from None
