"""What a page has to say about every priority, and what it says about some of them only."""

from collections.abc import Iterator

from upheld.policy.document import ChannelPart, Document, PriorityPart
from upheld.policy.reading import Path
from upheld.policy.remarks import Remark

_HIGHEST = 2


def priority_problems(document: Document) -> Iterator[Remark]:
    """Yield words that name two priorities."""
    named: dict[str, str] = {}
    for number, part in enumerate(document.priorities):
        for place, word in enumerate(part.words):
            other = named.setdefault(word.lower(), part.id)
            if other != part.id:
                path: Path = ("priorities", number, "words", place)
                said = f"the word {word!r} also names {other!r}"
                yield Remark("duplicate-word", path, said, "let a word name one priority")


def priority_findings(document: Document) -> Iterator[Remark]:
    """Yield gaps in what is said about priorities, and channels that are not for them."""
    yield from _missing_meaning(document)
    yield from _missing_report_by(document)
    yield from _missing_criteria(document)
    yield from _missing_ladder(document)
    yield from _closed_channels(document)
    yield from _urgent_waits(document)


def _missing_meaning(document: Document) -> Iterator[Remark]:
    if any(part.meaning for part in document.priorities):
        for number, part in enumerate(document.priorities):
            if not part.meaning:
                said = f"the priority {part.id!r} has no meaning, and others have"
                yield Remark(
                    "missing-meaning", ("priorities", number), said, "say when it applies: `meaning:`"
                )


def _missing_report_by(document: Document) -> Iterator[Remark]:
    if any(part.report_by for part in document.priorities):
        for number, part in enumerate(document.priorities):
            if not part.report_by:
                said = f"the page does not say how to report {part.id!r}, and it does for others"
                yield Remark("missing-report-by", ("priorities", number), said, "name channels: `report_by:`")


def _missing_criteria(document: Document) -> Iterator[Remark]:
    for number, part in enumerate(document.priorities):
        missing = [axis.id for axis in document.classification.axes if not part.criteria.get(axis.id)]
        if missing:
            said = f"the priority {part.id!r} has no criterion for {', '.join(missing)}"
            remedy = "say under `criteria:` what has to be so, or `assumed: true` what you suppose"
            yield Remark("missing-criteria", ("priorities", number), said, remedy)


def _missing_ladder(document: Document) -> Iterator[Remark]:
    ladders = document.escalation.ladders
    named = [None if each.when is None else each.when.priority for each in ladders]
    if not ladders or any(each is None for each in named):
        return
    known = {id for each in named for id in each or ()}
    missing = [part.id for part in document.priorities if part.id not in known]
    if missing:
        said = f"no ladder names {', '.join(missing)}, and ladders name other priorities"
        remedy = "add a ladder, name them in one, or accept it: `accept: {missing-ladder: ...}`"
        yield Remark("missing-ladder", ("escalation", "ladders"), said, remedy)


def _closed_channels(document: Document) -> Iterator[Remark]:
    channels = {part.id: part for part in document.channels}
    for number, part in enumerate(document.priorities):
        for place, id in enumerate(part.report_by):
            reason = _closed(channels[id], part)
            if reason:
                path: Path = ("priorities", number, "report_by", place)
                said = f"{part.id!r} shall be reported by {id!r}, {reason}"
                yield Remark("closed-channel", path, said, "name another channel, or open this one")


def _closed(channel: ChannelPart, priority: PriorityPart) -> str:
    if "in" not in channel.directions:
        return "by which nobody reaches the desk"
    if channel.for_priorities and priority.id not in channel.for_priorities:
        return f"which is for {', '.join(channel.for_priorities)} only"
    return ""


def _urgent_waits(document: Document) -> Iterator[Remark]:
    if not document.information.pauses:
        return
    for part in document.priorities[:_HIGHEST]:
        if part.id not in document.information.never_for:
            said = f"clocks of {part.id!r} may wait for missing information"
            remedy = "name the two most urgent priorities under `never_for:`"
            yield Remark("urgent-waits", ("information", "pauses"), said, remedy)
