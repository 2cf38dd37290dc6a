"""Tickets, what was said on them, and the append-only story from which every standing is derived."""

from upheld.tickets.models.intake import (
    HeldFile,
    HeldMessage,
    HeldRequest,
    HeldState,
    InformationAsked,
)
from upheld.tickets.models.labels import (
    CustomField,
    CustomValue,
    Tag,
    Tagged,
)
from upheld.tickets.models.pages import (
    Page,
    PageCall,
)
from upheld.tickets.models.problems import (
    Affected,
    Broadcast,
    BroadcastCopy,
    Problem,
)
from upheld.tickets.models.proof import (
    Difference,
    Verification,
)
from upheld.tickets.models.readers import (
    Reader,
    Reading,
)
from upheld.tickets.models.results import (
    ClockResult,
    PauseSpan,
    ResultsToFill,
)
from upheld.tickets.models.side import (
    SideConversation,
)
from upheld.tickets.models.story import (
    StoryEvent,
)
from upheld.tickets.models.thread import (
    Attachment,
    JoinedBy,
    Message,
    Participant,
)
from upheld.tickets.models.ticket import (
    Ticket,
    TicketText,
)
from upheld.tickets.models.together import (
    Merge,
    TicketLink,
)
from upheld.tickets.models.work import (
    Collaborator,
    OutsideWork,
    ThirdPartyWait,
)
from upheld.tickets.models.workspace import (
    Draft,
    DraftFile,
    Macro,
    Presence,
    Press,
    SavedQueue,
    SavedReply,
    Snooze,
    TicketLook,
)

__all__ = [
    "Affected",
    "Attachment",
    "Broadcast",
    "BroadcastCopy",
    "ClockResult",
    "Collaborator",
    "CustomField",
    "CustomValue",
    "Difference",
    "Draft",
    "DraftFile",
    "HeldFile",
    "HeldMessage",
    "HeldRequest",
    "HeldState",
    "InformationAsked",
    "JoinedBy",
    "Macro",
    "Merge",
    "Message",
    "OutsideWork",
    "Page",
    "PageCall",
    "Participant",
    "PauseSpan",
    "Presence",
    "Press",
    "Problem",
    "Reader",
    "Reading",
    "ResultsToFill",
    "SavedQueue",
    "SavedReply",
    "SideConversation",
    "Snooze",
    "StoryEvent",
    "Tag",
    "Tagged",
    "ThirdPartyWait",
    "Ticket",
    "TicketLink",
    "TicketLook",
    "TicketText",
    "Verification",
]
