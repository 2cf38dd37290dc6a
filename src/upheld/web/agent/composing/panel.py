"""What the ticket page shows of what the composer knows: what is being written, and the likely ends of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from upheld.policy import Policy, Status
from upheld.tickets.drafts import NOTE, REPLY, visible_drafts
from upheld.tickets.models import Draft, DraftFile
from upheld.tickets.ticket_page import TicketPage
from upheld.web.presenting.times import Times, When
from upheld.web.viewer import Workplace

_LIKELY = ("waiting", "resolved")


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file that was uploaded for what is being written."""

    id: int
    name: str
    size: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What somebody was writing, as it was kept; `seen` is when, for the window that goes on with it."""

    text: str = ""
    status: str = ""
    seen: str = ""
    at: When | None = None
    files: Sequence[FileRow] = ()


@dataclass(frozen=True, slots=True)
class Composing:
    """`opens` is the kind with which the composer opens; `last` the latest message that the page shows; `likely` are
    the statuses that a reply sets most often. Files may have `most_bytes` together, in words `most`."""

    reply: Kept = field(default_factory=Kept)
    note: Kept = field(default_factory=Kept)
    drafts: int = 0
    opens: str = ""
    last: int = 0
    likely: Sequence[Status] = ()
    signature: str = ""
    most_bytes: int = 0
    most: str = ""


def panel(page: TicketPage, workplace: Workplace, times: Times) -> Composing:
    """Return what the composer shows."""
    drafts = _drafts(page, workplace) if page.ticket.has_drafts else {}
    kept = {kind: _kept(draft, times) for kind, draft in drafts.items()}
    reply, note = kept.get(REPLY, Kept()), kept.get(NOTE, Kept())
    return Composing(
        reply=reply,
        note=note,
        drafts=len(drafts),
        opens=NOTE if note.at and not reply.at else "",
        last=max((each.pk for each in page.messages), default=0),
        likely=likely(page.policy, page.standing.status),
        signature=workplace.agent.signature or workplace.agent.name,
        most_bytes=settings.ATTACHMENT_SIZE_LIMIT,
        most=filesizeformat(settings.ATTACHMENT_SIZE_LIMIT),
    )


def likely(policy: Policy, now: str) -> list[Status]:
    """Return the statuses that a reply sets most often from here: the first that waits, and the first that resolves."""
    possible = [policy.status(each) for each in policy.moves(now)]
    first = (next((each for each in possible if each.category == kind), None) for kind in _LIKELY)
    return [each for each in first if each is not None]


def file_row(file: DraftFile) -> FileRow:
    """A file as the composer lists it."""
    return FileRow(file.pk, file.name, filesizeformat(file.size), file.size)


def _drafts(page: TicketPage, workplace: Workplace) -> Mapping[str, Draft]:
    found = visible_drafts(workplace.viewer).filter(ticket=page.ticket).prefetch_related("files")
    return {each.kind: each for each in found}


def _kept(draft: Draft, times: Times) -> Kept:
    return Kept(
        text=draft.text,
        status=str(draft.data.get("status", "")),
        seen=draft.updated_at.isoformat(),
        at=times.when(draft.updated_at),
        files=[file_row(each) for each in sorted(draft.files.all(), key=lambda each: each.pk)],
    )
