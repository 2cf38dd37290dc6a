"""The policy document: check it, publish it, start from a shipped one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.commands import policy_reference, policy_stories
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.policy import Report


def add(app: typer.Typer) -> None:
    """Add `upheld policy ...`."""
    group = typer.Typer(
        help="Check, publish and start policy documents, and say what they make of a story.",
        no_args_is_help=True,
    )
    group.command()(check)
    group.command()(publish)
    group.command()(pack)
    policy_stories.add(group)
    policy_simulate.add(group)
    policy_reference.add(group)
    app.add_typer(group, name="policy")


def check(
    files: Annotated[list[Path], typer.Argument(help="Policy documents (YAML); - for standard input.")],
) -> None:
    """Check policy documents and run their examples. Exits with 1 when one of them could not be published."""
    from upheld.policy import check as check_text

    sound = [_tell(check_text(read_text(file), str(file)), str(file)) for file in files]
    if not all(sound):
        raise typer.Exit(1)


def publish(
    file: Annotated[Path, typer.Argument(help="The policy document (YAML).")],
    desk: Annotated[
        str, typer.Option(help="The desk's short name; may be left out when there is one desk.")
    ] = "",
    effective: Annotated[
        datetime | None,
        typer.Option(
            help="From when it is in force, in UTC; now, when left out.",
            formats=["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d"],
        ),
    ] = None,
) -> None:
    """Publish a policy on a desk. Tickets opened from then on follow it; open ones keep theirs."""
    from upheld.config.running import database_running

    text = read_text(file)
    with database_running(lambda line: typer.echo(line, err=True)):
        _publish(text, str(file), desk, effective.replace(tzinfo=UTC) if effective else None)


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


def _publish(text: str, name: str, slug: str, effective: datetime | None) -> None:
    import django

    django.setup()
    from upheld.config.commands.selecting import acting_person, chosen_desk
    from upheld.desks.actions import PolicyRefused, publish_policy

    try:
        version = publish_policy(
            chosen_desk(slug),
            text,
            now=datetime.now(UTC),
            by=acting_person(),
            effective_from=effective,
            name=name,
        )
    except PolicyRefused as refused:
        _tell(refused.report, name)
        raise Trouble("Nothing was published.", "Mend the document and publish it again.") from None
    typer.echo(f"{version} is in force from {version.effective_from:%Y-%m-%d %H:%M} UTC.")


def _tell(report: Report, name: str) -> bool:
    for problem in report.problems:
        typer.echo(problem.describe(name), err=True)
    for finding in report.findings:
        typer.echo(f"{finding.describe(name)} (to think about)")
    verdict = "sound" if report.ok else "not sound"
    typer.echo(f"{name}: {verdict}, {report.examples_run} examples run")
    return report.ok


def read_text(file: Path) -> str:
    """Return the text of a file, or of standard input for `-`."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} is not UTF-8 text.", "Save it as UTF-8.") from None
