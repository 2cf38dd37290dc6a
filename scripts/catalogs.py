"""The catalogs of the languages of letters and of the policy's page: what is to be translated, from the sources into
the `.po` files, and from those into the `.mo` files that the program reads.

    python scripts/catalogs.py            brings both up to date, and tells what has no translation yet
    python scripts/catalogs.py --check    only tells, and exits with 1 where a file is not as it should be
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "src" / "upheld"


class Catalogs(NamedTuple):
    """What is translated together: into which languages, and where the sources and the files are."""

    about: str
    locale: Path
    languages: tuple[str, ...]
    python: tuple[str, ...]
    templates: tuple[str, ...]


LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")
LETTERS = Catalogs(
    about="The letters",
    locale=PROGRAM / "mailboxes" / "locale",
    languages=LANGUAGES,
    python=("mailboxes/outgoing/*.py",),
    templates=("web/templates/account/email/*.txt",),
)
POLICY = Catalogs(
    about="The policy as people read it",
    locale=PROGRAM / "web" / "locale",
    languages=("de",),
    python=(
        "config/policy_text.py",
        "web/portal/presenting/say.py",
        "web/portal/presenting/policy/*.py",
    ),
    templates=("web/templates/portal/policy/*.html", "web/templates/portal/policy/parts/*.html"),
)
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources(of: Catalogs = LETTERS) -> Catalog:
    """Return every text of the sources that is to be translated."""
    catalog = Catalog(project="Upheld", charset="utf-8", fuzzy=False)
    for place, text in _texts(of):
        for line, messages, comments, context in extract("python", BytesIO(text), _KEYWORDS):
            del line
            catalog.add(messages, locations=[(place, None)], auto_comments=comments, context=context)
    return catalog


def stored(language: str, of: Catalogs = LETTERS) -> Catalog:
    """Return the catalog of a language as its `.po` file has it; an empty one where there is none."""
    file = folder(language, of) / "django.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def folder(language: str, of: Catalogs = LETTERS) -> Path:
    return of.locale / language / "LC_MESSAGES"


def compiled(catalog: Catalog) -> bytes:
    """Return what the `.mo` file holds; the same catalog gives the same bytes."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def problems(language: str, of: Catalogs = LETTERS) -> Iterator[str]:
    """Tell what is wrong with a language's files: missing, superfluous, untranslated, misplaced, not compiled."""
    wanted, catalog = sources(of), stored(language, of)
    for message in wanted:
        if not message.id:
            continue
        found = _same(catalog, message)
        if found is None:
            yield f"{language}: is not in the catalog: {message.id!r}"
        elif not all(found.string if isinstance(found.string, tuple) else (found.string,)):
            yield f"{language}: has no translation: {message.id!r}"
        elif found.fuzzy:
            yield f"{language}: is marked as a guess: {message.id!r}"
    for message in catalog:
        if message.id and _same(wanted, message) is None:
            yield f"{language}: is in no source any more: {message.id!r}"
        for error in message.check():
            yield f"{language}: {error}: {message.id!r}"
    file = folder(language, of) / "django.mo"
    if not file.exists() or _texts_of(catalog) != _texts_of(read_mo(BytesIO(file.read_bytes()))):
        yield f"{language}: {file.relative_to(ROOT)} is not what its .po file says"


def write(language: str, of: Catalogs = LETTERS) -> None:
    """Bring the files of a language up to date, and keep every translation that is still asked for."""
    before, catalog = (
        stored(language, of),
        Catalog(locale=language, project="Upheld", fuzzy=False, version="1"),
    )
    for message in sources(of):
        if message.id:
            known = _same(before, message)
            string = known.string if known is not None else None
            catalog.add(message.id, string, locations=message.locations, context=message.context)
    name = Locale(language).english_name
    catalog.header_comment = f"# {of.about} in {name}. Written by hand; see scripts/catalogs.py."
    # The same content gives the same file, whoever brings it up to date and when.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalog.last_translator = catalog.language_team = "Upheld"
    folder(language, of).mkdir(parents=True, exist_ok=True)
    with (folder(language, of) / "django.po").open("wb") as opened:
        write_po(opened, catalog, width=110, include_lineno=False)
    (folder(language, of) / "django.mo").write_bytes(compiled(stored(language, of)))


def main(arguments: list[str]) -> int:
    """Bring everything up to date unless only asked to look; 1 where something is left to do."""
    each = [(language, of) for of in (LETTERS, POLICY) for language in of.languages]
    if arguments != ["--check"]:
        for language, of in each:
            write(language, of)
    found = [problem for language, of in each for problem in problems(language, of)]
    print("\n".join(found) or "Everything is written in every language.")
    return int(bool(found))


def _texts_of(catalog: Catalog) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """What a catalog says, in a form in which two can be compared."""
    return {(_context(message), _name(message)): _plain(message.string) for message in catalog if message.id}


def _same(catalog: Catalog, message: Message) -> Message | None:
    return catalog.get(_name(message), message.context)


def _context(message: Message) -> str | None:
    # Babel leaves it in bytes when it reads a compiled file.
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def _name(message: Message) -> str:
    return _plain(message.id)[0]


def _plain(text: str | Iterable[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _texts(of: Catalogs) -> Iterator[tuple[str, bytes]]:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    for file in _found(of.python):
        yield file.relative_to(ROOT).as_posix(), file.read_bytes()
    for file in _found(of.templates):
        place = file.relative_to(ROOT).as_posix()
        yield place, templatize(file.read_text(encoding="utf-8"), origin=place).encode()


def _found(patterns: Iterable[str]) -> list[Path]:
    return sorted(file for pattern in patterns for file in PROGRAM.glob(pattern))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
