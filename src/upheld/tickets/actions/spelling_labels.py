"""What tags and the desk's own fields are: how they are spelled, and what a field can hold."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from upheld.tickets.actions.refused import Refused
from upheld.tickets.models import CustomField

TAG, VALUE = 40, 250
MOST_TAGS = 30
_YES, _NO = "yes", "no"
_MOST_DIGITS = 30


def spelled(names: Sequence[str]) -> list[str]:
    """Return tags as they are kept, each once however it is written; raises Refused for what is no tag."""
    found: dict[str, str] = {}
    for name in names:
        plain = " ".join(name.split()).lstrip("#").strip()
        if not plain:
            continue
        if len(plain) > TAG or "," in plain or not plain.isprintable():
            raise Refused(f"A tag is a word or a few, up to {TAG} letters and without a comma.")
        found.setdefault(plain.lower(), plain)
    return list(found.values())


def as_kept(field: CustomField, text: str) -> str:
    """Return a value as it is kept: a date in ISO form, a number in its shortest. Raises Refused for what the field
    cannot hold."""
    plain = " ".join(text.split())
    if not plain:
        return ""
    if len(plain) > VALUE or not plain.isprintable():
        raise Refused(f"“{field.label}” takes up to {VALUE} letters on one line.")
    match field.kind:
        case CustomField.Kind.NUMBER:
            return _number(field, plain)
        case CustomField.Kind.DATE:
            try:
                return date.fromisoformat(plain).isoformat()
            except ValueError:
                raise Refused(f"“{field.label}” is a date. Write it as 2026-03-31.") from None
        case CustomField.Kind.CHOICE if plain not in field.choices:
            raise Refused(f"“{field.label}” is one of: {', '.join(field.choices)}.")
        case CustomField.Kind.YES if plain not in (_YES, _NO):
            raise Refused(f"“{field.label}” is yes or no.")
    return plain


def _number(field: CustomField, text: str) -> str:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite() or number.adjusted() > _MOST_DIGITS or len(text) > _MOST_DIGITS:
        raise Refused(f"“{field.label}” is a number. Write it as 12 or 12.5.")
    return format(number.normalize() + 0, "f")
