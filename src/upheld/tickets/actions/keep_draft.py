"""Keep what an agent is writing, with its files, until they send it or throw it away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from upheld.people.models import Agent
from upheld.rules.permissions import Act
from upheld.tickets.actions.refused import Refused
from upheld.tickets.actions.rights import demand
from upheld.tickets.drafts import KINDS, NOTE, REPLY, SIDE, draft_of, size_of_files
from upheld.tickets.files import clean_name, forget_draft_files, keep_draft_file
from upheld.tickets.incoming import NewFile
from upheld.tickets.models import Draft, DraftFile, Ticket

LONGEST_DRAFT = 200_000
MOST_FILES = 50
_ACTS = {REPLY: Act.reply, NOTE: Act.write_note, SIDE: Act.write_aside}


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """What was kept, and whether it was last kept by somebody else's window than the one that keeps it now."""

    draft: Draft
    elsewhere: bool


@transaction.atomic
def keep_draft(
    agent: Agent,
    ticket_id: int,
    kind: str,
    text: str,
    now: datetime,
    *,
    data: Mapping[str, Any] | None = None,
    seen: datetime | None = None,
) -> KeptDraft:
    """Keep a draft as it stands now; what is kept last wins. `seen` is when the writer last knew it to be kept.

    Raises NotAllowed, or Refused where it could not be sent anyway, or is longer than anybody writes.
    """
    if len(text) > LONGEST_DRAFT:
        raise Refused("This is too long to be kept. Attach it as a file instead.")
    _demand(agent, ticket_id, kind)
    # Two windows may keep the first of it at once.
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        agent=agent, ticket_id=ticket_id, kind=kind, defaults={"updated_at": now}
    )
    elsewhere = not is_new and seen is not None and draft.updated_at != seen
    draft.text, draft.updated_at = text, now
    draft.data = {**draft.data, **(data or {})}
    draft.save()
    return KeptDraft(draft, elsewhere)


@transaction.atomic
def keep_files(
    agent: Agent, ticket_id: int, kind: str, files: Sequence[NewFile], now: datetime
) -> list[DraftFile]:
    """Keep files that were uploaded for what an agent is writing. Raises NotAllowed, or Refused for too many."""
    _demand(agent, ticket_id, kind)
    # Locked, so that two that come at once are weighed together.
    draft, _ = Draft.objects.select_for_update().get_or_create(
        agent=agent, ticket_id=ticket_id, kind=kind, defaults={"updated_at": now}
    )
    most = settings.ATTACHMENT_SIZE_LIMIT
    if size_of_files(draft) + sum(len(each.content) for each in files) > most:
        names = ", ".join(clean_name(each.name) for each in files)
        raise Refused(
            f"Too large: {names}. Files may have {filesizeformat(most)} together. Send them another way, or in parts."
        )
    if draft.files.count() + len(files) > MOST_FILES:
        raise Refused(f"A message may have {MOST_FILES} files. Put several into one archive.")
    return [keep_draft_file(draft, each, now) for each in files]


@transaction.atomic
def remove_draft_file(agent: Agent, file_id: int) -> None:
    """Remove a file of a draft of the agent's own; where there is none, nothing happens."""
    forget_draft_files(DraftFile.objects.filter(pk=file_id, agent=agent, press=None))


@transaction.atomic
def discard_draft(agent: Agent, ticket_id: int, kind: str) -> None:
    """Throw away what an agent was writing, with its files."""
    draft = draft_of(agent.pk, ticket_id, kind)
    if draft is not None:
        forget_draft_files(draft.files.all())
        draft.delete()


def _demand(agent: Agent, ticket_id: int, kind: str) -> None:
    if kind not in KINDS:
        raise Refused("There is no such draft.")
    demand(agent, _ACTS[kind], Ticket.objects.get(pk=ticket_id))
