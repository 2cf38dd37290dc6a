"""Keep a policy document that somebody works on, until it is published or discarded."""

from datetime import datetime
from typing import Any

from django.db import transaction

from upheld.desks.models import Desk, PolicyDraft, PolicyVersion

# As much as the reader of documents takes, and a little more, so that it can say so.
LONGEST = 300_000


class DraftRefused(Exception):  # noqa: N818 - it reads as the sentence it is
    """What was given cannot be kept as a draft."""


def begin_draft(
    desk: Desk,
    based_on: PolicyVersion | None,
    text: str,
    *,
    remark: str = "",
    by: str,
    now: datetime,
    **more: Any,
) -> PolicyDraft:
    """Begin a draft, from a version or from nothing."""
    return PolicyDraft.objects.create(
        desk=desk,
        based_on=based_on,
        text=_text(text),
        remark=remark[:200],
        changed_at=now,
        changed_by=by,
        **more,
    )


@transaction.atomic
def change_draft(draft_id: int, *, by: str, now: datetime, **changes: Any) -> PolicyDraft:
    """Set what is given - text, mode, effective_from, remark - and leave the rest. What the draft was seen to do is
    forgotten when its text or its instant changes."""
    draft = PolicyDraft.objects.select_for_update().get(pk=draft_id)
    if "text" in changes:
        changes["text"] = _text(changes["text"])
    changed = {name: value for name, value in changes.items() if getattr(draft, name) != value}
    if not changed:
        return draft
    for name, value in changed.items():
        setattr(draft, name, value)
    if changed.keys() & {"text", "effective_from"}:
        draft.effect = None
    draft.changed_at, draft.changed_by = now, by
    draft.save()
    return draft


@transaction.atomic
def keep_effect(draft_id: int, seen: datetime, effect: dict[str, Any]) -> bool:
    """Keep what a draft does, if it is still the draft that was looked at: unchanged since `seen`."""
    return bool(PolicyDraft.objects.filter(pk=draft_id, changed_at=seen).update(effect=effect))


def discard_draft(draft_id: int) -> None:
    """Throw a draft away."""
    PolicyDraft.objects.filter(pk=draft_id).delete()


def _text(text: str) -> str:
    """The text with plain line ends; raises DraftRefused for what no database or reader takes."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise DraftRefused("The document holds a character that no text has. Paste it again as plain text.")
    if len(text) > LONGEST:
        raise DraftRefused("The document is too long: at most 256,000 characters.")
    return text
