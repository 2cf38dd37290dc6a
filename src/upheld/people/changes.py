"""What a change was, for the audit."""

from collections.abc import Mapping

from django.db.models import Model

# Long texts are told of, not repeated: the audit is kept for ever.
_LONG = frozenset({"notes", "address", "fields"})


def changes(row: Model, columns: Mapping[str, object]) -> dict[str, object]:
    """Return which columns of a row differ from what they shall be, with the values before and after."""
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    return {
        name: "changed" if name in _LONG else [getattr(row, name), value] for name, value in changed.items()
    }


def store(row: Model, columns: Mapping[str, object]) -> dict[str, object]:
    """Store the columns that differ, and return what changed."""
    changed = changes(row, columns)
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        row.save(update_fields=list(changed))
    return changed
