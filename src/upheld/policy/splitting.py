"""The story of a ticket that was split off another."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from upheld.policy.facts import FIELDS
from upheld.policy.story import Actor, Event


class NothingToSplit(ValueError):  # noqa: N818 - it names what was found
    """None of the facts to move is something that the customer wrote: a ticket needs a message to begin with."""


def split(story: Sequence[Event], moved: Collection[int], at: datetime) -> list[Event]:
    """Return the story of the new ticket: it begins at the receipt of the earliest message that moved.

    `moved` are the seqs of the messages and calls that go over. The new ticket has the fields of the old one as they
    were known at that receipt. Raises NothingToSplit.
    """
    facts = sorted((each for each in story if not each.consequence), key=lambda each: (each.at, each.seq))
    going = [each for each in facts if each.seq in moved and each.kind in ("opened", "message", "call")]
    first = next((each for each in going if _is_from_customer(each)), None)
    if first is None:
        raise NothingToSplit(
            "nothing that the customer wrote would move; choose at least one of their messages"
        )
    data = {**_known_at(facts, first), "by_staff": False, "split_at": at.isoformat()}
    opened = Event(first.at, "opened", first.actor, data, 1, at)
    rest = [each for each in going if each is not first and (each.at, each.seq) > (first.at, first.seq)]
    return [opened, *(replace(each, seq=number, recorded_at=at) for number, each in enumerate(rest, start=2))]


def _is_from_customer(event: Event) -> bool:
    if event.kind == "opened":
        return not event.data.get("by_staff")
    return event.kind == "message" and event.actor is Actor.customer and event.data.get("direction") == "in"


def _known_at(facts: Sequence[Event], first: Event) -> Mapping[str, Any]:
    known: dict[str, Any] = {}
    for fact in facts:
        if (fact.at, fact.seq) > (first.at, first.seq):
            break
        if fact.kind == "opened":
            known = {name: fact.data[name] for name in (*FIELDS, "priority") if name in fact.data}
        elif fact.kind == "priority":
            known["priority"] = fact.data.get("to")
        elif fact.kind == "field" and fact.data.get("name") in FIELDS:
            known[fact.data["name"]] = fact.data.get("to")
    return known
