"""A desk's letters: their language, colour and last lines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from upheld.config.instant import present_instant
from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import Desk

_LONGEST_FILE = 100_000


def add(app: typer.Typer) -> None:
    """Add `upheld desk ...`."""
    group = typer.Typer(help="Show desks, and set how their letters look.", no_args_is_help=True)
    group.command()(show)
    group.command("set")(set_letters)
    app.add_typer(group, name="desk")


def show(
    slug: Annotated[str, typer.Argument(help="The desk's short name; all desks, when left out.")] = "",
) -> None:
    """Show a desk: its address, zone and policy, and how its letters look."""
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        _set_up_django()
        from upheld.config.commands.selecting import chosen_desk
        from upheld.desks.models import Desk

        desks = [chosen_desk(slug)] if slug else list(Desk.objects.order_by("slug"))
        if not desks:
            raise Trouble("There is no desk yet.", "Make one with `upheld setup`.")
        typer.echo("\n\n".join("\n".join(_described(desk)) for desk in desks))


def set_letters(
    slug: Annotated[str, typer.Argument(help="The desk's short name.")],
    language: Annotated[
        str | None,
        typer.Option(
            help="In which language the desk writes: en, de, es, fr, it, nl or pt. It searches in it, too."
        ),
    ] = None,
    colour: Annotated[
        str | None, typer.Option(help="The desk's colour, like '#0b5' or '#00bb55'; '' for none.")
    ] = None,
    footer_file: Annotated[
        Path | None,
        typer.Option(
            help="A file with the last lines of every mail to customers: company, address, what the law asks"
            " for. An empty file takes them away; - for standard input."
        ),
    ] = None,
) -> None:
    """Set the language of a desk's letters, its colour, and the lines at their end."""
    if language is None and colour is None and footer_file is None:
        raise Trouble("Nothing is to be set.", "Give --language, --colour or --footer-file.")
    footer = _read(footer_file) if footer_file else None
    from upheld.config.running import database_running

    with database_running(lambda line: typer.echo(line, err=True)):
        _set_up_django()
        typer.echo("\n".join(_described(_changed(slug, language, colour, footer))))


def _changed(slug: str, language: str | None, colour: str | None, footer: str | None) -> Desk:
    from upheld.config.commands.selecting import acting_person, chosen_desk
    from upheld.desks.actions import LettersRefused, change_letters
    from upheld.rules.colours import ColourRefused

    desk = chosen_desk(slug)
    try:
        return change_letters(
            desk.pk,
            language=language,
            colour=colour,
            footer=footer,
            by=acting_person(),
            now=present_instant(),
        )
    except (ColourRefused, LettersRefused) as refused:
        raise Trouble(str(refused), "Nothing was changed.") from None


def _described(desk: Desk) -> list[str]:
    from upheld.mailboxes.outgoing.languages import LANGUAGES, language_of_letters

    written = language_of_letters(desk.language)
    letters = (
        LANGUAGES[written]
        if written == desk.language
        else f"{LANGUAGES[written]}, for want of {desk.language}"
    )
    mailboxes = ", ".join(desk.mailboxes.order_by("-is_default", "address").values_list("address", flat=True))
    return [
        f"{desk.slug}: {desk.name}",
        f"  tickets    {desk.number_prefix}-...",
        f"  mailboxes  {mailboxes or 'none'}",
        f"  zone       {desk.zone}",
        f"  language   {desk.language} (letters in {letters})",
        f"  colour     {desk.colour or 'none of its own'}",
        "  footer     " + (desk.mail_footer.replace("\n", "\n             ") or "none"),
    ]


def _read(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read(_LONGEST_FILE) if str(file) == "-" else _bytes(file)
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise Trouble(f"{file} cannot be read: {error.strerror}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise Trouble(f"{file} is not UTF-8 text.", "Save it as UTF-8.") from None


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(_LONGEST_FILE)


def _set_up_django() -> None:
    import django

    django.setup()
