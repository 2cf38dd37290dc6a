"""What a publication does to open tickets, told in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.policy import Mode
    from upheld.tickets.actions import Publication
    from upheld.tickets.publication_effect import ChangedClock, DeskEffect

_SHOWN = 15
_CHANGES = {
    "breached": "newly breached",
    "earlier": "due earlier",
    "later": "due later",
    "begins": "clocks that begin",
    "ends": "clocks that end",
    "runs": "paused clocks that run",
    "rests": "running clocks that stand still",
    "paused": "paused clocks with another time left",
    "target": "clocks under another target, due as before",
    "stays": "clocks that stay as they were, counted in another unit",
}


def tell_effect(publication: Publication, now: datetime, csv: Path | None) -> Publication:
    """Say what a publication would do, for the mode that is wanted, or for each where open tickets are left alone;
    return it, held to the document and the desk that were looked at.

    Raises PolicyRefused and PublicationRefused as publishing would.
    """
    from upheld.clock import zone
    from upheld.config.commands.policy_publish import local
    from upheld.desks.actions import PublicationRefused, prepare
    from upheld.policy import Mode
    from upheld.tickets.effect_rows import effect_table
    from upheld.tickets.publication_effect import TAKING_OVER, effect_on_open_tickets, told_lost

    desk, at = publication.desk, publication.effective_from or now
    if at < now:
        raise PublicationRefused("The instant from which it is to hold has passed. Choose one to come.")
    latest = desk.policy_versions.order_by("-number").values_list("number", flat=True).first() or 0
    prepared = prepare(publication.text, now, name=publication.name, until=at)
    modes = TAKING_OVER if publication.mode is Mode.pin else (publication.mode,)
    with typer.progressbar(length=1, label="Open tickets", file=sys.stderr) as bar:

        def progress(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        effect = effect_on_open_tickets(desk, prepared.policy, at, modes, progress=progress)
    when = "at once" if publication.effective_from is None else f"from {local(at, desk.zone)}"
    typer.echo(f"It would hold {when}. Open tickets then: {effect.tickets}.")
    if publication.mode is Mode.pin:
        typer.echo("pin: every one of them stays under its version; nothing moves.")
    for mode in modes:
        for line in _of_mode(effect, mode, desk.zone):
            typer.echo(line)
    if effect.lost:
        typer.echo(f"It could not take open tickets over: {told_lost(effect.lost)}.")
    if csv is not None:
        table = "".join(effect_table(effect.clocks[modes[0]], zone(desk.zone)))
        try:
            csv.write_text(table, encoding="utf-8")
        except OSError as error:
            raise Trouble(f"{csv} cannot be written: {error.strerror}.", "Choose another file.") from None
        typer.echo(f"Every clock that changes with {modes[0].value} is listed in {csv}.")
    return replace(publication, digest=prepared.digest, after=latest)


def _of_mode(effect: DeskEffect, mode: Mode, zone: str) -> Iterator[str]:
    counts = effect.counts(mode)
    told = [f"{counts[name]} {words}" for name, words in _CHANGES.items() if counts[name]]
    yield f"{mode.value}: {', '.join(told) or 'no clock changes'}."
    yield from _examples([each for each in effect.clocks[mode] if each.change != "stays"], zone)


def _examples(clocks: Sequence[ChangedClock], zone: str) -> Iterator[str]:
    from upheld.config.commands.policy_publish import local

    for each in clocks[:_SHOWN]:
        moved = each.moved
        before = local(moved.due_at, zone) if moved.due_at else "no due time"
        after = local(moved.new_due_at, zone) if moved.new_due_at else "no due time"
        name = moved.metric.value.replace("_", " ")
        mark = "  newly breached" if each.change == "breached" else ""
        yield f"  {each.ticket:<12} {name:<15} {before} -> {after}{_by(each)}{mark}"
    if len(clocks) > _SHOWN:
        yield f"  ... and {len(clocks) - _SHOWN} more; --csv FILE lists them all"


def _by(clock: ChangedClock) -> str:
    moved = clock.moved
    if moved.due_at is None or moved.new_due_at is None or moved.due_at == moved.new_due_at:
        return ""
    way = "earlier" if moved.new_due_at < moved.due_at else "later"
    return f"  ({_span(clock.size)} {way})"


def _span(amount: timedelta) -> str:
    minutes = round(amount / timedelta(minutes=1))
    days, rest = divmod(minutes, 24 * 60)
    parts = [(days, "d"), (rest // 60, "h"), (rest % 60, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "under a minute"
