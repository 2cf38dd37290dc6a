"""What was said on a ticket, as far as a page shows it: of a long conversation the first and the latest messages."""

from collections.abc import Sequence

from django.db.models import Count, F, Prefetch, Q, QuerySet, Window
from django.db.models.functions import Left, RowNumber

from upheld.tickets.models import Attachment, Message, Ticket
from upheld.tickets.visibility import Viewer, visible_thread

# A conversation up to this long is shown whole; of a longer one the first and so many of the latest.
LONGEST = 30
LATEST = 20
# So much of a sender's HTML is read to decide how a message is shown; the rest when somebody asks for it.
HTML_BEGINS = 40_000


def conversation(
    viewer: Viewer, ticket: Ticket, parts: Sequence[Ticket], *, whole: bool, files: bool = True
) -> tuple[list[Message], int]:
    """Return messages, oldest first, and how many are folded behind the first of them. Where tickets were merged all
    are shown: of what was copied it is known only then which are the same. Without `files` there are none to ask for.
    """
    messages = visible_thread(viewer, ticket, parts).select_related("contact", "agent__user", "side")
    messages = messages.annotate(html_begins=Left("html", HTML_BEGINS)).defer("html")
    attached = Attachment.objects.all() if files else Attachment.objects.none()
    messages = messages.prefetch_related(Prefetch("attachments", attached))
    if whole or parts:
        return _each_once(list(messages), ticket), 0
    shown = list(_latest(messages))
    return shown, getattr(shown[0], "of", 0) - len(shown) if shown else 0


def _latest(messages: QuerySet[Message]) -> QuerySet[Message]:
    counted = messages.annotate(
        from_end=Window(RowNumber(), order_by=[F("at").desc(), F("id").desc()]), of=Window(Count("*"))
    )
    return counted.filter(Q(of__lte=LONGEST) | Q(from_end__lte=LATEST) | Q(from_end=F("of")))


def _each_once(messages: list[Message], ticket: Ticket) -> list[Message]:
    """A message that was copied to a ticket that is put back now is told once, where it was written first."""
    told = {_said(each) for each in messages if each.ticket_id == ticket.pk}
    kept = []
    for each in messages:
        if each.ticket_id != ticket.pk:
            if _said(each) in told:
                continue
            told.add(_said(each))
        kept.append(each)
    return kept


def _said(message: Message) -> tuple[object, ...]:
    return message.kind, message.at, message.contact_id, message.agent_id, message.text
