"""Examples of the document, worked out: somebody writes at a time, and this is by when they hear."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from upheld.clock import zone
from upheld.policy import Policy
from upheld.policy.document import Document, ExamplePart
from upheld.policy.phrases import read_wall_time
from upheld.web.portal.presenting.policy.names import Names
from upheld.web.portal.presenting.say import said_shortly
from upheld.web.presenting.times import When
from upheld.web.presenting.words import METRICS

_MOST = 12


@dataclass(frozen=True, slots=True)
class Story:
    """An example in which nothing happens but a request; `facts` are what is known of it."""

    name: str
    received: When
    facts: str
    dues: Sequence[tuple[str, When]]


def stories(document: Document, policy: Policy, names: Names) -> list[Story]:
    """The first few examples that are as simple as that; the check holds the policy to all of them."""
    return list(islice(_simple(document, policy, names), _MOST))


def _simple(document: Document, policy: Policy, names: Names) -> Iterator[Story]:
    for part in document.examples:
        dues = list(_dues(part, policy))
        if dues and not (part.events or part.held or part.by_staff):
            received = said_shortly(_instant(part.received, policy.zone), policy.zone)
            yield Story(part.name, received, _facts(part, document, names), dues)


def _dues(part: ExamplePart, policy: Policy) -> Iterator[tuple[str, When]]:
    for expected in part.expect:
        if expected.clock is not None and expected.due is not None and expected.cycle == 1:
            yield str(METRICS[expected.clock]), said_shortly(_instant(expected.due, policy.zone), policy.zone)


def _facts(part: ExamplePart, document: Document, names: Names) -> str:
    known = [names.of("priority", part.priority or document.default_priority)]
    known += [names.of(field, id) for field, id in part.fields.items()]
    return ", ".join(known)


def _instant(wall: str, zone_name: str) -> datetime:
    return read_wall_time(wall).replace(tzinfo=zone(zone_name)).astimezone(UTC)
