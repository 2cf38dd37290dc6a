"""Two policies compared in words: `upheld policy diff`. A desk is needed for its published versions only."""

from __future__ import annotations

import json
import re
import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from upheld.config.trouble import Trouble

if TYPE_CHECKING:
    from upheld.desks.models import PolicyVersion
    from upheld.policy import Difference
    from upheld.policy.document import Document

_VERSION = re.compile(r"v([1-9]\d{0,8})|current")
_STANDARD_INPUT = "-"
# Holidays of drafts are compared for this year and so many more.
_YEARS_AHEAD = 2
_WIDEST, _LONGEST = 100, 20_000

_HELP = (
    "A file, - for standard input, a shipped policy by its name, or a version of the desk: v3, or current."
)


class Format(StrEnum):
    """How the differences are told."""

    text = "text"
    json = "json"


def add(group: typer.Typer) -> None:
    """Add the command to `upheld policy`."""
    group.command()(diff)


def diff(
    old: Annotated[str, typer.Argument(help=_HELP)],
    new: Annotated[str, typer.Argument(help="The other policy, in the same way.")],
    desk: Annotated[
        str,
        typer.Option(
            help="The short name of the desk whose versions are meant; may be left out when there is one desk."
        ),
    ] = "",
    form: Annotated[Format, typer.Option("--format", help="Sentences, or JSON for programs.")] = Format.text,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 when the policies differ, as diff(1) does.")
    ] = False,
) -> None:
    """Say in words in what a new policy differs from an old one: which promises get shorter or longer, and by how much
    for a request; which hours, holidays, statuses and ladders change; which words."""
    if (old, new).count(_STANDARD_INPUT) > 1:
        raise Trouble("Only one of the policies can be standard input.", "Name the other.")
    named = (_Named(old), _Named(new))
    if any(each.is_version for each in named):
        from upheld.config.running import database_running

        with database_running(lambda line: typer.echo(line, err=True)):
            found = _with_versions(named, desk)
    elif desk:
        raise Trouble("--desk is about published versions.", "Leave it out, or name one: v3, or current.")
    else:
        found = _without_versions(named)
    _answer(found, form)
    if exit_code and found.differences:
        raise typer.Exit(1)


@dataclass(frozen=True)
class _Named:
    """A policy as somebody named it."""

    name: str

    @property
    def is_version(self) -> bool:
        """Whether a published version is meant; a file of such a name is written ./v3."""
        return _VERSION.fullmatch(self.name) is not None

    @property
    def number(self) -> int:
        """The number of the version that is meant; 0 for the one in force."""
        return int(self.name[1:]) if self.name != "current" else 0

    def text(self) -> str:
        """Return the text of a file, of standard input, or of a shipped policy."""
        from upheld.config.commands.policy import read_text
        from upheld.policy import pack, packs

        file = Path(self.name)
        if self.name == _STANDARD_INPUT or file.exists():
            return read_text(file)
        if self.name in packs():
            return pack(self.name)
        raise Trouble(
            f"There is no file {self.name}, and no shipped policy of that name.",
            f"Shipped are {', '.join(packs())}; of a desk, name v1, v2 and so on, or current.",
        )

    @property
    def title(self) -> str:
        """What it is called in the heading."""
        return "standard input" if self.name == _STANDARD_INPUT else self.name


@dataclass(frozen=True)
class _Found:
    """What was compared, and the differences."""

    names: tuple[str, str]
    differences: tuple[Difference, ...]


def _without_versions(named: tuple[_Named, _Named]) -> _Found:
    from upheld.policy import compare

    this_year = datetime.now(UTC).year
    years = range(this_year, this_year + _YEARS_AHEAD + 1)
    old, new = (_document(each, years) for each in named)
    return _Found((named[0].title, named[1].title), compare(old, new, years=years))


def _document(named: _Named, years: Iterable[int]) -> Document:
    """Return the document of a text; what is wrong with it is told, also holidays that nobody knows."""
    from upheld.policy import PolicyError
    from upheld.policy.loading import read_sound

    try:
        return read_sound(named.text(), named.title, years).document
    except PolicyError as error:
        raise Trouble(str(error)) from None


def _with_versions(named: tuple[_Named, _Named], slug: str) -> _Found:
    import django

    django.setup()
    from upheld.config.commands.selecting import chosen_desk
    from upheld.policy import compare

    desk = chosen_desk(slug)
    versions = [_version(desk, each) if each.is_version else None for each in named]
    years: list[int] = next(each.document["years"] for each in versions if each is not None)
    old, new = (
        _published(each, years) if version is None else _of_version(version)
        for each, version in zip(named, versions, strict=True)
    )
    names = [
        each.title if version is None else _version_title(each, version)
        for each, version in zip(named, versions, strict=True)
    ]
    return _Found((names[0], names[1]), compare(old, new, years=years))


def _version(desk: Any, named: _Named) -> PolicyVersion:
    from upheld.config.commands.policy_publish import version_in_force_now, version_numbered

    return version_numbered(desk, named.number) if named.number else version_in_force_now(desk)


def _version_title(named: _Named, version: PolicyVersion) -> str:
    in_force = " (in force)" if not named.number else ""
    return f"version {version.number} of {version.desk.slug}{in_force}"


def _of_version(version: PolicyVersion) -> Document:
    from upheld.desks.policy_documents import document_of

    return document_of(version.pk)


def _published(named: _Named, years: Iterable[int]) -> Document:
    """Return a document as it would be published, so that it can be set beside a version."""
    from upheld.policy import PolicyError, freeze
    from upheld.policy.document import Document

    try:
        return Document.model_validate(freeze(named.text(), years, named.title)["document"])
    except PolicyError as error:
        raise Trouble(str(error)) from None


def _answer(found: _Found, form: Format) -> None:
    if form is Format.json:
        data = {
            "version": 1,
            "old": found.names[0],
            "new": found.names[1],
            "differences": [each.to_json() for each in found.differences],
        }
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_lines(found)))


def _lines(found: _Found) -> Iterator[str]:
    """Yield the differences as people read them, in lines that fit."""
    from upheld.policy.comparison import by_theme

    width = min(shutil.get_terminal_size((_WIDEST, 0)).columns, _WIDEST)
    yield from textwrap.wrap(_plain(_heading(found)), width)
    for theme, differences in by_theme(found.differences):
        yield from ("", theme.heading)
        for each in differences:
            mark = "*" if each.moves_clocks else "-"
            yield from textwrap.wrap(
                f"{mark} {_plain(each.sentence)}",
                width,
                subsequent_indent="  ",
                break_long_words=False,
                break_on_hyphens=False,
            )


def _heading(found: _Found) -> str:
    old, new = found.names
    moving = sum(each.moves_clocks for each in found.differences)
    if not found.differences:
        return f"{new} says the same as {old}."
    count = f"{len(found.differences)} difference{'' if len(found.differences) == 1 else 's'}"
    if not moving:
        return f"From {old} to {new}: {count}. No due time can move."
    return (
        f"From {old} to {new}: {count}. What can move a due time or change a verdict is marked * ({moving})."
    )


def _plain(text: str) -> str:
    """Return words of a document without what would steer the terminal."""
    from upheld.rules.one_line import one_line

    return one_line(text, _LONGEST)
