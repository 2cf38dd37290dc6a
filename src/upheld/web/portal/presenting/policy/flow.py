"""The way of a request, drawn: the statuses one below the other, with what leads from one to another.

A picture is drawn twice, once for wide pages and once for narrow ones, since its words must stay readable. What a
customer's reply does is at the left of the boxes, what happens by itself at the right; all that leads to the same
status shares one line.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from textwrap import wrap
from unicodedata import east_asian_width

from django.utils.translation import gettext as _

from upheld.web.portal.presenting.policy.escalating import Escalating
from upheld.web.portal.presenting.policy.statuses import StatusRow

_LINE = 19
_NAME_LINE = 21
_PADDING = 12
_GAP = 30
_LANE = 16
_EDGE = 8
_APART = 3
# Pixels that a letter takes, on the safe side: of words in a line, and of names, which are larger and bold.
_LETTER, _NAME_LETTER = 7.1, 9.0


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class Box:
    """`kind` is "start", "on", "off", "mixed" or "people"."""

    x: float
    y: float
    width: float
    height: float
    kind: str

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def has_bar(self) -> bool:
        return self.kind in ("on", "off", "mixed")


@dataclass(frozen=True, slots=True)
class Line:
    """`kind` is "move", "reply" or "auto"; `heads` are the points of its arrow heads."""

    path: str
    kind: str
    heads: Sequence[str]


@dataclass(frozen=True, slots=True)
class Dot:
    """The mark of a timer."""

    x: float
    y: float
    kind: str


@dataclass(slots=True)
class Drawing:
    width: int
    height: float = 0
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        return self.width >= _WIDE


_NARROW, _WIDE = 320, 820


@dataclass(frozen=True, slots=True)
class Step:
    """A line of the table that tells the same as the picture."""

    place: str
    when: str
    what: str


@dataclass(frozen=True, slots=True)
class Flow:
    """A picture in both widths, what it shows in a sentence, and the same as a table."""

    title: str
    summary: str
    drawings: Sequence[Drawing]
    steps: Sequence[Step]


@dataclass(frozen=True, slots=True)
class _Node:
    """What is written into a box. `gap` is written above it, beside the arrow that leads to it."""

    id: str
    name: str
    under: str
    kind: str
    timer: str
    lines: Sequence[str]
    gap: str = ""


@dataclass(frozen=True, slots=True)
class _Lane:
    """A line beside the boxes: from which boxes to which."""

    starts: Sequence[str]
    goals: Sequence[str]


def status_flow(rows: Sequence[StatusRow], before: Sequence[str]) -> Flow:
    """The way of a request through its statuses; `before` is what happens before the first."""
    ordered = sorted(rows, key=lambda row: not row.is_initial)
    nodes = [
        _Node("", _("You write to us"), "", "start", "", before),
        *(
            _Node(row.id, row.label, row.desk_label, row.timer.state, _timer_words(row), list(_happens(row)))
            for row in ordered
        ),
    ]
    replies = [(row.id, row.reply_to) for row in ordered if row.reply_to and row.reply_to != row.id]
    steps = [(row.id, step.to) for row in ordered for step in row.steps if step.to]
    return Flow(
        title=_("The way of a request"),
        summary=_summary(ordered),
        drawings=[_drawn(width, nodes, _neighbours(ordered), replies, steps) for width in (_NARROW, _WIDE)],
        steps=[step for row in ordered for step in _steps(row)],
    )


def people_flow(escalating: Escalating) -> Flow | None:
    """Who works on a case, and to whom it goes on; None where nobody takes over."""
    if not escalating.tiers and not escalating.hand_overs:
        return None
    nodes, joins = _people(escalating)
    steps = [Step(tier.label, tier.hands_over, tier.meaning) for tier in escalating.tiers]
    steps += [Step("", each.reason, each.to) for each in escalating.hand_overs]
    links = [
        (before.id, after.id, False) for before, after in pairwise(nodes) if not after.id.startswith("role")
    ]
    return Flow(
        title=_("Who works on it"),
        summary="; ".join(
            _("%(who)s: %(when)s") % {"who": node.name, "when": node.gap} for node in nodes if node.gap
        ),
        drawings=[_drawn(width, nodes, links, joins, []) for width in (_NARROW, _WIDE)],
        steps=steps,
    )


def _people(escalating: Escalating) -> tuple[list[_Node], list[tuple[str, str]]]:
    nodes: list[_Node] = []
    goes_on = ""
    to_tier = {each.to: each.reason for each in escalating.hand_overs}
    for number, tier in enumerate(escalating.tiers):
        gap = goes_on or (to_tier.get(tier.label, "") if number else "")
        lines = [tier.meaning] if tier.meaning else []
        nodes.append(_Node(f"tier{number}", tier.label, "", "people", "", lines, gap))
        goes_on = tier.hands_over
    if not nodes:
        nodes.append(_Node("tier0", _("Whoever has your case"), "", "people", "", []))
    labels = {tier.label for tier in escalating.tiers}
    roles = [each for each in escalating.hand_overs if each.to not in labels]
    for number, each in enumerate(roles):
        lines = [each.chosen_by] if each.chosen_by else []
        nodes.append(_Node(f"role{number}", each.to, "", "people", "", lines, each.reason))
    # Lines at the left lead to where they point, so that every role hears of a case from whoever has it.
    return nodes, [("tier0", f"role{number}") for number in range(len(roles))]


def _timer_words(row: StatusRow) -> str:
    return _("Timer %(state)s") % {"state": row.timer.words}


def _happens(row: StatusRow) -> Iterator[str]:
    if row.reply and row.reply_to != row.id:
        yield _("You reply: becomes “%(status)s”") % {"status": row.reply}
    for step in row.steps_for_all:
        yield _("%(wait)s: %(words)s") % {"wait": _capital(step.wait), "words": step.words}
    if row.moves:
        yield _("We move it to: %(statuses)s") % {"statuses": ", ".join(row.moves)}


def _steps(row: StatusRow) -> Iterator[Step]:
    if row.reply and row.reply_to != row.id:
        yield Step(row.label, _("when you reply"), _("becomes “%(status)s”") % {"status": row.reply})
    for step in row.steps_for_all:
        yield Step(row.label, step.wait, step.words)
    if row.moves is not None:
        to = ", ".join(row.moves) or _("nothing")
        yield Step(row.label, _("when we move it"), _("becomes one of: %(statuses)s") % {"statuses": to})


def _summary(rows: Sequence[StatusRow]) -> str:
    told = [f"{row.label} ({_timer_words(row)})" for row in rows]
    moves = [f"{step.place}, {step.when}: {step.what}" for row in rows for step in _steps(row)]
    return "; ".join([*told, *moves])


def _neighbours(rows: Sequence[StatusRow]) -> list[tuple[str, str, bool]]:
    """Arrows between boxes that touch: from, to, and whether it leads back, too."""
    found = [("", rows[0].id, False)]
    for upper, lower in pairwise(rows):
        down = upper.moves is None or lower.label in upper.moves
        up = lower.moves is None or upper.label in lower.moves
        if down or up:
            found.append((upper.id, lower.id, up) if down else (lower.id, upper.id, False))
    return found


def _drawn(
    width: int,
    nodes: Sequence[_Node],
    moves: Sequence[tuple[str, str, bool]],
    left: Sequence[tuple[str, str]],
    right: Sequence[tuple[str, str]],
) -> Drawing:
    drawing = Drawing(width)
    at_left, at_right = _lanes(left), _lanes(right)
    begins = _EDGE + _LANE * len(at_left) + (_LANE / 2 if at_left else 0)
    ends = width - _EDGE - _LANE * len(at_right) - (_LANE / 2 if at_right else 0)
    boxes: dict[str, Box] = {}
    y = 1.0
    for node in nodes:
        y = _gap(drawing, node, begins, ends, y)
        boxes[node.id] = _box(drawing, node, begins, y, ends - begins)
        y = boxes[node.id].bottom + _GAP
    drawing.height = y - _GAP + 2
    drawing.boxes += boxes.values()
    for start, end, both in moves:
        drawing.lines.append(_between(boxes[start], boxes[end], both=both))
    for number, lane in enumerate(at_left, start=1):
        drawing.lines.append(_bus(boxes, lane, begins - _LANE * number, "reply"))
    for number, lane in enumerate(at_right, start=1):
        drawing.lines.append(_bus(boxes, lane, ends + _LANE * number, "auto"))
    return drawing


def _lanes(pairs: Sequence[tuple[str, str]]) -> list[_Lane]:
    """Everything that leads to the same box shares a line; so does everything where all comes from one."""
    starts = list(dict.fromkeys(start for start, _goal in pairs))
    goals = list(dict.fromkeys(goal for _start, goal in pairs))
    if len(starts) == 1:
        return [_Lane(starts, goals)]
    return [_Lane([start for start in starts if (start, goal) in pairs], [goal]) for goal in goals]


def _gap(drawing: Drawing, node: _Node, begins: float, ends: float, y: float) -> float:
    """Write what stands above a box, beside the arrow, and return where the box begins."""
    if not node.gap:
        return y
    x = begins + 26
    for number, line in enumerate(_wrapped(node.gap, ends - x, _LETTER)):
        drawing.texts.append(Text(x, y + number * _LINE, line, "gap"))
        y_next = y + number * _LINE
    return y_next + 18


def _box(drawing: Drawing, node: _Node, x: float, y: float, width: float) -> Box:
    # The wide picture has the name at the left of a box and what happens at its right.
    split = drawing.is_wide and bool(node.lines) and bool(node.timer or node.kind == "people")
    inner = x + _PADDING + 4
    room = width - 2 * _PADDING - 4
    name_room = room * 0.38 if split else room
    top = y + _PADDING
    names_end = _write(drawing, _wrapped(node.name, name_room, _NAME_LETTER), inner, top, "name", _NAME_LINE)
    names_end = _write(drawing, _wrapped(node.under, name_room, _LETTER), inner, names_end, "under", _LINE)
    if node.timer:
        drawing.dots.append(Dot(inner + 5, names_end + 9, node.kind))
    timer = _wrapped(node.timer, name_room - 16, _LETTER)
    names_end = _write(drawing, timer, inner + 16, names_end, "timer", _LINE)
    lines_x = inner + name_room + _PADDING if split else inner
    lines_room = room - name_room - _PADDING if split else room
    lines_end = top if split else names_end + (_APART if node.timer else 0)
    for number, line in enumerate(node.lines):
        lines_end += _APART if number else 0
        lines_end = _write(drawing, _wrapped(line, lines_room, _LETTER), lines_x, lines_end, "line", _LINE)
    return Box(x, y, width, max(names_end, lines_end) + _PADDING - 4 - y, node.kind)


def _write(drawing: Drawing, lines: Sequence[str], x: float, y: float, kind: str, step: int) -> float:
    for number, line in enumerate(lines):
        drawing.texts.append(Text(x, y + step * (number + 1) - 6, line, kind))
    return y + step * len(lines)


def _between(start: Box, end: Box, *, both: bool) -> Line:
    x = start.x + 14
    down = start.y < end.y
    begins, ends = (start.bottom, end.y) if down else (start.y, end.bottom)
    heads = [_head(x, ends, "down" if down else "up")]
    if both:
        heads.append(_head(x, begins, "up" if down else "down"))
    return Line(f"M{x:g} {begins:g}V{ends:g}", "move", heads)


def _bus(boxes: dict[str, Box], lane: _Lane, x: float, kind: str) -> Line:
    """One line along the boxes, from those that it starts from to those that it leads to."""
    starts, goals = ([boxes[id] for id in ids] for ids in (lane.starts, lane.goals))
    at_left = x < goals[0].x
    enters = [goal.y + min(goal.height / 2, 22) for goal in goals]
    ends = [*(box.middle for box in starts), *enters]
    path = [f"M{box.x if at_left else box.right:g} {box.middle:g}H{x:g}" for box in starts]
    path.append(f"M{x:g} {max(ends):g}V{min(ends):g}")
    heads = []
    for goal, y in zip(goals, enters, strict=True):
        edge = goal.x if at_left else goal.right
        path.append(f"M{x:g} {y:g}H{edge:g}")
        heads.append(_head(edge, y, "right" if at_left else "left"))
    return Line("".join(path), kind, heads)


def _head(x: float, y: float, towards: str) -> str:
    shapes = {
        "down": ((-4, -7), (4, -7)),
        "up": ((-4, 7), (4, 7)),
        "right": ((-7, -4), (-7, 4)),
        "left": ((7, -4), (7, 4)),
    }
    corners = [(x, y), *((x + dx, y + dy) for dx, dy in shapes[towards])]
    return " ".join(f"{cx:g},{cy:g}" for cx, cy in corners)


def _wrapped(words: str, room: float, letter: float) -> list[str]:
    """Words in lines of a width; letters of East Asia take two places."""
    if not words:
        return []
    wide = sum(east_asian_width(each) in "WF" for each in words)
    places = max(6, int(room / letter * len(words) / (len(words) + wide)))
    return wrap(words, places)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
