"""The lab: a desk of made-up people in made-up time, to watch a policy live."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from upheld.config import paths
from upheld.config.lab_place import CLOCK, enclosed, lab_clock, lab_of
from upheld.config.lock import is_held
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.lab.life.plan import Plan

USUAL_POLICY, USUAL_SPEED, LARGEST_SPEED = "school-devices", 3600.0, 86_400.0
_OPENS_AT = 8


def add(app: typer.Typer) -> None:
    """Add the lab."""
    app.command()(lab)


def lab(
    policy: Annotated[
        str, typer.Option(help="A shipped policy by its name, or a file; school-devices, when left out.")
    ] = "",
    speed: Annotated[
        float | None,
        typer.Option(min=0.0, max=LARGEST_SPEED, help="Seconds of the lab in a real one: 3600 is an hour."),
    ] = None,
    begin: Annotated[
        str,
        typer.Option(
            "--from",
            help="When its time begins, in the policy's zone: 2026-03-27T08:00. This week's Monday, else.",
        ),
    ] = "",
    seed: Annotated[
        int | None, typer.Option(help="Another number, other people's doings; 1, when left out.")
    ] = None,
    reset: Annotated[bool, typer.Option(help="Throw the lab's data away first.")] = False,
    load: Annotated[bool, typer.Option(hidden=True)] = False,
    announce: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Watch a policy live: a desk on a database of its own, where an hour passes in a second, customers write, agents
    answer or forget, and the policy does the rest. Nothing of it leaves this machine or touches a real desk."""
    if load:
        _load()
    elif announce:
        _announce()
    else:
        _run(policy, speed, begin, seed, reset=reset)


def _run(policy: str, speed: float | None, begin: str, seed: int | None, *, reset: bool) -> None:
    if os.environ.get("UPHELD_DATABASE_URL"):
        raise Trouble(
            "UPHELD_DATABASE_URL is set, and a lab runs on a database of its own.", "Unset it for the lab."
        )
    text = _policy(policy or USUAL_POLICY)
    place = _enter()
    if reset:
        _clear(place)
    if lab_clock(place) is None:
        _prepare(place, text, policy or USUAL_POLICY, speed, begin, seed)
    else:
        _go_on(place, text if policy else None, speed, begin, seed)
    from upheld.config.processes import Process
    from upheld.config.running import Show, serve_desk

    player = Process("player", (sys.executable, "-m", "upheld.config.programs", "player"))
    show = Show(("lab", "--load"), ("lab", "--announce"), processes=(player,))
    serve_desk(say=typer.echo, show=show)


def _enter() -> Path:
    """From here on the surroundings are the lab's: its own place and ports, and nothing that leads out."""
    from upheld.config.service_account import account_for_postgres

    outside, account = paths.data_dir(), account_for_postgres()
    paths.prepare_data_dir(outside, account.gid if account else None)
    place = lab_of(outside)
    if lab_clock(place) is None and any(_strange(path) for path in place.glob("*")):
        raise Trouble(
            f"{place} holds something that is no lab.",
            "Give the lab another place: UPHELD_DATA_DIR=/some/where",
        )
    inside = enclosed(os.environ)
    for name in set(os.environ) - set(inside) | {"UPHELD_URL"}:
        os.environ.pop(name, None)
    os.environ["UPHELD_DATA_DIR"] = str(place)
    os.environ.setdefault("UPHELD_HTTP_ADDRESS", "127.0.0.1:8010")
    os.environ.setdefault("UPHELD_SMTP_ADDRESS", "127.0.0.1:2535")
    os.environ.setdefault("UPHELD_WORKERS", "1")
    return place


def _strange(path: Path) -> bool:
    """Whether this is nothing that a lab leaves behind where it was cut off before it had begun."""
    from upheld.lab.life.plan import PLAN

    return path.name != PLAN and path.suffix != ".lock"


def _clear(place: Path) -> None:
    from upheld.config.clearing import clear
    from upheld.config.database import is_lab

    if lab_clock(place) is not None:
        clear(place, is_lab, say=typer.echo)
        typer.echo("The lab's data is gone.")


def _prepare(place: Path, text: str, name: str, speed: float | None, begin: str, seed: int | None) -> None:
    from upheld.desks.lab_clock import LabClock
    from upheld.lab.life.plan import Plan, write_plan
    from upheld.policy import load

    zone = ZoneInfo(load(text, name).zone)
    plan = Plan(text, name, 1 if seed is None else seed, _start(begin, zone))
    paths.prepare_data_dir(place)
    write_plan(place, plan)
    LabClock.make(place / CLOCK, plan.start, USUAL_SPEED if speed is None else speed)


def _go_on(place: Path, text: str | None, speed: float | None, begin: str, seed: int | None) -> None:
    from upheld.desks.lab_clock import LabClock
    from upheld.lab.life.plan import read_plan

    if is_held(place / "serve.lock"):
        raise Trouble("A lab is running already.", "How fast its time runs is set on its page, /lab/.")
    plan = read_plan(place)
    other = (text is not None and text != plan.policy) or begin or seed not in (None, plan.seed)
    if other:
        raise Trouble(
            f"This lab has begun already, with {plan.name} and the seed {plan.seed}.",
            "Begin anew with --reset; or publish another policy in it while it runs, as on any desk.",
        )
    clock = LabClock(place / CLOCK)
    clock.begin()
    if speed is not None:
        clock.set_speed(speed)


def _policy(name: str) -> str:
    """The text of the policy; what is wrong with it is told as `upheld policy check` tells it."""
    from upheld.config.commands.policy import read_text
    from upheld.config.commands.policy_check import tell_report
    from upheld.policy import check, pack, packs

    if name not in packs() and not Path(name).is_file():
        raise Trouble(
            f"There is no policy “{name}”.", f"Name a file, or one that is shipped: {', '.join(packs())}."
        )
    text = pack(name) if name in packs() else read_text(Path(name))
    report = check(text, name)
    if not report.ok:
        tell_report(report, name)
        raise typer.Exit(1)
    return text


def _start(text: str, zone: ZoneInfo) -> datetime:
    if not text:
        today = datetime.now(zone)
        monday = today - timedelta(days=today.weekday())
        return monday.replace(hour=_OPENS_AT, minute=0, second=0, microsecond=0).astimezone(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"--from {text} is no time.", "Write it as 2026-03-27T08:00.") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _load() -> None:
    """Open the lab's desk; one that was opened before is left as it is."""
    from upheld.config.database import connection, is_filled_demo, note_schema

    with connection() as opened:
        if is_filled_demo(opened):
            return
        # Marked first: a lab that is interrupted while it is opened is still a lab.
        note_schema(opened, "lab")
        _found(_plan())
        note_schema(opened, "lab", "filled")


def _plan() -> Plan:
    from upheld.lab.life.plan import read_plan

    return read_plan(paths.data_dir())


def _found(plan: Plan) -> None:
    import django

    django.setup()
    from upheld.desks.models import Desk
    from upheld.lab.life.founding import found

    if not Desk.objects.exists():
        found(plan)


def _announce() -> None:
    import django

    django.setup()
    from upheld.lab.watch.announcement import announcement

    typer.echo(announcement(_plan()))
