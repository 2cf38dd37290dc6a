"""Change how a desk's letters look and in which language they are written."""

from datetime import datetime

from django.db import transaction

from upheld.desks.audit import record
from upheld.desks.models import SEARCH_CONFIGURATIONS, Desk
from upheld.rules.colours import colour as read_colour

FOOTER_LENGTH = 1500
FOOTER_LINES = 15


class LettersRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """What was given cannot stand in a desk's letters."""


@transaction.atomic
def change_letters(
    desk_id: int,
    *,
    language: str | None = None,
    colour: str | None = None,
    footer: str | None = None,
    by: str,
    now: datetime,
) -> Desk:
    """Set what is given and leave the rest; an empty colour or footer takes it away.

    Raises LettersRefused for a language that no desk can have or a footer that is too long, ColourRefused for what
    is no colour.
    """
    desk = Desk.objects.select_for_update().get(pk=desk_id)
    wanted: dict[str, str] = {}
    if language is not None:
        wanted["language"] = _language(language)
    if colour is not None:
        wanted["colour"] = read_colour(colour) if colour.strip() else ""
    if footer is not None:
        wanted["mail_footer"] = _footer(footer)
    changed = {name: value for name, value in wanted.items() if getattr(desk, name) != value}
    if not changed:
        return desk
    before = {name: getattr(desk, name) for name in changed}
    for name, value in changed.items():
        setattr(desk, name, value)
    desk.save(update_fields=list(changed))
    record(
        at=now,
        actor=by,
        action="letters changed",
        subject=desk.slug,
        desk=desk,
        before=before,
        after=changed,
    )
    return desk


def _language(text: str) -> str:
    language = text.strip().lower()
    if language not in SEARCH_CONFIGURATIONS:
        known = ", ".join(SEARCH_CONFIGURATIONS)
        raise LettersRefused(f"{text[:20]!r} is no language of a desk. Choose one of: {known}.")
    return language


def _footer(text: str) -> str:
    """Plain lines without control characters; line ends as everywhere."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    kept = ["".join(char for char in line if char.isprintable()).rstrip() for line in lines]
    footer = "\n".join(kept).strip("\n")
    if len(footer) > FOOTER_LENGTH or len(kept) > FOOTER_LINES:
        raise LettersRefused(
            f"The footer is too long: at most {FOOTER_LINES} lines and {FOOTER_LENGTH} characters."
        )
    return footer
