"""`upheld setup`: from an empty database to a desk of one's own."""

from __future__ import annotations

import re
import secrets
import sys
import tomllib
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

_USUAL_POLICY = "school-devices"
EXAMPLE = """\
desk = "Acme Support"             # its name, as customers see it
short_name = "acme"               # in addresses: /help/acme/
prefix = "ACM"                    # of ticket numbers: ACM-1001
zone = "Europe/London"            # the zone in which the desk speaks of time
language = "en"
mailbox = "support@help.example.com"
policy = "school-devices"         # a shipped policy, or the path of a document of your own
team = "First line"
administrator = "ada@example.com"
administrator_name = "Ada Example"
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that a desk needs to start."""

    desk: str
    short_name: str
    prefix: str
    zone: str
    mailbox: str
    policy: str
    administrator: str
    administrator_name: str
    language: str = "en"
    team: str = "First line"


def add(app: typer.Typer) -> None:
    """Add `upheld setup`."""
    app.command()(setup)


def setup(
    file: Annotated[
        Path | None, typer.Option(help="Read the answers from this TOML file instead of asking.")
    ] = None,
    example: Annotated[bool, typer.Option(help="Print an example of such a file.")] = False,
) -> None:
    """Make a desk of your own: desk, policy, mailbox, team, administrator. Run again, it adds what is missing."""
    if example:
        typer.echo(EXAMPLE, nl=False)
        return
    from upheld.config.running import bring_schema_up, database_running

    plan = _checked(_from_file(file) if file else _asked())
    with database_running(typer.echo) as env:
        bring_schema_up(env, typer.echo)
        import django

        django.setup()
        _carry_out(plan)


def _from_file(file: Path) -> Plan:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.", "Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Trouble(
            f"{file} is not TOML: {error}.", "`upheld setup --example` prints one that is."
        ) from None
    known = {field.name: field for field in fields(Plan)}
    if unknown := sorted(set(found) - set(known)):
        raise Trouble(f"{file}: unknown: {', '.join(unknown)}.", f"Known are: {', '.join(known)}.")
    needed = ["desk", "short_name", "prefix", "zone", "mailbox", "policy", "administrator"]
    if missing := [name for name in needed if not str(found.get(name, "")).strip()]:
        raise Trouble(f"{file}: missing: {', '.join(missing)}.", "`upheld setup --example` shows every line.")
    found.setdefault("administrator_name", found["administrator"].partition("@")[0])
    return Plan(**{name: str(value).strip() for name, value in found.items()})


def _asked() -> Plan:
    if not sys.stdin.isatty():
        raise Trouble("Nobody is here to answer.", "Give the answers in a file: upheld setup --file FILE.")
    from upheld.policy import packs

    desk = typer.prompt("Name of the desk, as customers see it")
    short = re.sub(r"[^a-z0-9]+", "-", desk.lower()).strip("-")[:40] or "desk"
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", desk))[:3].upper() or "T"
    return Plan(
        desk=desk,
        short_name=typer.prompt("Short name, for addresses", default=short),
        prefix=typer.prompt("Prefix of ticket numbers", default=initials),
        zone=typer.prompt("Time zone (IANA name)", default="Europe/London"),
        mailbox=typer.prompt("Address at which the desk receives mail"),
        policy=typer.prompt(f"Policy: a file, or one of {', '.join(packs())}", default=_USUAL_POLICY),
        team=typer.prompt("Name of the first team", default="First line"),
        administrator=typer.prompt("E-mail address of the administrator"),
        administrator_name=typer.prompt("Name of the administrator"),
    )


def _checked(plan: Plan) -> Plan:
    from upheld.clock import Calendar

    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", plan.short_name):
        raise Trouble(f"“{plan.short_name}” is no short name.", "Use small letters, digits and hyphens.")
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", plan.prefix.upper()):
        raise Trouble(f"“{plan.prefix}” is no prefix.", "Use up to 8 letters and digits, a letter first.")
    for address in (plan.mailbox, plan.administrator):
        if not re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+", address):
            raise Trouble(f"“{address}” is not an e-mail address.", "Write it like support@help.example.com.")
    try:
        Calendar(zone=plan.zone, weekly={"mon": [("09:00", "17:00")]})
    except ValueError:
        raise Trouble(
            f"There is no time zone “{plan.zone}”.", "Use an IANA name, like Europe/London."
        ) from None
    return plan


def _carry_out(plan: Plan) -> None:
    from upheld.config.commands.selecting import acting_person
    from upheld.desks.actions import MailboxRefused, PolicyRefused, create_desk, publish_policy
    from upheld.desks.models import Desk, Mailbox, Portal

    now, by = present_instant(), acting_person()
    desk = Desk.objects.filter(slug=plan.short_name).first()
    if desk is None:
        if Portal.objects.filter(slug=plan.short_name).exists():
            raise Trouble(
                f"/help/{plan.short_name}/ is a portal of another desk.", "Choose another short name."
            )
        if Mailbox.objects.filter(address=plan.mailbox.lower()).exists():
            raise Trouble(f"{plan.mailbox} belongs to another desk.", "Give this desk an address of its own.")
        if Desk.objects.filter(number_prefix=plan.prefix.upper()).exists():
            raise Trouble(
                f"Another desk numbers its tickets {plan.prefix.upper()}-...", "Choose another prefix."
            )
        text = _policy_text(plan.policy)
        from django.db import transaction

        try:
            with transaction.atomic():
                desk = create_desk(
                    slug=plan.short_name,
                    name=plan.desk,
                    prefix=plan.prefix.upper(),
                    zone=plan.zone,
                    language=plan.language,
                    address=plan.mailbox,
                    by=by,
                    now=now,
                )
                publish_policy(desk, text, now=now, by=by, name=plan.policy)
        except MailboxRefused as refused:
            raise Trouble(str(refused), "Give the desk an address of that kind.") from None
        except PolicyRefused as refused:
            for problem in refused.report.problems:
                typer.echo(problem.describe(plan.policy), err=True)
            raise Trouble(
                "The policy has problems, so no desk was made.", "Mend it and run setup again."
            ) from None
        typer.echo(
            f"Desk “{desk.name}” is made, with its policy in force and {plan.mailbox.lower()} as its mailbox."
        )
    else:
        typer.echo(f"Desk “{desk.name}” is there already; it stays as it is.")
    _team_and_administrator(plan, desk, now, by)
    typer.echo("Next: upheld serve")


def _team_and_administrator(plan: Plan, desk, now: datetime, by: str) -> None:  # type: ignore[no-untyped-def]
    from upheld.people.actions import add_agent
    from upheld.people.models import Membership, Team, User
    from upheld.rules.permissions import Role

    team, made = Team.objects.get_or_create(desk=desk, name=plan.team)
    if made:
        typer.echo(f"Team “{team.name}” is made.")
    address = plan.administrator.lower()
    if Membership.objects.filter(agent__user__email=address, desk=desk).exists():
        typer.echo(f"{address} works on the desk already.")
        return
    password = None if User.objects.filter(email=address).exists() else secrets.token_urlsafe(12)
    agent = add_agent(
        desk,
        address=address,
        name=plan.administrator_name,
        role=Role.administrator,
        password=password,
        by=by,
        now=now,
    )
    team.members.add(agent)
    typer.echo(f"{agent.name} <{address}> is administrator.")
    if password:
        typer.echo(f"Password, shown this once: {password}")


def _policy_text(policy: str) -> str:
    from upheld.policy import pack, packs

    if policy in packs():
        return pack(policy)
    try:
        return Path(policy).read_text(encoding="utf-8")
    except OSError as error:
        known = ", ".join(packs())
        raise Trouble(
            f"The policy {policy} cannot be read: {error.strerror}.", f"Shipped are: {known}."
        ) from None
