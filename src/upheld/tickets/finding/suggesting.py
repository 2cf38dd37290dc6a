"""What may follow where somebody types: keys, then the values that their desks know."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from upheld.rules.query_times import DUE_WORDS, PAST_WORDS
from upheld.rules.queue_query import FIXED, KEYS, Key, written
from upheld.rules.spelling import fold
from upheld.tickets.finding.vocabulary import NAMED, Vocabulary

MOST = 9
_TIMES = {
    Key.due: (*DUE_WORDS, "<2h", "<1d"),
    Key.created: (*PAST_WORDS, "<1d", "<7d", ">7d"),
    Key.updated: (*PAST_WORDS, "<1d", ">3d", ">7d"),
}
# What somebody thinks of first.
_FIRST = (Key.status, Key.priority, Key.assignee, Key.due, Key.state, Key.customer, Key.tag)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` takes the place of what is typed; a key goes on with its values. `label` is what a value is called."""

    text: str
    key: str
    value: str = ""
    label: str = ""


def suggestions(vocabulary: Vocabulary, before: str) -> tuple[str, list[Suggestion]]:
    """Return the end of `before` that a suggestion replaces, and what is suggested for it."""
    typed = _last(before)
    bare = typed.removeprefix("-")
    sign = typed[: len(typed) - len(bare)]
    key_text, colon, values = bare.partition(":")
    if not colon:
        return typed, [replace(each, text=sign + each.text) for each in _keys(vocabulary, bare)]
    name, _, field_name = key_text.lower().partition(".")
    if name not in KEYS or (name == Key.field) != bool(field_name):
        return typed, []
    done, comma, value = values.rpartition(",")
    prefix = f"{sign}{key_text}:{done}{comma}"
    wanted = value.removeprefix('"')
    found = (
        _in_field(vocabulary, field_name, wanted)
        if name == Key.field
        else _values(vocabulary, Key(name), wanted)
    )
    taken = {fold(each) for each in done.split(",")}
    kept = [each for each in found if fold(each[0]) not in taken][:MOST]
    return typed, [Suggestion(prefix + written(value), name, value, label) for value, label in kept]


def _last(before: str) -> str:
    """What is being typed at the end: from the last space that stands outside of quotes."""
    start, quoted = 0, False
    for index, char in enumerate(before):
        if char == '"':
            quoted = not quoted
        elif char.isspace() and not quoted:
            start = index + 1
    return before[start:]


def _keys(vocabulary: Vocabulary, typed: str) -> list[Suggestion]:
    """The keys that begin so, and the values known by that beginning from two letters on."""
    wanted = typed.lower()
    names = [each.value for each in dict.fromkeys((*_FIRST, *Key)) if each is not Key.field]
    if len(vocabulary.place.viewer.desk_ids) == 1:
        names.remove(Key.desk)
    if wanted.startswith("f"):
        names += [f"field.{each.key}" for each in vocabulary.fields if each.retired_at is None]
    found = [Suggestion(f"{each}:", each) for each in names if each.startswith(wanted)]
    if len(wanted) > 1:
        for key in (Key.status, Key.priority, Key.assignee, Key.state):
            found += [
                Suggestion(f"{key.value}:{written(value)}", key.value, value, label)
                for value, label in _values(vocabulary, key, wanted)
            ]
    return found[:MOST]


def _values(vocabulary: Vocabulary, key: Key, typed: str) -> Iterable[tuple[str, str]]:
    if key in FIXED:
        return [(each, "") for each in FIXED[key] if each.startswith(typed.lower())]
    if key in _TIMES:
        return [(each, "") for each in _TIMES[key] if each.startswith(typed.lower())]
    if key in NAMED:
        rows, name = vocabulary.rows(key)
        return [
            (each, "")
            for each in rows.filter(**{f"{name}__icontains": typed}).values_list(name, flat=True)[:MOST]
        ]
    return _beginning(vocabulary, key, typed)


def _beginning(vocabulary: Vocabulary, key: Key, typed: str) -> Iterator[tuple[str, str]]:
    """What a word begins with comes in the order of the desk."""
    wanted = fold(typed)
    for each in vocabulary.known(key):
        words = [word for spelling in each.spellings for word in (spelling, *spelling.split())]
        if any(word.startswith(wanted) for word in words):
            yield each.value, each.label if each.label != each.value else ""


def _in_field(vocabulary: Vocabulary, name: str, typed: str) -> Iterable[tuple[str, str]]:
    """Only what a field can be, never what stands in one: that may be on tickets of which the agent does not know."""
    for field in vocabulary.fields_named(name):
        listed = ("yes", "no") if field.kind == "yes" else field.choices
        yield from ((each, "") for each in listed if fold(each).startswith(fold(typed)))
