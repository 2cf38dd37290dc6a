"""The search of the queue: what was typed, a chip for each term, and menus for those who do not type."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from upheld.rules.query_times import DUE_WORDS
from upheld.rules.queue_query import LONGEST, Fault, Key, Words
from upheld.tickets.finding import Search, Vocabulary
from upheld.web.agent.filters import Wanted
from upheld.web.presenting.asked_for import KEY_WORDS, Mend, chip, complaint, value_words

MOST = 60
_STATES = ("open", "any", "overdue", "together", "snoozed", "restricted", "problem", "merged", "spam")


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    url: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What can be asked of a key by choosing; `group` is a heading within the menu."""

    label: str
    choices: tuple[Choice, ...]
    chosen: int


def search_bar(wanted: Wanted, search: Search, known: Vocabulary, now: datetime) -> dict[str, Any]:
    """What the search shows. What is asked for stands in chips, all else goes on standing in the field."""
    return {
        "wanted": wanted,
        "chips": [chip(each, _url(wanted.without(each.term))) for each in search.meant],
        "rest": rest(wanted, search),
        "complaints": [_complaint(wanted, each, now) for each in search.faults],
        "menus": list(_menus(wanted, known)),
        "longest": LONGEST,
        "keep_url": f"{reverse('new_queue')}{replace(wanted, after='').query()}" if wanted.as_query else "",
        "nothing_asked": _url(Wanted(list=wanted.list)),
    }


def rest(wanted: Wanted, search: Search) -> str:
    """What is typed and is no chip: words, and what cannot be meant."""
    chips = {each.term.start for each in search.meant}
    whole = (*(part for part in wanted.asked.parts if part.start not in chips), *wanted.asked.faults)
    spans = sorted({(each.start, each.end) for each in whole})
    return " ".join(wanted.text[start:end] for start, end in spans)


def _complaint(wanted: Wanted, fault: Fault, now: datetime) -> Any:
    typed = wanted.text[fault.start : fault.end]
    return complaint(fault, typed, now, tuple(_mends(wanted, fault, typed)))


def _mends(wanted: Wanted, fault: Fault, typed: str) -> Iterator[Mend]:
    """The same query with what was probably meant."""
    for near in fault.nearest:
        old = fault.value if fault.value and fault.value in typed else fault.key
        new = str(Words(near, exact=" " in near)) if old == fault.value else near
        mended = typed.replace(f'"{old}"', old).replace(old, new, 1)
        text = f"{wanted.text[: fault.start]}{mended}{wanted.text[fault.end :]}"
        yield Mend(mended, _url(replace(wanted, text=text, after="")))


def _menus(wanted: Wanted, known: Vocabulary) -> Iterator[Menu]:
    for key in (Key.status, Key.priority, Key.assignee):
        listed = [each for each in known.known(key)[:MOST] if not isinstance(each.means, tuple)]
        yield _menu(wanted, key, [(each.value, value_words(key, each.value, each.label)) for each in listed])
    due = [*DUE_WORDS, "<2h"]
    yield _menu(wanted, Key.due, [(each, value_words(Key.due, each)) for each in due], alone=True)
    state = _menu(wanted, Key.state, [(each, value_words(Key.state, each)) for each in _STATES], alone=True)
    file = [("attachment", _("with a file")), ("draft", _("with a draft of mine"))]
    has = _menu(wanted, Key.has, file)
    yield Menu(_("More"), (*state.choices, *has.choices), state.chosen + has.chosen)


def _menu(wanted: Wanted, key: Key, known: Iterable[tuple[str, str]], *, alone: bool = False) -> Menu:
    choices = tuple(
        Choice(label, _url(wanted.toggled(key, value, alone=alone)), wanted.has(key, value))
        for value, label in known
    )
    return Menu(str(KEY_WORDS[key]), choices, sum(each.chosen for each in choices))


def _url(wanted: Wanted) -> str:
    return reverse("queue") + wanted.query()
