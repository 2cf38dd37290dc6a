"""Publish a policy, see what that does to open tickets, look at former versions, withdraw one that is still to come."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Desk, PolicyVersion, PolicyVersions
    from upheld.policy import Mode
    from upheld.tickets.actions import Publication

DESK = typer.Option(help="The desk's short name; may be left out when there is one desk.")
MODE = typer.Option(
    help="What becomes of open tickets: pin leaves them under their version, carry keeps the used time and runs the"
    " rest under the new one, recompute counts from the start."
)
EFFECTIVE = typer.Option(
    help="From when it holds, in the desk's zone, as 2026-04-01T09:00 or 2026-04-01; at once, when left out."
)
PREVIEW = typer.Option("--preview", help="Only say what it would do to open tickets; publish nothing.")
YES = typer.Option("--yes", help="Do not ask before open tickets are taken over.")
REMARK = typer.Option(help="Why: it stands beside the version and in the audit.")
CSV = typer.Option("--csv", help="Write every clock that changes to this file, as a table.")


def add(group: typer.Typer) -> None:
    """Add the commands about publishing to `upheld policy`."""
    group.command()(publish)
    group.command()(versions)
    group.command()(source)
    group.command()(withdraw)


def publish(
    file: Annotated[Path, typer.Argument(help="The policy document (YAML); - for standard input.")],
    desk: Annotated[str, DESK] = "",
    effective: Annotated[str, EFFECTIVE] = "",
    mode: Annotated[str, MODE] = "pin",
    remark: Annotated[str, REMARK] = "",
    preview: Annotated[bool, PREVIEW] = False,
    csv: Annotated[Path | None, CSV] = None,
    yes: Annotated[bool, YES] = False,
) -> None:
    """Publish a policy on a desk. Tickets opened from then on follow it; open ones keep theirs, or follow as --mode
    says."""
    from upheld.config.commands.policy import read_text
    from upheld.config.running import database_running

    text, wanted = read_text(file), read_mode(mode)
    with database_running(lambda line: typer.echo(line, err=True)):
        _setup()
        from upheld.config.commands.selecting import chosen_desk
        from upheld.tickets.actions import Publication

        chosen = chosen_desk(desk)
        publication = Publication(
            desk=chosen,
            text=text,
            mode=wanted,
            effective_from=read_instant(effective, chosen) if effective else None,
            remark=remark,
            name=str(file),
        )
        go_through(publication, preview=preview, csv=csv, yes=yes)


def versions(desk: Annotated[str, DESK] = "") -> None:
    """List the versions of a desk's policy: what holds now, what is still to come, and what was."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        _setup()
        from upheld.config.commands.selecting import chosen_desk

        chosen = chosen_desk(desk)
        now = present_instant()
        rows = _listed(chosen)
        in_force = rows.in_force(now).values_list("pk", flat=True).first()
        for version in rows.select_related("withdrawal").order_by("-number"):
            typer.echo(_described(version, chosen, now, is_in_force=version.pk == in_force))


def source(
    number: Annotated[int, typer.Argument(help="The version; the one in force, when left out.")] = 0,
    desk: Annotated[str, DESK] = "",
) -> None:
    """Print the document of a version, as it was published. To go back to it, publish it again."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        _setup()
        from upheld.config.commands.selecting import chosen_desk

        chosen = chosen_desk(desk)
        version = version_numbered(chosen, number) if number else version_in_force_now(chosen)
        typer.echo(version.source, nl=False)


def withdraw(
    number: Annotated[int, typer.Argument(help="A version that has not taken effect yet.")],
    desk: Annotated[str, DESK] = "",
) -> None:
    """Withdraw a version before it takes effect."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        _setup()
        from upheld.config.commands.selecting import acting_person, chosen_desk
        from upheld.desks.actions import PublicationRefused, withdraw_policy

        version = version_numbered(chosen_desk(desk), number)
        try:
            withdraw_policy(version, by=acting_person(), now=present_instant())
        except PublicationRefused as refused:
            raise Trouble(str(refused)) from None
        typer.echo(f"Version {version.number} is withdrawn. What held before goes on to hold.")


def go_through(publication: Publication, *, preview: bool, csv: Path | None, yes: bool) -> None:
    """Tell what a publication does, ask where it takes tickets over, and publish it."""
    from upheld.config.commands.policy_effect import tell_effect
    from upheld.config.commands.selecting import acting_person
    from upheld.desks.actions import PolicyRefused, PublicationRefused
    from upheld.policy import Mode
    from upheld.tickets.actions import publish as publish_now

    takes_over = publication.mode is not Mode.pin
    asks = takes_over and not yes and not preview
    if asks and not _can_ask():
        raise Trouble(
            "Open tickets would be taken over, and nobody can be asked.",
            "Look at what changes with --preview, then add --yes.",
        )
    try:
        if preview or csv is not None or asks:
            publication = tell_effect(publication, present_instant(), csv)
        if preview:
            return
        if asks and not typer.confirm("Publish it like this?"):
            raise Trouble("Nothing was published.")
        outcome = publish_now(publication, now=present_instant(), by=acting_person())
    except PolicyRefused as refused:
        from upheld.config.commands.policy_check import tell_report

        tell_report(refused.report, publication.name)
        raise Trouble("Nothing was published.", "Mend the document and publish it again.") from None
    except PublicationRefused as refused:
        raise Trouble(f"Nothing was published. {refused}") from None
    version, zone = outcome.version, publication.desk.zone
    if not outcome.is_new:
        typer.echo(f"This is version {version.number}, which is in force already; nothing was published.")
        return
    typer.echo(f"{version} is in force from {local(version.effective_from, zone)}.")
    if takes_over:
        counts = outcome.counts
        typer.echo(
            f"Open tickets that follow it: {counts['tickets']}. Due times: {counts['earlier']} earlier, "
            f"{counts['later']} later, {counts['breached']} newly breached."
        )


def read_mode(text: str) -> Mode:
    """Return the mode of this name."""
    from upheld.policy import Mode

    try:
        return Mode(text.strip().lower())
    except ValueError:
        known = ", ".join(mode.value for mode in Mode)
        raise Trouble(f"There is no mode “{text}”.", f"There are: {known}.") from None


def read_instant(text: str, desk: Desk) -> datetime:
    """Return an instant that was typed; without a zone of its own it is told in the desk's."""
    from upheld.clock import zone

    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(
            f"“{text}” is not an instant.", f"Write for example 2026-04-01T09:00; it is read in {desk.zone}."
        ) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone(desk.zone))).astimezone(UTC)


def local(at: datetime, zone_name: str) -> str:
    """An instant in a zone, for people."""
    from upheld.clock import zone

    return f"{at.astimezone(zone(zone_name)):%a %d %b %Y %H:%M %Z}"


def version_numbered(desk: Desk, number: int) -> PolicyVersion:
    """Return the version of this number."""
    version = desk.policy_versions.filter(number=number).first()
    if version is None:
        raise Trouble(f"{desk.name} has no version {number}.", "See `upheld policy versions`.")
    return version


def version_in_force_now(desk: Desk) -> PolicyVersion:
    """Return the version in force, with its document."""
    from upheld.desks.policies import NoPolicyInForce, version_in_force

    try:
        return desk.policy_versions.get(pk=version_in_force(desk, present_instant()).pk)
    except NoPolicyInForce as problem:
        raise Trouble(str(problem)) from None


def _listed(desk: Desk) -> PolicyVersions:
    from upheld.desks.models import PolicyVersion

    return PolicyVersion.objects.filter(desk=desk).defer("source", "document")


def _described(version: PolicyVersion, desk: Desk, now: datetime, *, is_in_force: bool) -> str:
    if hasattr(version, "withdrawal"):
        state = f"withdrawn {local(version.withdrawal.at, desk.zone)} by {version.withdrawal.by}"
    elif is_in_force:
        state = "in force"
    else:
        state = "to come" if version.effective_from > now else "former"
    parts = [
        f"{version.number:>4}",
        f"{state:<9}",
        f"from {local(version.effective_from, desk.zone)}",
        f"{version.mode:<9}",
        f"published {local(version.published_at, desk.zone)} by {version.published_by}",
        version.remark,
    ]
    return "  ".join(filter(None, parts))


def _can_ask() -> bool:
    import sys

    return sys.stdin.isatty()


def _setup() -> None:
    import django

    django.setup()
