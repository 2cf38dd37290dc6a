"""A policy document as people read it: `upheld policy show`. No desk and no database needed."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.policy import Policy
    from upheld.policy.document import Document

LANGUAGES = ("en", "de")
# Where the width is not known, as behind a pipe.
_WIDTH = 80
_YEARS_AROUND = 2


def add(group: typer.Typer) -> None:
    """Add the command to `upheld policy`."""
    group.command()(show)


def show(
    file: Annotated[Path, typer.Argument(help="The policy document (YAML); - for standard input.")],
    now: Annotated[
        str,
        typer.Option(
            help="The instant to read it at, with its zone, as 2026-03-16T12:00:00Z; now, when left out."
        ),
    ] = "",
    language: Annotated[
        str, typer.Option(help="The language of what is not in the document itself: en or de.")
    ] = "en",
    zone: Annotated[str, typer.Option(help="The zone to tell times in; the policy's, when left out.")] = "",
    html: Annotated[
        bool,
        typer.Option("--html", help="Print a page of HTML that fetches nothing, to keep, send or print."),
    ] = False,
) -> None:
    """Print a policy as people read it: promises, hours, statuses and all the rest, and by when you hear if you write
    now. With --html as a page: upheld policy show POLICY.yaml --html > page.html"""
    if language not in LANGUAGES:
        raise Trouble(f"There is no language “{language}”.", f"There are: {', '.join(LANGUAGES)}.")
    at = _instant(now) if now else datetime.now(UTC)
    document, policy = _read(file, at)
    start_pages()
    from django.utils import translation

    with translation.override(language):
        if html:
            from upheld.web.portal.policy_file import policy_file

            typer.echo(policy_file(document, policy, at, _zone(zone) or policy.zone))
        else:
            _print(document, policy, at, _zone(zone) or policy.zone)


def start_pages() -> None:
    """Make templates and translations ready, unless they are: as much of Django as a page without a desk needs."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    from upheld.web import standalone

    settings.configure(**standalone.SETTINGS)
    django.setup()


def _read(file: Path, at: datetime) -> tuple[Document, Policy]:
    from upheld.config.commands.policy import read_text
    from upheld.policy import PolicyError, freeze, from_frozen
    from upheld.policy.document import Document

    years = range(at.year - _YEARS_AROUND, at.year + _YEARS_AROUND + 1)
    try:
        frozen = freeze(read_text(file), years, str(file))
    except PolicyError as error:
        raise Trouble(str(error)) from None
    return Document.model_validate(frozen["document"]), from_frozen(frozen)


def _print(document: Document, policy: Policy, at: datetime, zone: str) -> None:
    from upheld.config.policy_text import page_text
    from upheld.web.portal.presenting.policy import policy_page

    width = shutil.get_terminal_size((_WIDTH, 0)).columns
    page = policy_page(document, policy, at, zone)
    typer.echo(page_text(page, width=width, in_colour=sys.stdout.isatty()), nl=False)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"“{text}” is not an instant.", "Write for example 2026-03-16T12:00:00Z.") from None
    if at.utcoffset() is None:
        raise Trouble(f"“{text}” has no zone.", f"Write for example {text}Z.")
    if not 1970 <= at.year <= 9000:
        raise Trouble(f"“{text}” is out of range.", "Write a year from 1970 to 9000.")
    return at.astimezone(UTC)


def _zone(name: str) -> str:
    from upheld.clock import CalendarError
    from upheld.clock import zone as zone_named

    if name:
        try:
            zone_named(name)
        except CalendarError as error:
            raise Trouble(f"{error}.", "Write for example Europe/London.") from None
    return name
