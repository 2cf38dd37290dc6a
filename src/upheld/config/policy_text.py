"""A policy in the terminal: the same content as its page, in tables that a narrow window can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from io import StringIO
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from rich import box
from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from upheld.web.portal.presenting.policy import PolicyPage
    from upheld.web.portal.presenting.policy.intake import Told
    from upheld.web.portal.presenting.policy.promises import Variant

WIDEST = 100
_LONGEST_WORD, _SHORT = 24, 15
_BETWEEN = 3
Cell = str | Text


def page_text(page: PolicyPage, *, width: int, in_colour: bool) -> str:
    """Every section of a page in lines of a width, but never wider than people like to read."""
    written = StringIO()
    console = Console(
        file=written,
        width=min(width, WIDEST),
        force_terminal=in_colour,
        color_system="auto" if in_colour else None,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for each in _all(page):
        if isinstance(each, Table):
            _fit(each, console.width)
        console.print(_text(each) if isinstance(each, str) else each)
    lines = [line.rstrip() for line in written.getvalue().splitlines()]
    return "\n".join(_without_gaps(lines)) + "\n"


def _without_gaps(lines: Sequence[str]) -> Iterable[str]:
    """Two empty lines together say no more than one."""
    before = ""
    for line in lines:
        if line or before:
            yield line
        before = line


def _all(page: PolicyPage) -> Iterable[RenderableType]:
    yield _text(page.title, "bold")
    for paragraph in _head(page):
        yield ""
        yield paragraph
    for section in page.sections:
        if section.name in _SECTIONS:
            yield ""
            yield _text(section.title.upper(), "bold cyan")
            yield ""
            for each in _SECTIONS[section.name](page):
                yield from ("", each, "") if isinstance(each, Table) else (each,)


def _head(page: PolicyPage) -> Iterable[str]:
    source = page.source
    version = _("version %(version)s") % {"version": source.version} if source.version else ""
    told = ", ".join(filter(None, (source.document, version, source.date)))
    made = _("Made from: %(source)s.") % {"source": told} if told else ""
    yield from filter(None, (page.introduction, f"{made} {page.remark}".strip()))


def _now(page: PolicyPage) -> Iterable[RenderableType]:
    now = page.now
    if now is None:
        return
    yield _("It is %(at)s.") % {"at": now.at.text}
    for hours in page.hours:
        named = f"{hours.name}: " if hours.name else ""
        yield named + _opening(hours.is_open, hours.changes.text if hours.changes else "")
    if page.entitlement.is_needed:
        yield _("The times below hold under a contract that is in force.")
    if now.asked:
        yield _(
            "These are the times of somebody of whom nothing more is known; there are too many cases to list."
        )
    who = [_("For whom")] if now.tells_apart else []
    table = _table(_("Priority"), *who, *now.headings)
    for row in now.rows:
        for number, line in enumerate(row.lines):
            first = _usual(row.label, is_default=row.is_default) if not number else ""
            whom = [_capital(line.who or _("everybody"))] if now.tells_apart else []
            _add(table, first, *whom, *(_due(each.at and each.at.text, each.words) for each in line.dues))
        table.add_section()
    yield table
    yield _("Times of %(zone)s.") % {"zone": now.zone}


def _opening(is_open: bool, changes: str) -> str:
    if is_open and changes:
        return _("We are open until %(at)s.") % {"at": changes}
    if is_open:
        return _("We are open.")
    return _("We are closed and open again on %(at)s.") % {"at": changes}


def _due(at: str | None, words: str) -> Text:
    if not at:
        return _text(_capital(words) or _("no promise"))
    told = _text(_("by %(time)s") % {"time": at}, "bold")
    return told.append_text(_text(f"\n{words}", "dim")) if words else told


def _promises(page: PolicyPage) -> Iterable[RenderableType]:
    promises = page.promises
    for cell in promises.whatever:
        yield _("%(metric)s, whatever the priority") % {"metric": cell.heading}
        table = _table(_("For whom"), cell.heading)
        for each in cell.variants:
            _add(table, _capital(each.who), _variant(each, who=False))
        yield table
    if promises.headings:
        table = _table(_("Priority"), *promises.headings)
        for row in promises.rows:
            cells = [_joined([_variant(each) for each in cell.variants]) for cell in row.cells]
            _add(table, _usual(row.label, is_default=row.is_default), *cells)
            table.add_section()
        yield table
    if not promises.headings and not promises.whatever:
        yield _("No times are promised.")
    yield from _items(promises.counting)
    for goal in page.goals:
        said = _("What we hold ourselves to:") + f" {goal.words} {goal.remark}"
        yield _indented(f"- {said.strip()}{_mark(goal.mark)}")
    if promises.clauses:
        yield ""
        yield _("The promises word for word:")
        table = _table(_("What"), _("Promise"))
        for clause in promises.clauses:
            _add(table, clause.metric, f"{clause.words} {clause.remark}".strip() + _mark(clause.mark))
        yield table


def _variant(variant: Variant, *, who: bool = True) -> Text:
    told = _text(f"{_capital(variant.who)}:\n" if who and variant.who else "", "dim")
    if variant.lead:
        told.append_text(_text(variant.lead, "dim"))
        for each in variant.promises:
            told.append_text(_text(f"\n- {each}", "bold"))
    else:
        told.append_text(_text(variant.words or _("no promise"), "bold"))
    return told.append_text(_text("".join(_mark(mark) for mark in variant.marks)))


def _hours(page: PolicyPage) -> Iterable[RenderableType]:
    for hours in page.hours:
        table = _table(_capital(hours.name) or _("Days"), _("Hours"))
        for days, times in hours.week:
            _add(table, days, times)
        for day in hours.next_days:
            told = f"{day.hours or _('closed')} {day.name}"
            _add(table, day.date, told.strip())
        yield table
        said = _("Time of %(zone)s.") % {"zone": hours.zone}
        yield f"{said} {hours.remark}".strip() + _mark(hours.mark)


def _priorities(page: PolicyPage) -> Iterable[RenderableType]:
    levels = page.levels
    table = _table(_("Priority"), _("What it means"))
    for card in levels.cards:
        told = [card.meaning, *(f"- {each}" for each in card.examples)]
        if card.report_by:
            told.append(_("Best reported by: %(channels)s.") % {"channels": card.report_by})
        if card.say:
            told.append(
                _("In the subject of a mail one of these words names it: %(words)s.") % {"words": card.say}
            )
        if card.is_restricted:
            told.append(_("Only named people see these requests."))
        told.append(card.remark)
        name = _usual(card.label, is_default=card.is_default) + _mark(card.mark)
        _add(table, name, "\n".join(filter(None, told)))
        table.add_section()
    yield table
    if levels.has_criteria:
        yield _("How a case gets its priority") + "".join(_mark(mark) for mark in levels.marks)
        workaround = [_("Workaround")] if levels.workarounds else []
        table = _table(_("Priority"), *(label for label, _question in levels.axes), *workaround)
        for card in levels.cards:
            words = [each.words or "-" for each in card.criteria]
            _add(table, card.label, *words, *([card.workarounds or "-"] if workaround else []))
            table.add_section()
        yield table
        yield from _items(f"{label}: {question}" for label, question in levels.axes if question)
        yield _("The most urgent level on any side counts.")
    yield from _items(f"{label}: {meaning}" for label, meaning in levels.workarounds if meaning)
    if levels.requires:
        yield _("Before work begins somebody fills in: %(fields)s.") % {"fields": levels.requires}
    yield from levels.remarks


def _channels(page: PolicyPage) -> Iterable[RenderableType]:
    table = _table(_("Way"), _("Where"), _("When"), _("Good to know"))
    for row in page.channels:
        more = [f"{row.direction}." if row.direction else ""]
        if row.for_priorities:
            more.append(_("Meant for: %(priorities)s.") % {"priorities": row.for_priorities})
        if row.raises_to:
            words = _("What comes this way is at least “%(priority)s”.")
            more.append(words % {"priority": row.raises_to})
        if row.outside:
            lead = _("Outside these hours:") + " " if row.open_now is not None else ""
            more.append(f"{lead}{row.outside}")
        more.append(row.remark)
        where = "\n".join(filter(None, (row.address, row.region)))
        told = "\n".join(filter(None, more))
        _add(table, row.label + _mark(row.mark), where or "-", _capital(row.hours) or "-", told or "-")
        table.add_section()
    yield table


def _asking(page: PolicyPage) -> Iterable[RenderableType]:
    for number, sentence in enumerate(page.entitlement.sentences):
        yield sentence + ("" if number else _mark(page.entitlement.mark))
    if page.request_types:
        yield ""
        yield _("Kinds of request")
        yield _told(page.request_types)
    if page.information.items:
        yield ""
        yield _("Please tell us") + "".join(_mark(mark) for mark in page.information.marks)
        for number, item in enumerate(page.information.items, start=1):
            only = _("only for: %(what)s") % {"what": item.only_for} if item.only_for else ""
            aside = "; ".join(filter(None, (item.where, only)))
            told = f"{item.label}{f' ({aside})' if aside else ''}{'. ' if item.meaning else ''}{item.meaning}"
            yield _indented(f"{number}. {told}{_mark(item.mark)}")
        yield from page.information.sentences


def _others(page: PolicyPage) -> Iterable[RenderableType]:
    for title, rows in ((_("Products"), page.products), (_("Regions"), page.regions)):
        if rows:
            yield title
            yield _told(rows)


def _statuses(page: PolicyPage) -> Iterable[RenderableType]:
    yield _("While the timer is on, time counts against our promise. While it is off, it does not.")
    table = _table(_("Status"), _("What it means"), _("Timer"), _("What happens by itself"))
    for row in page.statuses:
        label = row.label + _mark(row.mark)
        label += "\n" + _("(at the desk: %(label)s)") % {"label": row.desk_label} if row.desk_label else ""
        happens = [_("When you reply: “%(status)s”") % {"status": row.reply}] if row.reply else []
        happens += [f"{_capital(step.wait)} {step.words}{_mark(step.mark)}" for step in row.steps]
        if row.moves is not None:
            happens.append(_("We move it to: %(statuses)s") % {"statuses": ", ".join(row.moves) or "-"})
        meaning = f"{row.meaning} {row.remark}".strip()
        _add(table, label, meaning, row.timer.words, "\n".join(happens) or "-")
        table.add_section()
    yield table
    if page.moves_freely:
        yield _indented("- " + _("We may move a request from any status to any other."))
    for number, sentence in enumerate(page.rules.sentences):
        yield _indented(
            f"- {sentence}" + ("" if number else "".join(_mark(mark) for mark in page.rules.marks))
        )


def _people(page: PolicyPage) -> Iterable[RenderableType]:
    escalating = page.escalating
    if escalating.tiers:
        table = _table(_("Level"), _("What it does"), _("When a case goes on"))
        for tier in escalating.tiers:
            meaning = f"{tier.meaning} {tier.remark}".strip()
            _add(table, tier.label + _mark(tier.mark), meaning, tier.hands_over or "-")
        yield table
    if escalating.hand_overs:
        table = _table(_("When"), _("Who takes part or takes over"))
        for each in escalating.hand_overs:
            told = "\n".join(filter(None, (each.to, each.chosen_by, each.remark)))
            _add(table, each.reason + _mark(each.mark), told)
            table.add_section()
        yield table
        yield _("No time begins anew when a case goes on.")
    for title, rows in ((_("Teams"), page.teams), (_("Roles"), page.roles)):
        if rows:
            yield ""
            yield title
            yield _told(rows)
    yield from escalating.remarks


def _ladders(page: PolicyPage) -> Iterable[RenderableType]:
    for ladder in page.escalating.ladders:
        yield _text(ladder.label + _mark(ladder.mark), "bold")
        whom = _("For: %(who)s.") % {"who": ladder.who} if ladder.who else ""
        yield " ".join(filter(None, (whom, ladder.counts, ladder.remark)))
        table = _table(_("Step"), _("When"), _("Who is told"), _("How firm"))
        for number, step in enumerate(ladder.steps, start=1):
            told = "\n".join(
                filter(None, (step.tell, _("at any hour") if step.is_paged else "", step.remark))
            )
            firm = _("a guideline") if step.is_guideline else _("a commitment")
            _add(table, str(number), _capital(step.after) + _mark(step.mark), told, firm)
        yield table


def _path(page: PolicyPage) -> Iterable[RenderableType]:
    escalating = page.escalating
    yield _("Turn to these people, the lowest level first.") + _mark(escalating.mark)
    answer = [_("You have an answer")] if escalating.path_promises else []
    table = _table(_("Level"), _("Who"), _("What to know"), *answer)
    for level in escalating.path:
        who = "\n".join(filter(None, (level.title, level.chosen_by)))
        meaning = f"{level.meaning} {level.remark}".strip() + _mark(level.mark)
        _add(table, str(level.number), who, meaning, *([level.reply or _("no promise")] if answer else []))
    yield table


def _limits(page: PolicyPage) -> Iterable[RenderableType]:
    if page.scope:
        yield _("What we do not do, and what we do instead")
        yield _told(page.scope)
    if page.exclusions:
        yield _("What is not counted")
        yield _told(page.exclusions)


def _examples(page: PolicyPage) -> Iterable[RenderableType]:
    yield _("Worked out by the same rules that run our clocks, if nothing stops the timer.")
    yield _("Times of %(zone)s.") % {"zone": page.policy_zone}
    table = _table(_("Example"), _("Somebody writes"), _("By when"))
    for story in page.stories:
        dues = "\n".join(f"{metric}: {due.text}" for metric, due in story.dues)
        _add(table, story.name, f"{story.received.text}\n{story.facts}", dues)
        table.add_section()
    yield table


def _readings(page: PolicyPage) -> Iterable[RenderableType]:
    yield _("What the source does not say, and how we read it.")
    for reading in page.readings:
        yield _indented(f"[{reading.number}] {reading.note} ({'; '.join(reading.about)})")


def _told(rows: Sequence[Told]) -> RenderableType:
    table = _table("", "")
    table.show_header = False
    for row in rows:
        _add(table, row.label + _mark(row.mark), " ".join(filter(None, (row.meaning, *row.more))) or "-")
    return table


def _definitions(page: PolicyPage) -> Iterable[RenderableType]:
    table = _table("", "")
    table.show_header = False
    for word, meaning in page.definitions:
        _add(table, word, meaning)
    yield table


_SECTIONS: dict[str, Callable[[PolicyPage], Iterable[RenderableType]]] = {
    "now": _now,
    "promises": _promises,
    "hours": _hours,
    "priorities": _priorities,
    "channels": _channels,
    "asking": _asking,
    "plans": lambda page: [_told(page.plans)],
    "reasons": lambda page: [_told(page.reasons)],
    "others": _others,
    "statuses": _statuses,
    "people": _people,
    "ladders": _ladders,
    "path": _path,
    "terms": lambda page: [_told(page.terms)],
    "limits": _limits,
    "definitions": _definitions,
    "examples": _examples,
    "readings": _readings,
}


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for number, heading in enumerate(headings):
        table.add_column(_text(heading), overflow="fold", style="" if number else "bold")
    return table


def _add(table: Table, *cells: Cell) -> None:
    table.add_row(*(each if isinstance(each, Text) else _text(each) for each in cells))


def _fit(table: Table, width: int) -> None:
    """Share a width out: each column has room for its words, and what is left goes where lines are long."""
    room = width - _BETWEEN * (len(table.columns) - 1)
    texts = [[Text() + column.header, *column.cells] for column in table.columns]
    whole = [max(cell_len(line) for each in column for line in each.plain.split("\n")) for column in texts]
    words = [
        max((cell_len(word) for each in column for word in each.plain.split()), default=1) for column in texts
    ]
    if sum(whole) <= room:
        return
    least = [
        max(min(word, _LONGEST_WORD), min(total, _SHORT)) for word, total in zip(words, whole, strict=True)
    ]
    if sum(least) > room:
        least = [min(word, _LONGEST_WORD) for word in words]
    left, wanted = max(0, room - sum(least)), [total - few for total, few in zip(whole, least, strict=True)]
    for column, few, want in zip(table.columns, least, wanted, strict=True):
        column.width = few + left * want // sum(wanted)


def _joined(parts: Sequence[Text]) -> Text:
    return Text("\n").join(parts)


def _items(sentences: Iterable[str]) -> Iterable[RenderableType]:
    for sentence in sentences:
        yield _indented(f"- {sentence}")


def _indented(words: str) -> RenderableType:
    """A line whose further lines stand under its words."""
    lead, _space, rest = words.partition(" ")
    table = Table.grid(padding=(0, 1))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row(_text(lead), _text(rest))
    return Padding(table, (0, 0, 0, 1))


def _text(words: str, style: str = "") -> Text:
    """Words of a document, without what would steer the terminal."""
    plain = "".join(each for each in words if each == "\n" or unicodedata.category(each)[0] != "C")
    return Text(plain, style=style)


def _usual(label: str, *, is_default: bool) -> str:
    return _("%(label)s (usual)") % {"label": label} if is_default else label


def _mark(number: int) -> str:
    return f" [{number}]" if number else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
