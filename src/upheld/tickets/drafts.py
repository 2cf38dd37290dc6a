"""What agents are writing and have not sent: theirs alone, and only where they may read its ticket."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet, Sum

from upheld.tickets.models import Draft, DraftFile, Press
from upheld.tickets.visibility import AgentViewer, open_to

REPLY, NOTE, SIDE = "reply", "note", "side"
KINDS = (REPLY, NOTE, SIDE)


def visible_drafts(viewer: AgentViewer) -> QuerySet[Draft]:
    """Return what an agent is writing, the latest first; of a ticket that they may no longer read, nothing."""
    mine = Draft.objects.filter(agent_id=viewer.agent_id, ticket__desk_id__in=viewer.desk_ids)
    return mine.filter(open_to(viewer, "ticket__")).order_by("-updated_at", "-pk")


def draft_of(agent_id: int, ticket_id: int, kind: str) -> Draft | None:
    """Return what an agent is writing of this kind on a ticket."""
    return Draft.objects.filter(agent_id=agent_id, ticket_id=ticket_id, kind=kind).first()


def files_of(draft: Draft | None, ids: Collection[int] | None = None) -> list[DraftFile]:
    """Return the files of a draft in the order in which they came: those of these ids, or all."""
    if draft is None:
        return []
    files = draft.files.order_by("pk")
    return list(files if ids is None else files.filter(pk__in=ids))


def size_of_files(draft: Draft) -> int:
    """Return how large the files of a draft are together."""
    return draft.files.aggregate(size=Sum("size"))["size"] or 0


def put_back(
    press: Press, kind: str, now: datetime, *, said: Mapping[str, Any] | None = None
) -> Draft | None:
    """Make a draft of what was pressed, before whatever its agent has begun to write since; its files come with it.
    `said` is the text and the other fields of the form, where they are not the press's own."""
    if press.ticket_id is None:
        return None
    said = press.payload if said is None else said
    draft, _ = Draft.objects.get_or_create(
        agent_id=press.agent_id, ticket_id=press.ticket_id, kind=kind, defaults={"updated_at": now}
    )
    draft.text = "\n\n".join(filter(None, (str(said.get("text", "")), draft.text)))
    rest = {name: value for name, value in said.items() if name != "text"}
    draft.data, draft.updated_at = {**draft.data, **rest}, now
    draft.save()
    press.files.update(draft=draft, press=None)
    return draft
