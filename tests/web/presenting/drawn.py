"""Reads a drawn clock strip: the numbers that stand in its SVG."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

from django.template.loader import render_to_string

from harness.pack_stories import Told
from upheld.policy import Policy, evaluate, explain
from upheld.web.presenting.clocks import ClockCard, clock_cards
from upheld.web.presenting.strip import Picture, picture
from upheld.web.presenting.times import Times


class Drawn(NamedTuple):
    """A strip as it is drawn: the kind, place and width of each stretch, and where flags, now and the mark stand."""

    stretches: list[tuple[str, float, float]]
    marks: dict[str, float]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.strips: list[Drawn] = []
        self.names: list[tuple[float, str, bool]] = []
        self.words: list[str] = []
        self._name: tuple[float, bool] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if tag == "svg" and "data-strip" in given:
            self.strips.append(Drawn([], {}))
        elif tag == "rect" and "piece" in classes and given.get("x"):
            self.strips[-1].stretches.append((classes[1], _number(given["x"]), _number(given["width"])))
        elif tag == "line" and "now" in classes:
            self.strips[-1].marks["now"] = _number(given["x1"])
        elif tag == "svg" and ("flag" in classes or "mark" in classes):
            self.strips[-1].marks[classes[-1]] = _number(given["x"])
        elif tag == "text":
            self._name = _number(given["x"]), "roomy" not in classes

    def handle_data(self, data: str) -> None:
        if self._name is not None:
            self.names.append((self._name[0], data, self._name[1]))
            self._name = None
        self.words.append(data)


def _number(percent: str) -> float:
    assert percent.endswith("%")
    return float(percent[:-1])


def cards_of(told: Told, zone: str = "Europe/London", policies: tuple[Policy, ...] = ()) -> list[ClockCard]:
    """The cards of a story's clocks as an agent in a zone sees them."""
    policy, story, at = told
    clocks, ledgers = evaluate(policy, story, at).clocks, explain(policy, story, at)
    return clock_cards(clocks, ledgers, policies or (policy,), Times(zone, at), zone)


def picture_of(told: Told, zone: str = "Europe/London") -> Picture | None:
    """The picture of a story's clocks."""
    return picture(cards_of(told, zone), Times(zone, told.at))


def drawn(shown: Picture) -> _Reader:
    """The picture as a page draws it, read again."""
    reader = _Reader()
    reader.feed(render_to_string("web/agent/parts/strips.html", {"picture": shown}))
    return reader
