"""Whether everything that is named is there, once."""

from collections.abc import Iterable, Iterator, Mapping

from upheld.policy.compilation import CHOICES
from upheld.policy.document import CONDITIONS, Document, ExamplePart, WhenPart
from upheld.policy.document.examples import FieldName
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark, unknown

_BLOCKS = {"priority": "priorities", "status": "statuses", "channel": "channels"} | {
    name.removesuffix("s"): name for name in CHOICES
}


def duplicates(document: Document) -> Iterator[Remark]:
    """Yield ids that are used twice in one list."""
    lists: dict[Path, Iterable[object]] = {
        (name,): getattr(document, name)
        for name in ("priorities", "statuses", "targets", "channels", "exclusions", "roles", *CHOICES)
    }
    lists |= {(name,): getattr(document, name) for name in ("request_types", "scope", "terms")}
    lists[("classification", "axes")] = document.classification.axes
    lists[("classification", "workarounds")] = document.classification.workarounds
    lists[("information", "items")] = document.information.items
    lists[("escalation", "ladders")] = document.escalation.ladders
    lists[("escalation", "hand_overs")] = document.escalation.hand_overs
    for path, parts in lists.items():
        seen: set[str] = set()
        for number, part in enumerate(parts):
            id = str(getattr(part, "id", ""))
            if id in seen:
                said = f"the id {id!r} is used twice"
                yield Remark("duplicate-id", (*path, number, "id"), said, "give each its own id")
            seen.add(id)


def references(document: Document) -> Iterator[Remark]:
    """Yield names of things that the document does not have."""
    yield from _priorities(document)
    yield from _statuses(document)
    yield from _targets(document)
    yield from _escalation(document)
    yield from _intake(document)
    for number, example in enumerate(document.examples):
        yield from _example(document, example, ("examples", number))


def known_ids(document: Document, field: str) -> list[str] | None:
    """Return the ids that a field may have, or None where the document does not list them."""
    return _ids(document, _BLOCKS[field]) or None


def _ids(document: Document, block: str) -> list[str]:
    return [part.id for part in getattr(document, block)]


def _each(path: Path, what: str, ids: Iterable[str], known: Iterable[str]) -> Iterator[Remark]:
    known = list(known)
    for place, id in enumerate(ids):
        yield from unknown((*path, place), what, id, known)


def _priorities(document: Document) -> Iterator[Remark]:
    known, channels = _ids(document, "priorities"), _ids(document, "channels")
    axes = [part.id for part in document.classification.axes]
    workarounds = [part.id for part in document.classification.workarounds]
    yield from unknown(("default_priority",), "priority", document.default_priority, known)
    for number, part in enumerate(document.priorities):
        path: Path = ("priorities", number)
        for axis in part.criteria:
            yield from unknown((*path, "criteria", axis), "axis", axis, axes)
        yield from _each((*path, "workarounds"), "workaround", part.workarounds, workarounds)
        yield from _each((*path, "report_by"), "channel", part.report_by, channels)


def _statuses(document: Document) -> Iterator[Remark]:
    known = _ids(document, "statuses")
    yield from unknown(("initial_status",), "status", document.initial_status, known)
    for number, part in enumerate(document.statuses):
        path: Path = ("statuses", number)
        yield from unknown((*path, "on_reply"), "status", part.on_reply, known)
        yield from _each((*path, "next"), "status", part.next or (), known)
        for place, step in enumerate(part.after):
            yield from unknown((*path, "after", place, "become"), "status", step.become, known)


def _targets(document: Document) -> Iterator[Remark]:
    for number, part in enumerate(document.targets):
        path: Path = ("targets", number)
        yield from unknown((*path, "calendar"), "calendar", part.calendar, document.calendars)
        yield from _condition(document, part.when, (*path, "when"))


def _condition(document: Document, when: WhenPart | None, path: Path) -> Iterator[Remark]:
    for name in CONDITIONS if when is not None else ():
        listed = known_ids(document, name)
        if listed is not None:
            yield from _each((*path, name), name, getattr(when, name) or (), listed)


def _escalation(document: Document) -> Iterator[Remark]:
    roles, tiers, escalation = _ids(document, "roles"), _ids(document, "tiers"), document.escalation
    for number, ladder in enumerate(escalation.ladders):
        path: Path = ("escalation", "ladders", number)
        yield from unknown((*path, "calendar"), "calendar", ladder.calendar, document.calendars)
        yield from _condition(document, ladder.when, (*path, "when"))
        for place, rung in enumerate(ladder.steps):
            yield from _each((*path, "steps", place, "tell"), "role", rung.tell, roles)
    for number, part in enumerate(escalation.hand_overs):
        path = ("escalation", "hand_overs", number)
        yield from unknown((*path, "to_role"), "role", part.to_role, roles)
        yield from unknown((*path, "to_tier"), "tier", part.to_tier, tiers)
    for number, level in enumerate(escalation.customer_path):
        path = ("escalation", "customer_path", number)
        yield from unknown((*path, "role"), "role", level.role, roles)
        yield from unknown((*path, "calendar"), "calendar", level.calendar, document.calendars)


def _intake(document: Document) -> Iterator[Remark]:
    priorities = _ids(document, "priorities")
    for number, channel in enumerate(document.channels):
        path: Path = ("channels", number)
        yield from unknown((*path, "calendar"), "calendar", channel.calendar, document.calendars)
        yield from unknown((*path, "region"), "region", channel.region, _ids(document, "regions"))
        yield from _each((*path, "for_priorities"), "priority", channel.for_priorities, priorities)
        yield from unknown((*path, "raises_to"), "priority", channel.raises_to, priorities)
    plan = document.entitlement.default_plan
    yield from unknown(("entitlement", "default_plan"), "plan", plan, _ids(document, "plans"))
    calendar, alerts = document.entitlement.calendar, document.entitlement.alerts_for
    yield from unknown(("entitlement", "calendar"), "calendar", calendar, document.calendars)
    yield from _each(("entitlement", "alerts_for"), "priority", alerts, priorities)
    for number, scope in enumerate(document.scope):
        known = _ids(document, "exclusions")
        yield from unknown(("scope", number, "exclusion"), "exclusion", scope.exclusion, known)
    for number, item in enumerate(document.information.items):
        path = ("information", "items", number)
        yield from _each((*path, "products"), "product", item.products, _ids(document, "products"))
        types = _ids(document, "request_types")
        yield from _each((*path, "request_types"), "kind of request", item.request_types, types)
    yield from _each(("information", "never_for"), "priority", document.information.never_for, priorities)
    for place, field in enumerate(document.triage.requires):
        if known_ids(document, field) is None:
            said = f"triage asks for the {field}, and the document lists none"
            remedy = f"list them under `{_BLOCKS[field]}:`"
            yield Remark("unknown-reference", ("triage", "requires", place), said, remedy)


def _example(document: Document, example: ExamplePart, path: Path) -> Iterator[Remark]:
    priorities, statuses = _ids(document, "priorities"), _ids(document, "statuses")
    levels = [each.role for each in document.escalation.customer_path]
    yield from unknown((*path, "priority"), "priority", example.priority, priorities)
    yield from _fields(document, example.fields, path)
    for place, event in enumerate(example.events):
        at: Path = (*path, "events", place)
        yield from unknown((*at, "priority"), "priority", event.priority, priorities)
        yield from unknown((*at, "status"), "status", event.status, statuses)
        yield from unknown((*at, "turns_to"), "level of the customer's path", event.turns_to, levels)
        yield from _fields(document, event.fields, at)
    for place, expected in enumerate(example.expect):
        at = (*path, "expect", place)
        yield from unknown((*at, "target"), "target", expected.target, _ids(document, "targets"))
        yield from unknown((*at, "status"), "status", expected.status, statuses)
        for name in ("told", "paged", "silent"):
            listed = getattr(expected, name) or ()
            yield from _each((*at, name), "role", listed, _ids(document, "roles"))


def _fields(document: Document, fields: Mapping[FieldName, str], path: Path) -> Iterator[Remark]:
    for name, id in fields.items():
        listed = known_ids(document, name)
        if listed is not None:
            yield from unknown((*path, "fields", name), name, id, listed)
