"""The catalogs of the letters' languages: what is to be translated, from the sources into the `.po` files, and from
those into the `.mo` files that the program reads.

    python scripts/catalogs.py            brings both up to date, and tells what has no translation yet
    python scripts/catalogs.py --check    only tells, and exits with 1 where a file is not as it should be
"""

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "src" / "upheld"
LOCALE = PROGRAM / "mailboxes" / "locale"
LANGUAGES = ("de", "es", "fr", "it", "nl", "pt")
_PYTHON = "mailboxes/outgoing/*.py"
_TEMPLATES = "web/templates/account/email/*.txt"
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources() -> Catalog:
    """Return every text of the sources that is to be translated."""
    catalog = Catalog(project="Upheld", charset="utf-8", fuzzy=False)
    for place, text in _texts():
        for line, messages, comments, context in extract("python", BytesIO(text), _KEYWORDS):
            del line
            catalog.add(messages, locations=[(place, None)], auto_comments=comments, context=context)
    return catalog


def stored(language: str) -> Catalog:
    """Return the catalog of a language as its `.po` file has it; an empty one where there is none."""
    file = folder(language) / "django.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def folder(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES"


def compiled(catalog: Catalog) -> bytes:
    """Return what the `.mo` file holds; the same catalog gives the same bytes."""
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def problems(language: str) -> Iterator[str]:
    """Tell what is wrong with a language's files: missing, superfluous, untranslated, misplaced, not compiled."""
    wanted, catalog = sources(), stored(language)
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
    file = folder(language) / "django.mo"
    if not file.exists() or _texts_of(catalog) != _texts_of(read_mo(BytesIO(file.read_bytes()))):
        yield f"{language}: {file.relative_to(ROOT)} is not what its .po file says"


def write(language: str) -> None:
    """Bring the files of a language up to date, and keep every translation that is still asked for."""
    before, catalog = stored(language), Catalog(locale=language, project="Upheld", fuzzy=False, version="1")
    for message in sources():
        if message.id:
            known = _same(before, message)
            string = known.string if known is not None else None
            catalog.add(message.id, string, locations=message.locations, context=message.context)
    name = Locale(language).english_name
    catalog.header_comment = f"# The letters in {name}. Written by hand; see scripts/catalogs.py."
    # The same content gives the same file, whoever brings it up to date and when.
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalog.last_translator = catalog.language_team = "Upheld"
    folder(language).mkdir(parents=True, exist_ok=True)
    with (folder(language) / "django.po").open("wb") as opened:
        write_po(opened, catalog, width=110, include_lineno=False)
    (folder(language) / "django.mo").write_bytes(compiled(stored(language)))


def main(arguments: list[str]) -> int:
    """Bring everything up to date unless only asked to look; 1 where something is left to do."""
    if arguments != ["--check"]:
        for language in LANGUAGES:
            write(language)
    found = [problem for language in LANGUAGES for problem in problems(language)]
    print("\n".join(found) or "All letters are written in every language.")
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


def _texts() -> Iterator[tuple[str, bytes]]:
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
    from django.utils.translation.template import templatize

    for file in sorted(PROGRAM.glob(_PYTHON)):
        yield file.relative_to(ROOT).as_posix(), file.read_bytes()
    for file in sorted(PROGRAM.glob(_TEMPLATES)):
        place = file.relative_to(ROOT).as_posix()
        yield place, templatize(file.read_text(encoding="utf-8"), origin=place).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
